"""Listening with faster-whisper: speech to words with times, on the CPU.

Knows nothing about what should have been said: it is never told, so that its hearing is evidence.
"""

import importlib.util
import threading
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..base import Cost, Device, Job
from ..errors import Declined, ToolFailed, ToolMissing
from ..media import frames_of, seconds_of
from ..speech import Word
from . import ListenRequest, Transcript, primary
from .pieces import Piece, pieces
from .vad import MODEL as VAD

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

RATE = Fraction(16000)
THREADS = 2
BEAM = 10
"""Against 5: a tenth more CPU, a tenth fewer errors on narration."""
QUICK = 3
"""For an answer: as good on short turns, and the search of long ones stays short."""
_ONE_AT_A_TIME = threading.Lock()


class FasterWhisper:
    """listen.faster-whisper: the tiny.en model, 8-bit; the option `model` names another row of the lock."""

    name = "listen.faster-whisper"
    version = "4"
    models: tuple[str, ...] = ("whisper-tiny-en", VAD)
    device: Device = "cpu"
    result = Transcript

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._weights = options.get("model", self.models[0])
        self.models = (self._weights, VAD)
        self._english = self._weights.endswith("-en")

    def ready(self) -> None:
        """Raise ToolMissing unless faster-whisper is installed."""
        if importlib.util.find_spec("faster_whisper") is None:
            raise ToolMissing("faster-whisper is not installed.", "Install it: pip install 'reelwright[listen]'.")

    def hears(self, language: str) -> bool:
        """Whether it understands a language; an English model cannot tell which one it hears."""
        return not self._english or primary(language) == "en"

    def quote(self, request: ListenRequest) -> Cost:
        """About an eighth of the sound's length, and a second to load."""
        audio = request.audio
        length = seconds_of(audio.frames, audio.rate) if audio.frames and audio.rate else 30.0
        return Cost(seconds=1 + 0.15 * length)

    def run(self, request: ListenRequest, job: Job) -> Transcript:
        """Write down what is heard, at temperature 0: the same sound gives the same words."""
        if not self.hears(request.language):
            raise Declined(
                f"The model {self._weights} does not understand {request.language or 'a language to be detected'!r}.",
                "Fetch one that hears many languages: reelwright models pull whisper-base",
            )
        sure = list[float]()
        words, language = list[Word](), "en" if self._english else primary(request.language)
        audio = request.audio
        length = seconds_of(audio.frames, audio.rate) if audio.frames and audio.rate else 0.0
        for piece in pieces(job.path(audio.id), job.model(VAD)):
            with _ONE_AT_A_TIME:
                found, language = self._hear(piece, language, job, length, QUICK if request.quick else BEAM, sure)
            words += found
        return Transcript(
            text=" ".join(word.text for word in words), words=tuple(words), language=language, confidence=_mean(sure)
        )

    def _hear(
        self, piece: Piece, language: str, job: Job, length: float, beam: int, sure: list[float]
    ) -> tuple[list[Word], str]:
        """The words of a piece, their chances added to `sure`; the first piece tells the language of those after it."""
        segments, info = _load(job.model(self._weights)).transcribe(
            piece.samples,
            language=language or None,
            beam_size=beam,
            temperature=0.0,
            word_timestamps=True,
            clip_timestamps=[edge for stretch in piece.stretches() for edge in stretch],
        )
        words = list(_words(_noted(segments, sure), job, piece.start / float(RATE), length))
        return piece.spoken(words), str(info.language)


class Multilingual(FasterWhisper):
    """listen.faster-whisper-base: a hundred languages, and which one it is where nobody says."""

    name = "listen.faster-whisper-base"
    models: tuple[str, ...] = ("whisper-base", VAD)


def _words(segments: Iterable[Any], job: Job, begun: float, length: float) -> Iterator[Word]:
    end = 0
    for segment in segments:
        for text, first, last in _whole(segment.words or ()):
            start = max(frames_of(first, RATE), end)
            end = max(frames_of(last, RATE), start)
            yield Word(text=text, start=start, end=end)
        job.progress(min((begun + segment.end) / length, 1.0) if length else 0.0)
        if job.cancelled():
            raise ToolFailed("Listening was cancelled.", "Run `reelwright resume` to go on.")


def _noted(segments: Iterable[Any], sure: list[float]) -> Iterator[Any]:
    """The segments as they come, the chance of each of their words noted."""
    for segment in segments:
        sure += [word.probability for word in segment.words or ()]
        yield segment


def _mean(chances: list[float]) -> float:
    return min(sum(chances) / len(chances), 1.0) if chances else 1.0


def _whole(words: Iterable[Any]) -> Iterable[tuple[str, float, float]]:
    """Words as they are written: what begins without a space (the ",000" of "160,000") belongs to the word before."""
    text, start, end = "", 0.0, 0.0
    for word in words:
        if text and word.word[:1].isspace():
            yield text, start, end
            text = ""
        start = start if text else word.start
        text, end = text + word.word.strip(), word.end
    if text:
        yield text, start, end


@cache
def _load(folder: Path) -> "WhisperModel":
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True)
