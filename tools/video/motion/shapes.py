"""Outlines for ASS drawings: panels, discs, rings, lines, arrows; a path is a list of moves, lines and curves.

Knows nothing about colours, times or layouts.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
_KAPPA = 0.5522847498


@dataclass(frozen=True)
class Path:
    """Contours in pixels: ("m" | "l" | "b", points). Filled by the non-zero rule."""

    steps: tuple[tuple[str, tuple[Point, ...]], ...] = ()

    def __add__(self, other: "Path") -> "Path":
        return Path(self.steps + other.steps)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of all points, control points included, as libass aligns drawings."""
        points = [point for _, each in self.steps for point in each]
        if not points:
            return (0.0, 0.0, 0.0, 0.0)
        across, down = zip(*points, strict=True)
        return (min(across), min(down), max(across), max(down))

    def moved(self, x: float, y: float) -> "Path":
        """Shifted."""
        return Path(tuple((kind, tuple((a + x, b + y) for a, b in each)) for kind, each in self.steps))

    def scaled(self, factor: float) -> "Path":
        """Scaled about the origin."""
        return Path(tuple((kind, tuple((a * factor, b * factor) for a, b in each)) for kind, each in self.steps))

    def turned(self, degrees: float) -> "Path":
        """Rotated about the origin, clockwise on the screen."""
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return Path(
            tuple(
                (kind, tuple((a * cosine - b * sine, a * sine + b * cosine) for a, b in each))
                for kind, each in self.steps
            )
        )

    def drawing(self) -> tuple[float, float, str]:
        """Left, top, and the commands in eighths of a pixel, with the bounds' corner at the origin."""
        left, top, _, _ = self.bounds
        words = []
        for kind, points in self.steps:
            words.append(kind)
            words += [f"{round((a - left) * 8)} {round((b - top) * 8)}" for a, b in points]
        return left, top, " ".join(words)


def polygon(points: Sequence[Point]) -> Path:
    """A closed outline through the points."""
    return Path((("m", (points[0],)), ("l", tuple(points[1:]))))


def panel(x: float, y: float, width: float, height: float, radius: float = 0.0) -> Path:
    """A rectangle with round corners."""
    r = max(0.0, min(radius, width / 2, height / 2))
    if r < 0.1:
        return polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    k, right, bottom = r * (1 - _KAPPA), x + width, y + height
    return Path(
        (
            ("m", ((x + r, y),)),
            ("l", ((right - r, y),)),
            ("b", ((right - k, y), (right, y + k), (right, y + r))),
            ("l", ((right, bottom - r),)),
            ("b", ((right, bottom - k), (right - k, bottom), (right - r, bottom))),
            ("l", ((x + r, bottom),)),
            ("b", ((x + k, bottom), (x, bottom - k), (x, bottom - r))),
            ("l", ((x, y + r),)),
            ("b", ((x, y + k), (x + k, y), (x + r, y))),
        )
    )


def disc(x: float, y: float, radius: float) -> Path:
    """A filled circle."""
    return panel(x - radius, y - radius, 2 * radius, 2 * radius, radius)


def reverse(path: Path) -> Path:
    """Each contour the other way round, so that it cuts a hole."""
    contours: list[list[tuple[str, tuple[Point, ...]]]] = []
    for step in path.steps:
        if step[0] == "m":
            contours.append([])
        contours[-1].append(step)
    return Path(tuple(step for contour in contours for step in _reversed(contour)))


def _reversed(contour: Iterable[tuple[str, tuple[Point, ...]]]) -> list[tuple[str, tuple[Point, ...]]]:
    nodes: list[tuple[str, tuple[Point, ...]]] = []
    here: Point = (0.0, 0.0)
    for kind, points in contour:
        if kind == "m":
            here = points[0]
        elif kind == "l":
            for point in points:
                nodes.append(("l", (here,)))
                here = point
        else:
            nodes.append(("b", (points[1], points[0], here)))
            here = points[2]
    return [("m", (here,)), *reversed(nodes)]


def ring(x: float, y: float, radius: float, thickness: float) -> Path:
    """A circle's line; `radius` is its middle."""
    return disc(x, y, radius + thickness / 2) + reverse(disc(x, y, radius - thickness / 2))


def arc(x: float, y: float, radius: float, thickness: float, start: float, sweep: float) -> Path:
    """A part of a ring with round ends; degrees clockwise from the top."""
    if sweep >= 359.9:
        return ring(x, y, radius, thickness)
    sweep = max(sweep, 0.05)
    half = thickness / 2
    outer = _curve(x, y, radius + half, start, start + sweep)
    inner = _curve(x, y, radius - half, start + sweep, start)
    end = _cap(x, y, radius, half, start + sweep, 1)
    begin = _cap(x, y, radius, half, start, -1)
    return Path((("m", (_at(x, y, radius + half, start),)), *outer, *end, *inner, *begin))


def sector(x: float, y: float, radius: float, thickness: float, start: float, sweep: float) -> Path:
    """A part of a ring with square ends; degrees clockwise from the top."""
    steps = arc(x, y, radius, thickness, start, min(sweep, 359.8)).steps
    # An arc is its outer curve, an end cap, its inner curve, a beginning cap: caps become straight lines.
    count = (len(steps) - 1 - 6) // 2
    outer, inner = steps[1 : 1 + count], steps[1 + count + 3 : 1 + 2 * count + 3]
    foot = steps[1 + count + 2][1][-1]
    return Path((steps[0], *outer, ("l", (foot,)), *inner))


def _at(x: float, y: float, radius: float, degrees: float) -> Point:
    angle = math.radians(degrees - 90)
    return (x + radius * math.cos(angle), y + radius * math.sin(angle))


def _curve(x: float, y: float, radius: float, start: float, end: float) -> list[tuple[str, tuple[Point, ...]]]:
    count = max(1, math.ceil(abs(end - start) / 60))
    step = (end - start) / count
    pull = 4 / 3 * math.tan(math.radians(step) / 4) * radius
    curves: list[tuple[str, tuple[Point, ...]]] = []
    for index in range(count):
        a, b = math.radians(start + step * index - 90), math.radians(start + step * (index + 1) - 90)
        first = (x + radius * math.cos(a) - pull * math.sin(a), y + radius * math.sin(a) + pull * math.cos(a))
        last = (x + radius * math.cos(b), y + radius * math.sin(b))
        second = (last[0] + pull * math.sin(b), last[1] - pull * math.cos(b))
        curves.append(("b", (first, second, last)))
    return curves


def _cap(
    x: float, y: float, radius: float, half: float, degrees: float, way: int
) -> list[tuple[str, tuple[Point, ...]]]:
    # A half circle from the outer edge to the inner one (way 1), or back (way -1).
    centre = _at(x, y, radius, degrees)
    turn = degrees if way > 0 else degrees + 180
    return _curve(centre[0], centre[1], half, turn, turn + 180)


def line(start: Point, end: Point, thickness: float) -> Path:
    """A stroke with round ends."""
    length = math.dist(start, end)
    degrees = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    half = thickness / 2
    return panel(-half, -half, length + thickness, thickness, half).turned(degrees).moved(*start)


def arrow(start: Point, end: Point, thickness: float, head: float) -> Path:
    """A stroke with an open head of two strokes."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    wings = [(end[0] - head * math.cos(angle + turn), end[1] - head * math.sin(angle + turn)) for turn in (0.7, -0.7)]
    return line(start, end, thickness) + line(wings[0], end, thickness) + line(wings[1], end, thickness)
