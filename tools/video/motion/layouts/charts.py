"""Charts: columns or rows of bars, a ring of parts.

Knows nothing about where the numbers are from; every one stands written beside what shows it.
"""

from ....typeset import Setting
from ... import Card, Datum
from .. import marks
from ..ass import Pose
from ..easing import out_back, out_cubic
from ..lettering import Look, block, set_block, tall
from ..marks import Ink
from ..shapes import Path, panel, sector
from ..stage import Stage, Zone
from . import numbers, versus
from .parts import framed

_MOST = 8
"""Values that can be told apart on a phone."""
SMALL = 28.0
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
        tint = tint_of(stage, data, index)
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
        middle, tint = zone.left + slot * (index + 0.5), tint_of(stage, data, index)
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


def tint_of(stage: Stage, data: tuple[Datum, ...], index: int) -> str:
    """The accent for the largest value, the second colour for the others."""
    most = max(range(len(data)), key=lambda at: data[at].value)
    return stage.palette.accent if index == most else stage.palette.accent2


def _labels(stage: Stage, texts: list[str], width: float) -> list[Setting]:
    """Labels at one size in at most two lines; none where they would not be readable."""
    for size in reversed(stage.scale(SMALL, 40)):
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
