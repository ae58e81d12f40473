"""How captions look: one row of styles.toml, scaled to a frame, with its typefaces.

Knows nothing about what is written or when.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from ..fonts import Face, family
from ..media import Frozen, Size
from ..profiles import Box, Profile
from ..video import Brand
from ..video.motion.brand import derived

Part = Literal["karaoke", "big", "subtitle", "minimal"]
DEFAULT = "clean"
SECOND = 0.74
"""How large a second language is, as a part of the first."""
_BELOW = 2.7
"""Height of two lines of a second language under a page, in ems of theirs."""
_CENTRE = 0.735
"""Where the middle of a vertical film's captions stands, as a part of its height."""
_COLOUR = r"^#[0-9A-F]{6}$"


class Letters(Frozen):
    """A typeface at a size."""

    family: str
    weight: int
    size: float


class Style(Frozen):
    """Letters, colours and measures; pixels are those of a frame whose shorter side has 1080."""

    fill: str = Field(pattern=_COLOUR)
    active: str = Field(pattern=_COLOUR)
    box: str = Field(default="", pattern=rf"{_COLOUR}|^$")
    """Colour of the box behind the active word; empty for none."""
    edge: str = Field(pattern=_COLOUR)
    outline: float
    pop: float
    """Scale of the active word for a moment."""
    panel: str = Field(pattern=_COLOUR)
    """Colour of the box behind lines."""
    panel_ink: str = Field(pattern=_COLOUR)
    panel_alpha: float = Field(ge=0, le=1)
    radius: float
    """Of the panel's corners, in ems."""
    karaoke: Letters
    big: Letters
    subtitle: Letters
    minimal: Letters


@cache
def styles() -> dict[str, Style]:
    """All styles by name."""
    rows = tomllib.loads((files(__package__) / "styles.toml").read_text("utf-8"))
    return {name: Style.model_validate(row) for name, row in rows.items() if name != "version"}


@dataclass(frozen=True)
class Look:
    """A style on a frame: one part's letters in its pixels, and the box that text must stay in."""

    style: Style
    part: Part
    size: Size
    unit: float
    area: Box
    safe: Box
    face: Face
    label: Face
    stacked: bool = False
    """A second language stands below."""

    @property
    def em(self) -> float:
        """Letters in full size."""
        letters: Letters = getattr(self.style, self.part)
        return letters.size * self.unit

    @property
    def edge(self) -> float:
        """How far ink reaches beyond the letters on every side: outlines, or a panel's padding."""
        return 2 * self.unit if self.part == "minimal" else self.style.outline * self.unit

    @property
    def tall(self) -> bool:
        """A phone held upright: captions stand in a band above its interface, not at its foot."""
        return self.size.height > 1.5 * self.size.width

    @property
    def centre(self) -> float:
        """The middle of karaoke pages in pixels from the top."""
        # Large words stand lower for their size: pictures keep clear of the same band for every style.
        foot = self.area.bottom - (0.8 if self.part == "big" else 1.2) * self.em
        if self.stacked and self.part in {"karaoke", "big"}:
            below = _BELOW * SECOND * self.style.subtitle.size * self.unit
            return self.area.bottom - below - 2 * self.edge - 0.6 * self.em
        return _CENTRE * self.size.height if self.tall else foot


def look(
    name: str, size: Size, profile: Profile, part: Part = "karaoke", stacked: bool = False, brand: Brand | None = None
) -> Look:
    """The style `name` (an unknown name is the plain style) on frames of `size`, in a brand's letters and colour."""
    style = styles().get(name, styles()[DEFAULT])
    if brand:
        style = _branded(style, brand)
    safe = profile.safe_box(size)
    side = max(safe.left, size.width - safe.right)
    letters: Letters = getattr(style, part)
    return Look(
        style=style,
        part=part,
        size=size,
        unit=min(size.width, size.height) / 1080,
        # Centred text stays clear of both sides as if each had the wider margin.
        area=Box(left=side, top=safe.top, right=size.width - side, bottom=safe.bottom),
        safe=safe,
        face=family(letters.family, letters.weight),
        label=family("Inter", 500),
        stacked=stacked,
    )


def _branded(style: Style, brand: Brand) -> Style:
    """The style in the brand's typefaces; the word that is spoken takes its accent, as bright as words must be."""
    change: dict[str, object] = {}
    for part, wanted in (("karaoke", brand.display), ("big", brand.display), ("subtitle", brand.text),
                         ("minimal", brand.text)):  # fmt: skip
        if wanted:
            change[part] = getattr(style, part).model_copy(update={"family": wanted})
    if brand.colour:
        # Captions stand on any picture with a dark edge round them: the accent of a dark ground reads there.
        accent = derived(brand.colour, brand.accent).accent
        change["box" if style.box else "active"] = accent
        if style.box:
            change["active"] = style.edge
    return style.model_copy(update=change)
