"""Where captions stand: words measured, wrapped, shrunk where they must be, and placed inside the safe area.

Knows nothing about ASS, colours or how words are lit.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..fonts import Face, right_to_left, runs
from .look import Look
from .pages import Page
from .subtitles import Subtitle
from .words import Spoken, joined

_PITCH, _SUBTITLE_PITCH = 1.1, 1.22
"""Line distance in ems."""
_DESCENT = 0.24
"""How far letters reach below the baseline, in ems."""
_SPACE, _BOXED_SPACE = 1.15, 1.7
"""Word spacing of pages: the active word needs room to grow, and its box needs more."""
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
    return look.page.measure(text, look.style.size * look.unit) <= _room(look)


def place_page(page: Page, look: Look) -> list[Placed]:
    """The words of a page, on one or two lines, centred."""
    em = look.style.size * look.unit
    lines = _wrap(list(page.words), look, em)
    em *= min(1.0, _room(look) / max(_widths(line, look, em)[1] for line in lines))
    block = (len(lines) - 1) * _PITCH * em
    first = look.centre + look.page.cap_height * em / 2 - block / 2
    floor = look.area.bottom - look.style.outline * look.unit - _DESCENT * em
    first -= max(0.0, first + block - floor)
    rows = []
    for number, line in enumerate(lines):
        rows += _row(line, look, em, first + number * _PITCH * em)
    return rows


def place_subtitle(row: Subtitle, look: Look) -> list[Placed]:
    """One or two lines at the foot of the safe area, or around the caption line of a vertical film."""
    face, full = look.subtitle, look.style.subtitle_size * look.unit
    widest = max(face.measure(line, full) for line in row.lines)
    em = full * min(1.0, _room(look) / max(widest, 1.0))
    edge = look.style.outline * look.unit
    last = look.area.bottom - edge - _DESCENT * em
    if look.size.height > 1.5 * look.size.width:
        last = min(last, look.centre + (len(row.lines) * _SUBTITLE_PITCH - 0.4) * em / 2)
    middle = look.size.width / 2
    placed = []
    for number, line in enumerate(row.lines):
        baseline = last - (len(row.lines) - 1 - number) * _SUBTITLE_PITCH * em
        placed.append(_placed(line, face, em, middle, baseline, edge * 0.6))
    return placed


def place_label(text: str, look: Look) -> Placed:
    """A small notice in the upper left corner of the safe area, cut short where it would not fit."""
    em = LABEL * look.unit
    while look.label.measure(text, em) > look.safe.width and len(text) > 1:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    width = look.label.measure(text, em)
    edge = 2 * look.unit
    baseline = look.safe.top + edge + look.label.ascent * em
    return _placed(text, look.label, em, look.safe.left + edge + width / 2, baseline, edge)


def _room(look: Look) -> float:
    return look.area.width - 2 * look.style.outline * look.unit - 2


def _wrap(words: list[Spoken], look: Look, em: float) -> list[list[Spoken]]:
    """One line where it fits, else the two most even ones."""
    if len(words) == 1 or _widths(words, look, em)[1] <= _room(look):
        return [words]

    def widest(place: int) -> float:
        return max(_widths(part, look, em)[1] for part in (words[:place], words[place:]))

    place = min(range(1, len(words)), key=widest)
    return [words[:place], words[place:]]


def _widths(line: Sequence[Spoken], look: Look, em: float) -> tuple[list[float], float]:
    """Widths of the words, and of the line with its spaces."""
    widths = [look.page.measure(word.text, em) for word in line]
    spaces = sum(1 for word in line[1:] if not word.glued)
    return widths, sum(widths) + spaces * _space(look, em)


def _space(look: Look, em: float) -> float:
    return look.page.measure(" ", em) * (_BOXED_SPACE if look.style.box else _SPACE)


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
        edge = look.style.outline * look.unit
        row = _placed(line[number].text, look.page, em, middle, baseline, edge, line[number])
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
