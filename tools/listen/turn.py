"""End of turn: whether somebody who is quiet has said all, by Smart Turn's network on how it was said.

Knows nothing about words. Samples are mono at 16 kHz; where the model is not here, a rule of silence decides elsewhere.
"""

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .vad import RATE, Samples

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = "smart-turn"
"""Its name in the lock."""
SPAN = 8
"""Seconds that the network hears: the last ones of the turn."""
_FRAMES = 800
_STEP = 160


class TurnModel:
    """How likely a turn is over, from the sound of its end."""

    def __init__(self, model: Path) -> None:
        """Args: model: the verified file of `smart-turn`."""
        self._session = _session(model)

    def chance(self, turn: Samples) -> float:
        """From 0 (something will follow) to 1 (all is said)."""
        features = _features(turn[-SPAN * RATE :])
        output = self._session.run(None, {"input_features": features[None]})[0]
        return float(np.asarray(output).reshape(-1)[0])


def hearable() -> bool:
    """Whether the features can be computed here: they are Whisper's, and faster-whisper has them."""
    return importlib.util.find_spec("faster_whisper") is not None


def _features(turn: Samples) -> npt.NDArray[np.float32]:
    """Whisper's log-mel features of the last eight seconds, silence in front where there are fewer."""
    from faster_whisper.feature_extractor import FeatureExtractor

    # The network was trained on sound of zero mean and unit variance, normalised before it was padded.
    level = (turn - turn.mean()) / np.sqrt(turn.var() + 1e-7)
    whole = np.pad(level.astype(np.float32), (SPAN * RATE - len(level), 0))
    features = FeatureExtractor(chunk_length=SPAN)(whole, padding=_STEP)[:, :_FRAMES]
    return np.ascontiguousarray(features, np.float32)


@cache
def _session(model: Path) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
