"""Curves over time: a line with its axes, and areas that stand on each other.

Knows nothing about where the numbers are from.
"""

from itertools import pairwise
from math import ceil, floor, log10

from ... import Card, Datum
from .. import marks
from ..ass import Pose
from ..easing import in_out_cubic
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..shapes import Path, Point, disc, line, polygon
from ..stage import Stage, Zone
from . import versus
from .charts import SMALL, written
from .parts import framed

_MOST = 24
"""Moments that can be told apart along a phone's width."""
_LAYERS = 4
"""Areas on each other that can be told apart."""


def curve(stage: Stage, card: Card) -> None:
    """A line over time with its axes: ticks on the left, labels below, the first and the last value written."""
    data = thinned(card.data)
    if len(data) < 2:
        versus.comparison(stage, card)
        return
    plot, low, high = _axes(stage, framed(stage, card), [datum.value for datum in data])
    points = _points(plot, [datum.value for datum in data], low, high)
    _drawn(stage, plot, points, stage.cue(1, stage.first + stage.seconds(0.25)))
    _named(stage, plot, data, points)


def area(stage: Stage, card: Card) -> None:
    """The amount under a curve; several series stand on each other, each named at its end."""
    rounds = card.rounds if len(card.rounds) > 1 and len(card.data) > 1 else ()
    data = thinned(
        tuple(Datum(label=each.name, value=sum(each.values[:_LAYERS])) for each in rounds) if rounds else card.data
    )
    if len(data) < 2 or min(datum.value for datum in data) < 0:
        curve(stage, card)
        return
    kept = {datum.label for datum in data}
    rows = [each.values[:_LAYERS] for each in rounds if each.name in kept] or [(datum.value,) for datum in data]
    names = [datum.label for datum in card.data[:_LAYERS]] if rounds else []
    zone = framed(stage, card)
    room = max((stage.strong.measure(name, 34 * stage.u) for name in names), default=0.0)
    zone = Zone(zone.left, zone.top, zone.right - min(room + 24 * stage.u, zone.width * 0.3) * bool(names), zone.bottom)
    plot, low, high = _axes(stage, zone, [0.0, *(datum.value for datum in data)])
    _stacked(stage, plot, [list(layer) for layer in zip(*rows, strict=True)], (low, high), names)
    _named(stage, plot, data, _points(plot, [datum.value for datum in data], low, high), written_first=False)


def thinned(data: tuple[Datum, ...]) -> tuple[Datum, ...]:
    """At most as many moments as can be told apart, the first and the last among them."""
    if len(data) <= _MOST:
        return data
    return tuple(data[round(at * (len(data) - 1) / (_MOST - 1))] for at in range(_MOST))


def _points(plot: Zone, values: list[float], low: float, high: float) -> list[Point]:
    return [
        (plot.left + plot.width * at / (len(values) - 1), plot.bottom - plot.height * (value - low) / (high - low))
        for at, value in enumerate(values)
    ]


def _axes(stage: Stage, zone: Zone, values: list[float]) -> tuple[Zone, float, float]:
    """Draws the ticks; returns where the plot stands, and its lowest and highest value."""
    u = stage.u
    ticks = nice(values)
    decimals = max(len(f"{tick:.6g}".partition(".")[2]) for tick in ticks)
    names = [short(tick, decimals, max(map(abs, ticks))) for tick in ticks]
    small = [set_block(stage, name, stage.text, 150 * u, 60 * u, [SMALL * u], max_lines=1) for name in names]
    left = zone.left + max(each.width for each in small) + 24 * u
    plot = Zone(left, zone.top + 70 * u, zone.right - 16 * u, zone.bottom - 78 * u)
    low, high = ticks[0], ticks[-1]
    for tick, label in zip(ticks, small, strict=True):
        y = plot.bottom - plot.height * (tick - low) / (high - low)
        strong = tick == low
        marks.rule(stage, left, y, plot.right - left, max(1.0, (4 if strong else 2) * u),
                   Ink(stage.palette.ink, stage.first, 0.5 if strong else 0.12))  # fmt: skip
        look = Look(stage.text, label.em, stage.palette.muted, stage.first, stagger=0, entrance="fade")
        block(stage, label, look, left - 24 * u - label.width, y - tall(label, stage.text) / 2)
    return plot, low, high


def short(value: float, decimals: int, most: float) -> str:
    """A tick as it is written: thousands and millions by their letter, so that it is short.

    >>> short(1500000, 0, 2000000), short(0.5, 1, 2), short(0, 0, 2000000)
    ('1.5M', '0.5', '0')
    """
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if most >= size and value:
            return f"{value / (1e3 if letter == 'k' else size):.3g}{letter}"
    return f"{value:,.{decimals}f}"


def _stacked(stage: Stage, plot: Zone, layers: list[list[float]], span: tuple[float, float], names: list[str]) -> None:
    u, palette, low, high = stage.u, stage.palette, *span
    at, frames = stage.cue(1, stage.first + stage.seconds(0.25)), stage.seconds(1.4)
    reach = 24 * u

    def opened(part: float) -> Pose:
        right = plot.left - reach + (plot.width + 2 * reach) * in_out_cubic(part)
        return Pose(clip=(plot.left - reach, plot.top - 9 * reach, right, plot.bottom + reach))

    below, middles = [0.0] * len(layers[0]), list[float]()
    tints = (palette.accent, palette.accent2) * 2
    for index, layer in enumerate(layers):
        above = [one + other for one, other in zip(below, layer, strict=True)]
        top, foot = _points(plot, above, low, high), _points(plot, below, low, high)
        body = polygon([*top, *reversed(foot)])
        marks.shape(stage, body, Ink(tints[index], at, (0.55, 0.48, 0.26, 0.2)[index], 2, frames), opened)
        edge = Path()
        for start, end in pairwise(top):
            edge += line(start, end, max(2.0, 7 * u))
        marks.shape(stage, edge, Ink(tints[index], at, depth=4, entering=frames), opened)
        middles.append((top[-1][1] + foot[-1][1]) / 2)
        below = above
    _layers(stage, plot, names, middles, at + frames * 3 // 4)


def _layers(stage: Stage, plot: Zone, names: list[str], middles: list[float], at: int) -> None:
    """Each layer's name beside its end; where layers are thin, names give way upwards."""
    u, kind, above = stage.u, stage.strong, plot.bottom + 60 * stage.u
    for text, middle in zip(names, middles, strict=False):
        room = stage.region.right - plot.right - 20 * u
        name = set_block(stage, text, kind, room, 60 * u, stage.scale(26, 34), max_lines=1)
        above = min(middle, above - 52 * u)
        look = Look(kind, name.em, stage.palette.ink, at, stagger=0, entrance="fade")
        block(stage, name, look, plot.right + 20 * u, above - tall(name, kind) / 2)


def nice(values: list[float]) -> list[float]:
    """Three to six round ticks that hold all values; from zero where that wastes less than half the height.

    >>> nice([2.0, 9.0])
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    low, high = min(values), max(values)
    if low > 0 and low < high * 0.6:
        low = 0.0
    span = (high - low) or abs(high) or 1.0
    power = 10 ** floor(log10(span / 4))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if span / (power * each) <= 5)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    return [round(float(step * at), 10) for at in range(first, last + 1)]


def _drawn(stage: Stage, plot: Zone, points: list[Point], at: int) -> None:
    """The line and the area under it, uncovered from the left; discs follow on its points."""
    u, palette = stage.u, stage.palette
    thick, frames = max(3.0, 9 * u), stage.seconds(1.2)
    reach = 24 * u
    stroke = Path()
    for start, end in pairwise(points):
        stroke += line(start, end, thick)
    area = polygon([(points[0][0], plot.bottom), *points, (points[-1][0], plot.bottom)])

    def opened(part: float) -> Pose:
        right = plot.left - reach + (plot.width + 2 * reach) * in_out_cubic(part)
        return Pose(clip=(plot.left - reach, plot.top - 9 * reach, right, plot.bottom + reach))

    marks.shape(stage, area, Ink(palette.accent, at, 0.16, depth=2, entering=frames), opened)
    marks.shape(stage, stroke, Ink(palette.accent, at, depth=4, entering=frames), opened)
    shown = points if len(points) <= 9 else [points[0], points[-1]]
    for x, y in shown:
        when = at + round(frames * 0.2 + frames * 0.6 * (x - plot.left) / max(plot.width, 1))
        marks.shape(stage, disc(x, y, 15 * u), Ink(palette.ground, when, depth=4), marks.pop)
        marks.shape(stage, disc(x, y, 9 * u), Ink(palette.accent, when, depth=5 - 1), marks.pop)


def _named(
    stage: Stage, plot: Zone, data: tuple[Datum, ...], points: list[Point], *, written_first: bool = True
) -> None:
    """The moments along the bottom, thinned so that they stand apart, and the values at both ends."""
    u, kind = stage.u, stage.display
    every = next(
        step
        for step in range(1, len(data) + 1)
        if step == len(data)
        or all(
            stage.text.measure(data[at].label, SMALL * u) < plot.width / (len(data) - 1) * step - 20 * u
            for at in range(0, len(data), step)
        )
    )
    last = len(data) - 1
    shown = {at for at in range(0, len(data), every) if last - at >= every or at == last} | {0, last}
    half = plot.width / 2 if len(shown) < 3 else plot.width / (len(shown) - 1)
    for at in sorted(shown):
        label = set_block(stage, data[at].label, stage.text, half - 16 * u, 70 * u, [SMALL * u], max_lines=1)
        x = min(max(points[at][0] - label.width / 2, plot.left - 60 * u), plot.right + 16 * u - label.width)
        look = Look(stage.text, label.em, stage.palette.muted, stage.first + 2, stagger=0, entrance="fade")
        block(stage, label, look, x, plot.bottom + 32 * u)
    ends = [(0, stage.palette.ink, 44)] * written_first + [(last, stage.palette.accent, 72)]
    for at, tint, size in ends:
        value = set_block(
            stage, written(data[at]), kind, plot.width * 0.42, 120 * u, stage.scale(22, size), max_lines=1
        )
        x = points[at][0] - (value.width if at else 0) + (16 * u if at else 0)
        when = stage.cue(1, stage.first) + stage.seconds(1.0 if at else 0.4)
        look = Look(kind, value.em, tint, when, stagger=0, entrance="rise soft")
        above = max(points[at][1] - 44 * u - tall(value, kind), plot.top - 130 * u)
        below = points[at][1] + 40 * u
        # Where the line rises from its first point, the value stands under it.
        under = not at and points[1][1] < points[0][1] and below + tall(value, kind) < plot.bottom - 16 * u
        block(stage, value, look, x + (24 * u if under else 0), below if under else above)
