"""Forced alignment with pocketsphinx: a known English text is laid onto its sound, ten milliseconds a step.

Knows nothing about captions. What is shown stays the script's; what is aligned is what a narrator says for it.
"""

import importlib.util
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from .. import ffmpeg
from ..base import Cost, Job
from ..errors import Declined, ToolFailed, ToolMissing
from ..media import seconds_of
from ..speech.estimate import Span, in_order
from ..speech.spoken import spoken
from . import Alignment, AlignRequest
from .pronunciation import plain_letters, pronounce

if TYPE_CHECKING:
    from pocketsphinx import Decoder

RATE = 16000
_STEP = 160
"""Samples of a frame."""
_QUIET = bytes(2 * 3 * RATE // 10)
"""Silence laid before and after: without it the last word may find no end."""

_NOISES = ("<", "[")
"""How names of silence and noise begin."""


class PocketSphinx:
    """align.pocketsphinx: English, offline, a thirtieth of the sound's length."""

    name = "align.pocketsphinx"
    version = "2"
    models: tuple[str, ...] = ()
    device = "cpu"
    result = Alignment

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Raise ToolMissing unless pocketsphinx is installed."""
        if importlib.util.find_spec("pocketsphinx") is None:
            raise ToolMissing("pocketsphinx is not installed.", "Install it: pip install 'reelwright[align]'.")

    def quote(self, request: AlignRequest) -> Cost:
        """A twentieth of the sound's length, and what loading takes."""
        audio = request.audio
        return Cost(seconds=0.4 + 0.05 * (seconds_of(audio.frames, audio.rate) if audio.frames and audio.rate else 30))

    def run(self, request: AlignRequest, job: Job) -> Alignment:
        """Align, and map what is said back to what is written."""
        if request.language.lower().split("-")[0] != "en":
            raise Declined(
                f"pocketsphinx has no sounds of {request.language!r} here.", "align.heard listens to other languages."
            )
        script = _script(request.text)
        if not script.words:
            raise ToolFailed("There is no word in this text that could be aligned.", "Leave its captions untimed.")
        rows = _aligned(script.words, _sound(job.path(request.audio.id)))
        rate = Fraction(request.audio.rate or RATE)
        spans: list[Span] = [None] * len(script.texts)
        for row, owner in zip(rows, script.owners, strict=True):
            start, end = (round(place * _STEP * rate / RATE) for place in (row.start, row.end))
            known = spans[owner]
            spans[owner] = (known[0] if known else start, end)
        length = request.audio.frames or max(span[1] for span in spans if span)
        words = in_order(script.texts, spans, length)
        return Alignment(words=words, rate=rate, how="forced", confidence=_confidence(rows))


@dataclass(frozen=True)
class _Script:
    """Written words, the words that are said for them, and which written word each belongs to."""

    texts: tuple[str, ...]
    words: tuple[str, ...]
    owners: tuple[int, ...]


@dataclass(frozen=True)
class _Row:
    """A said word in steps, and its acoustic score."""

    start: int
    end: int
    score: float


def _script(text: str) -> _Script:
    tokens = spoken(text)
    said = [
        (letters, owner)
        for owner, token in enumerate(tokens)
        for word in token.said.replace("-", " ").split()
        if (letters := plain_letters(word))
    ]
    return _Script(
        tuple(token.text for token in tokens), tuple(word for word, _ in said), tuple(owner for _, owner in said)
    )


def _sound(path: Path) -> bytes:
    options = ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-c:a", "pcm_s16le"]
    raw = b"".join(ffmpeg.decode(ffmpeg.Input(path), "", options))
    if len(raw) < 2 * _STEP:
        raise ToolFailed(f"{path.name} holds no sound.")
    return raw


def _aligned(words: Sequence[str], raw: bytes) -> list[_Row]:
    """The words' places and scores: a pass that lays them down, and one that scores their sounds."""
    # The lattice's best path is the better one, but it may end in silence before a short last word.
    decoder, found = _laid(words, raw, bestpath=True)
    if found != len(words):
        decoder, found = _laid(words, raw, bestpath=False)
    if found != len(words):
        raise ToolFailed(
            f"Only {found} of {len(words)} words of the text were found in the sound.",
            "Check that the sound says this text; align.heard is more forgiving.",
        )
    decoder.set_alignment()
    _listen(decoder, raw)
    lead, last = len(_QUIET) // 2 // _STEP, len(raw) // 2 // _STEP
    rows: list[_Row] = []
    # Read while going through: an entry is gone as soon as the next one is asked for.
    for entry in decoder.get_alignment():
        if not entry.name.startswith(_NOISES):
            start, end = entry.start - lead, entry.start + entry.duration - lead
            rows.append(_Row(min(max(start, 0), last), min(max(end, 0), last), entry.score / max(entry.duration, 1)))
    return rows


def _laid(words: Sequence[str], raw: bytes, *, bestpath: bool) -> tuple["Decoder", int]:
    """A decoder that has laid the words on the sound, and how many of them it found."""
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=float(RATE), lm=None, loglevel="FATAL", bestpath=bestpath)
    _learn(decoder, words)
    decoder.set_align_text(" ".join(words))
    _listen(decoder, raw)
    return decoder, sum(1 for part in decoder.seg() or () if not part.word.startswith(_NOISES))


def _listen(decoder: "Decoder", raw: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(_QUIET + raw + _QUIET, full_utt=True)
    decoder.end_utt()


def _learn(decoder: "Decoder", words: Sequence[str]) -> None:
    """Add pronunciations for what the dictionary lacks."""
    for word in sorted({word for word in words if decoder.lookup_word(word) is None}):
        decoder.add_word(word, pronounce(word, decoder.lookup_word), True)


def _confidence(rows: Sequence[_Row]) -> float:
    """From the score of a frame: about -10 where this is what is said (0.98), -40 and less where it is not (0.12)."""
    total = sum(row.end - row.start for row in rows) or 1
    score = sum(row.score * (row.end - row.start) for row in rows) / total
    return round(1 / (1 + math.exp(min(-score - 30, 400) / 5)), 3)
