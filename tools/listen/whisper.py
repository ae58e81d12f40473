"""Listening with faster-whisper: speech to words with times, on the CPU.

Knows nothing about what should have been said: it is never told, so that its hearing is evidence.
"""

import importlib.util
import threading
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import ffmpeg
from ..base import Cost, Job
from ..errors import Declined, ToolFailed, ToolMissing
from ..media import frames_of, seconds_of
from ..speech import Word
from . import ListenRequest, Transcript

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

RATE = Fraction(16000)
THREADS = 2
BEAM = 10
"""Against 5: a tenth more CPU, a tenth fewer errors on narration."""
_ONE_AT_A_TIME = threading.Lock()


class FasterWhisper:
    """listen.faster-whisper: the tiny.en model, 8-bit; the option `model` names another row of the lock."""

    name = "listen.faster-whisper"
    version = "2"
    models: tuple[str, ...] = ("whisper-tiny-en",)
    device = "cpu"
    result = Transcript

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self.models = (options.get("model", self.models[0]),)
        self._english = self.models[0].endswith("-en")

    def ready(self) -> None:
        """Raise ToolMissing unless faster-whisper is installed."""
        if importlib.util.find_spec("faster_whisper") is None:
            raise ToolMissing("faster-whisper is not installed.", "Install it: pip install 'reelwright[listen]'.")

    def quote(self, request: ListenRequest) -> Cost:
        """About an eighth of the sound's length, and a second to load."""
        audio = request.audio
        length = seconds_of(audio.frames, audio.rate) if audio.frames and audio.rate else 30.0
        return Cost(seconds=1 + 0.15 * length)

    def run(self, request: ListenRequest, job: Job) -> Transcript:
        """Write down what is heard, at temperature 0: the same sound gives the same words."""
        language = request.language.lower().split("-")[0]
        if self._english and language not in {"en", ""}:
            raise Declined(
                f"The model {self.models[0]} does not understand {request.language!r}.",
                "Set the option model = whisper-base, which hears many languages.",
            )
        samples = _samples(job.path(request.audio.id))
        with _ONE_AT_A_TIME:
            segments, info = _load(job.model(self.models[0])).transcribe(
                samples,
                language="en" if self._english else language or None,
                beam_size=BEAM,
                temperature=0.0,
                word_timestamps=True,
            )
            words = tuple(_words(segments, job, len(samples)))
        return Transcript(text=" ".join(word.text for word in words), words=words, language=info.language)


def _samples(path: Path) -> npt.NDArray[np.float32]:
    raw = b"".join(
        ffmpeg.decode(
            ffmpeg.Input(path), "", ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-c:a", "pcm_f32le"]
        )
    )
    if len(raw) < 4:
        raise ToolFailed(f"{path.name} holds no sound.")
    return np.frombuffer(raw, "<f4")


def _words(segments: Iterable[Any], job: Job, length: int) -> Iterable[Word]:
    end = 0
    for segment in segments:
        for text, first, last in _whole(segment.words or ()):
            start = max(frames_of(first, RATE), end)
            end = max(frames_of(last, RATE), start)
            yield Word(text=text, start=start, end=end)
        job.progress(min(segment.end * float(RATE) / length, 1.0))
        if job.cancelled():
            raise ToolFailed("Listening was cancelled.", "Run `reelwright resume` to go on.")


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
