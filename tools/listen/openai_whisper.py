"""Listening with openai-whisper: OpenAI's own program and weights, on the CPU.

Knows nothing about what should have been said. Its weights are a .pt: they are loaded as weights only, which runs
nothing, and never otherwise.
"""

import importlib.util
import pickle
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..base import Cost, Device, Job
from ..errors import Refused, ToolMissing
from ..speech import Word
from . import ListenRequest, Transcript
from .pieces import Piece, hears, in_samples, seconds, transcribe, whole
from .vad import MODEL as VAD

_ONE_AT_A_TIME = threading.Lock()


class OpenAIWhisper:
    """listen.openai-whisper: the base model; the option `model` names another row of the lock."""

    name = "listen.openai-whisper"
    version = "1"
    models: tuple[str, ...] = ("openai-whisper-base", VAD)
    device: Device = "cpu"
    result = Transcript

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._weights = options.get("model", self.models[0])
        self.models = (self._weights, VAD)

    def ready(self) -> None:
        """Raise ToolMissing unless openai-whisper is installed."""
        if importlib.util.find_spec("whisper") is None:
            raise ToolMissing("openai-whisper is not installed.", "Install it: pip install 'reelwright[whisper]'.")

    def hears(self, language: str) -> bool:
        """Whether it understands a language."""
        return hears(self._weights, language)

    def quote(self, request: ListenRequest) -> Cost:
        """About as long as the sound, and what loading takes: twice faster-whisper's time and more."""
        return Cost(seconds=3 + seconds(request.audio, 30.0))

    def run(self, request: ListenRequest, job: Job) -> Transcript:
        """Write down what is heard, at temperature 0: the same sound gives the same words."""
        return transcribe(request, job, self._weights, lambda piece, tongue: self._hear(piece, tongue, job))

    def _hear(self, piece: Piece, language: str, job: Job) -> tuple[list[Word], str]:
        with _ONE_AT_A_TIME:
            told = load(job.model(self._weights)).transcribe(
                piece.samples,
                language=language or None,
                temperature=0.0,
                word_timestamps=True,
                fp16=False,
                clip_timestamps=[edge for stretch in piece.stretches() for edge in stretch],
            )
        return in_samples(whole(_words(told["segments"]))), str(told["language"])


@cache
def load(path: Path) -> Any:
    """The network that a checkpoint describes, with its weights.

    Raises:
        Refused: the file is no checkpoint of Whisper, or would run code.
    """
    import torch
    from whisper.model import ModelDimensions, Whisper

    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        model = Whisper(ModelDimensions(**checkpoint["dims"]))
        model.load_state_dict(checkpoint["model_state_dict"])
    except (pickle.UnpicklingError, RuntimeError, KeyError, TypeError) as error:
        told = str(error).splitlines()[0]
        raise Refused(
            f"{path.name} is no checkpoint of Whisper that holds weights only: {told}",
            "Fetch it again: reelwright models pull openai-whisper-base",
        ) from error
    return model.eval()


def _words(segments: list[dict[str, Any]]) -> Iterator[tuple[str, float, float]]:
    for segment in segments:
        for word in segment.get("words", ()):
            yield word["word"], float(word["start"]), float(word["end"])
