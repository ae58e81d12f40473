"""Icons drawn on: every stroke from its beginning as far as it has come.

Knows nothing about stages or times.
"""

import itertools
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .icons import GRID, outline, source, widened
from .shapes import Path, Point


@lru_cache(maxsize=4096)
def traced(name: str, part: float) -> Path:
    """The icon as far as it is drawn: every stroke from its beginning to `part` of its length, whole at 1.

    An emoji has no strokes, so it is always whole.
    """
    if part >= 1 or name.startswith("emoji:"):
        return outline(name)
    return _inked([stroke[: max(2, round(part * len(stroke)))] for stroke in _strokes(name)])


@lru_cache(maxsize=256)
def _strokes(name: str) -> list[list[Point]]:
    """The icon's centre lines as points a fiftieth of the grid apart."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import SVGPath

    pen = RecordingPen()
    SVGPath.fromstring(source(name)).draw(pen)
    return [_even(points) for points in _flattened(pen.value)]


def _flattened(commands: Sequence[tuple[str, tuple[Any, ...]]]) -> list[list[Point]]:
    found: list[list[Point]] = []
    for kind, points in commands:
        if kind == "moveTo":
            found.append([points[0]])
        elif kind == "lineTo":
            found[-1].append(points[0])
        elif kind == "closePath":
            found[-1].append(found[-1][0])
        elif kind in ("curveTo", "qCurveTo"):
            ends = [found[-1][-1], *points]
            found[-1] += [_bezier(ends, step / 12) for step in range(1, 13)]
    return [points for points in found if len(points) > 1]


def _bezier(points: Sequence[Point], part: float) -> Point:
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in itertools.pairwise(points)]
    return points[0]


def _even(points: Sequence[Point]) -> list[Point]:
    spaced = [points[0]]
    for start, end in itertools.pairwise(points):
        count = max(1, round(math.dist(start, end) / (GRID / 50)))
        spaced += [
            (start[0] + (end[0] - start[0]) * at / count, start[1] + (end[1] - start[1]) * at / count)
            for at in range(1, count + 1)
        ]
    return spaced


def _inked(strokes: Sequence[Sequence[Point]]) -> Path:
    import pathops

    drawn = pathops.Path()
    pen = drawn.getPen(glyphSet=None)
    for first, *others in strokes:
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.endPath()
    return widened(drawn)
