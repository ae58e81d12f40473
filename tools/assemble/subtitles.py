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
    words = [word for cue in ordered for word in spoken(cue, line)]
    groups = _partition(words, rate, line)
    rows: list[Subtitle] = []
    for number, group in enumerate(groups):
        limit = groups[number + 1][0].start - GAP if number + 1 < len(groups) else end
        start = max(group[0].start, rows[-1].end + GAP if rows else 0)
        stop = _stop(group, start, limit, rate, cuts)
        row = Subtitle(_lines(group, line), start, min(max(stop, start + 1), max(end, start + 1)))
        rows.append(row)
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


def _partition(words: list[Spoken], rate: Fraction, line: float) -> list[list[Spoken]]:
    """The cheapest way to part the film's words into subtitles."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(words) + 1):
        choices = []
        for first in range(last - 1, max(-1, last - 1 - _WINDOW), -1):
            if first < last - 1 and _split(words[first:last], line) is None:
                break
            choices.append((best[first][0] + _price(words, first, last, rate, line), first))
        best.append(min(choices))
    groups: list[list[Spoken]] = []
    last = len(words)
    while last:
        first = best[last][1]
        groups.append(words[first:last])
        last = first
    return groups[::-1]


def _price(words: list[Spoken], first: int, last: int, rate: Fraction, line: float) -> float:
    group = words[first:last]
    length = cells(joined(group))
    following = words[last].start - GAP if last < len(words) else group[-1].end + _ceil(rate)
    until = min(max(group[-1].end + _LINGER, group[0].start + _ceil(SHORTEST * rate)), following)
    seconds = float(max(until - group[0].start, 1) / rate)
    price = 6.0
    price += 3.0 * float(max(0.0, length / seconds - SPEED) ** 1.5)
    if seconds < SHORTEST:
        price += 60.0 * (float(SHORTEST) - seconds) + 20
    if seconds > LONGEST:
        price += 60.0 * (seconds - float(LONGEST))
    for before, after in pairwise(group):
        silence = float((after.start - before.end) / rate)
        price += 40.0 * max(0.0, silence - 1.0)
        if before.ends_sentence:
            price += 9.0
    if last < len(words):
        price += 2.0 * reluctance(words[last - 1], words[last])
    split = _split(group, line)
    return price + (split[0] * 0.5 if split else 0.0)


def _split(group: list[Spoken], line: float) -> tuple[float, int] | None:
    """The price and place of the best line break; place 0 is one line, None is text for more than two lines."""
    length = cells(joined(group))
    if length <= line:
        return 0.0, 0
    if length > 2 * line + 1:
        return None
    choices = []
    for place in range(1, len(group)):
        top, bottom = cells(joined(group[:place])), cells(joined(group[place:]))
        if top <= line and bottom <= line:
            # The lower line is better the longer one: less of the picture is covered.
            uneven = abs(top - bottom) / 8 + (1.0 if top > bottom + 6 else 0.0)
            choices.append((reluctance(group[place - 1], group[place]) + uneven, place))
    return min(choices, default=None)


def _lines(group: list[Spoken], line: float) -> tuple[str, ...]:
    split = _split(group, line)
    if split is None or split[1] == 0:
        return (joined(group),)
    place = split[1]
    return joined(group[:place]), joined([replace(group[place], glued=False), *group[place + 1 :]])


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
