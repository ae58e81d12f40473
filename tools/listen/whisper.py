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
from ..errors import ToolFailed, ToolMissing
from ..speech import Word
from . import ListenRequest, Transcript
from .pieces import Piece, hears, in_samples, seconds, transcribe, whole
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

    def ready(self) -> None:
        """Raise ToolMissing unless faster-whisper is installed."""
        if importlib.util.find_spec("faster_whisper") is None:
            raise ToolMissing("faster-whisper is not installed.", "Install it: pip install 'reelwright[listen]'.")

    def hears(self, language: str) -> bool:
        """Whether it understands a language."""
        return hears(self._weights, language)

    def quote(self, request: ListenRequest) -> Cost:
        """About an eighth of the sound's length, and a second to load."""
        length = seconds(request.audio, 30.0)
        return Cost(seconds=1 + 0.15 * length)

    def run(self, request: ListenRequest, job: Job) -> Transcript:
        """Write down what is heard, at temperature 0: the same sound gives the same words."""
        sure, beam = list[float](), QUICK if request.quick else BEAM
        found = transcribe(request, job, self._weights, lambda piece, said: self._hear(piece, said, job, beam, sure))
        return found.model_copy(update={"confidence": _mean(sure)})

    def _hear(self, piece: Piece, language: str, job: Job, beam: int, sure: list[float]) -> tuple[list[Word], str]:
        """The words of a piece, their chances added to `sure`, and its language."""
        with _ONE_AT_A_TIME:
            segments, info = _load(job.model(self._weights)).transcribe(
                piece.samples,
                language=language or None,
                beam_size=beam,
                temperature=0.0,
                word_timestamps=True,
                clip_timestamps=[edge for stretch in piece.stretches() for edge in stretch],
            )
            return in_samples(whole(_words(_noted(segments, sure), job))), str(info.language)


class Multilingual(FasterWhisper):
    """listen.faster-whisper-base: a hundred languages, and which one it is where nobody says."""

    name = "listen.faster-whisper-base"
    models: tuple[str, ...] = ("whisper-base", VAD)


def _words(segments: Iterable[Any], job: Job) -> Iterator[tuple[str, float, float]]:
    for segment in segments:
        yield from ((word.word, word.start, word.end) for word in segment.words or ())
        if job.cancelled():
            raise ToolFailed("Listening was cancelled.", "Run `reelwright resume` to go on.")


def _noted(segments: Iterable[Any], sure: list[float]) -> Iterator[Any]:
    """The segments as they come, the chance of each of their words noted."""
    for segment in segments:
        sure += [word.probability for word in segment.words or ()]
        yield segment


def _mean(chances: list[float]) -> float:
    return min(sum(chances) / len(chances), 1.0) if chances else 1.0


@cache
def _load(folder: Path) -> "WhisperModel":
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True)
