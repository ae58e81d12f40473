"""Charts: columns or rows of bars, a line with its axes, a ring of parts.

Knows nothing about where the numbers are from; every one stands written beside what shows it.
"""

from itertools import pairwise
from math import ceil, floor, log10

from ....typeset import Setting
from ... import Card, Datum
from .. import marks
from ..ass import Pose
from ..easing import in_out_cubic, out_back, out_cubic
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..shapes import Path, disc, line, panel, polygon, sector
from ..stage import Stage, Zone
from . import numbers, versus
from .parts import framed

_MOST = 8
"""Values that can be told apart on a phone."""
_SMALL = 28.0
"""The smallest label, in units."""


def bars(stage: Stage, card: Card) -> None:
    """Columns on a common ground where their labels are short, else rows; the largest is set off."""
    data = card.data[:_MOST]
    if len(data) < 2:
        versus.comparison(stage, card)
        return
    zone = framed(stage, card)
    cues = stage.cues(len(data), 1 if card.headline else 0)
    labels = _labels(stage, [datum.label for datum in data], zone.width / len(data) * 0.94)
    if labels and min(datum.value for datum in data) >= 0:
        _columns(stage, zone, data, labels, cues)
    else:
        _rows(stage, zone, data, cues)


def _rows(stage: Stage, zone: Zone, data: tuple[Datum, ...], cues: list[int]) -> None:
    each = min(190 * stage.u, zone.height / len(data))
    most = max(abs(datum.value) for datum in data) or 1.0
    top = zone.top + (zone.height - each * len(data)) * 0.2
    for index, datum in enumerate(data):
        tint = _tint(stage, data, index)
        share = abs(datum.value) / most
        em = min(64 * stage.u, each * 0.4)
        place = Zone(zone.left, top + index * each, zone.right, top + (index + 1) * each)
        versus.bar(stage, place, em, (datum.label, written(datum)), share, tint, cues[index])


def _columns(stage: Stage, zone: Zone, data: tuple[Datum, ...], labels: list[Setting], cues: list[int]) -> None:
    u, palette, kind = stage.u, stage.palette, stage.display
    below = max(tall(each, stage.text) for each in labels) + 34 * u
    slot = zone.width / len(data)
    wide = min(slot * 0.62, 150 * u)
    values = _fitted(stage, [written(datum) for datum in data], slot * 0.94)
    above = tall(values[0], kind) + 44 * u
    ground, room = zone.bottom - below, zone.height - below - above
    most = max(datum.value for datum in data) or 1.0
    for part in (1 / 3, 2 / 3, 1.0):
        marks.rule(
            stage, zone.left, ground - room * part, zone.width, max(1.0, 2 * u), Ink(palette.ink, stage.first, 0.1)
        )
    marks.rule(stage, zone.left, ground, zone.width, max(2.0, 4 * u), Ink(palette.ink, stage.first, 0.5))
    for index, datum in enumerate(data):
        middle, tint = zone.left + slot * (index + 0.5), _tint(stage, data, index)
        tallness = max(6 * u, room * datum.value / most)
        corner = min(stage.sheet.radius * 1080 * u, wide * 0.16)
        _column(stage, (middle - wide / 2, ground), (wide, tallness, corner), tint, cues[index])
        look = Look(kind, values[index].em, palette.ink if tint != palette.accent else tint, cues[index] + 6, stagger=0,
                    align="centre", entrance="rise soft")  # fmt: skip
        block(stage, values[index], look, middle, ground - tallness - 22 * u - tall(values[index], kind))
        look = Look(
            stage.text, labels[index].em, palette.muted, cues[index], stagger=0, align="centre", entrance="fade"
        )
        block(stage, labels[index], look, middle, ground + 28 * u)


def _column(stage: Stage, foot: tuple[float, float], size: tuple[float, float, float], tint: str, at: int) -> None:
    left, ground = foot
    wide, tallness, corner = size

    def grown(part: float) -> Path:
        high = max(4.0, tallness * stage.curve(part))
        r = min(corner, high / 2)
        return panel(left, ground - high, wide, high, r) + panel(left, ground - min(r, high), wide, min(r, high))

    marks.growing(stage, grown, Ink(tint, at, 0.95, depth=4), stage.seconds(0.7))


def _tint(stage: Stage, data: tuple[Datum, ...], index: int) -> str:
    most = max(range(len(data)), key=lambda at: data[at].value)
    return stage.palette.accent if index == most else stage.palette.accent2


def _labels(stage: Stage, texts: list[str], width: float) -> list[Setting]:
    """Labels at one size in at most two lines; none where they would not be readable."""
    for size in reversed(stage.scale(_SMALL, 40)):
        found = [
            set_block(stage, text, stage.text, width, 3 * size, [size], max_lines=2, leading=1.2) for text in texts
        ]
        if not any(each.cut for each in found):
            return found
    return []


def _fitted(stage: Stage, texts: list[str], width: float) -> list[Setting]:
    for size in reversed(stage.scale(22, 60)):
        found = [set_block(stage, text, stage.display, width, 2 * size, [size], max_lines=1) for text in texts]
        if not any(each.cut for each in found):
            return found
    return [set_block(stage, text, stage.display, width, 80 * stage.u, [22 * stage.u], max_lines=1) for text in texts]


def written(datum: Datum) -> str:
    """A value as it is written.

    >>> written(Datum(label="2020", value=1250.5))
    '1,250.5'
    """
    return datum.written or f"{datum.value:,.4f}".rstrip("0").rstrip(".")


def curve(stage: Stage, card: Card) -> None:
    """A line over time with its axes: ticks on the left, labels below, the first and the last value written."""
    data = card.data[:24]
    if len(data) < 2:
        versus.comparison(stage, card)
        return
    u = stage.u
    zone = framed(stage, card)
    ticks = nice([datum.value for datum in data])
    decimals = max(len(f"{tick:.6g}".partition(".")[2]) for tick in ticks)
    names = [f"{tick:,.{decimals}f}" for tick in ticks]
    small = [set_block(stage, name, stage.text, 150 * u, 60 * u, [_SMALL * u], max_lines=1) for name in names]
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
    points = [
        (plot.left + plot.width * at / (len(data) - 1), plot.bottom - plot.height * (datum.value - low) / (high - low))
        for at, datum in enumerate(data)
    ]
    _drawn(stage, plot, points, stage.cue(1, stage.first + stage.seconds(0.25)))
    _named(stage, plot, data, points)


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


def _drawn(stage: Stage, plot: Zone, points: list[tuple[float, float]], at: int) -> None:
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


def _named(stage: Stage, plot: Zone, data: tuple[Datum, ...], points: list[tuple[float, float]]) -> None:
    u, kind = stage.u, stage.display
    every = next(
        step
        for step in range(1, len(data) + 1)
        if step == len(data)
        or all(
            stage.text.measure(data[at].label, _SMALL * u) < plot.width / (len(data) - 1) * step - 20 * u
            for at in range(0, len(data), step)
        )
    )
    last = len(data) - 1
    shown = {at for at in range(0, len(data), every) if last - at >= every or at == last} | {0, last}
    half = plot.width / 2 if len(shown) < 3 else plot.width / (len(shown) - 1)
    for at in sorted(shown):
        label = set_block(stage, data[at].label, stage.text, half - 16 * u, 70 * u, [_SMALL * u], max_lines=1)
        x = min(max(points[at][0] - label.width / 2, plot.left - 60 * u), plot.right + 16 * u - label.width)
        look = Look(stage.text, label.em, stage.palette.muted, stage.first + 2, stagger=0, entrance="fade")
        block(stage, label, look, x, plot.bottom + 32 * u)
    for at, tint, size in ((0, stage.palette.ink, 44), (last, stage.palette.accent, 72)):
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


def parts_(stage: Stage, card: Card) -> None:
    """A ring of parts with its legend; a single share is a dial."""
    data = tuple(datum for datum in card.data[:5] if datum.value > 0)
    if len(data) < 2:
        numbers.figure(stage, card)
        return
    u = stage.u
    zone = framed(stage, card)
    beside = zone.width > 1.15 * zone.height
    row = min(104 * u, zone.height / len(data)) if beside else min(84 * u, zone.height * 0.42 / len(data))
    legend = row * len(data)
    if beside:
        side = min(zone.height, zone.width * 0.46)
        centre = zone.left + side / 2, zone.top + zone.height * 0.46
        top = centre[1] - legend / 2
        below = Zone(zone.left + side + 64 * u, top, zone.right, top + legend)
    else:
        side = min(zone.height - legend - 56 * u, zone.width * 0.8)
        centre = zone.centre[0], zone.top + side / 2
        below = Zone(zone.left, zone.top + side + 56 * u, zone.right, zone.top + side + 56 * u + legend)
    cues = stage.cues(len(data), 1 if card.headline else 0)
    total, start = sum(datum.value for datum in data), 0.0
    for index, datum in enumerate(data):
        share = 360 * datum.value / total
        tint, opacity = _shade(stage, index)
        _segment(stage, centre, side, (start, share), Ink(tint, cues[index], opacity, depth=4))
        start += share
        y = below.top + row * (index + 0.5)
        _entry(stage, below, y, row, datum, (tint, opacity), cues[index])


def _shade(stage: Stage, index: int) -> tuple[str, float]:
    palette = stage.palette
    return (
        (palette.accent, 1.0),
        (palette.accent2, 1.0),
        (palette.ink, 0.75),
        (palette.ink, 0.45),
        (palette.ink, 0.25),
    )[index]


def _segment(stage: Stage, centre: tuple[float, float], side: float, span: tuple[float, float], ink: Ink) -> None:
    thick = side * 0.15
    radius = side / 2 - thick / 2
    gap = 1.6

    # Round ends would make a small share look large: the sweep is cut square, as a pie of two arcs.
    def swept(part: float) -> Path:
        return sector(*centre, radius, thick, span[0] + gap / 2, max(0.4, (span[1] - gap) * out_cubic(part)))

    marks.growing(stage, swept, ink, stage.seconds(0.7))


def _entry(stage: Stage, zone: Zone, y: float, row: float, datum: Datum, shade: tuple[str, float], at: int) -> None:
    u = stage.u
    side = min(34 * u, row * 0.5)
    corner = min(side / 2, stage.sheet.radius * 400 * u)
    marks.shape(stage, panel(zone.left, y - side / 2, side, side, corner), Ink(shade[0], at, shade[1], depth=4), _pop)
    value = set_block(
        stage, written(datum), stage.display, zone.width * 0.4, row * 0.7, stage.scale(24, 56), max_lines=1
    )
    look = Look(stage.display, value.em, stage.palette.ink, at + 2, stagger=0, entrance="rise soft")
    block(stage, value, look, zone.right - value.width, y - tall(value, stage.display) / 2)
    room = zone.width - side - value.width - 64 * u
    label = set_block(stage, datum.label, stage.strong, room, row * 0.8, stage.scale(24, 44), max_lines=2, leading=1.15)
    look = Look(stage.strong, label.em, stage.palette.ink, at + 2, stagger=0, entrance="rise soft")
    block(stage, label, look, zone.left + side + 28 * u, y - tall(label, stage.strong) / 2)


def _pop(part: float) -> Pose:
    return Pose(scale=max(0.02, out_back(part)), opacity=min(1.0, part * 3))
