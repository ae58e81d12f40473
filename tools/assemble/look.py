"""How captions look: one row of styles.toml, scaled to a frame, with its typefaces.

Knows nothing about what is written or when.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import Field

from ..fonts import Face, family
from ..media import Frozen, Size
from ..profiles import Box, profile_for

DEFAULT = "clean"
_CENTRE = 0.735
"""Where the middle of a vertical film's captions stands, as a part of its height."""
_COLOUR = r"^#[0-9A-F]{6}$"


class Style(Frozen):
    """Weights, colours and measures; pixels are those of a frame whose shorter side has 1080."""

    weight: int
    size: float
    fill: str = Field(pattern=_COLOUR)
    active: str = Field(pattern=_COLOUR)
    box: str = Field(default="", pattern=rf"{_COLOUR}|^$")
    """Colour of the box behind the active word; empty for none."""
    outline: float
    edge: str = Field(pattern=_COLOUR)
    pop: float
    """Scale of the active word for a moment."""
    subtitle_weight: int
    subtitle_size: float


@cache
def styles() -> dict[str, Style]:
    """All styles by name."""
    rows = tomllib.loads((files(__package__) / "styles.toml").read_text("utf-8"))
    return {name: Style.model_validate(row) for name, row in rows.items() if name != "version"}


@dataclass(frozen=True)
class Look:
    """A style on a frame: faces, sizes in its pixels, and the box that text must stay in."""

    style: Style
    size: Size
    unit: float
    area: Box
    safe: Box
    page: Face
    subtitle: Face
    label: Face

    @property
    def centre(self) -> float:
        """The middle of karaoke pages in pixels from the top."""
        if self.size.height > 1.5 * self.size.width:
            return _CENTRE * self.size.height
        return self.area.bottom - 1.2 * self.style.size * self.unit


def look(name: str, size: Size) -> Look:
    """The style `name` (an unknown name is the plain style) on frames of `size`."""
    style = styles().get(name, styles()[DEFAULT])
    safe = profile_for(size).safe_box(size)
    side = max(safe.left, size.width - safe.right)
    # Centred text stays clear of both sides as if each had the wider margin.
    area = Box(left=side, top=safe.top, right=size.width - side, bottom=safe.bottom)
    return Look(
        style=style,
        size=size,
        unit=min(size.width, size.height) / 1080,
        area=area,
        safe=safe,
        page=family("Inter", style.weight),
        subtitle=family("Inter", style.subtitle_weight),
        label=family("Inter", 500),
    )
