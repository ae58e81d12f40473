"""Marks on the stage: rules, panels, discs, rings and icons.

Knows nothing about words or layouts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from . import icons
from .ass import Drift, Layer, Pose
from .easing import in_cubic, in_out_cubic, out_back, out_cubic
from .shapes import Path, disc, panel, ring
from .stage import Stage
from .strokes import traced

Drawing = tuple[float, float, str]
"""Left, top and the commands of a drawing."""
_STEPS = 24
"""Stages of an icon that is being drawn: more than it has frames, few enough that a field of icons shares them."""


@dataclass(frozen=True)
class Ink:
    """A mark's colour, opacity and depth, and the frame it comes on."""

    colour: str
    at: int
    opacity: float = 1.0
    depth: int = 3
    entering: int = 0
    """Frames; 0 takes the sheet's."""
    drift: Drift | None = None
    hasty: bool = False
    """Goes before everything else does, as a stroke under words must."""


def shape(stage: Stage, path: Path, ink: Ink, enter: Callable[[float], Pose] | None = None) -> None:
    """A filled path, placed where its points say, that fades or does as `enter` says."""
    left, top, right, bottom = path.bounds
    _, _, commands = path.drawing()
    stage.add(
        Layer(
            body=f"{{\\p4}}{commands}{{\\p0}}",
            x=left,
            y=top,
            start=stage.begin(ink.at),
            end=stage.last,
            drift=ink.drift or stage.calm,
            depth=ink.depth,
            pivot=((left + right) / 2, (top + bottom) / 2),
            colour=ink.colour,
            opacity=ink.opacity,
            enter=enter or (lambda part: Pose(opacity=out_cubic(part))),
            entering=ink.entering or stage.entering,
            leave=lambda part: Pose(opacity=1 - part, y=-10 * stage.u * in_cubic(part)),
            leaving=stage.leaving,
        )
    )


def growing(stage: Stage, make: Callable[[float], Path], ink: Ink, frames: int) -> None:
    """A path that is remade on every frame while it grows: bars, arcs, lines."""
    made: dict[float, Drawing] = {}

    def at(part: float) -> Drawing:
        if part not in made:
            made[part] = make(part).drawing()
        return made[part]

    _grown(stage, at, ink, frames)


def _grown(stage: Stage, at: Callable[[float], Drawing], ink: Ink, frames: int) -> None:
    stage.add(
        Layer(
            body=lambda part: f"{{\\p4}}{at(part)[2]}{{\\p0}}",
            x=0.0,
            y=0.0,
            shift=lambda part: at(part)[:2],
            start=stage.begin(ink.at),
            end=stage.last,
            drift=ink.drift or stage.calm,
            depth=ink.depth,
            colour=ink.colour,
            opacity=ink.opacity,
            enter=lambda part: Pose(opacity=min(1.0, part * 6)),
            entering=max(1, min(frames, stage.last - stage.leaving - ink.at)),
            leave=lambda part: Pose(
                opacity=max(0.0, 1 - (3 * part if ink.hasty else part)), y=-10 * stage.u * in_cubic(part)
            ),
            leaving=stage.leaving,
        )
    )


def pop(part: float) -> Pose:
    """Comes up from small, a little too far, and back."""
    return Pose(scale=max(0.02, 0.4 + 0.6 * out_back(part)), opacity=min(1.0, part * 3))


def rule(stage: Stage, x: float, y: float, width: float, thickness: float, ink: Ink) -> None:
    """A short line with round ends that is drawn from the left."""
    growing(
        stage,
        lambda part: panel(x, y, max(thickness, width * out_cubic(part)), thickness, thickness / 2),
        ink,
        stage.entering,
    )


def glyph(stage: Stage, name: str, x: float, y: float, side: float, ink: Ink) -> None:
    """An icon by name, its grid's side `side`, centred at a point: drawn on stroke by stroke, or popping up."""

    def at(part: float) -> Drawing:
        left, top, commands = _stroked(name, round(in_out_cubic(part) * _STEPS) / _STEPS, side)
        return left + x - side / 2, top + y - side / 2, commands

    if name.startswith("emoji:"):
        shape(stage, traced(name, 1.0).scaled(side / icons.GRID).moved(x - side / 2, y - side / 2), ink, pop)
    else:
        _grown(stage, at, ink, stage.seconds(0.6))


@lru_cache(maxsize=1024)
def _stroked(name: str, part: float, side: float) -> Drawing:
    """An icon as far as it is drawn, as ASS writes it: a field of icons is written once, and placed many times."""
    return traced(name, part).scaled(side / icons.GRID).drawing()


def badge(stage: Stage, name: str, x: float, y: float, radius: float, at: int, *, filled: bool = True) -> None:
    """An icon on a disc: dark on the accent, or accent on a panel with a hairline."""
    palette = stage.palette
    if filled:
        shape(stage, disc(x, y, radius), Ink(palette.accent, at), pop)
        glyph(stage, name, x, y, radius * 1.2, Ink(palette.shade, at + 3, depth=4))
        return
    shape(stage, disc(x, y, radius), Ink(palette.panel, at, 0.82), pop)
    shape(stage, ring(x, y, radius, max(1.5, 3 * stage.u)), Ink(palette.accent, at, 0.55), pop)
    glyph(stage, name, x, y, radius * 1.16, Ink(palette.accent, at + 3, depth=4))


def halo(stage: Stage, x: float, y: float, radius: float, at: int) -> None:
    """Thin rings round a point, one after another, slowly growing: depth behind a hero."""
    for index, reach in enumerate((1.0, 1.4, 1.9) if stage.wide else (1.0, 1.3)):
        ink = Ink(stage.palette.accent, at + 3 * index, 0.34 - 0.1 * index, depth=1, entering=stage.seconds(0.7))
        drift = Drift((x, y), stage.total, scale=0.10 + 0.05 * index)
        thickness = max(1.2, 2.6 * stage.u)
        shape(
            stage,
            ring(x, y, radius * reach, thickness),
            Ink(ink.colour, ink.at, ink.opacity, 1, ink.entering, drift),
            lambda part: Pose(scale=0.7 + 0.3 * out_cubic(part), opacity=part),
        )
