"""Parts that several layouts share: the kicker row, headline and body blocks, icons that were found.

Knows nothing about the order a layout puts them in.
"""

from collections.abc import Sequence

from .... import fonts
from ... import Card
from .. import icons
from ..lettering import Look, block, key_words, set_block, tall
from ..marks import Ink, rule
from ..ornaments import ornament
from ..stage import Column, Stage, Zone


def found(words: Sequence[str], count: int) -> list[str]:
    """Names of the first `count` different icons that the words have."""
    names = [icons.find(word) for word in words]
    return list(dict.fromkeys(name for name in names if name))[:count]


def kicker(stage: Stage, column: Column, card: Card, zone: Zone, *, centred: bool = False, gap: float = 0.0) -> None:
    """A short accent rule with the kicker behind it."""
    u = stage.u
    length, thickness = 56 * u, max(2.0, stage.sheet.stroke * 1080 * 1.2 * u)
    kind = stage.kicker
    room = zone.width - length - 24 * u
    setting = set_block(stage, card.kicker, kind, room, 60 * u, stage.scale(22, 30), max_lines=1)
    height = kind.face.cap_height * 30 * u

    def draw(y: float) -> None:
        width = length + (24 * u + setting.width if setting.lines else 0)
        mirrored = fonts.right_to_left(f"{card.kicker} {card.headline}")
        left = zone.centre[0] - width / 2 if centred else zone.right - width if mirrored else zone.left
        begin = left + width - length if mirrored else left
        rule(stage, begin, y + (height - thickness) / 2, length, thickness, Ink(stage.palette.accent, stage.first))
        if setting.lines:
            text = left if mirrored else left + length + 24 * u
            look = Look(kind, setting.em, stage.palette.muted, stage.first + 3, stagger=0, edge=text + setting.width)
            block(stage, setting, look, text, y + (height - kind.face.cap_height * setting.em) / 2)

    column.add(height, gap, draw)


def headline(
    stage: Stage,
    column: Column,
    text: str,
    zone: Zone,
    *,
    sizes: tuple[float, float],
    height: float,
    gap: float,
    accent: str | None = "",
    at: int | None = None,
    align: str = "left",
    max_lines: int = 6,
    marked: bool = False,
) -> None:
    """A headline in the display face; `accent` names the words to set off, None sets off none."""
    if not text.strip():
        return
    kind = stage.display
    setting = set_block(
        stage, text, kind, zone.width, height, stage.scale(*sizes), max_lines=max_lines, leading=_leading(stage)
    )
    picked = key_words(" ".join(setting.lines), kind.shown(accent)) if accent is not None else frozenset()
    look = Look(
        kind,
        setting.em,
        stage.palette.ink,
        stage.first if at is None else at,
        accent=stage.palette.accent,
        accents=picked,
        align=align,
        marked=marked,
        edge=zone.right,
    )
    x = zone.centre[0] if align == "centre" else zone.left
    column.add(tall(setting, kind), gap, lambda y: block(stage, setting, look, x, y))


def body(
    stage: Stage,
    column: Column,
    text: str,
    zone: Zone,
    *,
    sizes: tuple[float, float] = (30, 44),
    height: float,
    gap: float,
    at: int,
    align: str = "left",
    max_lines: int = 4,
    strong: bool = False,
) -> None:
    """Running text under a headline, muted."""
    if not text.strip():
        return
    kind = stage.strong if strong else stage.text
    setting = set_block(stage, text, kind, zone.width, height, stage.scale(*sizes), max_lines=max_lines, leading=1.32)
    look = Look(
        kind, setting.em, stage.palette.muted, at, align=align, stagger=0, entrance="rise soft", edge=zone.right
    )
    x = zone.centre[0] if align == "centre" else zone.left
    column.add(tall(setting, kind), gap, lambda y: block(stage, setting, look, x, y))


def framed(stage: Stage, card: Card, share: float = 0.26) -> Zone:
    """Kicker and headline above, or on the left where the frame is wide, the source below; what is left is returned."""
    u, region = stage.u, stage.region
    bottom = region.bottom - _source(stage, card.source)
    column = Column()
    zone = region
    if stage.wide:
        zone = Zone(region.left, region.top, region.left + region.width * 0.34, bottom)
    if card.kicker or card.headline:
        kicker(stage, column, card, zone)
    height = zone.height * (0.6 if stage.wide else share)
    headline(
        stage, column, card.headline, zone, sizes=(32, 84), height=height, gap=44 * u, accent=card.accent or None,
        max_lines=5 if stage.wide else 3,
    )  # fmt: skip
    body(
        stage, column, card.unit, zone, sizes=(28, 36), height=80 * u, gap=36 * u, at=stage.first + stage.seconds(0.2),
        max_lines=1 if not stage.wide else 2,
    )  # fmt: skip
    if not stage.wide:
        ornament(stage, None)
    if stage.wide and column.parts:
        column.place(zone)
        return Zone(zone.right + 90 * u, region.top, region.right, bottom)
    # Emoji reach above the capitals, whose top the first line is placed by.
    column.place(Zone(zone.left, zone.top + 16 * u, zone.right, bottom), bias=0.0)
    top = region.top + column.height + (72 * u if column.parts else 0)
    return Zone(region.left, top, region.right, bottom)


def _source(stage: Stage, source: str) -> float:
    """Draws the source along the bottom, and says how much room it took."""
    if not source.strip():
        return 0.0
    u, region, kind = stage.u, stage.region, stage.text
    setting = set_block(stage, source, kind, region.width - 60 * u, 90 * u, stage.scale(24, 28), max_lines=1)
    top = region.bottom - tall(setting, kind) - 8 * u
    middle = top + tall(setting, kind) / 2
    rule(stage, region.left, middle - u, 36 * u, max(1.5, 3 * u), Ink(stage.palette.muted, stage.first + 4, 0.7))
    look = Look(kind, setting.em, stage.palette.muted, stage.first + 4, stagger=0, entrance="fade")
    block(stage, setting, look, region.left + 56 * u, top)
    return tall(setting, kind) + 60 * u


def _leading(stage: Stage) -> float:
    return 1.2 if stage.sheet.display.upper else 1.08
