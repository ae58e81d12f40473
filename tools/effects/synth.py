"""effects.synth: the sounds under a film's transitions, made here, the same for the same seed.

Knows nothing about where they will lie.
"""

import wave
from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zlib import crc32

from ..base import Cost, Device, Job
from . import Effect, EffectRequest

if TYPE_CHECKING:
    from ..meter import Samples

LEVEL = -20.0
"""LUFS of the loudest 200 ms."""
_PEAK = 0.7
_LOUDEST = 200
_IN, _OUT = 96, 2880
"""Samples of fade at both ends: 2 ms and 60 ms."""


class Synth:
    """effects.synth: numpy only, no samples of anybody's."""

    name = "effects.synth"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Effect

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Always: it needs nothing but numpy."""

    def quote(self, request: EffectRequest) -> Cost:
        """A moment."""
        return Cost(seconds=0.3)

    def run(self, request: EffectRequest, job: Job) -> Effect:
        """Make it, its peak on a whole frame."""
        import numpy as np

        from ..meter import RATE
        from .sounds import SOUNDS

        made = SOUNDS[request.kind](np.random.default_rng([request.seed, crc32(request.kind.encode())]))
        peak = ceil(made.peak * request.rate)
        ahead = round(peak * RATE / request.rate) - round(made.peak * RATE)
        sound = _levelled(np.pad(made.sound, ((ahead, 0), (0, 0))))
        path = job.scratch / f"{request.kind}.wav"
        _write(sound, path)
        audio = job.save(
            path,
            "audio",
            licence="CC0-1.0",
            origin="sound effect made by Reelwright",
            frames=len(sound),
            rate=Fraction(RATE),
        )
        return Effect(audio=audio, frames=ceil(len(sound) * request.rate / RATE), peak=peak)


def _levelled(sound: "Samples") -> "Samples":
    """At LEVEL, below the highest sample allowed, and silent at both ends."""
    import numpy as np

    from .. import meter

    powers = np.pad(meter.read([sound]).powers, (_LOUDEST, _LOUDEST))
    loudest = np.convolve(powers, np.full(_LOUDEST, 1 / _LOUDEST), "valid").max()
    gain = 10 ** ((LEVEL + 0.691 - 10 * np.log10(max(loudest, 1e-12))) / 20)
    gain = min(gain, _PEAK / max(float(np.abs(sound).max()), 1e-9))
    places = np.arange(len(sound))
    ends = np.clip(places / _IN, 0, 1) * np.sin(np.pi / 2 * np.clip(places[::-1] / _OUT, 0, 1)) ** 2
    shaped: Samples = (sound * (gain * ends)[:, None]).astype(np.float32)
    return shaped


def _write(sound: "Samples", path: Path) -> None:
    """24-bit stereo."""
    import numpy as np

    from ..meter import RATE

    scaled = np.rint(sound.astype(np.float64) * (2**23 - 1)).astype("<i4")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(3)
        file.setframerate(RATE)
        file.writeframes(np.ascontiguousarray(scaled).view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
