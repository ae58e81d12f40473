"""A mono sound: read, cut to its speech, level, write.

Knows nothing about words.
"""

import io
import wave
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ToolFailed

Samples = npt.NDArray[np.float32]
SPEECH_RMS = -20.0
"""dBFS over the spoken parts: one voice, one level, whatever the line."""
PEAK = -1.5
"""dBFS ceiling of a line; the mix limits at -1 dBTP."""
FLOOR = -42.0
"""dB under the loudest 10 ms: below it nobody speaks."""


@dataclass(frozen=True)
class Sound:
    """Samples from -1 to 1 at `rate` a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


def read_wav(source: bytes | Path) -> Sound:
    """A 16-bit mono or stereo WAV.

    Raises:
        ToolFailed: it is something else.
    """
    try:
        with wave.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ToolFailed(f"The voice did not return a WAV file: {error}.") from error
    if width != 2 or not rate:
        raise ToolFailed(f"The voice returned {8 * width}-bit samples, not 16-bit.")
    samples = np.frombuffer(raw, "<i2").astype(np.float32) / 32768
    return Sound(samples.reshape(-1, channels).mean(axis=1, dtype=np.float32), rate)


def write_wav(sound: Sound, path: Path) -> None:
    """Write 16-bit mono."""
    data = np.clip(np.round(sound.samples * 32767), -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(data.tobytes())


def levels(sound: Sound, step: float = 0.01) -> npt.NDArray[np.float64]:
    """Level in dBFS of each `step` seconds."""
    size = max(1, round(step * sound.rate))
    whole = np.pad(sound.samples.astype(np.float64), (0, -len(sound.samples) % size)).reshape(-1, size)
    decibels: npt.NDArray[np.float64] = 10 * np.log10(np.mean(whole**2, axis=1) + 1e-12)
    return decibels


def speech_span(sound: Sound) -> tuple[int, int]:
    """First and last (exclusive) sample at which somebody speaks; all of a sound that is silent."""
    loud = levels(sound)
    if not loud.size or loud.max() < -70:
        return 0, len(sound.samples)
    heard = np.flatnonzero(loud > loud.max() + FLOOR)
    size = max(1, round(0.01 * sound.rate))
    return int(heard[0]) * size, min((int(heard[-1]) + 1) * size, len(sound.samples))


def cut(sound: Sound, before: float = 0.08, after: float = 0.12) -> tuple[Sound, int]:
    """The speech with exactly so many seconds round it, faded so that nothing clicks; and the samples cut in front.

    What is cut in front is negative where silence was added.
    """
    first, last = speech_span(sound)
    lead, tail = round(before * sound.rate), round(after * sound.rate)
    start, end = first - lead, last + tail
    part = sound.samples[max(start, 0) : end]
    part = np.pad(part, (max(-start, 0), max(end - len(sound.samples), 0))).astype(np.float32)
    fade_in, fade_out = min(lead, len(part)), min(tail, len(part))
    part[:fade_in] *= _ramp(fade_in)
    part[len(part) - fade_out :] *= _ramp(fade_out)[::-1]
    return Sound(part, sound.rate), start


def level(sound: Sound) -> Sound:
    """Bring the speech to SPEECH_RMS, peaks under PEAK."""
    loud = levels(sound)
    spoken = loud[loud > loud.max() - 25] if loud.size else loud
    if not spoken.size or loud.max() < -70:
        return sound
    rms = 10 * np.log10(np.mean(10 ** (spoken / 10)))
    gain = 10 ** ((SPEECH_RMS - rms) / 20)
    peak = float(np.abs(sound.samples).max())
    return replace(sound, samples=(sound.samples * min(gain, 10 ** (PEAK / 20) / peak)).astype(np.float32))


def _ramp(size: int) -> npt.NDArray[Any]:
    return np.sin(np.linspace(0, np.pi / 2, size, dtype=np.float32)) ** 2
