"""Words of cues on their way to captions: where they are spoken, how wide they read, where they may part.

Knows nothing about pixels, pages or files.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise

from ..timeline import Cue

WIDE = 2.5
"""Cells of an ideograph: 42 cells are then 16 or 17 of them, the usual limit of a Chinese or Korean line."""
_END = re.compile(r"[.!?…。！？؟۔।]+[\"'”’»)\]」』】）]*$")
_ABBREVIATION = re.compile(
    r"^[\"'“‘«(\[]*(?:[A-Z]\.|(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Prof|St|vs|No|Nr|e\.g|i\.e|etc|ca|z\.B)\.)$"
)
_PAUSE = re.compile(r"[,;:，、；：،؛—–][\"'”’»)\]」』】）]*$|^[—–-]+$")
_CLOSING = "、。，．！？：；）」』】〕》〉’”…ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々ん%％"
_OPENING = "（「『【〔《〈‘“"


@dataclass(frozen=True)
class Spoken:
    """A word or a piece of one with its frames. `glued` pieces follow the one before without a space."""

    text: str
    start: int
    end: int
    glued: bool = False
    timed: bool = True
    """False where the cue came without word times: nothing may be highlighted."""
    last: bool = False
    """True for the last word of its cue."""

    @cached_property
    def ends_sentence(self) -> bool:
        """True where a sentence is over: a full stop that is not an abbreviation's, or the cue's end."""
        return self.last or bool(_END.search(self.text) and not _ABBREVIATION.match(self.text))


def cells(text: str) -> float:
    """How long a text reads, in Latin characters."""
    return float(len(text)) if text.isascii() else sum(_cell(letter) for letter in text)


def joined(words: list[Spoken]) -> str:
    """The words as a reader sees them."""
    return "".join(word.text if word.glued or not number else f" {word.text}" for number, word in enumerate(words))


def spoken(cue: Cue, longest: float) -> list[Spoken]:
    """The cue's words in order, none longer than `longest` cells.

    The text is the cue's, also where the voice's words are spelled otherwise.
    """
    texts = cue.text.split()
    if not texts:
        return []
    timed = _same("".join(texts), "".join(word.text for word in cue.words))
    if timed:
        rows = [Spoken(word.text.strip(), word.start, word.end) for word in cue.words if word.text.strip()]
    elif len(texts) == len(cue.words):
        timed = True
        rows = [Spoken(text, word.start, word.end) for text, word in zip(texts, cue.words, strict=True)]
    else:
        rows = _spread(texts, cue.start, cue.end, glued=False)
    pieces = [piece for row in rows for piece in _pieces(row, longest)]
    pieces = [replace(piece, timed=timed) for piece in pieces]
    pieces[-1] = replace(pieces[-1], last=True)
    return _in_order(pieces)


def reluctance(before: Spoken, after: Spoken) -> float:
    """How much it hurts to part these two: 0 at a sentence's end, 10 between an article and its noun."""
    if before.ends_sentence:
        return 0.0
    left, right = _bare(before.text), _bare(after.text)
    if _PAUSE.search(before.text):
        return 1.0
    if left in _listed("leaning") or _ABBREVIATION.match(before.text):
        return 10.0
    if after.glued:
        return _glued(before.text[-1], after.text[0])
    if left in _listed("opening"):
        return 8.0
    if before.text[-1:].isdigit():
        return 12.0
    if before.text[:1].isupper() and after.text[:1].isupper():
        return 7.0
    return 2.0 if right in _listed("opening") else 4.0


def sentences(words: list[Spoken]) -> list[list[Spoken]]:
    """The words, parted where a sentence ends."""
    parts: list[list[Spoken]] = [[]]
    for word in words:
        parts[-1].append(word)
        if word.ends_sentence:
            parts.append([])
    return [part for part in parts if part]


def _glued(before: str, after: str) -> float:
    """Inside unspaced text: a phrase begins where kana ends; particles and okurigana stay with their noun."""
    if _hiragana(after) or not _ideograph(after):
        return 9.0
    return 1.5 if _hiragana(before) else 4.0


def _hiragana(letter: str) -> bool:
    return "\u3040" <= letter <= "\u309f"


@cache
def _listed(kind: str) -> frozenset[str]:
    rows = tomllib.loads((files(__package__) / "breaks.toml").read_text("utf-8"))
    return frozenset(word for words in rows[kind].values() for word in words.split())


def _cell(letter: str) -> float:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    return WIDE if unicodedata.east_asian_width(letter) in {"W", "F"} else 1.0


def _same(one: str, other: str) -> bool:
    return re.sub(r"\s+", "", one) == re.sub(r"\s+", "", other)


def _bare(text: str) -> str:
    return text.strip("\"'“”‘’«»()[].,;:!?…").lower()


def _pieces(word: Spoken, longest: float) -> list[Spoken]:
    """A word, or its ideographs one by one, or the parts of a word too long for any line."""
    parts = [part for chunk in _ideographs(word.text) for part in _chopped(chunk, longest)]
    if len(parts) == 1:
        return [word]
    return _spread(parts, word.start, word.end, glued=True)


def _ideographs(text: str) -> list[str]:
    """Break opportunities inside a word without spaces: between ideographs, never before closing punctuation."""
    parts: list[str] = []
    for letter in text:
        breaks = parts and (_ideograph(letter) or _ideograph(parts[-1][-1]))
        if breaks and letter not in _CLOSING and parts[-1][-1] not in _OPENING:
            parts.append(letter)
        elif parts:
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


def _ideograph(letter: str) -> bool:
    if "\uac00" <= letter <= "\ud7a3":
        return False  # Korean parts its words by spaces.
    return unicodedata.east_asian_width(letter) in {"W", "F"} and unicodedata.category(letter) in {
        "Lo",
        "Po",
        "Ps",
        "Pe",
    }


def _chopped(text: str, longest: float) -> list[str]:
    """Equal parts no longer than `longest` cells; marks stay with their letter."""
    if cells(text) <= longest:
        return [text]
    count = int(-(-cells(text) // longest))
    share = cells(text) / count
    parts = [""]
    for letter in text:
        width = _cell(letter)
        if width and parts[-1] and (cells(parts[-1]) + width > longest or cells(parts[-1]) >= share):
            parts.append("")
        parts[-1] += letter
    return parts


def _spread(texts: list[str], start: int, end: int, glued: bool) -> list[Spoken]:
    """Share the time out by length."""
    lengths = [max(cells(text), 0.5) for text in texts]
    total, marks = sum(lengths), [start]
    for number in range(len(texts)):
        marks.append(start + round((end - start) * sum(lengths[: number + 1]) / total))
    return [
        Spoken(text, first, last, glued=glued and number > 0)
        for number, (text, (first, last)) in enumerate(zip(texts, pairwise(marks), strict=True))
    ]


def _in_order(words: list[Spoken]) -> list[Spoken]:
    """Starts never run backwards, and no word reaches into the next: an aligner's slip must not shuffle the text."""
    rows: list[Spoken] = []
    for word in words:
        start = max(word.start, rows[-1].start if rows else 0)
        rows.append(replace(word, start=start, end=max(word.end, start)))
    for number in range(len(rows) - 1):
        rows[number] = replace(rows[number], end=max(rows[number].start, min(rows[number].end, rows[number + 1].start)))
    return rows
