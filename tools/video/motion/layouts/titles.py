"""Opening, chapter and end cards."""

from ... import Card
from .. import marks
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..ornaments import ornament
from ..shapes import panel
from ..stage import Column, Stage, Zone
from .parts import body, found, headline, kicker


def title(stage: Stage, card: Card) -> None:
    """The film's name, as large as it goes, under its emblem."""
    u, region = stage.u, stage.region
    emblem = found([*card.icons, card.accent], 1)
    zone = region
    column = Column()
    if emblem and stage.wide:
        zone = Zone(region.left, region.top, region.left + region.width * 0.6, region.bottom)
        _hero(stage, emblem[0], region.right - 250 * u, stage.size.height * 0.46, 170 * u)
    elif emblem:
        radius = min(104 * u, region.height * (0.12 if stage.size.vertical else 0.095))
        column.add(2 * radius, 0, lambda y: _hero(stage, emblem[0], region.left + radius, y + radius, radius))
    if not (emblem and stage.wide):
        ornament(stage, None)
    tight = not stage.wide and not stage.size.vertical
    kicker(stage, column, card, zone, gap=(60 if tight else 88) * u)
    room = zone.height - column.height - _below(stage, card.body, zone.width)
    headline(stage, column, card.headline, zone, sizes=(44, 190), height=room, gap=40 * u, accent=card.accent)
    at = stage.cue(1, stage.first + stage.seconds(0.6))
    body(stage, column, card.body, zone, sizes=(34, 48), height=170 * u, gap=76 * u, at=at, max_lines=3)
    column.place(zone)


def _below(stage: Stage, text: str, width: float) -> float:
    """Room to keep under a title for what stands below it."""
    lines = 0 if not text else 1 if stage.text.measure(text, 48 * stage.u) <= width else 3
    return (40, 150, 0, 250)[lines] * stage.u


def chapter(stage: Stage, card: Card) -> None:
    """A scene's name beside a bar that grows to its height."""
    u, region = stage.u, stage.region
    bar, gap = max(3.0, 12 * u), 44 * u
    zone = Zone(region.left + bar + gap, region.top, region.right, region.bottom)
    column = Column()
    ornament(stage, next(iter(found(card.icons, 1)), None))
    kind = stage.kicker
    setting = set_block(stage, card.kicker, kind, zone.width, 60 * u, stage.scale(24, 34), max_lines=1)
    if setting.lines:
        look = Look(kind, setting.em, stage.palette.accent, stage.first + 2, stagger=0)
        column.add(tall(setting, kind), 0, lambda y: block(stage, setting, look, zone.left, y))
    room = zone.height - column.height - 260 * u
    headline(stage, column, card.headline, zone, sizes=(44, 144), height=room, gap=44 * u, accent=card.accent or None)
    at = stage.cue(1, stage.first + stage.seconds(0.5))
    body(stage, column, card.body, zone, sizes=(32, 44), height=200 * u, gap=68 * u, at=at)
    top = region.top + max(0.0, region.height - column.height) * 0.46
    height = column.height + 20 * u

    def grown(part: float) -> object:
        return panel(region.left, top - 4 * u, bar, max(bar, height * stage.curve(part)), bar / 2)

    marks.growing(stage, grown, Ink(stage.palette.accent, stage.first), stage.entering)  # type: ignore[arg-type]
    column.place(region)


def end(stage: Stage, card: Card) -> None:
    """What to do now: the call, a button-like line, and who says so."""
    u, region = stage.u, stage.region
    zone, align, centred = region, "left", False
    column = Column()
    emblem = found([*card.icons, card.accent], 1)
    if emblem and stage.wide:
        zone = Zone(region.left, region.top, region.left + region.width * 0.6, region.bottom)
        _hero(stage, emblem[0], region.right - 250 * u, stage.size.height * 0.46, 170 * u)
    elif emblem:
        radius = min(92 * u, region.height * 0.11)
        column.add(2 * radius, 0, lambda y: _hero(stage, emblem[0], region.left + radius, y + radius, radius))
    if not (emblem and stage.wide):
        ornament(stage, None)
    if card.kicker:
        kicker(stage, column, card, zone, centred=centred, gap=84 * u)
    room = zone.height - column.height - (200 * bool(card.body) + 110 * bool(card.source) + 60) * u
    headline(
        stage, column, card.headline, zone, sizes=(44, 176), height=room, gap=84 * u, accent=card.accent, align=align
    )
    at = stage.cue(1, stage.first + stage.seconds(0.6))
    _button(stage, column, card.body, zone, at)
    small = stage.first + stage.seconds(0.9)
    body(stage, column, card.source, zone, sizes=(26, 32), height=90 * u, gap=44 * u, at=small, max_lines=2)
    column.place(zone)


def _button(stage: Stage, column: Column, text: str, zone: Zone, at: int) -> None:
    u, kind = stage.u, stage.strong
    setting = set_block(stage, text, kind, zone.width - 96 * u, 70 * u, stage.scale(34, 42), max_lines=1)
    if not setting.lines:
        return
    if setting.cut or setting.em < 35 * u:
        body(stage, column, text, zone, sizes=(32, 44), height=180 * u, gap=52 * u, at=at, max_lines=3)
        return
    height = 96 * u

    def draw(y: float) -> None:
        box = panel(zone.left, y, setting.width + 96 * u, height, height / 2)
        marks.shape(stage, box, Ink(stage.palette.accent, at), marks.pop)
        look = Look(kind, setting.em, stage.palette.shade, at + 3, stagger=0, entrance="fade")
        block(stage, setting, look, zone.left + 48 * u, y + (height - kind.face.cap_height * setting.em) / 2)

    column.add(height, 72 * u, draw)


def _hero(stage: Stage, name: str, x: float, y: float, radius: float) -> None:
    marks.halo(stage, x, y, radius * 1.28, stage.first + 2)
    marks.badge(stage, name, x, y, radius, stage.first)
