"""Lists that build item by item, and steps joined by a line that grows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .... import fonts
from ....typeset import Setting
from ... import Card
from .. import icons, marks
from ..ass import Pose
from ..easing import out_cubic
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..ornaments import ornament
from ..shapes import Path, arrow, disc, panel, ring
from ..stage import Column, Stage, Zone
from .parts import headline, kicker

_MOST = 7
"""Rows that can still be read; what is beyond them is left to the voice."""


@dataclass(frozen=True)
class _Row:
    text: str
    icon: str | None
    at: int
    number: int


_Drawer = Callable[[Stage, Zone, float, float, float, _Row, Setting, bool], None]
_Enter = Callable[[float], Pose]


def list_(stage: Stage, card: Card) -> None:
    """A headline and rows with icons on tiles, each on its cue."""
    _stack(stage, card, _list_row, hairlines=True)


def steps(stage: Stage, card: Card) -> None:
    """Numbered steps: down a growing line, or across with arrows where the frame is wide."""
    if stage.wide and 2 <= len(card.items) <= 5:
        _across(stage, card)
    else:
        _stack(stage, card, _step_row, hairlines=False)


def _rows(stage: Stage, card: Card) -> list[_Row]:
    items = card.items[:_MOST]
    cues = stage.cues(len(items), 1 if card.headline else 0)
    names = [icons.find(word) if word else None for word in card.icons[: len(items)]]
    if len(names) != len(items):
        names = [None] * len(items)
    lower = all(re.match(r"[a-zà-ÿ]+\b", item) for item in items)
    shown = [item[:1].upper() + item[1:] if lower else item for item in items]
    return [_Row(shown[index], names[index], cues[index], index + 1) for index in range(len(items))]


def _stack(stage: Stage, card: Card, draw_row: _Drawer, hairlines: bool) -> None:
    if not card.items:
        from .words import statement

        statement(stage, card)
        return
    u, region = stage.u, stage.region
    zone = region
    column = Column()
    if stage.wide:
        side = Zone(region.left, region.top, region.left + region.width * 0.38, region.bottom)
        zone = Zone(side.right + 90 * u, region.top, region.right, region.bottom)
        _heading(stage, card, side, Column(), place=True)
        free = zone.height
    else:
        _heading(stage, card, zone, column, place=False)
        free = zone.height - column.height - (64 * u if column.parts else 0)
    rows = _rows(stage, card)
    each = min((184 if stage.wide else 224) * u, free / len(rows))
    side_length = min(136 * u, each * 0.66)
    setting = _settings(stage, rows, zone.width - side_length - 40 * u, each * 0.82)
    for index, row in enumerate(rows):

        def draw(
            y: float, row: _Row = row, text: Setting = setting[index], last: bool = index == len(rows) - 1
        ) -> None:
            draw_row(stage, zone, y, each, side_length, row, text, last)
            if hairlines and not last:
                thin = Ink(stage.palette.ink, row.at, 0.16)
                marks.rule(stage, zone.left, y + each - 1, zone.width, max(1.0, 2 * u), thin)

        column.add(each, (64 if not index else 0) * u, draw)
    column.place(zone)


def _heading(stage: Stage, card: Card, zone: Zone, column: Column, place: bool) -> None:
    u = stage.u
    ornament(stage, None)
    kicker(stage, column, card, zone)
    height = zone.height * (0.7 if stage.wide else 0.24)
    headline(
        stage, column, card.headline, zone, sizes=(34, 92), height=height, gap=44 * u, accent=card.accent or None,
        max_lines=5 if stage.wide else 3,
    )  # fmt: skip
    if place:
        column.place(zone)


def _settings(stage: Stage, rows: Sequence[_Row], width: float, height: float) -> list[Setting]:
    """All rows at one size: the largest that fits the longest."""
    sizes = stage.scale(24, 68)
    for size in reversed(sizes):
        chosen = [set_block(stage, row.text, stage.strong, width, height, [size], leading=1.2) for row in rows]
        if not any(each.cut for each in chosen):
            return chosen
    return [set_block(stage, row.text, stage.strong, width, height, sizes[:1], leading=1.2) for row in rows]


def _list_row(
    stage: Stage, zone: Zone, y: float, height: float, side: float, row: _Row, text: Setting, last: bool
) -> None:
    middle, palette = y + height / 2, stage.palette
    corner = min(side * 0.3, stage.sheet.radius * 1080 * stage.u)
    # Written from right to left, a row begins at its right edge.
    left = zone.right - side if fonts.right_to_left(row.text) else zone.left
    marks.shape(stage, panel(left, middle - side / 2, side, side, corner), Ink(palette.accent, row.at), marks.pop)
    if row.icon:
        ink = Ink(palette.shade, row.at + 3, depth=4)
        marks.glyph(stage, row.icon, left + side / 2, middle, side * 0.66, ink)
    else:
        dot = disc(left + side / 2, middle, side * 0.12)
        marks.shape(stage, dot, Ink(palette.shade, row.at + 3, depth=4), marks.pop)
    _label(stage, text, zone, side, middle, row.at)


def _label(stage: Stage, text: Setting, zone: Zone, side: float, middle: float, at: int) -> None:
    gap = side + 40 * stage.u
    look = Look(
        stage.strong, text.em, stage.palette.ink, at + 2, stagger=0, entrance="rise soft", edge=zone.right - gap
    )
    block(stage, text, look, zone.left + gap, middle - tall(text, stage.strong) / 2)


def _step_row(
    stage: Stage, zone: Zone, y: float, height: float, side: float, row: _Row, text: Setting, last: bool
) -> None:
    u, middle, radius = stage.u, y + height / 2, side / 2
    x = zone.right - radius if fonts.right_to_left(row.text) else zone.left + radius
    thin = max(2.0, 5 * u)
    if not last:

        def down(part: float) -> Path:
            reach = max(2 * thin, (height - side - 24 * u) * out_cubic(part))
            top = middle + radius + 10 * u
            return arrow((x, top), (x, top + reach), thin, min(16 * u, reach))

        marks.growing(stage, down, Ink(stage.palette.accent, row.at + 6, 0.6), stage.seconds(0.6))
    _node(stage, x, middle, radius, row)
    _label(stage, text, zone, side, middle, row.at)


def _node(stage: Stage, x: float, y: float, radius: float, row: _Row) -> None:
    palette, kind = stage.palette, stage.display
    marks.shape(stage, disc(x, y, radius), Ink(palette.panel, row.at, 0.9), marks.pop)
    marks.shape(stage, ring(x, y, radius, max(2.0, 5 * stage.u)), Ink(palette.accent, row.at), marks.pop)
    if row.icon:
        marks.glyph(stage, row.icon, x, y, radius * 1.12, Ink(palette.accent, row.at + 3, depth=4))
        return
    setting = set_block(stage, str(row.number), kind, radius * 2, radius * 2, [radius], max_lines=1)
    look = Look(kind, radius, palette.accent, row.at + 3, stagger=0, entrance="rise soft")
    boxes = len(stage.boxes)
    block(stage, setting, look, x - setting.width / 2, y - kind.face.cap_height * radius / 2)
    del stage.boxes[boxes:]  # a mark, not text


def _across(stage: Stage, card: Card) -> None:
    u, region = stage.u, stage.region
    column = Column()
    _heading(stage, card, Zone(region.left, region.top, region.right, region.top + region.height * 0.45), column, False)
    rows = _rows(stage, card)
    gap = 56 * u
    width = (region.width - gap * (len(rows) - 1)) / len(rows)
    radius = min(76 * u, width * 0.3)
    free = region.height - column.height - 2 * radius - 130 * u
    setting = _settings(stage, rows, width, max(free, 60 * u))
    deep = max(tall(each, stage.strong) for each in setting)

    def draw(y: float) -> None:
        for index, row in enumerate(rows):
            left = region.left + (width + gap) * index
            _node(stage, left + radius, y + radius, radius, row)
            look = Look(stage.strong, setting[index].em, stage.palette.ink, row.at + 2, stagger=0, entrance="rise soft")
            block(stage, setting[index], look, left, y + 2 * radius + 44 * u)
            if index < len(rows) - 1:
                start, end = (left + 2 * radius + 20 * u, y + radius), (left + width + gap - 20 * u, y + radius)
                tip = arrow(start, end, max(2.0, 5 * u), 22 * u)
                ink = Ink(stage.palette.accent, row.at + 8, 0.7)
                shift = end[0] - start[0]
                marks.shape(stage, tip, ink, _slide(shift * 0.3))

    column.add(2 * radius + 44 * u + deep, 70 * u, draw)
    column.place(region)


def _slide(distance: float) -> _Enter:
    return lambda part: Pose(x=-distance * (1 - out_cubic(part)), opacity=part)
