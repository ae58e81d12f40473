"""Comparisons: values as bars to one scale, or two sides on panels."""

import re

from ... import Card
from .. import marks
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..ornaments import ornament
from ..shapes import Path, panel
from ..stage import Column, Stage, Zone
from .parts import found, headline, kicker


def comparison(stage: Stage, card: Card) -> None:
    """Two or three values as bars to one scale; sides without numbers stand on panels."""
    sides = [_side(item) for item in card.items[:3]]
    if len(sides) < 2:
        from .words import statement

        statement(stage, card)
        return
    u, region = stage.u, stage.region
    column = Column()
    ornament(stage, next(iter(found(card.icons, 1)), None))
    kicker(stage, column, card, region)
    room = region.height * (0.26 if all(side[1] is not None for side in sides) else 0.3)
    headline(
        stage, column, card.headline, region, sizes=(32, 84), height=room, gap=48 * u, accent=card.accent, max_lines=3
    )
    cues = stage.cues(len(sides), 1 if card.headline else 0)
    if all(side[1] is not None for side in sides):
        _bars(stage, column, sides, cues)
    else:
        _panels(stage, column, [side[3] for side in sides[:2]], cues)
    column.place(region)


def _side(item: str) -> tuple[str, float | None, str, str]:
    """Label, value, the value as written, and the whole text."""
    hit = re.search(r"([$€£]\s?)?(-?\d[\d,]*(?:\.\d+)?)\s*(%|percent\b|per cent\b|[a-zA-Z°]{1,10}\b)?", item)
    if not hit:
        return item, None, "", item
    written = " ".join(hit[0].split())
    written = re.sub(r"\s*(percent|per cent)$", "%", written)
    label = (item[: hit.start()] + item[hit.end() :]).strip(" :–—-=,.()")
    label = re.sub(r"\s+(is|are|was|only|has|about)(\s+only)?$", "", label)
    return label or item, float(hit[2].replace(",", "")), written, item


def _bars(stage: Stage, column: Column, sides: list[tuple[str, float | None, str, str]], cues: list[int]) -> None:
    u, region, palette = stage.u, stage.region, stage.palette
    most = max(abs(side[1] or 0.0) for side in sides) or 1.0
    if all("%" in side[2] for side in sides):
        most = max(most, 100.0)
    free = region.height - column.height - 40 * u
    each = min(390 * u, free / len(sides))
    em = min(172 * u, each * 0.44)
    for index, (label, value, written, _) in enumerate(sides):
        tint = palette.accent if index == len(sides) - 1 else palette.accent2
        share = abs(value or 0.0) / most

        def draw(
            y: float, label: str = label, written: str = written, share: float = share, tint: str = tint,
            at: int = cues[index],
        ) -> None:  # fmt: skip
            bar(stage, Zone(region.left, y, region.right, y + each), em, (label, written), share, tint, at)

        column.add(each, (64 if not index else 0) * u, draw)


def bar(stage: Stage, zone: Zone, em: float, texts: tuple[str, str], share: float, tint: str, at: int) -> None:
    """A bar under its label and its value; `texts` are the two, `share` is how far it reaches."""
    u, kind, height = stage.u, stage.display, zone.height
    label, written = texts
    value = set_block(stage, written, kind, zone.width * 0.5, em * 1.2, [em, em * 0.8, em * 0.6, em * 0.4], max_lines=1)
    baseline = zone.top + kind.face.cap_height * em
    look = Look(kind, value.em, tint, at, stagger=0)
    block(stage, value, look, zone.right - value.width, baseline - kind.face.cap_height * value.em)
    name = set_block(
        stage, label, stage.strong, zone.width - value.width - 40 * u, em, stage.scale(24, 52), max_lines=2
    )
    look = Look(stage.strong, name.em, stage.palette.ink, at, stagger=0, entrance="rise soft")
    block(stage, name, look, zone.left, baseline - tall(name, stage.strong))
    thick = min(72 * u, height * 0.24)
    top, corner = baseline + 34 * u, min(thick / 2, stage.sheet.radius * 1080 * u)
    marks.shape(stage, panel(zone.left, top, zone.width, thick, corner), Ink(stage.palette.ink, at, 0.14))

    def grown(part: float) -> Path:
        reach = max(thick, zone.width * share * stage.curve(part))
        return panel(zone.left, top, reach, thick, corner)

    marks.growing(stage, grown, Ink(tint, at, depth=4), stage.seconds(0.8))


def _panels(stage: Stage, column: Column, sides: list[str], cues: list[int]) -> None:
    u, region, palette = stage.u, stage.region, stage.palette
    gap = 28 * u
    free = min(region.height - column.height - 60 * u, 620 * u)
    width = (region.width - gap) / 2 if stage.wide else region.width
    height = free if stage.wide else (free - gap) / 2
    corner = stage.sheet.radius * 1080 * u

    def draw(y: float) -> None:
        for index, text in enumerate(sides):
            left = region.left + (width + gap) * index if stage.wide else region.left
            top = y if stage.wide else y + (height + gap) * index
            tint = palette.accent if index else palette.accent2
            marks.shape(stage, panel(left, top, width, height, corner), Ink(palette.panel, cues[index], 0.8, 2))
            marks.rule(stage, left + 48 * u, top + 48 * u, 64 * u, max(3.0, 8 * u), Ink(tint, cues[index], depth=4))
            kind = stage.display
            room = height - 150 * u
            setting = set_block(stage, text, kind, width - 96 * u, room, stage.scale(28, 76), max_lines=5)
            look = Look(kind, setting.em, palette.ink, cues[index])
            middle = top + (height + 56 * u) / 2
            block(stage, setting, look, left + 48 * u, middle - tall(setting, kind) / 2)

    column.add(free, 60 * u, draw)
