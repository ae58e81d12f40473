"""Statements, definitions and quotes: sentences as pictures."""

from ....typeset import Setting
from ... import Card
from .. import marks
from ..ass import Pose
from ..easing import out_cubic
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..ornaments import ornament
from ..shapes import panel
from ..stage import Column, Stage, Zone
from .parts import body, found, headline, kicker


def statement(stage: Stage, card: Card) -> None:
    """One sentence in large words that rise one after another, its key phrase in the accent colour."""
    u, region = stage.u, stage.region
    picture = found(card.icons, 1)
    zone = region
    ornament(stage, picture[0] if picture else None)
    if stage.wide:
        zone = Zone(region.left, region.top, region.left + region.width * 0.8, region.bottom)
    column = Column()
    kicker(stage, column, card, zone)
    room = zone.height - column.height - (280 if card.body else 80) * u
    at = stage.headline_at()
    headline(
        stage,
        column,
        card.headline or card.body or ", ".join(card.items or tuple(datum.label for datum in card.data)),
        zone,
        sizes=(34, 150),
        height=room,
        gap=52 * u,
        accent=card.accent,
        at=at,
        marked=True,
    )
    later = stage.cue(1, at + stage.seconds(0.6))
    if card.headline:
        body(stage, column, card.body, zone, sizes=(32, 46), height=200 * u, gap=72 * u, at=later)
    column.place(zone)


def definition(stage: Stage, card: Card) -> None:
    """A term in the accent colour on a panel, and under a rule what it means."""
    if not card.headline.strip() or not card.body.strip():
        statement(stage, card)
        return
    u, region = stage.u, stage.region
    ornament(stage, None)
    pad, picture = 64 * u, found(card.icons, 1)
    inside, badge = Zone(region.left + pad, region.top, region.right - pad, region.bottom), 72 * u if picture else 0.0
    over, column = Column(), Column()
    if card.kicker:
        kicker(stage, over, card, Zone(inside.left, inside.top, inside.right - 2.4 * badge, inside.bottom))
    head = max(over.height, 2 * badge if stage.wide else 1.6 * badge)
    room = region.height - head - 2 * pad - 170 * u
    leading = 1.2 if stage.sheet.display.upper else 1.08
    term = set_block(
        stage,
        card.headline,
        stage.display,
        inside.width,
        room * 0.4,
        stage.scale(34, 128),
        max_lines=3,
        leading=leading,
    )
    left = room - tall(term, stage.display)
    meaning = set_block(stage, card.body, stage.text, inside.width, left, stage.scale(28, 64), max_lines=9, leading=1.3)
    below = head + (44 * u if head else 0)
    height = 2 * pad + below + tall(term, stage.display) + 104 * u + tall(meaning, stage.text)

    def draw(y: float) -> None:
        box = Zone(region.left, y, region.right, y + height)
        _entry(stage, box, (pad, below), term, meaning)
        over.place(Zone(inside.left, y + pad, inside.right, y + pad + head), 0.5)
        if picture:
            marks.badge(stage, picture[0], inside.right - badge, y + pad + head / 2, badge, stage.headline_at() + 4)

    column.add(height, 0, draw)
    column.place(region)


def _entry(stage: Stage, box: Zone, inset: tuple[float, float], term: Setting, meaning: Setting) -> None:
    """The panel with the term, the rule and the meaning, one after another."""
    u, palette, at = stage.u, stage.palette, stage.headline_at()
    pad, head = inset
    left, edge, top = box.left + pad, box.right - pad, box.top + pad + head
    sheet = panel(box.left, box.top, box.width, box.height, stage.sheet.radius * 1080 * u)
    rise = lambda part: Pose(y=40 * u * (1 - out_cubic(part)), opacity=out_cubic(part))  # noqa: E731
    marks.shape(stage, sheet, Ink(palette.panel, stage.first, 0.86, 2), rise)
    block(stage, term, Look(stage.display, term.em, palette.accent, at, edge=edge), left, top)
    below = top + tall(term, stage.display) + 52 * u
    marks.rule(stage, left, below, edge - left, max(1.5, 3 * u), Ink(palette.ink, at + 3, 0.3, depth=4))
    later = stage.cue(1, at + stage.seconds(0.45))
    look = Look(stage.text, meaning.em, palette.ink, later, stagger=0, entrance="rise soft", edge=edge)
    block(stage, meaning, look, left, below + 52 * u)


def quote(stage: Stage, card: Card) -> None:
    """Somebody's words under a large mark, and whose they are."""
    u, region = stage.u, stage.region
    zone = region
    if stage.wide:
        zone = Zone(region.left + 0.05 * region.width, region.top, region.right - 0.12 * region.width, region.bottom)
    column = Column()
    ornament(stage, next(iter(found(card.icons, 1)), None))
    _mark(stage, column, zone)
    text = (card.headline or card.body).strip('"“”„«» ')
    room = zone.height - column.height - 190 * u
    at = max(stage.headline_at(), stage.begin(stage.first + 4))
    headline(
        stage,
        column,
        text,
        zone,
        sizes=(32, 104),
        height=room,
        gap=52 * u,
        accent=card.accent,
        at=at,
        max_lines=9,
        marked=True,
    )
    if card.source:
        _attribution(stage, column, card.source, zone, stage.cue(1, at + stage.seconds(0.8)))
    column.place(zone)


def _mark(stage: Stage, column: Column, zone: Zone) -> None:
    u, kind, em = stage.u, stage.display, 300 * stage.u
    setting = set_block(stage, "“", kind, zone.width, 600 * u, [em])
    height = 0.30 * em

    def draw(y: float) -> None:
        look = Look(kind, em, stage.palette.accent, stage.first, stagger=0, entrance="rise soft")
        boxes = len(stage.boxes)
        block(stage, setting, look, zone.left - 0.05 * em, y)
        del stage.boxes[boxes:]  # an ornament, not text

    column.add(height, 0, draw)


def _attribution(stage: Stage, column: Column, source: str, zone: Zone, at: int) -> None:
    u, kind = stage.u, stage.strong
    setting = set_block(stage, source, kind, zone.width - 80 * u, 110 * u, stage.scale(28, 38), max_lines=2)

    def draw(y: float) -> None:
        middle = y + kind.face.cap_height * setting.em / 2
        marks.rule(stage, zone.left, middle - 2 * u, 56 * u, max(2.0, 4 * u), Ink(stage.palette.accent, at))
        look = Look(kind, setting.em, stage.palette.muted, at + 2, stagger=0, entrance="rise soft")
        block(stage, setting, look, zone.left + 80 * u, y)

    column.add(tall(setting, kind), 60 * u, draw)
