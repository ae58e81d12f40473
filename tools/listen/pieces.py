"""A recording in pieces that fit into memory, cut where nobody speaks; pieces without speech are left out.

Knows nothing about words; a recogniser that hears silence or music invents some, so it is not asked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..base import Job
from ..errors import Declined, ToolFailed
from ..media import Asset, seconds_of
from ..speech import Word
from . import ListenRequest, Transcript, primary
from .vad import MODEL, RATE, WINDOW, Detector, Gate, Samples, Utterance, windows

LONGEST = 300.0
"""Seconds after which a piece ends at the next pause; 19 MB of samples."""
_PATIENCE = 1.2
"""Times LONGEST at which it is cut through a word, where nobody pauses."""
NEAR = 0.3
"""Seconds by which a word may lie off the speech that was detected: recognisers' times are that rough."""
_APART = 8.0
"""Seconds of silence that are worth skipping; in shorter ones a recogniser hears the sentences together."""


@dataclass(frozen=True)
class Piece:
    """Samples from `start` of the recording on, and when somebody speaks in them, counted from there."""

    start: int
    samples: Samples
    speech: tuple[Utterance, ...]

    def spoken(self, words: Sequence[Word]) -> list[Word]:
        """The words that lie where somebody speaks, in samples of the whole recording."""
        near = round(NEAR * RATE)
        return [
            Word(text=word.text, start=self.start + word.start, end=self.start + word.end)
            for word in words
            if any(word.start < part.end + near and word.end > part.start - near for part in self.speech)
        ]

    def stretches(self) -> list[tuple[float, float]]:
        """Seconds that are worth listening to: utterances, and the shorter silences between them."""
        kept: list[list[int]] = []
        for part in self.speech:
            if kept and part.start - kept[-1][1] < _APART * RATE:
                kept[-1][1] = part.end
            else:
                kept.append([part.start, part.end])
        pad, length = round(NEAR * RATE), len(self.samples)
        return [(max(start - pad, 0) / RATE, min(end + pad, length) / RATE) for start, end in kept]


Hear = Callable[[Piece, str], tuple[list[Word], str]]
"""A recogniser: a piece and its language (empty where it is to be detected) to words in the piece, and the language."""


def hears(weights: str, language: str) -> bool:
    """Whether weights understand a language; English ones (`…-en`) cannot tell which one they hear."""
    return not weights.endswith("-en") or primary(language) == "en"


def seconds(audio: Asset, otherwise: float) -> float:
    """How long a recording lasts, or `otherwise` where it does not say."""
    return seconds_of(audio.frames, audio.rate) if audio.frames and audio.rate else otherwise


def transcribe(request: ListenRequest, job: Job, weights: str, hear: Hear) -> Transcript:
    """The words of a recording, piece by piece; the first piece tells the language of those after it.

    Raises:
        Declined: the weights do not understand the language that is asked for.
    """
    language = primary(request.language)
    if not hears(weights, language):
        raise Declined(
            f"The model {weights} does not understand {request.language or 'a language to be detected'!r}.",
            "Fetch one that hears many languages: reelwright models pull whisper-base",
        )
    audio, words = request.audio, list[Word]()
    length = seconds(audio, 0.0)
    for piece in pieces(job.path(audio.id), job.model(MODEL)):
        if job.cancelled():
            raise ToolFailed("Listening was cancelled.", "Run `reelwright resume` to go on.")
        found, language = hear(piece, language)
        words += piece.spoken(found)
        job.progress(min((piece.start + len(piece.samples)) / RATE / length, 1.0) if length else 0.0)
    return Transcript(text=" ".join(word.text for word in words), words=tuple(words), language=language)


def in_samples(rows: Iterator[tuple[str, float, float]]) -> list[Word]:
    """Words from (text, start, end) in seconds, none beginning before the one before it ends."""
    words, end = list[Word](), 0
    for text, first, last in rows:
        start = max(round(first * RATE), end)
        end = max(round(last * RATE), start)
        words.append(Word(text=text, start=start, end=end))
    return words


def whole(words: Iterator[tuple[str, float, float]]) -> Iterator[tuple[str, float, float]]:
    """Words as they are written: what begins without a space (the ",000" of "160,000") belongs to the word before.

    >>> list(whole(iter([(" 160", 0.0, 0.5), (",000", 0.5, 1.0), (" cars", 1.0, 1.5)])))
    [('160,000', 0.0, 1.0), ('cars', 1.0, 1.5)]
    """
    text, start, end = "", 0.0, 0.0
    for part, first, last in words:
        if text and part[:1].isspace():
            yield text, start, end
            text = ""
        start = start if text else first
        text, end = text + part.strip(), last
    if text:
        yield text, start, end


def pieces(path: Path, model: Path, longest: float = LONGEST) -> Iterator[Piece]:
    """The pieces of a sound file in which somebody speaks, as they are decoded.

    Args:
        model: the verified file of `silero-vad`.

    Raises:
        Refused: the file cannot be read.
        ToolFailed: it holds no sound.
    """
    detector, gate = Detector(model), Gate()
    held, spoken, start = list[Samples](), list[Utterance](), 0
    place = 0
    for window in windows(path):
        held.append(window)
        place += WINDOW
        if found := gate.step(detector.chance(window)):
            spoken.append(found)
        length = place - start
        if length >= longest * RATE and (not gate.speaking or length >= _PATIENCE * longest * RATE):
            if gate.speaking and (found := gate.close()):
                spoken.append(found)
            yield from _piece(start, held, spoken)
            held, spoken, start = [], [], place
    if not place:
        raise ToolFailed(f"{path.name} holds no sound.")
    if found := gate.close():
        spoken.append(found)
    yield from _piece(start, held, spoken)


def _piece(start: int, held: list[Samples], spoken: list[Utterance]) -> Iterator[Piece]:
    if spoken:
        inside = tuple(Utterance(start=max(part.start - start, 0), end=max(part.end - start, 0)) for part in spoken)
        yield Piece(start, np.concatenate(held), inside)
