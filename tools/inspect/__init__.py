"""Inspection: measure an encoded film against a platform's thresholds.

Knows nothing about shots or scenes: a check names seconds of the file.
"""

from typing import Literal

from pydantic import Field

from ..media import Asset, Frozen

Verdict = Literal["pass", "warn", "fail", "skip"]


class Span(Frozen):
    """A stretch of the file in seconds, where the evidence is."""

    start: float
    end: float


class Check(Frozen):
    """One measured criterion: what was found, what was wanted, and where."""

    name: str
    value: str
    target: str
    verdict: Verdict
    spans: tuple[Span, ...] = ()
    source: str = ""
    """The standard or practice the target comes from."""


class SpokenWord(Frozen):
    """A word as it is heard, in seconds of the file."""

    text: str
    start: float
    end: float


class PlacedText(Frozen):
    """A text layer on the film: pixels, and frames from `start` to `end`."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    start: int
    end: int
    outlined: bool = False


class LedgerRow(Frozen):
    """Where a part of the film comes from, for the ledger check."""

    asset: str
    licence: str
    origin: str


class InspectRequest(Frozen):
    """A film to measure, with what is known of it; what is unknown is skipped, never passed."""

    film: Asset
    captions: Asset | None = None
    """.ass or .srt beside the film."""
    script: str = ""
    language: str = "en"
    seconds: float | None = None
    """Length asked for."""
    boxes: tuple[PlacedText, ...] = ()
    cuts: tuple[int, ...] | None = None
    speech: tuple[Span, ...] | None = None
    """Where somebody speaks."""
    ledger: tuple[LedgerRow, ...] | None = None
    listen: bool = False
    """Hear the words, where the `listen` extra is installed."""
    read: bool = False
    """Read burnt-in text, where the `ocr` extra is installed."""
    words: tuple[SpokenWord, ...] = ()
    """When each word of the script is spoken."""
    voice: Asset | None = None
    """The voice alone, as it stands in the mix."""
    music: Asset | None = None
    moving: float | None = None
    """Share of shots that was promised to move."""
    scales: tuple[str, ...] = ()
    """Shot sizes by name (wide, medium, close), one a shot."""
    reference: Asset | None = None
    """A film to compare with by VMAF."""


class Curves(Frozen):
    """What was measured over time, for plots: (second, value), at most some hundred points each."""

    loudness: tuple[tuple[float, float], ...] = ()
    """Momentary LUFS."""
    luminance: tuple[tuple[float, float], ...] = ()
    """Mean luma of frames, 0 to 255."""
    shots: tuple[Span, ...] = ()


class Inspection(Frozen):
    """Every check in the order of criteria.md, and the curves behind them."""

    checks: tuple[Check, ...]
    curves: Curves = Curves()


class StillsRequest(Frozen):
    """Pictures of a film at these seconds, `width` pixels wide."""

    film: Asset
    seconds: tuple[float, ...]
    width: int = 320


class Stills(Frozen):
    """JPEG assets in the order asked for."""

    images: tuple[Asset, ...]


class View(Frozen):
    """A picture to choose from: an asset, and the seconds of it at which nothing is half way in or out."""

    asset: Asset
    seconds: tuple[float, ...] = Field(min_length=1)
    words: float = Field(default=0.0, ge=0, le=1)
    """How much the words on it say about the film: 1 is its title."""


class ThumbsRequest(Frozen):
    """The `count` best pictures of these views, in the order of the film, for a thumbnail."""

    views: tuple[View, ...] = Field(min_length=1)
    count: int = Field(default=3, ge=1, le=12)
    width: int = Field(default=0, ge=0, le=3840)
    """Pixels across; 0 is what platforms ask for, and never more than the picture has."""


class Thumbs(Frozen):
    """JPEG assets, the best first."""

    images: tuple[Asset, ...]


class TakeRequest(Frozen):
    """A take to look at."""

    take: Asset


class TakeLook(Frozen):
    """What a take looks like: the middle of its frames, unless it says otherwise."""

    black: float = Field(ge=0, le=1)
    """Part of the frames that is black all over."""
    light: float
    """Mean luma, 0 to 255."""
    burnt: float
    """Part of the pixels that is all but white."""
    range: float
    """Levels between the darker and the brighter pixels, a hundredth off at each end."""
    moved: float
    """The largest mean step between two of the frames, in levels."""
    stirred: float
    """The largest step of one block between two of the frames."""
    sharp: float
    """The steepest edges (a two-hundredth of all), as a part of the range, over one pixel of the small frame."""
    smooth: float
    """How alike neighbouring pixels are, -1 to 1: near 0 is noise."""
    palette: tuple[float, ...]
    """Parts of the pixels by coarse colour (4 levels each of red, green and blue)."""
    marks: tuple[str, ...]
    """A perceptual hash of each frame, in hexadecimal."""
