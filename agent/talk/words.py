"""Plain words of a turn: lower case, no punctuation, numbers as digits, each with its place in what was said.

Knows nothing about what the words mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...tools.media import Frozen

GONE = "\0"
"""Stands where words were taken out, so that the places of the others stay."""
_WORD = re.compile(r"\d+(?:[.:/]\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)*")


class Spoken(Frozen):
    """One plain word, and the stretch of the original that it stands for."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Turn:
    """What was said, and its plain words joined by single spaces; taken words are GONE."""

    said: str
    words: tuple[Spoken, ...]
    plain: str

    def take(self, pattern: str) -> "tuple[re.Match[str] | None, Turn]":
        """The first match of whole words, and the turn without it."""
        found = re.search(rf"(?<!\S)(?:{pattern})(?!\S)", self.plain)
        if not found:
            return None, self
        gap = re.sub(r"\S", GONE, found[0])
        return found, Turn(self.said, self.words, self.plain[: found.start()] + gap + self.plain[found.end() :])

    def original(self, start: int, end: int) -> str:
        """The person's own spelling of a stretch of `plain`, without what was taken."""
        kept, place = [], 0
        for word in self.words:
            first, place = place, place + len(word.text) + 1
            if start <= first and first + len(word.text) <= end and GONE not in self.plain[first : place - 1]:
                kept.append(word)
        parts = [
            self.said[word.start : word.end] + ("" if following is None else _between(self.said, word, following))
            for word, following in zip(kept, [*kept[1:], None], strict=False)
        ]
        return "".join(parts).strip()


def _between(said: str, word: Spoken, following: Spoken) -> str:
    gap = said[word.end : following.start]
    return gap if not re.search(r"\w", gap) else " "


def turn_of(said: str, numbers: Mapping[str, int]) -> Turn:
    """The plain words of what was said; `numbers` are number words, 100 multiplies.

    >>> turn_of("Twenty-five seconds, please!", {"twenty": 20, "five": 5}).plain
    '25 seconds please'
    """
    raw = [
        Spoken(text=match[0].lower().replace("’", "'"), start=match.start(), end=match.end())
        for match in _WORD.finditer(said)
    ]
    words: list[Spoken] = []
    at = 0
    while at < len(raw):
        value, size = _number([word.text for word in raw[at : at + 8]], numbers)
        text = str(value) if size else raw[at].text
        size = max(size, 1)
        words.append(Spoken(text=text, start=raw[at].start, end=raw[at + size - 1].end))
        at += size
    return Turn(said, tuple(words), " ".join(word.text for word in words))


def _number(words: list[str], numbers: Mapping[str, int]) -> tuple[int, int]:
    """The number that the words begin with, and how many of them say it."""
    total = last = size = 0
    for index, word in enumerate(words):
        value = numbers.get(word)
        if value is None:
            if word == "and" and last == 100 and numbers.get(words[index + 1] if index + 1 < len(words) else "", 0):
                continue
            break
        multiplies = value == 100 and total < 10
        completes = (last >= 20 and value < min(last, 20)) or last == 100 > value
        if index and not multiplies and not completes:
            break
        total = total * 100 if value == 100 and total else total + value
        last, size = value, index + 1
    return total, size
