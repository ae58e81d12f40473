"""Dot plots on one scale, and races whose bars overtake each other.

Knows nothing about where the numbers are from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ....typeset import Setting
from ... import Card, Datum, TextBox
from .. import marks
from ..ass import LETTERS, Layer, Pose
from ..easing import in_cubic, in_out_cubic, out_cubic
from ..lettering import Look, block, lettered, set_block, tall
from ..marks import Ink
from ..shapes import Path, disc, panel, ring
from ..stage import Stage, Zone
from . import charts
from .curves import nice, short
from .parts import framed

_DOTS, _RUNNERS = 10, 6
"""Rows that can be told apart: resting, and while they move."""
_FEWEST = 3
"""Moments that make a race."""


def dots(stage: Stage, card: Card) -> None:
    """One row each: the name, a dot on a common scale, its value; where there was a value before, a ring stands."""
    data = card.data[:_DOTS]
    if len(data) < 2:
        charts.bars(stage, card)
        return
    u, zone = stage.u, framed(stage, card)
    before = card.rounds[0].values if len(card.rounds) > 1 else ()
    ticks = nice([*(datum.value for datum in data), *before[: len(data)]])
    each = min(132 * u, (zone.height - 60 * u) / len(data))
    names = _alike(stage, [datum.label for datum in data], zone.width * 0.34, each * 0.8)
    values = [
        set_block(stage, charts.written(datum), stage.display, zone.width * 0.24, each * 0.7, stage.scale(24, 46),
                  max_lines=1)
        for datum in data
    ]  # fmt: skip
    left = zone.left + max(name.width for name in names) + 40 * u
    plot = Zone(left, zone.top, zone.right - max(value.width for value in values) - 40 * u, zone.top + each * len(data))
    _scale(stage, plot, ticks)
    cues = stage.cues(len(data), 1 if card.headline else 0)
    most = max(range(len(data)), key=lambda at: data[at].value)
    for at in range(len(data)):
        y = plot.top + each * (at + 0.5)
        tint = stage.palette.accent if at == most else stage.palette.accent2
        look = Look(stage.strong, names[at].em, stage.palette.ink, cues[at], stagger=0, entrance="rise soft")
        block(stage, names[at], look, zone.left, y - tall(names[at], stage.strong) / 2)
        x = _across(plot, ticks, data[at].value)
        start = _across(plot, ticks, before[at]) if at < len(before) else plot.left
        _travelled(stage, (start, x), y, tint, cues[at], known=at < len(before))
        look = Look(stage.display, values[at].em, tint if at == most else stage.palette.ink, cues[at] + 4, stagger=0,
                    entrance="fade")  # fmt: skip
        block(stage, values[at], look, zone.right - values[at].width, y - tall(values[at], stage.display) / 2)


def _across(plot: Zone, ticks: Sequence[float], value: float) -> float:
    return plot.left + plot.width * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _scale(stage: Stage, plot: Zone, ticks: list[float]) -> None:
    """Upright hairlines with their numbers below; the first and last where all would crowd."""
    u, palette = stage.u, stage.palette
    decimals = max(len(f"{tick:.6g}".partition(".")[2]) for tick in ticks)
    shown = ticks if plot.width / len(ticks) > 110 * u else [ticks[0], ticks[-1]]
    for tick in ticks:
        x = _across(plot, ticks, tick)
        fine = panel(x - u, plot.top, max(1.0, 2 * u), plot.height)
        marks.shape(stage, fine, Ink(palette.ink, stage.first, 0.14, depth=1))
        if tick in shown:
            name = short(tick, decimals, max(map(abs, ticks)))
            label = set_block(stage, name, stage.text, 150 * u, 60 * u, [charts.SMALL * u], max_lines=1)
            look = Look(stage.text, label.em, palette.muted, stage.first, stagger=0, entrance="fade")
            block(stage, label, look, x - label.width / 2, plot.bottom + 24 * u)


def _travelled(stage: Stage, way: tuple[float, float], y: float, tint: str, at: int, *, known: bool) -> None:
    """A thread from where it was to where it is, and the dot that goes along it."""
    u, (start, end) = stage.u, way
    thin, radius, frames = max(2.0, 6 * u), 19 * u, stage.seconds(0.8)

    def thread(part: float) -> Path:
        reach = start + (end - start) * in_out_cubic(part)
        return panel(min(start, reach), y - thin / 2, max(thin, abs(reach - start)), thin, thin / 2)

    marks.growing(stage, thread, Ink(tint, at, 0.45, depth=2), frames)
    if known:
        marks.shape(stage, ring(start, y, radius * 0.8, max(2.0, 5 * u)), Ink(tint, at, 0.8, depth=4), marks.pop)
    marks.growing(
        stage, lambda part: disc(start + (end - start) * in_out_cubic(part), y, radius), Ink(tint, at, depth=4), frames
    )


def _alike(stage: Stage, texts: list[str], width: float, height: float) -> list[Setting]:
    """Texts at one size: the largest that fits them all."""
    found: list[Setting] = []
    for em in reversed(stage.scale(24, 44)):
        found = [set_block(stage, text, stage.strong, width, height, [em], max_lines=2, leading=1.15) for text in texts]
        if not any(each.cut for each in found):
            break
    return found


@dataclass(frozen=True)
class _Race:
    """A race as it runs: for every frame, how far along the moments it is."""

    names: list[str]
    moments: list[str]
    values: list[tuple[float, ...]]
    begin: int
    frames: int

    def at(self, frame: float) -> tuple[float, list[float]]:
        """Where among the moments, and all values between them."""
        part = min(max((frame - self.begin) / max(self.frames, 1), 0.0), 1.0)
        place = part * (len(self.values) - 1)
        low = min(int(place), len(self.values) - 2)
        share = in_out_cubic(place - low)
        pairs = zip(self.values[low], self.values[low + 1], strict=True)
        return place, [one + (other - one) * share for one, other in pairs]

    def ranks(self, frame: float) -> list[float]:
        """The row of each runner, gliding from one to another: the mean over a short while."""
        whole = [0.0] * len(self.names)
        spread = (-6, -4, -2, 0, 2, 4, 6)
        for off in spread:
            _, values = self.at(frame + off)
            for row, who in enumerate(sorted(range(len(values)), key=lambda each: -values[each])):
                whole[who] += row / len(spread)
        return whole


def race(stage: Stage, card: Card) -> None:
    """Bars that grow and overtake each other from moment to moment; the moment stands large behind them."""
    if len(card.rounds) < _FEWEST or len(card.data) < 2:
        charts.bars(stage, card)
        return
    zone = framed(stage, card)
    ranked = sorted(range(len(card.data)), key=lambda each: -max(row.values[each] for row in card.rounds))
    kept = sorted(ranked[:_RUNNERS])
    begin = stage.cue(1, stage.first + stage.seconds(0.3))
    end = stage.last - stage.leaving - stage.seconds(0.7)
    run = _Race(
        [card.data[each].label for each in kept],
        [row.name for row in card.rounds],
        [tuple(max(0.0, row.values[each]) for each in kept) for row in card.rounds],
        begin,
        max(1, end - begin),
    )
    _moment(stage, zone, run)
    each = min(150 * stage.u, zone.height * 0.82 / len(kept))
    names = _alike(stage, run.names, zone.width * 0.3, each * 0.7)
    for who in range(len(kept)):
        _runner(stage, zone, run, (who, each), names)


@dataclass(frozen=True)
class _Lane:
    """Where one runner is at any part of the shot: its row, its value and the length of its bar."""

    stage: Stage
    run: _Race
    who: int
    top: float
    each: float
    left: float
    room: float
    length: int

    @property
    def thick(self) -> float:
        return self.each * 0.62

    def value(self, part: float) -> float:
        return self.run.at(self.stage.first + part * self.length)[1][self.who]

    def row(self, part: float) -> float:
        return self.top + self.run.ranks(self.stage.first + part * self.length)[self.who] * self.each

    def wide(self, part: float) -> float:
        most = max(max(row) for row in self.run.values) or 1.0
        come = min(1.0, part * self.length / self.stage.seconds(0.5))
        return max(self.thick * 0.2, self.room * self.value(part) / most * out_cubic(come))


def _runner(stage: Stage, zone: Zone, run: _Race, place: tuple[int, float], names: list[Setting]) -> None:
    u, (who, each) = stage.u, place
    left = zone.left + max(name.width for name in names) + 28 * u
    em, places = min(46 * u, each * 0.5), 0 if max(map(max, run.values)) >= 20 else 1
    widest = max(stage.digits.measure(f"{value:,.{places}f}", em) for row in run.values for value in row)
    lane = _Lane(stage, run, who, zone.top, each, left, zone.right - left - widest - 24 * u, _length(stage))
    leads = max(range(len(run.names)), key=lambda other: run.values[-1][other]) == who
    corner = min(stage.sheet.radius * 1080 * u, lane.thick * 0.3)

    def bar(part: float) -> Path:
        wide = lane.wide(part)
        return panel(left, lane.row(part) + (each - lane.thick) / 2, wide, lane.thick, min(corner, wide / 2))

    tint = stage.palette.accent if leads else stage.palette.accent2
    marks.growing(stage, bar, Ink(tint, stage.first, 0.95, depth=2 + leads), lane.length)
    _called(stage, zone, lane, names[who])
    digits = stage.digits
    base = each / 2 + digits.face.cap_height * em / 2 - digits.face.ascent * em
    _moving(
        stage,
        lambda part: lettered(stage, f"{lane.value(part):,.{places}f}", digits, em),
        0.0,
        lambda part: (left + lane.wide(part) + 20 * u, lane.row(part) + base),
        stage.palette.ink,
    )
    row = zone.top + round(run.ranks(run.begin + run.frames + 99)[who]) * each
    written = charts.written(Datum(label="", value=run.values[-1][who]))
    at = left + lane.wide(1.0) + 20 * u
    for text, start, wide in ((run.names[who], zone.left, names[who].width), (written, at, widest)):
        box = Zone(start, row + each * 0.2, min(start + wide, zone.right), row + each * 0.8)
        stage.boxes.append(_arrived(stage, run, text, box))


def _arrived(stage: Stage, run: _Race, text: str, zone: Zone) -> TextBox:
    """Where a text of the race stands when all have come to rest: before that it is nowhere for long."""
    start = max(stage.first, min(run.begin + run.frames + 6, stage.last - 1))
    return TextBox(text=text, left=int(zone.left), top=int(zone.top), right=int(zone.right + 1),
                   bottom=int(zone.bottom + 1), start=start, end=stage.last)  # fmt: skip


def _length(stage: Stage) -> int:
    return max(2, min(stage.last, stage.total) - stage.leaving - stage.first)


def _called(stage: Stage, zone: Zone, lane: _Lane, name: Setting) -> None:
    """The runner's name, beside its bar wherever that goes."""
    kind = stage.strong
    first = lane.each / 2 + kind.face.cap_height * name.em / 2 - (len(name.lines) - 1) * name.leading / 2
    for index, text in enumerate(name.lines):
        base = first + index * name.leading - kind.face.ascent * name.em
        _moving(
            stage,
            lettered(stage, text, kind, name.em),
            zone.left,
            lambda part, base=base: (0.0, lane.row(part) + base),  # type: ignore[misc]
            stage.palette.ink,
        )


def _moving(
    stage: Stage, body: str | Callable[[float], str], x: float, shift: Callable[[float], tuple[float, float]], tint: str
) -> None:
    """Text that goes where its runner goes."""
    length = _length(stage)
    stage.add(
        Layer(
            body=body, x=x, y=0.0, shift=shift, start=stage.first, end=stage.last, drift=stage.calm, depth=LETTERS,
            colour=tint, enter=lambda part: Pose(opacity=min(1.0, part * length / stage.seconds(0.3))),
            entering=length, leave=lambda part: Pose(opacity=1 - part, y=-30 * stage.u * in_cubic(part)),
            leaving=stage.leaving,
        )
    )  # fmt: skip


def _moment(stage: Stage, zone: Zone, run: _Race) -> None:
    """The moment, low on the right, changing as the race passes it."""
    u, kind = stage.u, stage.digits
    widest = max(run.moments, key=lambda name: kind.measure(name, 1.0))
    em = min(150 * u, zone.height * 0.17 / 0.72, zone.width * 0.5 / max(kind.measure(widest, 1.0), 0.1))
    baseline = zone.bottom - 8 * u
    length = _length(stage)

    def name(part: float) -> str:
        place, _ = run.at(stage.first + part * length)
        return run.moments[round(place)]

    def shift(part: float) -> tuple[float, float]:
        return zone.right - kind.measure(name(part), em), baseline - kind.face.ascent * em

    _moving(stage, lambda part: lettered(stage, name(part), kind, em), 0.0, shift, stage.palette.muted)
    wide = kind.measure(run.moments[-1], em)
    box = Zone(zone.right - wide, baseline - kind.face.cap_height * em, zone.right, baseline)
    stage.boxes.append(_arrived(stage, run, run.moments[-1], box))
