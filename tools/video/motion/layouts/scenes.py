"""Icon scenes: two to four icons on a ring that something travels, above a headline."""

import math

from ... import Card
from .. import marks
from ..ass import Layer, Pose
from ..easing import in_out_cubic
from ..marks import Ink
from ..ornaments import ornament
from ..shapes import Path, arc, disc
from ..stage import Column, Stage, Zone
from .parts import body, found, headline, kicker


def scene(stage: Stage, card: Card) -> None:
    """Icons joined by a ring with a travelling dot; the headline says what they mean."""
    names = found(card.icons, 4)
    if not names:
        from .words import statement

        statement(stage, card)
        return
    u, region = stage.u, stage.region
    zone, side = region, min(680 * u, 0.9 * region.height, region.width)
    if stage.wide:
        zone = Zone(region.left, region.top, region.right - side - 110 * u, region.bottom)
        _diagram(stage, names, (region.right - side / 2, region.centre[1]), side)
        _words(stage, card, zone, zone.height * 0.6).place(zone)
        return
    ornament(stage, None)
    said = _words(stage, card, zone, zone.height * 0.34)
    side = min(side, 0.58 * region.height, region.height - said.height - 110 * u)
    column = Column()
    column.add(side, 0, lambda y: _diagram(stage, names, (region.centre[0], y + side / 2), side))
    for height, gap, draw in said.parts:
        column.add(height, gap or 72 * u, draw)
    column.place(zone)


def _words(stage: Stage, card: Card, zone: Zone, room: float) -> Column:
    u, column = stage.u, Column()
    kicker(stage, column, card, zone)
    at = max(stage.headline_at(), stage.begin(stage.first + 4))
    headline(stage, column, card.headline, zone, sizes=(32, 124), height=room, gap=44 * u, accent=card.accent, at=at)
    later = stage.cue(1, at + stage.seconds(0.6))
    body(stage, column, card.body, zone, sizes=(26, 40), height=130 * u, gap=60 * u, at=later, max_lines=3)
    return column


def _diagram(stage: Stage, names: list[str], centre: tuple[float, float], side: float) -> None:
    u, palette = stage.u, stage.palette
    x, y = centre
    if len(names) == 1:
        marks.halo(stage, x, y, side * 0.30, stage.first + 2)
        marks.badge(stage, names[0], x, y, side * 0.25, stage.first)
        _traveller(stage, centre, side * 0.30 * 1.5, stage.first + stage.seconds(0.6))
        return
    node = side * {2: 0.19, 3: 0.165}.get(len(names), 0.145)
    radius = side / 2 - node
    thin = max(1.6, 4 * u)

    def orbit(part: float) -> Path:
        return arc(x, y, radius, thin, _turn(len(names)), max(1.0, 360 * in_out_cubic(part)))

    marks.growing(stage, orbit, Ink(palette.accent, stage.first, 0.5, depth=1), stage.seconds(0.9))
    _traveller(stage, centre, radius, stage.first + stage.seconds(0.7))
    gap = max(3, min(stage.seconds(0.2), stage.request.frames // (4 * len(names))))
    for index, name in enumerate(names):
        angle = math.radians(_turn(len(names)) + 360 / len(names) * index - 90)
        at = stage.first + gap * index
        spot = (x + radius * math.cos(angle), y + radius * math.sin(angle))
        marks.shape(stage, disc(*spot, node + 14 * u), Ink(palette.ground, at, 0.9, depth=2), marks.pop)
        marks.badge(stage, name, *spot, node, at, filled=index == 0)


def _turn(count: int) -> float:
    return {2: -60.0, 4: -45.0}.get(count, 0.0)


def _traveller(stage: Stage, centre: tuple[float, float], radius: float, at: int) -> None:
    """A dot that goes round, one event a frame: small, so cheap."""
    size = max(2.0, 11 * stage.u)
    x, y = centre
    dot = disc(0, 0, size).drawing()[2]
    length = stage.last - stage.leaving - at
    if length < 2:
        return

    def around(part: float) -> tuple[float, float]:
        angle = math.tau * part * length / (30 * 3.2)
        return x + radius * math.sin(angle) - size, y - radius * math.cos(angle) - size

    stage.add(
        Layer(
            body=f"{{\\p4}}{dot}{{\\p0}}",
            x=0.0,
            y=0.0,
            shift=around,
            start=at,
            end=at + length,
            drift=stage.calm,
            depth=1,
            colour=stage.palette.accent2,
            enter=lambda part: Pose(opacity=min(1.0, part * 8, (1 - part) * 8)),
            entering=length,
        )
    )
