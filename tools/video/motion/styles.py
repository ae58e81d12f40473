"""Style sheets: the palette, type, shapes and movement that make one film look of a piece.

Knows nothing about layouts or backgrounds: it hands out values, read from styles.toml.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import Field

from ...errors import ToolFailed
from ...media import Frozen
from ...music import Mood
from ...timeline import Direction, Wipe

Hex = Annotated[str, Field(pattern=r"^#[0-9A-F]{6}$")]
Easing = Literal["out-cubic", "out-quint", "out-expo", "out-back", "in-out-cubic"]
Ornament = Literal["arcs", "slab", "frame", "rules", "confetti", "crosses"]
Role = Literal["ground", "shade", "glow", "ink", "muted", "accent", "accent2", "panel", "tint"]


class Palette(Frozen):
    """Colours by role. `ink` reads on ground, shade, glow and panel."""

    name: str
    topics: tuple[str, ...] = ()
    """Word stems of a brief that ask for this palette."""
    ground: Hex
    """Base behind everything."""
    shade: Hex
    """Second ground: the deep of it."""
    glow: Hex
    """Soft highlight of the ground."""
    tint: Hex
    """Second highlight of the ground, of another hue."""
    ink: Hex
    """Text."""
    muted: Hex
    """Secondary text."""
    accent: Hex
    accent2: Hex
    panel: Hex
    """Fill of boxes."""

    @property
    def dark(self) -> bool:
        """True where light text stands on a dark ground."""
        return luminance(self.ground) < luminance(self.ink)


class Face(Frozen):
    """A font: family, weight, letter spacing in em, and whether it is set in capitals."""

    family: str
    weight: int = Field(default=500, ge=100, le=900)
    tracking: float = 0.0
    upper: bool = False


class Sheet(Frozen):
    """One motion language. Lengths are shares of the frame's short side, times are seconds."""

    name: str
    palettes: tuple[Palette, ...] = Field(min_length=1)
    motifs: tuple[str, ...] = Field(min_length=1)
    """Backgrounds that belong together, the most fitting first."""
    display: Face
    text: Face
    scale: float = Field(gt=1, lt=2)
    """Ratio between two steps of the type scale."""
    radius: float = Field(ge=0, le=0.1)
    stroke: float = Field(gt=0, le=0.02)
    grain: float = Field(default=5.0, ge=0, le=12)
    """Strength of the film grain, in 8-bit levels."""
    ornament: Ornament = "arcs"
    """What stands behind the words where no icon does."""
    easing: Easing
    entrance: float = Field(gt=0, le=2)
    transition: Wipe | Literal["cut"]
    """How one shot becomes the next within a scene."""
    turn: Wipe | Literal["cut"]
    """How one scene becomes the next, and where it moves to."""
    towards: Direction = "left"
    mood: Mood


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "styles.toml").read_text("utf-8"))


@cache
def _read() -> dict[str, Sheet]:
    data = _data()
    palettes = {name: Palette(name=name, **row) for name, row in data["palettes"].items()}
    return {
        name: Sheet.model_validate({"name": name, **row, "palettes": tuple(palettes[each] for each in row["palettes"])})
        for name, row in data["sheets"].items()
    }


def sheets() -> tuple[str, ...]:
    """Names of all style sheets."""
    return tuple(_read())


def sheet(name: str) -> Sheet:
    """The style sheet `name`; ToolFailed if there is none."""
    if name not in _read():
        raise ToolFailed(f"There is no style named {name!r}.", f"Choose one of: {', '.join(sheets())}.")
    return _read()[name]


def palette(of: Sheet, seed: int) -> Palette:
    """The palette that `seed` draws from the sheet."""
    return of.palettes[seed % len(of.palettes)]


def palette_for(of: Sheet, text: str, seed: int = 0) -> Palette:
    """The sheet's palette whose topics `text` names most often; the seed's where it names none.

    >>> palette_for(sheet("clean"), "How bees make honey").name
    'honey'
    """
    best = max(of.palettes, key=lambda each: _score(each.topics, text))
    return best if _score(best.topics, text) else palette(of, seed)


def motifs_for(of: Sheet, text: str) -> tuple[str, ...]:
    """The sheet's backgrounds, those that the topic of `text` asks for first.

    >>> motifs_for(sheet("clean"), "How bees make honey")[0]
    'honeycomb'
    """
    topics: dict[str, list[str]] = _data()["motifs"]
    return tuple(sorted(of.motifs, key=lambda motif: -_score(topics.get(motif, ()), text)))


def _score(topics: Iterable[str], text: str) -> int:
    return sum(any(_names(word, topic) for topic in topics) for word in re.findall(r"\w+", text.lower()))


def _names(word: str, topic: str) -> bool:
    # Longer topics match with their endings (oceans, golden); "bee" must not claim "been".
    ending = len(word) - len(topic)
    return word in {topic, topic + "s"} or (len(topic) > 3 and word.startswith(topic) and ending <= 3)


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of a hex colour, 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio of two hex colours, 1 to 21.

    >>> round(contrast("#FFFFFF", "#000000"), 1)
    21.0
    """
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
