"""Percussion by synthesis: swept sines and shaped noise.

Knows nothing about patterns or mixing.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound = NDArray[np.float32]
Luck = np.random.Generator
TUNED: Mapping[str, int] = MappingProxyType({"kick": 34, "boom": 33, "taiko": 39, "tom": 45})
"""Drums with a pitch, and the MIDI note near which they are tuned to the piece."""


def hit(voice: str, pitch: int, length: float, luck: Luck) -> Sound:
    """One stroke of a drum at level 1.0. Noise has no `pitch`, and only the swell cares for `length`."""
    if voice == "swell":
        return swell(length, luck)
    return _STROKES[voice](luck, 440.0 * 2 ** ((pitch - 69) / 12))


def band(luck: Luck, seconds: float, low: float, high: float) -> Sound:
    """A burst of noise between two frequencies in Hz, dying away over its length; its peak is 1."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(luck.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    # Second-order skirts: brick walls ring.
    spectrum *= 1 / np.sqrt(1 + (hertz / high) ** 4) * (hertz / low) ** 2 / np.sqrt(1 + (hertz / low) ** 4)
    noise = np.fft.irfft(spectrum, count) * np.exp(-np.arange(count) / (count / 5.0))
    return _ended((noise / np.abs(noise).max()).astype(np.float32))


@cache
def air() -> Sound:
    """Four seconds of noise between 2.5 and 9 kHz that joins its own end: the breath in held tones."""
    count = 4 * RATE
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    skirt = (hertz / 2500) ** 2 / np.sqrt((1 + (hertz / 2500) ** 4) * (1 + (hertz / 9000) ** 4))
    noise = np.fft.irfft(np.fft.rfft(np.random.default_rng(1).standard_normal(count)) * skirt, count)
    breath: Sound = (noise / noise.std()).astype(np.float32)
    return breath


def sweep(seconds: float, top: float, bottom: float, fall: float, decay: float) -> Sound:
    """A sine that falls from `top` to `bottom` Hz, as a struck skin does."""
    time = np.arange(int(seconds * RATE)) / RATE
    turns = bottom * time + (top - bottom) * fall * (1 - np.exp(-time / fall))
    rise = np.minimum(time / 0.002, 1.0)
    return _ended((np.sin(2 * np.pi * turns) * np.exp(-time / decay) * rise).astype(np.float32))


def swell(length: float, luck: Luck) -> Sound:
    """Air that rises for `length` seconds and is gone on the beat."""
    count = max(int(length * RATE), 480)
    spectrum = np.fft.rfft(luck.standard_normal((2, count)))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= (hertz / 2500) ** 2 / (1 + (hertz / 2500) ** 2) / np.sqrt(1 + (hertz / 9000) ** 4)
    noise = np.fft.irfft(spectrum, count)
    rise = np.linspace(0, 1, count) ** 3 * np.minimum(np.linspace(count / 1500, 0, count), 1.0)
    rising: Sound = (noise / np.abs(noise).max() * rise * 0.5).astype(np.float32)
    return rising


def _ended(sound: Sound) -> Sound:
    fall = min(480, sound.size)
    sound[sound.size - fall :] *= np.linspace(1, 0, fall, dtype=np.float32)
    return sound


def _laid(*layers: tuple[float, float, Sound]) -> Sound:
    """Layers of (start in seconds, level, sound), added."""
    length = max(int(start * RATE) + sound.size for start, _, sound in layers)
    mixed = np.zeros(length, np.float32)
    for start, level, sound in layers:
        at = int(start * RATE)
        mixed[at : at + sound.size] += np.float32(level) * sound
    return mixed


def _kick(luck: Luck, tone: float) -> Sound:
    return _laid((0, 0.6, sweep(0.4, tone * 3, tone, 0.035, 0.1)), (0, 0.06, band(luck, 0.02, 900, 3500)))


def _boom(luck: Luck, tone: float) -> Sound:
    return _laid((0, 0.7, sweep(1.8, tone * 2, tone, 0.09, 0.45)), (0, 0.12, band(luck, 0.5, 60, 300)))


def _taiko(luck: Luck, tone: float) -> Sound:
    return _laid((0, 0.6, sweep(0.9, tone * 1.9, tone, 0.05, 0.22)), (0, 0.16, band(luck, 0.12, 180, 1200)))


def _tom(luck: Luck, tone: float) -> Sound:
    return _laid((0, 0.5, sweep(0.6, tone * 1.8, tone, 0.05, 0.15)), (0, 0.1, band(luck, 0.08, 300, 1800)))


def _clap(luck: Luck, _: float) -> Sound:
    bursts = [(start, level, band(luck, 0.03, 900, 3800)) for start, level in ((0, 0.2), (0.011, 0.22), (0.021, 0.2))]
    return _laid(*bursts, (0.03, 0.3, band(luck, 0.22, 1000, 4200)))


def _snap(luck: Luck, _: float) -> Sound:
    return _laid((0, 0.16, band(luck, 0.012, 1500, 5000)), (0.006, 0.4, band(luck, 0.09, 1700, 3200)))


def _rim(luck: Luck, _: float) -> Sound:
    return _laid((0, 0.22, sweep(0.06, 900, 780, 0.01, 0.012)), (0, 0.14, band(luck, 0.05, 1800, 5000)))


def _shaker(luck: Luck, _: float) -> Sound:
    grains = band(luck, 0.11, 5200, 13000)
    return _laid((0, 0.26, grains * np.minimum(np.arange(grains.size, dtype=np.float32) / 900, 1)))


def _hat(luck: Luck, _: float) -> Sound:
    return _laid((0, 0.22, band(luck, 0.09, 7500, 15000)))


def _crash(luck: Luck, _: float) -> Sound:
    sides = [_laid((0, 0.35, band(luck, 3.0, 3500, 11000)), (0, 0.1, band(luck, 1.2, 900, 4000))) for _ in range(2)]
    return np.stack(sides) * np.minimum(np.arange(sides[0].size, dtype=np.float32) / 240, 1)


_STROKES: Mapping[str, Callable[[Luck, float], Sound]] = MappingProxyType(
    {
        "kick": _kick,
        "boom": _boom,
        "taiko": _taiko,
        "tom": _tom,
        "clap": _clap,
        "snap": _snap,
        "rim": _rim,
        "shaker": _shaker,
        "hat": _hat,
        "crash": _crash,
    }
)
