"""Things along a line: years on a timeline, places on a schematic map."""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

from ....typeset import Setting
from ... import Card
from .. import marks
from ..ass import Pose
from ..easing import out_back, out_cubic
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..shapes import Path, Point, disc, line, panel, ring
from ..stage import Stage, Type, Zone
from .parts import framed

_MOST = 6
_WHEN = re.compile(r"^\s*(.{1,24}?)\s*(?::|\s[–—-])\s+(.+)$", re.S)


@dataclass(frozen=True)
class _Event:
    when: str
    what: str
    at: int


def timeline(stage: Stage, card: Card) -> None:
    """Moments on a line that grows from one to the next: the date large, what happened under it."""
    events = _events(stage, card)
    if not events:
        from .words import statement

        statement(stage, card)
        return
    zone = framed(stage, card)
    if stage.wide and not card.headline:
        _across(stage, zone, events)
    else:
        _down(stage, zone, events)


def _events(stage: Stage, card: Card) -> list[_Event]:
    pairs = [(datum.label, datum.written) for datum in card.data[:_MOST]] if not card.items else []
    for item in card.items[:_MOST]:
        hit = _WHEN.match(item)
        pairs.append((hit[1], hit[2]) if hit else ("", item))
    cues = stage.cues(len(pairs), 1 if card.headline else 0)
    return [_Event(when, what, at) for (when, what), at in zip(pairs, cues, strict=True)]


def _down(stage: Stage, zone: Zone, events: list[_Event]) -> None:
    u = stage.u
    each = min(280 * u, zone.height / len(events))
    radius = min(16 * u, each * 0.12)
    x, thin = zone.left + 2 * radius, max(2.0, 5 * u)
    place = Zone(zone.left + 4 * radius + 44 * u, 0, zone.right, each)
    rows = _rows(stage, place, events)
    top = zone.top + max(0.0, zone.height - each * len(events)) * 0.25
    for index, event in enumerate(events):
        y = top + each * index + 0.16 * each + radius
        if index < len(events) - 1:
            _thread(stage, (x, y + 2.3 * radius), (x, y + each - 2.3 * radius), thin, event.at + 5)
        _knot(stage, x, y, radius, event.at)
        _moment(stage, Zone(place.left, y, place.right, y + each * 0.8), event, rows[index])


@dataclass(frozen=True)
class _Row:
    """A moment as it is set: its date, what happened, and whether the two stand side by side."""

    when: Setting
    what: Setting
    beside: float = 0.0
    """How far right of its date the event stands; 0 is below it."""


def _rows(stage: Stage, zone: Zone, events: list[_Event]) -> list[_Row]:
    """All moments at one size: the date over the event where the rows are tall, else the two in columns."""
    u, kind, strong, height = stage.u, stage.display, stage.strong, zone.height
    dated = any(event.when for event in events)
    beside = dated and height < 170 * u
    date = height * (0.5 if beside else 0.3)
    room = zone.width * (0.3 if beside else 1)
    whens = _alike(stage, [event.when for event in events], kind, room, date, (24, 72), 1)
    widest = max((each.width for each in whens), default=0.0)
    left = widest + 36 * u if beside else 0.0
    below = height * 0.92 if beside or not dated else height * 0.8 - max(tall(each, kind) for each in whens) - 30 * u
    whats = _alike(stage, [event.what for event in events], strong, zone.width - left, below, (24, 54), 3)
    return [_Row(when, what, left) for when, what in zip(whens, whats, strict=True)]


def _alike(
    stage: Stage, texts: list[str], kind: Type, width: float, height: float, sizes: tuple[float, float], lines: int
) -> list[Setting]:
    """Texts at one size: the largest that fits them all."""
    found: list[Setting] = []
    for em in reversed(stage.scale(*sizes)):
        most = max(1, min(lines, int(height / (1.2 * em))))
        found = [set_block(stage, text, kind, width, height, [em], max_lines=most, leading=1.2) for text in texts]
        if not any(each.cut for each in found) and (most > 1 or em <= height):
            return found
    return found


def _across(stage: Stage, zone: Zone, events: list[_Event]) -> None:
    u = stage.u
    slot, radius = zone.width / len(events), 16 * u
    y = zone.top + zone.height * 0.3
    place = Zone(0, y + 80 * u, slot - 40 * u, zone.bottom)
    rows = _rows(stage, place, events)
    for index, event in enumerate(events):
        left = zone.left + slot * index
        x = left + 2 * radius
        if index < len(events) - 1:
            _thread(stage, (x + 2.3 * radius, y), (x + slot - 2.3 * radius, y), max(2.0, 5 * u), event.at + 5)
        _knot(stage, x, y, radius, event.at)
        _moment(stage, Zone(left, place.top, left + place.width, place.bottom), event, rows[index])


def _moment(stage: Stage, zone: Zone, event: _Event, row: _Row) -> None:
    """The date's middle stands at the zone's top, level with its knot."""
    u, kind, strong = stage.u, stage.display, stage.strong
    y = zone.top
    if row.when.lines:
        y -= tall(row.when, kind) / 2
        look = Look(kind, row.when.em, stage.palette.accent, event.at, stagger=0, edge=zone.right)
        block(stage, row.when, look, zone.left, y)
        y += 0 if row.beside else tall(row.when, kind) + 30 * u
    if row.beside or not row.when.lines:
        y = zone.top - strong.face.cap_height * row.what.em / 2
    look = Look(strong, row.what.em, stage.palette.ink, event.at + 3, stagger=0, entrance="rise soft", edge=zone.right)
    block(stage, row.what, look, zone.left + row.beside, y)


def _knot(stage: Stage, x: float, y: float, radius: float, at: int) -> None:
    palette = stage.palette
    marks.shape(stage, disc(x, y, radius), Ink(palette.accent, at, depth=4), marks.pop)
    marks.shape(stage, ring(x, y, radius * 1.75, max(1.5, 3 * stage.u)), Ink(palette.accent, at + 2, 0.6), marks.pop)


def _thread(stage: Stage, start: Point, end: Point, thick: float, at: int) -> None:
    def drawn(part: float) -> Path:
        reach = out_cubic(part)
        return line(start, (start[0] + (end[0] - start[0]) * reach, start[1] + (end[1] - start[1]) * reach), thick)

    marks.growing(stage, drawn, Ink(stage.palette.ink, at, 0.35), stage.seconds(0.6))


def map_(stage: Stage, card: Card) -> None:
    """Places as pins on a schematic map, joined by a dashed way in the order they are named."""
    names = card.items[:_MOST]
    if not names:
        from .words import statement

        statement(stage, card)
        return
    u = stage.u
    zone = framed(stage, card)
    given = card.places if len(card.places) >= len(names) else ()
    spots = [_spot(zone, u, place, stage.wide) for place in (given or _winding(len(names), stage.wide))]
    cues = stage.cues(len(names), 1 if card.headline else 0)
    _land(stage, zone)
    for index, (start, end) in enumerate(pairwise(spots[: len(names)])):
        _way(stage, start, end, cues[index] + 4, max(cues[index + 1] - cues[index], stage.seconds(0.5)))
    for index, name in enumerate(names):
        tint = stage.palette.accent if index in (0, len(names) - 1) else stage.palette.accent2
        _pin(stage, spots[index], tint, cues[index])
        _called(stage, zone, spots, index, name, cues[index])


def _winding(count: int, wide: bool) -> list[Point]:
    """A way that winds: down a tall frame, across a wide one."""
    along = [0.5] if count == 1 else [0.1 + 0.84 * at / (count - 1) for at in range(count)]
    aside = [0.08, 0.5, 0.2, 0.56, 0.1, 0.46]
    if wide:
        return [(0.08 + 0.84 * (part - 0.1) / 0.84, 0.1 + 1.4 * aside[at]) for at, part in enumerate(along)]
    return [(aside[at], part) for at, part in enumerate(along)]


def _spot(zone: Zone, u: float, place: Point, wide: bool) -> Point:
    inner = Zone(zone.left + 40 * u, zone.top + (170 if wide else 90) * u, zone.right - 40 * u, zone.bottom - 50 * u)
    return inner.left + inner.width * min(max(place[0], 0), 1), inner.top + inner.height * min(max(place[1], 0), 1)


def _land(stage: Stage, zone: Zone) -> None:
    """A sheet with a faint net of meridians and parallels, bent as on a globe."""
    u, palette = stage.u, stage.palette
    corner = stage.sheet.radius * 1080 * u
    marks.shape(
        stage, panel(zone.left, zone.top, zone.width, zone.height, corner), Ink(palette.panel, stage.first, 0.55, 1)
    )
    net, thin = Path(), max(1.0, 2 * u)
    for at in range(1, 6):
        bend = (at - 3) / 3 * 0.10
        net += _bow((zone.left + zone.width * at / 6, zone.top), (zone.left + zone.width * at / 6, zone.bottom),
                    (bend * zone.width, 0), thin)  # fmt: skip
        net += _bow((zone.left, zone.top + zone.height * at / 6), (zone.right, zone.top + zone.height * at / 6),
                    (0, bend * zone.height), thin)  # fmt: skip
    marks.shape(stage, net, Ink(palette.ink, stage.first, 0.10, 1))


def _bow(start: Point, end: Point, bend: Point, thick: float) -> Path:
    points = []
    for step in range(13):
        part = step / 12
        lift = 4 * part * (1 - part)
        points.append(
            (
                start[0] + (end[0] - start[0]) * part + bend[0] * lift,
                start[1] + (end[1] - start[1]) * part + bend[1] * lift,
            )
        )
    path = Path()
    for one, other in pairwise(points):
        path += line(one, other, thick)
    return path


def _way(stage: Stage, start: Point, end: Point, at: int, frames: int) -> None:
    """Dashes on a bent way, that come one after another."""
    u = stage.u
    length = math.dist(start, end)
    # The way leaves a pin below its name and arrives from the side where no name stands.
    elbow = (start[0], end[1]) if end[0] > start[0] and end[1] > start[1] else (end[0], start[1])
    count = max(3, int(length / (34 * u)))

    def spot(part: float) -> Point:
        one, two, three = (1 - part) ** 2, 2 * part * (1 - part), part**2
        return (
            one * start[0] + two * elbow[0] + three * end[0],
            one * start[1] + two * elbow[1] + three * end[1],
        )

    def drawn(part: float) -> Path:
        path = Path()
        for dash in range(1, count):
            if dash / count <= max(part, 1 / count):
                path += line(spot((dash - 0.25) / count), spot((dash + 0.25) / count), max(2.0, 7 * u))
        return path

    marks.growing(stage, drawn, Ink(stage.palette.ink, at, 0.75, depth=3), frames)


def _pin(stage: Stage, spot: Point, tint: str, at: int) -> None:
    """A drop whose tip stands on the spot."""
    u, (x, y) = stage.u, spot
    radius, lift = 30 * u, 52 * u
    side = 0.82 * radius
    tip = Path((("m", ((x - side, y - lift + 0.55 * radius),)), ("l", ((x + side, y - lift + 0.55 * radius), (x, y)))))

    def dropped(part: float) -> Pose:
        return Pose(y=-70 * u * (1 - out_back(part)), opacity=min(1.0, part * 3))

    marks.shape(stage, disc(x, y, 9 * u), Ink(stage.palette.shade, at, 0.6, depth=2), marks.pop)
    marks.shape(stage, disc(x, y - lift, radius) + tip, Ink(tint, at, depth=4), dropped)
    marks.shape(stage, disc(x, y - lift, radius * 0.42), Ink(stage.palette.shade, at, depth=4), dropped)


def _called(stage: Stage, zone: Zone, spots: list[Point], index: int, name: str, at: int) -> None:
    """The name beside its pin, on the side that has more room; over it where the frame is wide."""
    u, kind, (x, y) = stage.u, stage.strong, spots[index]
    near = [abs(y - other[1]) for at, other in enumerate(spots) if at != index]
    height = min([120 * u, *(gap * 0.9 for gap in near if gap > 40 * u)])
    right, left = zone.right - 24 * u - (x + 46 * u), x - 46 * u - zone.left - 24 * u
    onward = right >= min(left, 140 * u)
    room = zone.width / len(spots) - 30 * u if stage.wide else right if onward else left
    lines = 1 if stage.wide else 2
    label = set_block(stage, name, kind, room, height, stage.scale(22, 46), max_lines=lines, leading=1.15)
    top = y - 52 * u - tall(label, kind) / 2
    start = x + 46 * u if onward else x - 46 * u - label.width
    if stage.wide:
        top = y - 108 * u - tall(label, kind)
        start = min(max(x - label.width / 2, zone.left + 24 * u), zone.right - 24 * u - label.width)
    look = Look(kind, label.em, stage.palette.ink, at + 3, stagger=0, entrance="rise soft")
    block(stage, label, look, start, top)
