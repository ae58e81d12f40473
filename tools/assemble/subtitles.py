"""Subtitle cues by the timed-text rules: two lines, readable speed, breaks where sense breaks; and .srt and .vtt.

Knows nothing about fonts, pixels or karaoke.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ..timeline import Cue
from .words import Spoken, cells, joined, reluctance, spoken

LINE = 42.0
SPEED = 17.0
"""Characters a second that everybody reads; 20 is the hard limit."""
SHORTEST, LONGEST = Fraction(5, 6), Fraction(7)
GAP = 2
"""Frames between two subtitles, so that the change is seen."""
_LINGER = 12
"""Frames that a subtitle may stay after its last word."""
_WINDOW = 40


@dataclass(frozen=True)
class Subtitle:
    """One or two lines from frame `start` to `end` (exclusive)."""

    lines: tuple[str, ...]
    start: int
    end: int


def subtitles(
    cues: Sequence[Cue], rate: Fraction, end: int, cuts: Sequence[int] = (), line: float = LINE
) -> list[Subtitle]:
    """Subtitles for all cues, in order, without overlap, none after frame `end`; ends prefer a cut.

    `line` is the longest line in characters.
    """
    ordered = sorted(cues, key=lambda cue: cue.start)
    text = _Text([word for cue in ordered for word in spoken(cue, line)], line)
    groups = _partition(text, rate)
    rows: list[Subtitle] = []
    for number, (first, last) in enumerate(groups):
        limit = text.words[groups[number + 1][0]].start - GAP if number + 1 < len(groups) else end
        group = text.words[first:last]
        start = max(group[0].start, rows[-1].end + GAP if rows else 0)
        stop = _stop(group, start, limit, rate, cuts)
        rows.append(Subtitle(_lines(text, first, last), start, min(max(stop, start + 1), max(end, start + 1))))
    return [row for row in rows if row.start < end]


def _stop(group: list[Spoken], start: int, limit: int, rate: Fraction, cuts: Sequence[int]) -> int:
    spoken_until = group[-1].end
    readable = start + _ceil(Fraction(cells(joined(group))) / Fraction(SPEED) * rate)
    stop = max(spoken_until + _LINGER, start + _ceil(SHORTEST * rate), min(readable, spoken_until + _ceil(rate)))
    stop = limit if 0 <= limit - stop < _LINGER else min(stop, limit)
    shortest = start + _ceil(SHORTEST * rate)
    near = [cut for cut in cuts if max(spoken_until, shortest) <= cut <= limit and abs(cut - stop) <= _LINGER]
    return min(near, key=lambda cut: abs(cut - stop)) if near else stop


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


class _Text:
    """The film's words with what is asked of them again and again: lengths and how much a break hurts."""

    def __init__(self, words: list[Spoken], line: float) -> None:
        self.words = words
        self.line = line
        self._ends = [0.0]
        for number, word in enumerate(words):
            self._ends.append(self._ends[-1] + cells(word.text) + (0.0 if word.glued or not number else 1.0))
        self._breaks = [0.0, *(reluctance(before, after) for before, after in pairwise(words)), 0.0]

    def length(self, first: int, last: int) -> float:
        """Cells of the words from `first` to before `last`."""
        space = 1.0 if first and not self.words[first].glued else 0.0
        return self._ends[last] - self._ends[first] - space

    def hurt(self, place: int) -> float:
        """Of a break before word `place`."""
        return self._breaks[place]

    def split(self, first: int, last: int) -> tuple[float, int] | None:
        """The price and place of the best line break; place 0 is one line, None is text for more than two lines."""
        length = self.length(first, last)
        if length <= self.line:
            return 0.0, 0
        if length > 2 * self.line + 1:
            return None
        choices = []
        for place in range(first + 1, last):
            top, bottom = self.length(first, place), self.length(place, last)
            if top <= self.line and bottom <= self.line:
                # The lower line is better the longer one: less of the picture is covered.
                uneven = abs(top - bottom) / 8 + (1.0 if top > bottom + 6 else 0.0)
                choices.append((self.hurt(place) + uneven, place))
        return min(choices, default=None)


def _partition(text: _Text, rate: Fraction) -> list[tuple[int, int]]:
    """The cheapest way to part the film's words into subtitles."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(text.words) + 1):
        choices = []
        for first in range(last - 1, max(-1, last - 1 - _WINDOW), -1):
            split = text.split(first, last)
            if split is None and first < last - 1:
                break
            lines = split[0] * 0.5 if split else 0.0
            choices.append((best[first][0] + lines + _price(text, first, last, rate), first))
        best.append(min(choices))
    groups: list[tuple[int, int]] = []
    last = len(text.words)
    while last:
        first = best[last][1]
        groups.append((first, last))
        last = first
    return groups[::-1]


def _price(text: _Text, first: int, last: int, rate: Fraction) -> float:
    words, a_second = text.words, float(rate)
    start, spoken_until = words[first].start, words[last - 1].end
    following = words[last].start - GAP if last < len(words) else spoken_until + a_second
    until = min(max(spoken_until + _LINGER, start + float(SHORTEST) * a_second), following)
    seconds = max(until - start, 1) / a_second
    price = 6.0 + 3.0 * float(max(0.0, text.length(first, last) / seconds - SPEED) ** 1.5)
    if seconds < SHORTEST - Fraction(1, 100):
        price += 60.0 * (float(SHORTEST) - seconds) + 20
    if seconds > LONGEST:
        price += 60.0 * (seconds - float(LONGEST))
    for before, after in pairwise(words[first:last]):
        price += 40.0 * max(0.0, (after.start - before.end) / a_second - 1.0)
        if before.ends_sentence:
            price += 9.0
    return price + 2.0 * text.hurt(last)


def _lines(text: _Text, first: int, last: int) -> tuple[str, ...]:
    split = text.split(first, last)
    if split is None or split[1] == 0:
        return (joined(text.words[first:last]),)
    place = split[1]
    lower = [replace(text.words[place], glued=False), *text.words[place + 1 : last]]
    return joined(text.words[first:place]), joined(lower)


def srt(rows: Sequence[Subtitle], rate: Fraction) -> str:
    """SubRip text."""
    blocks = []
    for number, row in enumerate(rows, 1):
        text = "\n".join(row.lines)
        blocks.append(f"{number}\n{_clock(row.start, rate, ',')} --> {_clock(row.end, rate, ',')}\n{text}\n")
    return "\n".join(blocks)


def vtt(rows: Sequence[Subtitle], rate: Fraction) -> str:
    """WebVTT text; what would be markup is escaped."""
    blocks = ["WEBVTT\n"]
    for row in rows:
        text = "\n".join(line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in row.lines)
        blocks.append(f"{_clock(row.start, rate, '.')} --> {_clock(row.end, rate, '.')}\n{text}\n")
    return "\n".join(blocks)


def _clock(frame: int, rate: Fraction, mark: str) -> str:
    milliseconds = round(frame * 1000 / rate)
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{rest:03}"
