"""Figures: a number that counts up, on a dial where it is a share, over a field of icons where it is a count."""

from dataclasses import dataclass

from .... import fonts
from ... import Card, Figure, TextBox
from .. import marks
from ..ass import Layer, Pose
from ..easing import in_cubic, out_cubic, out_expo
from ..marks import Ink
from ..ornaments import ornament
from ..shapes import Path, arc, panel, ring
from ..stage import Column, Stage, Type, Zone
from .parts import body, found, headline, kicker

_COUNT = 1.1
"""Seconds that a number counts."""


@dataclass(frozen=True)
class _Number:
    """A figure set in type: the number large, what stands behind it smaller."""

    figure: Figure
    em: float
    small: float
    suffix: str

    def text(self, part: float) -> str:
        value = self.figure.value * part
        return f"{self.figure.prefix}{value:,.{self.figure.decimals}f}"

    def type(self, stage: Stage) -> Type:
        # Equal digits keep a long number still while it counts; in a short one they leave holes beside a 1.
        return stage.digits if len(self.text(1.0)) > 4 else stage.display

    def width(self, stage: Stage, part: float = 1.0) -> float:
        return self.type(stage).measure(self.text(part), self.em) + stage.display.measure(self.suffix, self.small)


def figure(stage: Stage, card: Card) -> None:
    """A number that counts up to its value, with a ring where it is a share of a hundred, and its label."""
    if card.figure is None:
        from .words import statement

        statement(stage, card)
        return
    suffix = card.figure.suffix.strip().lower()
    share = suffix.startswith(("%", "percent", "per cent", "prozent")) and 0 <= card.figure.value <= 100
    label = card.figure.label or card.headline
    rest = card.headline if card.figure.label and card.headline != card.figure.label else card.body
    if share:
        _share(stage, card, card.figure, label, rest)
    else:
        _count(stage, card, card.figure, label, rest)


def _share(stage: Stage, card: Card, value: Figure, label: str, rest: str) -> None:
    u, region = stage.u, stage.region
    at = stage.cue(0, stage.first)
    column = Column()
    diameter = min(640 * u, region.height * (0.9 if stage.wide else 0.56), region.width)
    ornament(stage, next(iter(found(card.icons, 1)), None))
    number = _sized(stage, value.model_copy(update={"suffix": "%"}), diameter * 0.7, diameter * 0.36)
    if stage.wide:
        zone = Zone(region.left + diameter + 120 * u, region.top, region.right, region.bottom)
        _dial(stage, number, (region.left + diameter / 2, region.centre[1]), diameter, at)
    else:
        zone = region
        kicker(stage, column, card, zone)
        centre_x = region.left + diameter / 2
        column.add(diameter, 70 * u, lambda y: _dial(stage, number, (centre_x, y + diameter / 2), diameter, at))
    _words(stage, column, card, zone, label, rest, at, with_kicker=stage.wide)
    column.place(zone)


def _words(
    stage: Stage, column: Column, card: Card, zone: Zone, label: str, rest: str, at: int, with_kicker: bool
) -> None:
    u = stage.u
    if with_kicker:
        kicker(stage, column, card, zone)
    after = at + stage.seconds(0.45)
    room = max(zone.height - column.height - 220 * u, 90 * u)
    headline(stage, column, label, zone, sizes=(30, 104), height=room, gap=64 * u, accent=None, at=after, max_lines=4)
    room = zone.height - column.height - 70 * u
    if room > 60 * u:
        later = after + stage.seconds(0.3)
        body(stage, column, rest, zone, sizes=(28, 40), height=room, gap=56 * u, at=later, max_lines=3)


def _count(stage: Stage, card: Card, value: Figure, label: str, rest: str) -> None:
    u, region = stage.u, stage.region
    at = stage.cue(0, stage.first)
    picture = found([*card.icons, label], 1)
    column = Column()
    kicker(stage, column, card, region)
    number = _sized(stage, value, region.width, min(400 * u, region.height * 0.36))
    cap = stage.display.face.cap_height * number.em
    column.add(cap, 70 * u, lambda y: _counter(stage, number, region.left, y + cap, at))
    rule = max(3.0, 8 * u)

    def track(y: float) -> None:
        marks.rule(stage, region.left, y, region.width, rule, Ink(stage.palette.ink, at, 0.16))
        grow = lambda part: panel(region.left, y, max(rule, region.width * out_cubic(part)), rule, rule / 2)  # noqa: E731
        marks.growing(stage, grow, Ink(stage.palette.accent, at), stage.seconds(_COUNT * 1.4))

    column.add(rule, 56 * u, track)
    _words(stage, column, card, region, label, rest, at, with_kicker=False)
    room = region.height - column.height - 60 * u
    if picture and room > 90 * u:
        _field(stage, column, picture[0], value, room, at)
    ornament(stage, None)
    column.place(region)


def _field(stage: Stage, column: Column, name: str, value: Figure, room: float, at: int) -> None:
    """Rows of one icon that fill up: the very number where it is small, else a field that thins out."""
    u, region = stage.u, stage.region
    side, gap = 84 * u, 37 * u
    columns = int((region.width + gap) / (side + gap))
    rows = min(4, int((room + gap) / (side + gap)))
    if rows < 1 or columns < 3:
        return
    exact = value.value == int(value.value) and 1 <= value.value <= columns * rows and not value.suffix.strip()
    count = int(value.value) if exact else columns * rows
    rows = -(-count // columns)
    step = stage.seconds(_COUNT) / count

    def draw(y: float) -> None:
        for index in range(count):
            x, row = index % columns, index // columns
            fade = 1.0 if exact else 1 - 0.8 * (index / count)
            ink = Ink(stage.palette.accent, at + 4 + int(index * step), fade, depth=4)
            centre = region.left + side / 2 + x * (side + gap)
            marks.glyph(stage, name, centre, y + side / 2 + row * (side + gap), side, ink)

    column.add(rows * side + (rows - 1) * gap, 64 * u, draw)


def _sized(stage: Stage, value: Figure, width: float, height: float) -> _Number:
    suffix = value.suffix.strip()
    ratio = 0.56 if len(suffix) <= 2 else 0.4
    spaced = suffix if suffix in {"%", "°", "x", "×"} else f" {suffix}" if suffix else ""
    chosen = None
    for em in stage.scale(40, 460):
        number = _Number(value, em, em * ratio, spaced)
        if chosen is None or (number.width(stage) <= width and em <= height / 0.72):
            chosen = number
    assert chosen is not None
    while chosen.width(stage) > width:
        chosen = _Number(value, chosen.em * 0.9, chosen.small * 0.9, spaced)
    return chosen


def _set(stage: Stage, number: _Number, part: float) -> str:
    """The number and its suffix as ASS text, so far as it has counted."""
    digits, plain = number.type(stage), stage.display
    tail, spacing = plain.face, digits.tracking * number.em
    head = f"{{\\fn{digits.face.family}\\fs{digits.face.ass_size(number.em):.2f}\\fsp{spacing:.2f}}}"
    text = head + fonts.ass_escape(number.text(out_expo(part)))
    if not number.suffix:
        return text
    spacing = plain.spacing(number.suffix, number.small)
    size = f"{{\\fn{tail.family}\\fs{tail.ass_size(number.small):.2f}\\fsp{spacing:.2f}}}"
    return text + size + fonts.ass_runs(number.suffix, tail, number.small)


def _counter(stage: Stage, number: _Number, left: float, baseline: float, at: int, *, centred: bool = False) -> None:
    digits, plain = number.type(stage), stage.display
    stage.faces |= {digits.face, plain.face}
    top = baseline - digits.face.ascent * number.em

    def place(part: float) -> tuple[float, float]:
        reached = out_expo(part)
        return (-number.width(stage, reached) / 2 if centred else 0.0, 0.0)

    frames = stage.seconds(_COUNT)
    stage.add(
        Layer(
            body=lambda part: _set(stage, number, part),
            x=left,
            y=top,
            shift=place,
            start=stage.begin(at),
            end=stage.last,
            drift=stage.calm,
            colour=stage.palette.accent,
            enter=lambda part: Pose(y=50 * stage.u * (1 - out_cubic(min(1.0, part * 2.4))), opacity=min(1.0, part * 5)),
            entering=max(1, min(frames, stage.last - stage.leaving - at)),
            leave=lambda part: Pose(y=-40 * stage.u * in_cubic(part), opacity=1 - part),
            leaving=stage.leaving,
        )
    )
    _number_box(stage, number, left, baseline, at, centred)


def _number_box(stage: Stage, number: _Number, left: float, baseline: float, at: int, centred: bool) -> None:
    width = number.width(stage)
    x, room = left - width / 2 if centred else left, 8 * stage.u
    stage.boxes.append(
        TextBox(
            text=number.text(1.0) + number.suffix,
            left=max(0, int(x)),
            top=max(0, int(baseline - 0.75 * number.em - room)),
            right=int(x + width + 1),
            bottom=int(baseline + 0.12 * number.em + room),
            start=stage.begin(at),
            end=stage.last,
        )
    )


def _dial(stage: Stage, number: _Number, centre: tuple[float, float], diameter: float, at: int) -> None:
    u, palette = stage.u, stage.palette
    thickness = max(4.0, 44 * u * diameter / (600 * u))
    radius = diameter / 2 - thickness / 2
    marks.shape(stage, ring(*centre, radius, thickness), Ink(palette.ink, at, 0.14))
    share = number.figure.value / 100

    def swept(part: float) -> Path:
        return arc(*centre, radius, thickness, 0, max(0.5, 360 * share * (out_expo(part))))

    marks.growing(stage, swept, Ink(palette.accent, at, depth=4), stage.seconds(_COUNT))
    cap = stage.display.face.cap_height * number.em
    _counter(stage, number, centre[0], centre[1] + cap / 2, at, centred=True)
