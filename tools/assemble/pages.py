"""Karaoke pages: one to four words at a time, cut where a speaker would breathe.

Knows nothing about fonts, pixels or files; whether a page fits one line is told to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ..timeline import Cue
from .words import Spoken, cells, joined, reluctance, sentences, spoken

WORDS = 4
CELLS = 20.0


@dataclass(frozen=True)
class Shape:
    """How much stands on a page: at most so many words and cells, best about `ideal` cells."""

    words: int = WORDS
    cells: float = CELLS
    ideal: float = 13.0


PAGE = Shape()
POP = Shape(words=2, cells=14.0, ideal=8.0)
"""A word or two, large."""
_LONGEST_WORD = 26.0
"""Cells of a word that is shrunk to one page; a longer one is parted."""
SHORTEST = 6
"""Frames that a page stays at least (criteria.md, "karaoke pages")."""
_LEAD = 3
"""Frames that a page may come before its first word, or after it, so that every page stays long enough."""
_HOLD = Fraction(2, 5)
"""Seconds that a page stays after its last word, and the longest gap that is closed."""


@dataclass(frozen=True)
class Page:
    """Words shown together from frame `start` to `end` (exclusive)."""

    words: tuple[Spoken, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """The page as it is read."""
        return joined(list(self.words))


def paginate(
    cues: Sequence[Cue], rate: Fraction, fits: Callable[[str], bool], end: int, shape: Shape = PAGE
) -> list[Page]:
    """Pages for all cues, in order, without overlap, none after frame `end`.

    Args:
        fits: whether a text stands on one line.
        end: the film's length in frames.
    """
    ordered = sorted(cues, key=lambda cue: cue.start)
    words = [word for cue in ordered for word in spoken(cue, _LONGEST_WORD)]
    groups = [group for sentence in sentences(words) for group in _partition(sentence, rate, fits, shape)]
    return _timed(groups, rate, end)


def _partition(words: list[Spoken], rate: Fraction, fits: Callable[[str], bool], shape: Shape) -> list[list[Spoken]]:
    """The cheapest way to part a sentence into pages."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(words) + 1):
        choices = []
        for first in range(last - 1, -1, -1):
            if first < last - 1 and _count(words[first:last]) > shape.words:
                break
            choices.append((best[first][0] + _price(words, first, last, rate, fits, shape), first))
        best.append(min(choices))
    groups: list[list[Spoken]] = []
    last = len(words)
    while last:
        first = best[last][1]
        groups.append(words[first:last])
        last = first
    return groups[::-1]


def _count(words: list[Spoken]) -> int:
    """Words as a reader counts them; an unspaced text counts by its length alone."""
    return sum(1 for number, word in enumerate(words) if not word.glued or not number) + len(words) // 12


def _price(
    words: list[Spoken], first: int, last: int, rate: Fraction, fits: Callable[[str], bool], shape: Shape
) -> float:
    group = words[first:last]
    text = joined(group)
    length = cells(text)
    price = ((length - shape.ideal) / 5) ** 2 + 1.5
    if length > shape.cells:
        price += 40
    if len(group) > 1 and not fits(text):
        price += 8
    if last < len(words):
        stays = words[last].start - group[0].start
        silence = words[last].start - group[-1].end
        price += 0.0 if silence > rate / 4 else reluctance(group[-1], words[last]) * 0.6
    else:
        stays = group[-1].end + _LEAD - group[0].start
    if stays < SHORTEST:
        price += 60 + SHORTEST - stays
    pauses = sum(1 for a, b in pairwise(group) if b.start - a.end > rate / 2)
    return price + 12 * pauses


def _timed(groups: list[list[Spoken]], rate: Fraction, end: int) -> list[Page]:
    """Pages begin on their first word; short gaps are closed, and each stays at least SHORTEST frames."""
    starts = _starts(groups)
    hold = round(_HOLD * rate)
    pages: list[Page] = []
    for number, group in enumerate(groups):
        start = max(starts[number], pages[-1].end if pages else 0)
        following = starts[number + 1] if number + 1 < len(groups) else end
        until = max(group[-1].end + hold, start + SHORTEST)
        stop = following if following - until <= hold // 2 else until
        stop = min(stop, following, end)
        if stop > start:
            pages.append(Page(tuple(group), start, stop))
        elif pages:
            # No frame is left for it: its words join the page before rather than vanish.
            pages[-1] = replace(pages[-1], words=(*pages[-1].words, *group))
    return pages


def _starts(groups: list[list[Spoken]]) -> list[int]:
    starts = [group[0].start for group in groups]
    for number in range(len(starts) - 1, 0, -1):
        # A page whose words are over too soon begins a little before them, if the page before can spare it.
        natural = groups[number][-1].end - starts[number]
        following = starts[number + 1] if number + 1 < len(starts) else starts[number] + SHORTEST
        missing = SHORTEST - max(natural, following - starts[number])
        spare = starts[number] - starts[number - 1] - SHORTEST
        if missing > 0 and spare > 0:
            starts[number] -= min(missing, spare, _LEAD)
    for number in range(1, len(starts)):
        short = starts[number - 1] + SHORTEST - starts[number]
        starts[number] += min(max(short, 0), _LEAD)
    return starts
