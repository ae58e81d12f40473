"""Subtitle cues by the timed-text rules: two lines, readable speed, breaks where sense breaks; and .srt and .vtt.

Knows nothing about fonts, pixels or karaoke.
"""

from collections.abc import Callable, Sequence
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
_EARLY = 3
"""Frames that a subtitle may come before its first word, to begin on a cut."""
_WINDOW = 40
_PHRASE = 8.0
"""Reluctance from which two words belong together."""


@dataclass(frozen=True)
class Subtitle:
    """One or two lines from frame `start` to `end` (exclusive), and the same in a second language."""

    lines: tuple[str, ...]
    start: int
    end: int
    second: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """What a line holds: LINE units of `width`, in words of at most `longest` cells, read at `speed` cells a second.

    Burned lines are measured in pixels, scaled so that LINE units are the room there is.
    """

    width: Callable[[str], float] = cells
    longest: float = LINE
    speed: float = SPEED
    second: float = 1.0
    """How large a second language stands beside the first."""


BESIDE = Measure()


def subtitles(
    cues: Sequence[Cue], rate: Fraction, end: int, cuts: Sequence[int] = (), measure: Measure = BESIDE
) -> list[Subtitle]:
    """Subtitles for all cues, in order, without overlap, none after frame `end`; ends prefer a cut."""
    ordered = sorted((cue for cue in cues if cue.text.strip()), key=lambda cue: cue.start)
    stacked = any(cue.second.strip() for cue in ordered)
    text = _Text([word for cue in ordered for word in spoken(cue, measure.longest)], measure, stacked)
    groups = _partition(text, rate)
    seconds = _seconds(text, groups, ordered, measure) if stacked else [()] * len(groups)
    rows: list[Subtitle] = []
    for number, (first, last) in enumerate(groups):
        limit = text.words[groups[number + 1][0]].start - GAP if number + 1 < len(groups) else end
        group = text.words[first:last]
        free = rows[-1].end + GAP if rows else 0
        start = max(group[0].start, free)
        # With the picture rather than a blink after it.
        start = max((cut for cut in cuts if free <= cut < start <= cut + _EARLY), default=start)
        stop = _stop(group, start, limit, rate, cuts, measure.speed)
        until = min(max(stop, start + 1), max(end, start + 1))
        rows.append(Subtitle(_lines(text, first, last), start, until, seconds[number]))
    return [row for row in rows if row.start < end]


def _seconds(
    text: "_Text", groups: list[tuple[int, int]], cues: Sequence[Cue], measure: Measure
) -> list[tuple[str, ...]]:
    """The second language of each cue, parted like its subtitles."""
    rows: list[tuple[str, ...]] = []
    for cue in cues:
        mine = [group for group in groups[len(rows) :]]
        ends = [number for number, (_, last) in enumerate(mine, 1) if text.words[last - 1].last]
        lengths = [text.length(first, last) for first, last in mine[: ends[0]]]
        rows += _shared(cue.second, lengths, measure)
    return rows


def _shared(second: str, lengths: Sequence[float], measure: Measure) -> list[tuple[str, ...]]:
    words = spoken(Cue(start=0, end=0, text=second), measure.longest)
    text = _Text(words, replace(measure, width=lambda part: measure.width(part) * measure.second))
    total, whole = text.length(0, len(words)), sum(lengths) or 1.0
    rows: list[tuple[str, ...]] = []
    place = 0
    for number in range(1, len(lengths) + 1):
        aim = total * sum(lengths[:number]) / whole
        last = len(words)
        if number < len(lengths):
            choices = range(place, len(words) + 1)
            last = min(choices, key=lambda end: abs(text.length(0, end) - aim) / 3 + text.hurt(end))
        rows.append(_wrapped(text, place, last) if last > place else ())
        place = last
    return rows


def _wrapped(text: "_Text", first: int, last: int) -> tuple[str, ...]:
    """One or two lines where sense breaks; a text for more is filled line by line."""
    if text.split(first, last) is not None:
        return _lines(text, first, last)
    lines: list[str] = []
    while first < last:
        end = first + 1
        while end < last and text.width(first, end + 1) <= LINE:
            end += 1
        lines.append(joined([replace(text.words[first], glued=False), *text.words[first + 1 : end]]))
        first = end
    return tuple(lines)


def _stop(group: list[Spoken], start: int, limit: int, rate: Fraction, cuts: Sequence[int], speed: float) -> int:
    spoken_until = group[-1].end
    readable = start + _ceil(Fraction(cells(joined(group))) / Fraction(speed) * rate)
    stop = max(spoken_until + _LINGER, start + _ceil(SHORTEST * rate), min(readable, spoken_until + _ceil(rate)))
    stop = limit if 0 <= limit - stop < _LINGER else min(stop, limit)
    shortest = start + _ceil(SHORTEST * rate)
    near = [cut for cut in cuts if max(spoken_until, shortest) <= cut <= limit and abs(cut - stop) <= _LINGER]
    return min(near, key=lambda cut: abs(cut - stop)) if near else stop


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


class _Text:
    """The film's words with what is asked of them again and again: lengths and how much a break hurts."""

    def __init__(self, words: list[Spoken], measure: Measure, stacked: bool = False) -> None:
        self.words = words
        self.speed = measure.speed
        self.stacked = stacked
        """Cues stay apart: each has a second text of its own."""
        self._lengths, self._widths = [0.0], [0.0]
        self._spaces = (1.0, measure.width(" "))
        for number, word in enumerate(words):
            spaces = (0.0, 0.0) if word.glued or not number else self._spaces
            self._lengths.append(self._lengths[-1] + cells(word.text) + spaces[0])
            self._widths.append(self._widths[-1] + measure.width(word.text) + spaces[1])
        self._breaks = [0.0, *(reluctance(before, after) for before, after in pairwise(words)), 0.0]

    def length(self, first: int, last: int) -> float:
        """Cells of the words from `first` to before `last`."""
        return self._between(self._lengths, first, last, self._spaces[0])

    def width(self, first: int, last: int) -> float:
        """The same as wide as it is shown."""
        return self._between(self._widths, first, last, self._spaces[1])

    def _between(self, ends: Sequence[float], first: int, last: int, space: float) -> float:
        before = space if 0 < first < last and not self.words[first].glued else 0.0
        return ends[last] - ends[first] - before

    def hurt(self, place: int) -> float:
        """Of a break before word `place`."""
        return self._breaks[place]

    def split(self, first: int, last: int) -> tuple[float, int] | None:
        """The price and place of the best line break; place 0 is one line, None is text for more than two lines."""
        whole = self.width(first, last)
        if whole <= LINE:
            return 0.0, 0
        if whole > 2 * LINE + 1:
            return None
        choices = []
        for place in range(first + 1, last):
            top, bottom = self.width(first, place), self.width(place, last)
            if top <= LINE and bottom <= LINE:
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
            if (split is None and first < last - 1) or (text.stacked and first < last - 1 and text.words[first].last):
                break
            # Rather two subtitles than a break inside a phrase.
            lines = split[0] * (0.5 if split[0] < _PHRASE else 6.0) if split else 0.0
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
    # By the time it takes: speech too fast to read is no slower in two parts.
    price = 6.0 + seconds * float(max(0.0, text.length(first, last) / seconds - text.speed) ** 1.5)
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
        text = "\n".join((*row.lines, *row.second))
        blocks.append(f"{number}\n{_clock(row.start, rate, ',')} --> {_clock(row.end, rate, ',')}\n{text}\n")
    return "\n".join(blocks)


def vtt(rows: Sequence[Subtitle], rate: Fraction) -> str:
    """WebVTT text; what would be markup is escaped."""
    blocks = ["WEBVTT\n"]
    for row in rows:
        lines = (*row.lines, *row.second)
        text = "\n".join(line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in lines)
        blocks.append(f"{_clock(row.start, rate, '.')} --> {_clock(row.end, rate, '.')}\n{text}\n")
    return "\n".join(blocks)


def _clock(frame: int, rate: Fraction, mark: str) -> str:
    milliseconds = round(frame * 1000 / rate)
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{rest:03}"
