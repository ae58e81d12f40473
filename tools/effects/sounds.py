"""The effects' sounds: air that moves, drops, bells and a soft blow, each told by a handful of numbers.

Knows samples; knows nothing about films, frames or files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ..meter import RATE, Samples

Luck = np.random.Generator
Wave = NDArray[np.float64]
_WINDOW, _HOP = 1024, 128
_EVEN = 2880


@dataclass(frozen=True)
class Made:
    """A sound and the second of its loudest moment."""

    sound: Samples
    peak: float


def _air(seconds: float, peak: float, hertz: tuple[float, float, float], width: float, luck: Luck) -> Wave:
    """Noise in a band that moves from the first of `hertz` over the second, at the peak, to the third."""
    count = int(seconds * RATE) + 2 * _WINDOW
    noise = luck.standard_normal(count)
    frames = np.arange(0, count - _WINDOW, _HOP)
    times = (frames + _WINDOW / 2 - _WINDOW) / RATE
    middles = np.interp(times, (0, peak, seconds), np.log2(hertz))
    bins = np.log2(np.maximum(np.fft.rfftfreq(_WINDOW, 1 / RATE), 20))
    window = np.hanning(_WINDOW)
    mixed = np.zeros(count)
    for frame, middle in zip(frames, middles, strict=True):
        away = (bins - middle) / width
        # Steeper above than below: air is dull.
        skirt = np.exp(-0.5 * np.where(away > 0, away * 1.25, away) ** 2)
        part = np.fft.irfft(np.fft.rfft(noise[frame : frame + _WINDOW] * window) * skirt, _WINDOW)
        mixed[frame : frame + _WINDOW] += part * window
    # Noise swells by itself: evened out, its loudest moment is where the shape says.
    even = np.sqrt(np.convolve(mixed**2, np.hanning(_EVEN), "same") + 1e-12)
    moved: Wave = (mixed / even)[_WINDOW : _WINDOW + int(seconds * RATE)]
    moved /= max(float(np.abs(moved).max()), 1e-9)
    return moved


def _time(seconds: float) -> Wave:
    return np.arange(int(seconds * RATE)) / RATE


def _swell(time: Wave, seconds: float, peak: float, rise: float, fall: float) -> Wave:
    """Up to 1 at the peak and down to nothing, bent by `rise` and `fall`: higher is later and sooner."""
    up = np.sin(np.pi / 2 * np.clip(time / peak, 0, 1)) ** rise
    down = np.cos(np.pi / 2 * np.clip((time - peak) / (seconds - peak), 0, 1)) ** fall
    shape: Wave = up * down
    return shape


def _across(wave: Wave, other: Wave, time: Wave, seconds: float, way: float) -> Samples:
    """From one side to the other as it passes, with a little of another noise so that it has width."""
    angle = np.pi / 4 * (1 + way * (2 * time / seconds - 1))
    sides = np.stack([wave * np.cos(angle) + 0.25 * other, wave * np.sin(angle) - 0.25 * other], axis=1)
    return sides.astype(np.float32)


def _passing(seconds: float, peak: float, hertz: tuple[float, float, float], low: float, luck: Luck) -> Made:
    time = _time(seconds)
    shape = _swell(time, seconds, peak, 2.6, 2.2)
    body = _air(seconds, peak, (low, low * 1.7, low), 0.6, luck) * shape**1.4
    wave = _air(seconds, peak, hertz, 0.75, luck) * shape + 0.55 * body
    other = _air(seconds, peak, hertz, 0.9, luck) * shape
    way = 0.55 if luck.random() < 0.5 else -0.55
    return Made(_across(wave, other, time, seconds, way), peak)


def _whoosh(luck: Luck) -> Made:
    return _passing(0.46, 0.22, (420, 2300, 700), 190, luck)


def _sweep(luck: Luck) -> Made:
    return _passing(1.05, 0.58, (260, 1700, 420), 130, luck)


def _riser(luck: Luck) -> Made:
    """Air and a soft chord of glides that rise into the cut, and a breath of room behind it."""
    seconds, peak = 1.12, 0.92
    time = _time(seconds)
    shape = np.clip(time / peak, 0, 1) ** 2.6 * np.where(time > peak, np.exp(-(time - peak) / 0.045), 1)
    wave = _air(seconds, peak, (380, 5200, 5200), 0.7, luck) * shape
    rising = 2 ** (np.clip(time / peak, 0, 1) ** 1.6 * 1.0)
    turns = 2 * np.pi * np.cumsum(rising) / RATE
    tone = sum(np.sin(turns * pitch + luck.random() * 6) / (1 + place) for place, pitch in enumerate((220, 330, 441)))
    other = _air(seconds, peak, (500, 6500, 6500), 0.8, luck) * shape
    return Made(_across(wave + 0.09 * tone * shape, other, time, seconds, 0.15), peak)


def _hit(luck: Luck) -> Made:
    """A felt hammer on something large: a falling sine, its octave, and a short dull knock."""
    seconds, peak = 0.7, 0.03
    time = _time(seconds)
    since = np.maximum(time - 0.012, 0)
    turns = 2 * np.pi * (52 * since + 46 * 0.05 * (1 - np.exp(-since / 0.05)))
    attack = np.clip(since / 0.006, 0, 1)
    body = np.sin(turns) * np.exp(-since / 0.16) + 0.3 * np.sin(2 * turns) * np.exp(-since / 0.08)
    knock = _air(seconds, peak, (420, 340, 200), 0.6, luck) * np.exp(-since / 0.028)
    room = _air(seconds, peak, (300, 260, 180), 0.7, luck) * np.exp(-since / 0.12)
    wave = (body + 0.4 * knock + 0.05 * room) * attack
    sides = np.stack([wave, wave], axis=1) + 0.05 * np.stack([room, -room], axis=1) * attack[:, None]
    return Made(sides.astype(np.float32), peak)


def _pop(luck: Luck) -> Made:
    """A drop: a short sine that rises, as a closing bubble does."""
    seconds, peak = 0.2, 0.022
    time = _time(seconds)
    since = np.maximum(time - 0.008, 0)
    base = 380 * 2 ** luck.uniform(-0.12, 0.12)
    turns = 2 * np.pi * (base * since + base * 11 * since**2)
    shape = np.clip(since / 0.004, 0, 1) * np.exp(-since / 0.026)
    wave = (np.sin(turns) + 0.12 * np.sin(2 * turns)) * shape
    return Made(np.stack([wave, wave], axis=1).astype(np.float32), peak)


def _shimmer(luck: Luck) -> Made:
    """Small bells one after another, up a pentatonic scale, each with its own place between the sides."""
    seconds, peak = 1.15, 0.3
    time = _time(seconds)
    steps = (0, 2, 4, 7, 9, 12, 14, 16)
    sides = np.zeros((len(time), 2))
    for place, step in enumerate(steps):
        at = peak * (place + 0.15) / len(steps) + luck.uniform(0, 0.012)
        since = time - at
        pitch = 1568 * 2 ** (step / 12)
        ring = sum(
            level * np.sin(2 * np.pi * pitch * ratio * np.maximum(since, 0)) * np.exp(-np.maximum(since, 0) / decay)
            for ratio, level, decay in ((1.0, 1.0, 0.22), (2.76, 0.22, 0.07), (5.4, 0.06, 0.03))
        )
        loud = np.clip(since / 0.003, 0, 1) * (0.45 + 0.55 * place / (len(steps) - 1))
        angle = np.pi / 4 * (1 + 0.6 * luck.uniform(-1, 1))
        sides += (ring * loud)[:, None] * np.array([np.cos(angle), np.sin(angle)])
    end = np.cos(np.pi / 2 * np.clip((time - 0.75 * seconds) / (0.25 * seconds), 0, 1))
    return Made((sides * end[:, None]).astype(np.float32), peak)


SOUNDS: Mapping[str, Callable[[Luck], Made]] = MappingProxyType(
    {"whoosh": _whoosh, "sweep": _sweep, "riser": _riser, "hit": _hit, "pop": _pop, "shimmer": _shimmer}
)
