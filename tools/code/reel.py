"""The drawing API that programs see inside the sandbox: a scene, shapes as SVG, fields as arrays.

Knows nothing of Reelwright: this file is copied into the sandbox and imported there as `reel`. Lengths are in units of
a thousandth of the frame's shorter side, times in seconds, colours are "#RRGGBB".
"""

import math
import random
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    """What is drawn on: `width` by `height` units, `seconds` long; captions stand below `floor`."""

    width: float
    height: float
    seconds: float
    rate: float
    seed: int
    floor: float
    words: str = ""
    ground: str = "#101418"
    shade: str = "#080A0C"
    ink: str = "#FFFFFF"
    muted: str = "#A0A8B0"
    accent: str = "#FFB000"
    accent2: str = "#40C0FF"
    pixels: tuple[int, int] = (108, 192)
    """Columns and rows of the grid for arrays."""
    chance: random.Random = field(default_factory=random.Random)
    """Seeded: the same numbers in every run."""

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the part above the captions."""
        return self.width / 2, self.floor / 2

    @property
    def room(self) -> float:
        """The largest radius of a circle about the centre that stays clear of edges and captions."""
        return min(self.width, self.floor) * 0.42

    def grid(self) -> tuple[Array, Array]:
        """Return x and y of every cell, in units, as two (rows, columns) arrays."""
        columns, rows = self.pixels
        x = (np.arange(columns, dtype=np.float32) + 0.5) * (self.width / columns)
        y = (np.arange(rows, dtype=np.float32) + 0.5) * (self.height / rows)
        xs, ys = np.meshgrid(x, y)
        return xs, ys


def clamp(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """The value, held between two others."""
    return min(max(value, low), high)


def ease(part: float) -> float:
    """Slow, fast, slow: 0 to 1 for a part of 0 to 1."""
    part = clamp(part)
    return part * part * (3 - 2 * part)


def after(t: float, start: float, lasting: float = 0.6) -> float:
    """How far a move has come that starts at `start`, eased, 0 to 1."""
    return ease((t - start) / lasting)


def mix(one: str, other: str, part: float) -> str:
    """A colour between two."""
    part = clamp(part)
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)


def shades(values: Array, *colours: str) -> Array:
    """Values of 0 to 1 as colours, (rows, columns, 3): the first colour at 0, the last at 1."""
    table = np.array([[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in colours], np.float32)
    place = np.clip(values, 0, 1) * (len(colours) - 1)
    low = np.minimum(place.astype(np.int32), len(colours) - 2)
    part = (place - low)[..., None].astype(np.float32)
    blended: Array = table[low] * (1 - part) + table[low + 1] * part
    return blended


def svg(scene: Scene, *shapes: str, ground: str = "") -> str:
    """A whole picture of shapes on a ground of one colour, lit from the middle."""
    edge = ground or scene.ground
    light = mix(edge, scene.accent2, 0.16)
    x, y = scene.centre
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {scene.width:g} {scene.height:g}">'
        f'<defs><radialGradient id="ground" gradientUnits="userSpaceOnUse" cx="{x:g}" cy="{y:g}" r="{scene.height:g}">'
        f'<stop offset="0" stop-color="{light}"/><stop offset="1" stop-color="{edge}"/></radialGradient></defs>'
        f'<rect width="100%" height="100%" fill="url(#ground)"/>{"".join(shapes)}</svg>'
    )


def _paint(fill: str, stroke: str, width: float, opacity: float) -> str:
    line = f' stroke="{stroke}" stroke-width="{width:.2f}" stroke-linecap="round" stroke-linejoin="round"'
    faint = f' opacity="{clamp(opacity):.3f}"' if opacity < 1 else ""
    return f' fill="{fill or "none"}"{line if stroke else ""}{faint}'


def circle(
    x: float, y: float, radius: float, fill: str = "", stroke: str = "", width: float = 4, opacity: float = 1
) -> str:
    """A disc, or a ring."""
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{max(radius, 0):.2f}"{_paint(fill, stroke, width, opacity)}/>'


def box(
    x: float, y: float, wide: float, high: float, fill: str = "", stroke: str = "", width: float = 4,
    corner: float = 0, opacity: float = 1,
) -> str:  # fmt: skip
    """A rectangle from its upper left corner."""
    sides = f'x="{x:.2f}" y="{y:.2f}" width="{max(wide, 0):.2f}" height="{max(high, 0):.2f}" rx="{corner:.2f}"'
    return f"<rect {sides}{_paint(fill, stroke, width, opacity)}/>"


def line(points: Any, stroke: str, width: float = 4, opacity: float = 1) -> str:
    """A line through points (x, y)."""
    way = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polyline points="{way}"{_paint("", stroke, width, opacity)}/>'


def polygon(points: Any, fill: str = "", stroke: str = "", width: float = 4, opacity: float = 1) -> str:
    """A closed shape through points (x, y)."""
    way = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polygon points="{way}"{_paint(fill, stroke, width, opacity)}/>'


def path(steps: str, fill: str = "", stroke: str = "", width: float = 4, opacity: float = 1) -> str:
    """A path in SVG's own words: "M 0 0 C …"."""
    return f'<path d="{escape(steps)}"{_paint(fill, stroke, width, opacity)}/>'


def label(x: float, y: float, words: str, size: float, fill: str, opacity: float = 1) -> str:
    """Words about a point."""
    place = f'x="{x:.2f}" y="{y:.2f}" font-size="{size:.1f}" text-anchor="middle" dominant-baseline="central"'
    return f'<text {place} font-weight="600"{_paint(fill, "", 0, opacity)}>{escape(words)}</text>'


def turn(x: float, y: float, radius: float, angle: float) -> tuple[float, float]:
    """The point at a radius from another, at an angle in radians, clockwise from the right."""
    return x + radius * math.cos(angle), y + radius * math.sin(angle)
