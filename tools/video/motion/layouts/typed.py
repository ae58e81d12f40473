"""Code in a window, typed letter by letter behind a caret."""

import re

from .... import fonts
from ... import Card, TextBox
from .. import marks
from ..ass import Layer, Pose, colour
from ..easing import in_cubic, out_cubic
from ..marks import Ink
from ..ornaments import ornament
from ..shapes import disc, panel
from ..stage import Column, Stage, Zone
from .parts import headline, kicker

_MOST = 14
"""Lines that can be read on a phone."""
_WORDS = frozenset(
    re.findall(
        r"\w+",
        "and as async await break case catch class const continue def del elif else enum except export extends false "
        "finally fn for from func function if impl import in interface is lambda let match mut new nil none not null "
        "or package pass pub public private raise return self static struct switch this throw true try type use var "
        "void where while with yield sudo pip npm git cd docker",
    )
)
_TOKEN = re.compile(r"(#[^\n]*|//[^\n]*)|(\"[^\"]*\"?|'[^']*'?)|(\b\d[\w.]*)|(\w+)|(\s+)|(.)")


def code(stage: Stage, card: Card) -> None:
    """A window with lines of code that are typed as they are spoken of."""
    lines = [line.rstrip().replace("\t", "    ") for line in card.code.strip("\n").splitlines()][:_MOST]
    if not any(lines):
        from .words import statement

        statement(stage, card)
        return
    u, region = stage.u, stage.region
    zone, column = region, Column()
    ornament(stage, None)
    if stage.wide and card.headline:
        side = Zone(region.left, region.top, region.left + region.width * 0.34, region.bottom)
        zone = Zone(side.right + 90 * u, region.top, region.right, region.bottom)
        _said(stage, card, side, column := Column(), side.height * 0.7)
        column.place(side)
        column = Column()
    else:
        _said(stage, card, zone, column, zone.height * 0.26)
    pad, bar = 48 * u, 72 * u
    free = zone.height - column.height - bar - 2 * pad - 60 * u
    em, lines = _set(stage, lines, zone.width - 2 * pad, free)
    height = bar + pad * 1.6 + em * 1.5 * (len(lines) - 1) + em
    column.add(height, 64 * u, lambda y: _window(stage, Zone(zone.left, y, zone.right, y + height), lines, em, bar))
    column.place(zone)


def _said(stage: Stage, card: Card, zone: Zone, column: Column, height: float) -> None:
    if card.kicker or card.headline:
        kicker(stage, column, card, zone)
    headline(
        stage, column, card.headline, zone, sizes=(34, 92), height=height, gap=44 * stage.u, accent=card.accent or None,
        max_lines=4,
    )  # fmt: skip


def _set(stage: Stage, lines: list[str], width: float, height: float) -> tuple[float, list[str]]:
    """The largest size at which the lines fit; long ones are folded before they become too small to read."""
    face = stage.mono.face
    letter = face.measure("0", 1.0)
    em, folded = 0.0, lines
    for em in reversed(stage.scale(24, 50)):
        folds = em <= 38 * stage.u
        folded = [part for line in lines for part in (_folded(line, int(width / (letter * em))) if folds else [line])]
        if len(folded) * em * 1.5 <= height and max(face.measure(line, em) for line in folded) <= width:
            return em, folded
    shown = folded[: max(1, int(height / (em * 1.5)))]
    return em, [_short(stage, line, em, width) for line in shown]


def _folded(line: str, count: int) -> list[str]:
    """A line of code broken after a comma, a bracket or a blank, its continuation set in."""
    if len(line) <= count or count < 12:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    cuts = [hit.end() for hit in re.finditer(r"[,(\[{=.] ?|\s", line[:count]) if hit.end() > len(indent) + 4]
    cut = cuts[-1] if cuts else count
    rest = line[cut:].lstrip()
    return [line[:cut].rstrip(), *_folded(f"{indent[: count // 3]}  {rest}", count)] if rest else [line[:cut]]


def _short(stage: Stage, line: str, em: float, width: float) -> str:
    face = stage.mono.face
    if face.measure(line, em) <= width:
        return line
    while line and face.measure(line + "…", em) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def _window(stage: Stage, zone: Zone, lines: list[str], em: float, bar: float) -> None:
    u, palette = stage.u, stage.palette
    corner = max(stage.sheet.radius * 1080 * u, 10 * u)
    rise = lambda part: Pose(y=50 * u * (1 - out_cubic(part)), opacity=out_cubic(part))  # noqa: E731
    marks.shape(
        stage,
        panel(zone.left, zone.top, zone.width, zone.height, corner),
        Ink(palette.panel, stage.first, 0.94, 2),
        rise,
    )
    marks.shape(
        stage, panel(zone.left, zone.top + bar, zone.width, max(1.0, 2 * u)), Ink(palette.ink, stage.first, 0.16), rise
    )
    for index, tint in enumerate((palette.accent2, palette.accent, palette.muted)):
        spot = disc(zone.left + 48 * u + index * 40 * u, zone.top + bar / 2, 11 * u)
        marks.shape(stage, spot, Ink(tint, stage.first, 0.9, 3), rise)
    start = stage.cue(0, stage.first + stage.seconds(0.3))
    end = min(stage.last - stage.leaving - stage.seconds(0.8), start + stage.seconds(0.06 * sum(map(len, lines))))
    total, typed = max(sum(map(len, lines)), 1), 0
    baseline = zone.top + bar + 48 * u + 0.5 * em
    for line in lines:
        at = start + round(max(0, end - start) * typed / total)
        typed += len(line)
        until = start + round(max(0, end - start) * typed / total)
        if line.strip():
            _line(stage, line, zone.left + 48 * u, baseline, em, stage.begin(at), until - at)
        baseline += 1.5 * em


def _line(stage: Stage, text: str, left: float, baseline: float, em: float, at: int, frames: int) -> None:
    face = stage.mono.face
    used = {each for _, each in fonts.runs(text, face)} | {face}
    stage.faces |= used
    above = max(each.ascent for each in used) * em
    caret = f"{{\\1c{colour(stage.palette.accent)}}}▌"

    def body(part: float) -> str:
        shown = text[: round(len(text) * part)]
        return _coloured(stage, shown, em) + (caret if part < 1 else "")

    stage.add(
        Layer(
            body=body,
            x=left,
            y=baseline - above,
            start=at,
            end=stage.last,
            drift=stage.calm,
            colour=stage.palette.ink,
            enter=lambda part: Pose(),
            entering=max(1, min(frames, stage.last - stage.leaving - at)),
            leave=lambda part: Pose(y=-30 * stage.u * in_cubic(part), opacity=1 - part),
            leaving=stage.leaving,
        )
    )
    width, room = face.measure(text, em), 8 * stage.u
    stage.boxes.append(
        TextBox(text=text, left=int(left), top=max(0, int(baseline - 0.8 * em - room)), right=int(left + width + 1),
                bottom=int(baseline + 0.25 * em + room), start=at, end=stage.last)
    )  # fmt: skip


def _coloured(stage: Stage, text: str, em: float) -> str:
    """The text as ASS: remarks muted, strings and numbers in the one accent, keywords in the other."""
    palette, face = stage.palette, stage.mono.face
    parts = [f"{{\\fn{face.family}\\fs{face.ass_size(em):.2f}}}"]
    for hit in _TOKEN.finditer(text):
        tint = {1: palette.muted, 2: palette.accent, 3: palette.accent}.get(hit.lastindex or 0, palette.ink)
        tint = palette.accent2 if hit[0].lower() in _WORDS else tint
        # libass swallows blanks that a line begins with; the hard ones stay.
        parts.append(f"{{\\1c{colour(tint)}}}" + fonts.ass_runs(hit[0].replace(" ", "\u00a0"), face, em))
    return "".join(parts)
