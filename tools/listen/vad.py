"""Voice activity: when somebody speaks, by Silero's network, window by window, in a stream or in a file.

Knows nothing about words or about who speaks. Samples are mono at 16 kHz.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .. import ffmpeg
from ..media import Frames, Frozen

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Samples = npt.NDArray[np.float32]
MODEL = "silero-vad"
"""Its name in the lock."""
RATE = 16000
WINDOW = 512
"""Samples that the network judges at once: 32 ms."""
_CONTEXT = 64
"""Samples of the window before that it sees again."""


class Utterance(Frozen):
    """A stretch in which somebody speaks, in samples at 16 kHz, `end` exclusive."""

    start: Frames
    end: Frames


@dataclass(frozen=True)
class Rules:
    """When speech begins and ends; seconds and chances."""

    on: float = 0.5
    """Chance at which speech begins (Silero's own default)."""
    off: float = 0.35
    """Chance below which it may end; between the two nothing changes, so that a wavering chance does not chop words."""
    quiet: float = 0.3
    """Seconds of quiet that end an utterance: a stop consonant is shorter, a pause between sentences longer."""
    shortest: float = 0.15
    """Seconds that an utterance has at least; a cough or a click is shorter, a "no" is longer."""
    pad: float = 0.1
    """Seconds added at both ends: the network wakes up after the first consonant."""


class Detector:
    """The chance of speech in one window after another. It remembers the windows before: one for each stream."""

    def __init__(self, model: Path) -> None:
        """Args: model: the verified file of `silero-vad`."""
        self._session = _session(model)
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def chance(self, window: Samples) -> float:
        """From 0 to 1, for exactly WINDOW samples."""
        seen = np.concatenate([self._context, window], dtype=np.float32)
        output, self._state = self._session.run(
            None, {"input": seen[None], "state": self._state, "sr": np.array(RATE, np.int64)}
        )
        self._context = window[-_CONTEXT:]
        return float(output[0, 0])


class Gate:
    """Chances become utterances, with hysteresis. Pure arithmetic: one step a window."""

    def __init__(self, rules: Rules = Rules()) -> None:
        self._rules = rules
        self._place = 0
        self._start: int | None = None
        self._hushed: int | None = None
        self._last = 0

    @property
    def speaking(self) -> bool:
        """True between an utterance's first window and the quiet that ends it."""
        return self._start is not None

    def step(self, chance: float) -> Utterance | None:
        """The utterance that ends with this window, if one does."""
        place, self._place = self._place, self._place + 1
        if self._start is None:
            if chance >= self._rules.on:
                self._start, self._hushed = place, None
            return None
        if chance >= self._rules.off:
            self._hushed = None
            return None
        self._hushed = place if self._hushed is None else self._hushed
        if (self._place - self._hushed) * WINDOW >= self._rules.quiet * RATE:
            return self._end(self._hushed)
        return None

    def close(self) -> Utterance | None:
        """The utterance that the end of the sound ends."""
        return self._end(self._place if self._hushed is None else self._hushed) if self.speaking else None

    def _end(self, end: int) -> Utterance | None:
        assert self._start is not None
        start, self._start, self._hushed = self._start, None, None
        if (end - start) * WINDOW < self._rules.shortest * RATE:
            return None
        pad = round(self._rules.pad * RATE)
        first = max(start * WINDOW - pad, self._last)
        self._last = min(end * WINDOW + pad, self._place * WINDOW)
        return Utterance(start=first, end=max(self._last, first))


def windows(path: Path) -> Iterator[Samples]:
    """The first sound of a file, whatever its rate, channels or ending, as it is decoded; the last window is filled up.

    Raises:
        Refused: the file is broken, hostile or of a format we do not open.
    """
    options = ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-c:a", "pcm_f32le"]
    rest = b""
    for chunk in ffmpeg.decode(ffmpeg.Input(path), "", options):
        rest += chunk
        whole = len(rest) // (4 * WINDOW) * 4 * WINDOW
        yield from np.frombuffer(rest[:whole], "<f4").reshape(-1, WINDOW)
        rest = rest[whole:]
    if len(rest) >= 4:
        last = np.frombuffer(rest[: len(rest) // 4 * 4], "<f4")
        yield np.pad(last, (0, WINDOW - len(last)))


def utterances(sound: Iterable[Samples], model: Path, rules: Rules = Rules()) -> Iterator[Utterance]:
    """When somebody speaks in a stream of windows; nothing of it is kept, however long it is."""
    detector, gate = Detector(model), Gate(rules)
    for window in sound:
        if found := gate.step(detector.chance(window)):
            yield found
    if found := gate.close():
        yield found


@cache
def _session(model: Path) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
