"""Passages: a document cut into pieces that are short enough to be found and read on their own.

Knows paragraphs and sentences; knows nothing about what is looked for.
"""

import re
from collections.abc import Iterator

from ..media import Frozen

WORDS = 120
"""Words of a passage: what an embedder of 256 tokens reads whole."""


class Passage(Frozen):
    """A piece of a document, by the name of the document."""

    source: str
    text: str


def passages(text: str, source: str) -> tuple[Passage, ...]:
    """Paragraphs, short ones together and long ones cut between sentences.

    >>> [len(each.text.split()) for each in passages("One two. " * 100, "notes.md")]
    [120, 80]
    """
    found: list[Passage] = []
    gathered: list[str] = []
    size = 0
    for part in _parts(text):
        words = len(part.split())
        if gathered and size + words > WORDS:
            found.append(Passage(source=source, text=" ".join(gathered)))
            gathered, size = [], 0
        gathered.append(part)
        size += words
    if gathered:
        found.append(Passage(source=source, text=" ".join(gathered)))
    return tuple(found)


def _parts(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        plain = " ".join(paragraph.split())
        if not plain:
            continue
        if len(plain.split()) <= WORDS:
            yield plain
            continue
        for sentence in re.split(r"(?<=[.!?。])\s+", plain):
            words = sentence.split()
            yield from (" ".join(words[at : at + WORDS]) for at in range(0, len(words), WORDS))
