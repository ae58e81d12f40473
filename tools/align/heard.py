"""Alignment by listening: what a recogniser heard, with its times, is matched to the known text.

Knows nothing about sound. Words that were heard otherwise lie where their letters lie between those heard right.
"""

import itertools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from types import MappingProxyType

from ..base import Cost, Job
from ..errors import ToolFailed
from ..listen import ListenRequest
from ..listen.whisper import RATE, FasterWhisper, Multilingual
from ..speech import Word
from ..speech.estimate import Span, in_order
from ..speech.spoken import spoken
from . import Alignment, AlignRequest

LEAST = 0.5
"""Part of the text's letters that must have been heard."""


class Heard:
    """align.heard: any language the recogniser knows; takes the options of listen.faster-whisper."""

    name = "align.heard"
    version = "3"
    device = "cpu"
    result = Alignment

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._ears, self._others = FasterWhisper(options), Multilingual()
        self.models: tuple[str, ...] = tuple(dict.fromkeys((*self._ears.models, *self._others.models)))

    def ready(self) -> None:
        """Raise ToolMissing unless faster-whisper is installed."""
        self._ears.ready()

    def quote(self, request: AlignRequest) -> Cost:
        """What listening costs."""
        return self._ears.quote(ListenRequest(audio=request.audio, language=request.language))

    def run(self, request: AlignRequest, job: Job) -> Alignment:
        """Listen, and give every written word the time at which it was heard."""
        ears = self._ears if self._ears.hears(request.language) else self._others
        heard = ears.run(ListenRequest(audio=request.audio, language=request.language), job)
        texts = request.text.split()
        spans, confidence = match(_said(request.text, request.language), heard.words)
        if confidence < LEAST:
            raise ToolFailed(
                f"What was heard is not the text: {heard.text[:80]!r}.", "Check that the sound says this text."
            )
        rate = Fraction(request.audio.rate or RATE)
        length = request.audio.frames or round(heard.words[-1].end * rate / RATE)
        placed: list[Span] = [
            (round(span[0] * rate / RATE), round(span[1] * rate / RATE)) if span else None for span in spans
        ]
        words = in_order(texts, placed, length)
        return Alignment(words=words, rate=rate, how="heard", confidence=round(confidence, 3))


@dataclass(frozen=True)
class _Letter:
    """A letter that was said, with its share of its word's time."""

    letter: str
    start: float
    end: float


def match(said: Sequence[str], heard: Sequence[Word]) -> tuple[list[Span], float]:
    """For each phrase of the text its samples (None where it has no letters), and the part of letters heard right.

    >>> match(["Honeybees", "sip", "it"], [Word(text=t, start=n, end=n + 9) for n, t in ((0, "honey"), (9, "bees"))])
    ([(0, 18), (18, 18), (18, 18)], 0.643)
    """
    letters = [_Letter(*row) for word in heard for row in _spread(word)]
    owners = [number for number, phrase in enumerate(said) for _ in _letters(phrase)]
    wanted = [letter for phrase in said for letter in _letters(phrase)]
    if not wanted or not letters:
        return [None] * len(said), 0.0
    matcher = SequenceMatcher(None, wanted, [letter.letter for letter in letters], autojunk=False)
    times: list[tuple[float, float]] = []
    for kind, first, last, low, high in matcher.get_opcodes():
        if kind == "insert":
            continue
        begin = letters[low].start if low < len(letters) else letters[-1].end
        end = letters[high - 1].end if high > low else begin
        if kind == "equal":
            times += [(row.start, row.end) for row in letters[low:high]]
        else:
            edges = [begin + (end - begin) * place / (last - first) for place in range(last - first + 1)]
            times += itertools.pairwise(edges)
    spans: list[Span] = [None] * len(said)
    for owner, (start, end) in zip(owners, times, strict=True):
        known = spans[owner]
        spans[owner] = (known[0] if known else round(start), round(end))
    right = sum(block.size for block in matcher.get_matching_blocks())
    return spans, round(right / len(wanted), 3)


def _said(text: str, language: str) -> list[str]:
    """What is said for each written word; the rules for numbers are English."""
    if language.lower().split("-")[0] != "en":
        return text.split()
    return [token.said for token in spoken(text)]


def _letters(phrase: str) -> str:
    flat = unicodedata.normalize("NFD", phrase.lower())
    return "".join(letter for letter in flat if letter.isalnum())


def _spread(word: Word) -> list[tuple[str, float, float]]:
    said = _letters(" ".join(token.said for token in spoken(word.text)) or word.text)
    share = (word.end - word.start) / max(len(said), 1)
    return [(letter, word.start + n * share, word.start + (n + 1) * share) for n, letter in enumerate(said)]
