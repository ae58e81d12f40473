"""Media values: sizes, assets by content hash, and measures of time in frames.

Knows nothing about stories, files on disk or how an asset was made.
"""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["video", "image", "audio", "text", "font"]
Frames = Annotated[int, Field(ge=0)]
Rate = Annotated[Fraction, Field(gt=0)]


class Frozen(BaseModel):
    """A value: it never changes, and it knows no field it was not given."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Size(Frozen):
    """Width and height in pixels, both even (4:2:0 chroma needs it)."""

    width: int = Field(ge=16, le=7680, multiple_of=2)
    height: int = Field(ge=16, le=7680, multiple_of=2)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def vertical(self) -> bool:
        """True where karaoke captions and phone interfaces are expected."""
        return self.height > self.width


SHAPES = {"9:16": (1080, 1920), "16:9": (1920, 1080), "1:1": (1080, 1080), "4:5": (1080, 1350)}
"""Pixels of the shapes that platforms show, by name."""


class Asset(Frozen):
    """A media file by the sha256 of its content.

    `frames` counts pictures at `rate` a second for video, samples at `rate` a second for audio.
    """

    id: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: Kind
    format: str = Field(pattern=r"^[a-z0-9]{1,8}$")
    """File name ending without the dot: mp4, mkv, wav, png, ass."""
    frames: Frames | None = None
    rate: Rate | None = None
    size: Size | None = None
    licence: str = "unknown"
    origin: str = ""
    """Who or what made it, in words fit for credits.md."""


def frames_of(seconds: float | Fraction, rate: Fraction) -> int:
    """Whole frames nearest to `seconds` at `rate`.

    >>> frames_of(1.5, Fraction(30))
    45
    """
    return round(Fraction(seconds) * rate)


def seconds_of(frames: int, rate: Fraction) -> float:
    """Seconds that `frames` last at `rate`, for the edges (ffmpeg, people).

    >>> seconds_of(45, Fraction(30))
    1.5
    """
    return float(frames / rate)
