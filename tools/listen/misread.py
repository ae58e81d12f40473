"""Misread lines: each line of a script held against what was heard of it.

Knows nothing about voices. A recogniser is no witness of spelling: words that were heard as others much like them
were said, and names often are.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from pydantic import Field

from ..media import Frozen
from .wer import variants, words_of

ALIKE = 0.6
"""Part of their letters that two stretches of words share where one may be the other: Gutenberg, good and bird."""
MISREAD = 0.25
"""Part of a line's words that must be missing or wrong: measured in docs/speaking.md."""
_LITTLE = frozenset(("a", "an", "and", "at", "in", "is", "of", "on", "the", "to", "was"))
"""Words so short and weak that a recogniser guesses them from their neighbours."""
LEAST = 2
"""Words that must be: a recogniser slips on one now and then (WER 2 to 5 % on clear speech)."""


class Reading(Frozen):
    """How a line was read: how many words it has, how many were missing, wrong or too many, and what was heard."""

    words: int = Field(ge=0)
    wrong: int = Field(ge=0)
    heard: str = ""

    @property
    def share(self) -> float:
        """Part of the words that were not read as written."""
        return min(self.wrong / self.words, 1.0) if self.words else 0.0

    @property
    def misread(self) -> bool:
        """True where no recogniser's slip explains it; a line of a single word is misread when that one is wrong."""
        return self.share >= MISREAD and self.wrong >= min(LEAST, self.words)


def reading(text: str, heard: str) -> Reading:
    """How `text` was read where `heard` was heard.

    >>> reading("Fresh nectar is 70% water.", "fresh nectar is seventy percent water").wrong
    0
    >>> reading("Wax seals every cell.", "Wax melts in the sun.").misread
    True
    """
    said = words_of(text)
    wrong = min(_wrong(said, words) for words in variants(heard))
    return Reading(words=len(said), wrong=wrong, heard=heard)


def shares(texts: Sequence[str], heard: str) -> tuple[str, ...]:
    """What was heard of each text, where all of them were spoken one after another.

    >>> shares(["Wax seals every cell.", "Wings fan the water away."], "wax seals every cell wins fan water away")
    ('wax seals every cell', 'wins fan water away')
    """
    said = [words_of(text) for text in texts]
    parts, owners = heard.split(), list[int]()
    words: list[str] = []
    for number, part in enumerate(parts):
        plain = words_of(part)
        words += plain
        owners += [number] * len(plain)
    matcher = SequenceMatcher(None, [word for line in said for word in line], words, autojunk=False)
    borders, place, rows = [0], 0, matcher.get_opcodes()
    for line in said[:-1]:
        place += len(line)
        borders.append(_across(rows, place))
    borders.append(len(words))
    cuts = [owners[border] if border < len(owners) else len(parts) for border in borders]
    cuts[0] = 0
    return tuple(" ".join(parts[first:last]) for first, last in pairwise(cuts))


def _across(rows: Sequence[tuple[str, int, int, int, int]], place: int) -> int:
    """The word heard at a border between lines; inside a stretch that was heard otherwise, in proportion."""
    for _, first, last, low, high in rows:
        if first <= place < last:
            return low + round((high - low) * (place - first) / (last - first))
    return rows[-1][4] if rows else 0


def _wrong(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words in the stretches that do not even sound like what is written; the little ones prove nothing."""
    rows = SequenceMatcher(None, said, heard, autojunk=False).get_opcodes()
    apart = [
        (said[first:last], heard[low:high])
        for kind, first, last, low, high in rows
        if kind != "equal" and not _alike("".join(said[first:last]), "".join(heard[low:high]))
    ]
    return sum(max(sum(word not in _LITTLE for word in words) for words in pair) for pair in apart)


def _alike(letters: str, others: str) -> bool:
    return SequenceMatcher(None, letters, others, autojunk=False).ratio() >= ALIKE
