"""Ornaments: what stands behind the text, in the hand of the film's style sheet.

Knows nothing about words; it keeps to the edges that layouts leave free, and never looks the same on two neighbours.
"""

import math
from collections.abc import Callable
from random import Random

from . import icons
from .ass import Pose
from .easing import in_out_cubic, out_cubic
from .marks import Ink, growing, pop, shape
from .shapes import Path, arc, disc, panel, polygon, ring
from .stage import Stage

_GHOST = 0.07
"""Opacity of an icon as large as the frame."""


def ornament(stage: Stage, name: str | None) -> None:
    """A huge faint icon where the layout has one, else the sheet's own ornament, low on the right."""
    if name:
        _ghost(stage, name)
    else:
        _OF[stage.sheet.ornament](stage)


def _corner(stage: Stage) -> tuple[float, float]:
    return stage.size.width * 1.0, stage.size.height * (0.62 if stage.wide else 0.76)


def _ghost(stage: Stage, name: str) -> None:
    width, height = stage.size.width, stage.size.height
    side = (0.95 if stage.wide else 0.86) * min(width, height)
    x, y = width * (0.84 if stage.wide else 0.78), height * (0.55 if stage.wide else 0.74)
    path = icons.outline(name).scaled(side / icons.GRID).moved(x - side / 2, y - side / 2)
    ink = Ink(stage.palette.ink, stage.first, _GHOST, depth=0, entering=stage.seconds(0.8), drift=stage.deep)
    shape(stage, path, ink, lambda part: Pose(opacity=part, y=60 * stage.u * (1 - out_cubic(part))))


def _arcs(stage: Stage) -> None:
    """Fine arcs that draw themselves, a field of dots, or one wide ring: by the shot's seed."""
    (_rings, _dots, _sweep)[stage.request.seed % 3](stage)


def _sweep(stage: Stage) -> None:
    u, (x, y) = stage.u, _corner(stage)
    for index, radius in enumerate((260, 380, 500)):
        start = 150 + 25 * index

        def drawn(part: float, start: float = start, radius: float = radius) -> Path:
            return arc(x, y, radius * u, max(1.2, 3 * u), start, 170 * in_out_cubic(part) + 1)

        ink = Ink(stage.palette.accent, stage.first, 0.34 - 0.1 * index, depth=0, drift=stage.deep)
        growing(stage, drawn, ink, stage.seconds(0.9))


def _dots(stage: Stage) -> None:
    """Rows of dots that thin out towards the middle."""
    u, (x, y) = stage.u, _corner(stage)
    step = 52 * u
    for row in range(7):
        dots = Path()
        for column in range(8 - abs(row - 3)):
            dots += disc(x - 40 * u - column * step, y + (row - 3) * step, max(1.2, 4.2 * u))
        ink = Ink(stage.palette.accent, stage.first + row * 2, 0.34 - 0.03 * abs(row - 3), depth=0, drift=stage.deep)
        shape(stage, dots, ink, lambda part: Pose(x=90 * u * (1 - out_cubic(part)), opacity=part))


def _rings(stage: Stage) -> None:
    u, (x, y) = stage.u, _corner(stage)
    for radius, thick, opacity in ((430.0, 52.0, 0.08), (310.0, 3.0, 0.34)):

        def drawn(part: float, radius: float = radius, thick: float = thick) -> Path:
            return arc(x, y, radius * u, max(1.2, thick * u), 100, 270 * in_out_cubic(part) + 1)

        growing(stage, drawn, Ink(stage.palette.accent, stage.first, opacity, depth=0, drift=stage.deep), 27)


def _slab(stage: Stage) -> None:
    """Flat shapes as large as posters have them: a disc with a thick ring, or three slanted bars."""
    u, palette, (x, y) = stage.u, stage.palette, _corner(stage)
    slide = lambda part: Pose(x=260 * u * (1 - out_cubic(part)), opacity=min(1.0, 2 * part))  # noqa: E731
    if stage.request.seed % 2:
        shape(
            stage,
            disc(x - 20 * u, y + 40 * u, 330 * u),
            Ink(palette.accent, stage.first, 0.2, 0, 18, stage.deep),
            slide,
        )
        edge = ring(x - 20 * u, y + 40 * u, 440 * u, 34 * u)
        shape(stage, edge, Ink(palette.accent2, stage.first + 3, 0.22, 0, 18, stage.deep), slide)
        return
    for index in range(3):
        left, wide, high = x - (160 + 150 * index) * u, 84 * u, 620 * u
        lean, foot = 0.5 * high, y + 420 * u
        bar = polygon(
            [(left + lean, foot - high), (left + lean + wide, foot - high), (left + wide, foot), (left, foot)]
        )
        tint = palette.accent2 if index == 1 else palette.accent
        shape(stage, bar, Ink(tint, stage.first + 3 * index, 0.2 - 0.03 * index, 0, 16, stage.deep), slide)


def _frame(stage: Stage) -> None:
    """Corners of a viewfinder, drawn on from their angles."""
    u, size = stage.u, stage.size
    inset, arm, thin = 46 * u, 84 * u, max(1.2, 2.4 * u)
    for right in (False, True):
        for low in (False, True):
            x, y = size.width - inset if right else inset, size.height - inset if low else inset

            def drawn(part: float, x: float = x, y: float = y, right: bool = right, low: bool = low) -> Path:
                reach = max(2 * thin, arm * out_cubic(part))
                across = panel(x - reach if right else x, y - thin * low, reach, thin)
                return across + panel(x - thin * right, y - reach if low else y, thin, reach)

            growing(stage, drawn, Ink(stage.palette.muted, stage.first, 0.5, depth=0), stage.seconds(1.0))


def _rules(stage: Stage) -> None:
    """A printed page's hairlines: a column rule at the right, a foot rule with a square at its end."""
    u, size, palette = stage.u, stage.size, stage.palette
    thin = max(1.0, 2 * u)
    left, right = 90 * u, size.width - (60 if stage.wide else 90) * u
    foot = size.height * (0.93 if stage.wide else 0.9)
    top = size.height * (0.1 if stage.wide else 0.68)
    growing(stage, lambda part: panel(right, top, thin, max(thin, (foot - top) * out_cubic(part))),
            Ink(palette.ink, stage.first, 0.28, depth=0), stage.seconds(0.9))  # fmt: skip
    growing(stage, lambda part: panel(left, foot, max(thin, (right - left) * out_cubic(part)), thin),
            Ink(palette.ink, stage.first, 0.28, depth=0), stage.seconds(0.9))  # fmt: skip
    square = panel(left, foot - 9 * u, 18 * u, 18 * u)
    shape(stage, square, Ink(palette.accent, stage.first + stage.seconds(0.3), depth=1), pop)


def _confetti(stage: Stage) -> None:
    """Bits of paper round the edges that pop up one after another and drift."""
    u, palette, chance = stage.u, stage.palette, Random(stage.request.seed)
    makers: tuple[Callable[[float, float, float], Path], ...] = (
        disc,
        lambda x, y, r: ring(x, y, r * 1.2, r * 0.5),
        lambda x, y, r: _turned(x, y, r * 2.6, r * 0.8, chance.uniform(0, math.pi)),
        lambda x, y, r: _turned(x, y, r * 2.2, r * 0.6, 0.6) + _turned(x, y, r * 2.2, r * 0.6, 0.6 + math.pi / 2),
    )
    for index in range(11):
        x, y = _place(stage, index, chance)
        tint = (palette.accent, palette.accent2)[index % 2]
        path = makers[index % len(makers)](x, y, chance.uniform(13, 24) * u)
        shape(stage, path, Ink(tint, stage.first + 2 * index, 0.6, depth=0, drift=stage.deep), pop)


def _place(stage: Stage, index: int, chance: Random) -> tuple[float, float]:
    """Outside the region of the words: below it and above it, or at the right where the frame is wide."""
    size, region = stage.size, stage.region
    x = size.width * ((index * 0.618 + chance.uniform(0, 0.12)) % 1.0)
    if index % 3 == 2:
        return x, region.top * chance.uniform(0.12, 0.6)
    low = region.bottom + (0.16 if size.vertical else 0.06) * size.height
    return x, chance.uniform(low, size.height * 0.97)


def _turned(x: float, y: float, long: float, thick: float, angle: float) -> Path:
    """A bar about its middle."""
    cos, sin = math.cos(angle), math.sin(angle)
    corners = ((-long, -thick), (long, -thick), (long, thick), (-long, thick))
    return polygon([(x + (a * cos - b * sin) / 2, y + (a * sin + b * cos) / 2) for a, b in corners])


def _crosses(stage: Stage) -> None:
    """A drawing board's crosses on a wide raster, one of them marked."""
    u, palette, (x, y) = stage.u, stage.palette, _corner(stage)
    step, arm, thin = 132 * u, 13 * u, max(1.2, 2.6 * u)
    marked = stage.request.seed % 5
    for row in range(5):
        crosses = Path()
        for column in range(5):
            spot = x - (0.55 + column) * step, y + (row - 1.6) * step
            crosses += panel(spot[0] - arm, spot[1] - thin / 2, 2 * arm, thin)
            crosses += panel(spot[0] - thin / 2, spot[1] - arm, thin, 2 * arm)
        shape(stage, crosses, Ink(palette.accent, stage.first + 3 * row, 0.3, depth=0, drift=stage.deep))
        if row == marked:
            box = x - (0.55 + marked % 3) * step, y + (row - 1.6) * step
            side = 3.2 * arm
            outline = panel(box[0] - side, box[1] - side, 2 * side, thin) + panel(
                box[0] - side, box[1] + side, 2 * side, thin
            )
            outline += panel(box[0] - side, box[1] - side, thin, 2 * side) + panel(
                box[0] + side, box[1] - side, thin, 2 * side
            )
            shape(stage, outline, Ink(palette.accent2, stage.first + 12, 0.7, depth=0, drift=stage.deep), pop)


_OF: dict[str, Callable[[Stage], None]] = {
    "arcs": _arcs, "slab": _slab, "frame": _frame, "rules": _rules, "confetti": _confetti, "crosses": _crosses,
}  # fmt: skip
