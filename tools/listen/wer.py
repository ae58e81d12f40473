"""Word error rate: how many words were heard other than they were written.

Knows nothing about sound. Two spellings of one thing ("70%", "seventy percent"; "honeybee", "honey bee") are no error.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from operator import eq

from ..speech.spoken import spoken

_SAME = {
    "ok": "okay",
    "colour": "color",
    "favourite": "favorite",
    "centre": "center",
    "grey": "gray",
    "metres": "meters",
    "litres": "liters",
    "kilometres": "kilometers",
}
_MEANT = (
    (re.compile(r"(?<![\d.])(\d{1,2})\.([0-5]\d)(?!\d)"), r"\1:\2"),
    (re.compile(r"(?<![\d.,])(\d)(\d{3})(?![\d,])"), r"\1,\2"),
)
_TWICE = ("oclock", "oclock")
_JOINED = 3
"""Words that may be written as one: a straw-like tongue, a honeybee."""


def word_error_rate(said: str, heard: str) -> float:
    """Substitutions, deletions and insertions over the words said; 0.0 where nothing was said and nothing heard.

    >>> word_error_rate("Fresh nectar is 70% water.", "fresh nectar is seventy percent water")
    0.0
    """
    reference = words_of(said)
    if not reference:
        return float(bool(words_of(heard)))
    return min(edits(reference, words) for words in variants(heard)) / len(reference)


def variants(heard: str) -> Iterator[list[str]]:
    """The words of what was heard, in every way in which its figures may be meant.

    A recogniser writes half past nine as 9.30, and a length of 1,642 meters as 1642, as if it were a year.

    >>> [" ".join(words) for words in variants("at 9.30")]
    ['at nine point three zero', 'at nine thirty']
    """
    texts = [heard]
    for shape, meant in _MEANT:
        texts += [other for text in texts if (other := shape.sub(meant, text)) != text]
    yield from (words_of(text) for text in texts)


def words_of(text: str) -> list[str]:
    """Lower-case words as they are said: numbers spelt out, hyphens opened, punctuation and accents gone.

    >>> words_of("It's 1/12 of a two-million deal: $5!")
    ['its', 'one', 'twelfth', 'of', 'a', 'two', 'million', 'deal', 'five', 'dollars']
    """
    said = " ".join(token.said for token in spoken(text)).lower()
    plain = "".join(mark for mark in unicodedata.normalize("NFD", said) if not unicodedata.combining(mark))
    words = re.sub(r"[^\w\s]", " ", re.sub(r"['’.](?=\w)", "", plain)).split()
    # "5:00 o'clock" is not said twice.
    words = [word for before, word in zip(["", *words], words, strict=False) if (before, word) != _TWICE]
    return [_SAME.get(word, word) for word in words]


def edits(said: Sequence[str], heard: Sequence[str], same: Callable[[str, str], bool] = eq) -> int:
    """Levenshtein over words, where words written together or apart cost nothing."""
    rows = [list(range(len(heard) + 1))]
    for row, word in enumerate(said, 1):
        best = [row]
        for column, other in enumerate(heard, 1):
            cost = min(rows[-1][column - 1] + (not same(word, other)), rows[-1][column] + 1, best[-1] + 1)
            for size in range(2, _JOINED + 1):
                if column >= size and "".join(heard[column - size : column]) == word:
                    cost = min(cost, rows[-1][column - size])
                if row >= size and "".join(said[row - size : row]) == other:
                    cost = min(cost, rows[-size][column - 1])
            best.append(cost)
        rows.append(best)
    return rows[-1][-1]
