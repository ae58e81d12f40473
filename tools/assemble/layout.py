"""Where captions stand: words measured, wrapped, shrunk where they must be, and placed inside the safe area.

Knows nothing about ASS, colours or how words are lit.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..fonts import Face, right_to_left, runs
from .look import SECOND, Look
from .pages import Page
from .subtitles import Subtitle
from .words import Spoken, joined

_PITCH, _SUBTITLE_PITCH = 1.1, 1.22
"""Line distance in ems."""
_DESCENT = 0.24
"""How far letters reach below the baseline, in ems."""
_SPACE, _BOXED_SPACE = 1.15, 1.7
"""Word spacing of pages: the active word needs room to grow, and its box needs more."""
_APART = 0.12
"""Between two languages, in ems."""
_ACROSS_DOWN = (0.5, 0.2)
"""How far a panel reaches beyond its lines, in ems."""
RIGHT_TO_LEFT = "\u200f"
LABEL = 30.0


@dataclass(frozen=True)
class Placed:
    """A text on the frame: the middle of libass's line box at (x, y), the ink inside the edges."""

    text: str
    face: Face
    em: float
    x: float
    y: float
    left: float
    top: float
    right: float
    bottom: float
    word: Spoken | None = None
    mark: str = ""
    """A direction mark before the text, where the word alone does not tell its line's."""


def fits(text: str, look: Look) -> bool:
    """Whether a karaoke page stands on one line at full size."""
    return look.face.measure(text, look.em) <= room(look)


def place_page(page: Page, look: Look) -> list[Placed]:
    """The words of a page, on one or two lines, centred."""
    em = look.em
    lines = _wrap(list(page.words), look, em)
    em *= min(1.0, room(look) / max(_widths(line, look, em)[1] for line in lines))
    block = (len(lines) - 1) * _PITCH * em
    first = look.centre + look.face.cap_height * em / 2 - block / 2
    floor = look.area.bottom - look.edge - _DESCENT * em
    first -= max(0.0, first + block - floor)
    rows = []
    for number, line in enumerate(lines):
        rows += _row(line, look, em, first + number * _PITCH * em)
    return rows


def place_lines(row: Subtitle, look: Look, boxed: bool = False) -> list[Placed]:
    """Lines at the foot of the safe area, or around the caption line of a vertical film; a second language below.

    Args:
        boxed: leave room for the panel behind them.
    """
    sized = [*((line, 1.0) for line in row.lines), *((line, SECOND) for line in row.second)]
    widest = max(look.face.measure(line, look.em * scale) for line, scale in sized)
    em = look.em * min(1.0, room(look, boxed) / max(widest, 1.0))
    em *= min(1.0, 0.4 * look.area.height / (sum(scale for _, scale in sized) * _SUBTITLE_PITCH * em))
    steps = [scale * _SUBTITLE_PITCH * em for _, scale in sized]
    if row.second:
        steps[len(row.lines)] += _APART * em
    last = look.area.bottom - look.edge - _DESCENT * em * sized[-1][1] - (_ACROSS_DOWN[1] * em if boxed else 0)
    if look.tall:
        last = min(last, look.centre + (sum(steps) - 0.4 * em) / 2)
    baseline = last - sum(steps[1:])
    placed = []
    for number, (line, scale) in enumerate(sized):
        baseline += steps[number] if number else 0.0
        placed.append(_placed(line, look.face, em * scale, look.size.width / 2, baseline, look.edge * 0.6))
    return placed


def place_below(lines: Sequence[str], look: Look) -> list[Placed]:
    """The second language under a karaoke page: small, at the foot of the safe area."""
    widest = max(look.face.measure(line, look.em) for line in lines)
    count = len(lines)
    em = look.em * min(SECOND, room(look) / max(widest, 1.0), SECOND * 2 / count)
    last = look.area.bottom - look.edge - _DESCENT * em
    return [
        _placed(
            line, look.face, em, look.size.width / 2, last - (count - 1 - n) * _SUBTITLE_PITCH * em, look.edge * 0.6
        )
        for n, line in enumerate(lines)
    ]


def panel(rows: Sequence[Placed], look: Look) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the box behind lines."""
    em = rows[0].em
    across, down = (part * em - 0.6 * look.edge for part in _ACROSS_DOWN)
    return (
        min(row.left for row in rows) - across,
        min(row.top for row in rows) - down - 0.06 * em,
        max(row.right for row in rows) + across,
        max(row.bottom for row in rows) + down,
    )


def place_label(text: str, look: Look) -> Placed:
    """A small notice in the upper left corner of the safe area, cut short where it would not fit."""
    em = LABEL * look.unit
    while look.label.measure(text, em) > look.safe.width and len(text) > 1:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    width = look.label.measure(text, em)
    edge = 2 * look.unit
    baseline = look.safe.top + edge + look.label.ascent * em
    return _placed(text, look.label, em, look.safe.left + edge + width / 2, baseline, edge)


def room(look: Look, boxed: bool = False) -> float:
    """Pixels that a line may take at most."""
    padding = 2 * _ACROSS_DOWN[0] * look.em if boxed else 0.0
    return look.area.width - 2 * look.edge - 2 - padding


def _wrap(words: list[Spoken], look: Look, em: float) -> list[list[Spoken]]:
    """One line where it fits, else the two most even ones."""
    if len(words) == 1 or _widths(words, look, em)[1] <= room(look):
        return [words]

    def widest(place: int) -> float:
        return max(_widths(part, look, em)[1] for part in (words[:place], words[place:]))

    place = min(range(1, len(words)), key=widest)
    return [words[:place], words[place:]]


def _widths(line: Sequence[Spoken], look: Look, em: float) -> tuple[list[float], float]:
    """Widths of the words, and of the line with its spaces."""
    widths = [look.face.measure(word.text, em) for word in line]
    spaces = sum(1 for word in line[1:] if not word.glued)
    return widths, sum(widths) + spaces * _space(look, em)


def _space(look: Look, em: float) -> float:
    return look.face.measure(" ", em) * (_BOXED_SPACE if look.style.box and look.part == "karaoke" else _SPACE)


def _row(line: list[Spoken], look: Look, em: float, baseline: float) -> list[Placed]:
    widths, total = _widths(line, look, em)
    x = (look.size.width - total) / 2
    placed = []
    order = reading_order([word.text for word in line])
    base = right_to_left(joined(line))
    for before, number in pairwise([-1, *order]):
        if before >= 0 and not line[max(before, number)].glued:
            x += _space(look, em)
        middle = x + widths[number] / 2
        row = _placed(line[number].text, look.face, em, middle, baseline, look.edge, line[number])
        placed.append(replace(row, mark=RIGHT_TO_LEFT) if base and _direction(row.text) is None else row)
        x += widths[number]
    return placed


def reading_order(texts: Sequence[str]) -> list[int]:
    """Word numbers from left to right, as the Unicode bidirectional rules lay out whole words."""
    base = right_to_left(" ".join(texts))
    kinds = [_direction(text) for text in texts]
    turned: list[bool] = []
    for number, kind in enumerate(kinds):
        before = turned[-1] if turned else base
        if kind is None:
            # Signs go with their neighbours when these agree, else with the line; numbers follow what is before them.
            after = next((other for other in kinds[number:] if other is not None), base)
            figures = any(letter.isdigit() for letter in texts[number])
            kind = before if figures or before == after else base
        turned.append(kind)
    groups: list[list[int]] = []
    for number, kind in enumerate(turned):
        if groups and turned[groups[-1][0]] == kind:
            groups[-1].append(number)
        else:
            groups.append([number])
    rows = [group[::-1] if turned[group[0]] else group for group in groups]
    return [number for group in (rows[::-1] if base else rows) for number in group]


def _direction(text: str) -> bool | None:
    """True from right to left, False from left to right, None where nothing tells (numbers, signs)."""
    kinds = {unicodedata.bidirectional(letter) for letter in text}
    if kinds & {"R", "AL"}:
        return True
    return False if "L" in kinds else None


def _placed(
    text: str, face: Face, em: float, x: float, baseline: float, edge: float, word: Spoken | None = None
) -> Placed:
    parts = [part for _, part in runs(text, face)] or [face]
    ascent, descent = max(part.ascent for part in parts), max(part.descent for part in parts)
    width = face.measure(text, em)
    tall = max(ascent * 0.8, face.cap_height) if any(part != face for part in parts) else face.cap_height * 1.06
    return Placed(
        text=text,
        face=face,
        em=em,
        x=x,
        y=baseline - (ascent - descent) / 2 * em,
        left=x - width / 2 - edge,
        top=baseline - tall * em - edge,
        right=x + width / 2 + edge,
        bottom=baseline + _DESCENT * em + edge,
        word=word,
    )


def plain(page: Page) -> str:
    """The page's text on one line, for reports."""
    return joined(list(page.words))
