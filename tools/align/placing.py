"""Where known texts stand in what was heard: each text's words with the times of the words that were recognised.

Knows words and times; knows nothing about sound. A recogniser's slips are bridged by their neighbours.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from ..listen.wer import words_of
from ..media import Frozen
from ..speech import Word

ENOUGH = 0.5
"""Part of a text's words that must be heard in order, so that it counts as said."""


class Place(Frozen):
    """A text in what was heard: its words with times, and where its neighbours in the sound end and begin."""

    words: tuple[Word, ...]
    earliest: int
    latest: int


class Placing(Frozen):
    """A place for each text (None: it was not said), and the part of what was heard that the texts account for."""

    places: tuple[Place | None, ...]
    share: float


def place(texts: Sequence[str], heard: Sequence[Word], length: int) -> Placing:
    """Find the texts, in order, in words that were heard in a sound of `length` samples."""
    written = [(word, at) for at, text in enumerate(texts) for word in text.split()]
    left, owners = _spelt([word for word, _ in written])
    right, sources = _spelt([word.text for word in heard])
    pairs: dict[int, int] = {}
    total = 0
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        total += block.size
        for step in range(block.size):
            pairs.setdefault(owners[block.a + step], sources[block.b + step])
    found = [[pairs.get(index) for index, (_, at) in enumerate(written) if at == each] for each in range(len(texts))]
    spans = [_span(each) for each in found]
    places = tuple(
        _place(text.split(), found[at], _clear(spans, at, len(heard)), heard, length) if spans[at] else None
        for at, text in enumerate(texts)
    )
    return Placing(places=places, share=total / len(right) if right else 0.0)


def _spelt(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """Words as they are said, and whose they are."""
    spelt = [(part, index) for index, word in enumerate(words) for part in words_of(word)]
    return [part for part, _ in spelt], [index for _, index in spelt]


def _span(found: Sequence[int | None]) -> tuple[int, int] | None:
    """First and last (exclusive) heard word of a text, the unmatched ones at its ends allowed for."""
    known = [(at, heard) for at, heard in enumerate(found) if heard is not None]
    if not known or len(known) < ENOUGH * len(found):
        return None
    before, after = known[0][0], len(found) - 1 - known[-1][0]
    return known[0][1] - before, known[-1][1] + after + 1


def _clear(spans: Sequence[tuple[int, int] | None], at: int, count: int) -> tuple[int, int]:
    """A text's span with nothing of its neighbours in it."""
    span = spans[at]
    assert span is not None
    first = max([span[0], 0, *(other[1] for other in spans[:at] if other and other[1] < span[1])])
    last = min([span[1], count, *(other[0] for other in spans[at + 1 :] if other and other[0] > first)])
    return first, max(last, first + 1)


def _place(
    words: Sequence[str], found: Sequence[int | None], span: tuple[int, int], heard: Sequence[Word], length: int
) -> Place:
    first, last = span
    edges = [
        (heard[source].start, heard[source].end) if source is not None and first <= source < last else None
        for source in found
    ]
    return Place(
        words=_bridged(words, edges, heard[first].start, heard[last - 1].end),
        earliest=heard[first - 1].end if first else 0,
        latest=heard[last].start if last < len(heard) else length,
    )


def _bridged(words: Sequence[str], edges: Sequence[tuple[int, int] | None], start: int, end: int) -> tuple[Word, ...]:
    """Words that were not recognised share the time between their neighbours by their letters."""
    known = [-1, *(index for index, edge in enumerate(edges) if edge), len(words)]
    found = {index: edge for index, edge in enumerate(edges) if edge}
    for one, other in pairwise(known):
        first = found[one][1] if one >= 0 else start
        last = max(found[other][0] if other < len(words) else end, first)
        sizes = [len(word) + 1 for word in words[one + 1 : other]]
        done = 0
        for index, size in enumerate(sizes, start=one + 1):
            at = first + (last - first) * done // sum(sizes)
            done += size
            found[index] = (at, first + (last - first) * done // sum(sizes))
    return tuple(Word(text=word, start=found[index][0], end=found[index][1]) for index, word in enumerate(words))
