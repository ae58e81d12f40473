"""The meter: loudness by ITU-R BS.1770 and peaks of samples, a millisecond at a time.

Knows nothing about files, tracks or what a sound is for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Samples = NDArray[np.float32]
"""Stereo: one row a sample, two columns."""
Series = NDArray[np.float64]
"""One value a millisecond."""
QUIET = -70.0
"""LUFS at and below which there is nothing to hear."""
STEP = RATE // 1000
_MEMORY = 2400
"""Samples after which the weighting has forgotten what it heard."""
_SIZE = 2**15
_STRIDE = (_SIZE - _MEMORY) // STEP * STEP
"""Samples weighted at a time: what a processor's cache holds."""
_TAPS = 12
"""Samples on either side of a place between samples, to tell the peak there."""
_OVER = 4


@dataclass(frozen=True)
class Readings:
    """A sound millisecond by millisecond: K-weighted power summed over both sides, and its highest sample."""

    powers: Series
    peaks: Series

    @property
    def loudness(self) -> float:
        """Integrated, in LUFS."""
        return integrated(self.powers)


def read(blocks: Iterable[Samples]) -> Readings:
    """Measure a sound that comes in blocks of any length."""
    powers, peaks = [np.zeros(0)], [np.zeros(0)]
    past = np.zeros((_MEMORY, 2), np.float32)
    left = np.zeros((0, 2), np.float32)
    for block in blocks:
        left = np.concatenate([left, block]) if len(left) else block
        whole = len(left) // STEP * STEP
        if whole:
            powers.append(_powers(past, left[:whole]))
            peaks.append(_highest(left[:whole]))
            past = np.concatenate([past, left[:whole]])[-_MEMORY:]
            left = left[whole:]
    if len(left):
        rest = np.pad(left, ((0, -len(left) % STEP), (0, 0)))
        powers.append(_powers(past, rest))
        peaks.append(_highest(rest))
    return Readings(np.concatenate(powers), np.concatenate(peaks))


def integrated(powers: Series) -> float:
    """LUFS over windows of 400 ms, gated at -70 LUFS and then 10 LU under what is left."""
    windows = _windows(powers)
    loud = windows[_decibels(windows) > QUIET]
    if not loud.size:
        return QUIET
    gate = max(_level(loud) - 10, QUIET)
    return max(_level(loud[_decibels(loud) > gate]), QUIET)


def over(powers: Series, spans: Sequence[tuple[int, int]]) -> float:
    """LUFS over these spans of milliseconds, pauses within them left out."""
    return integrated(np.concatenate([np.zeros(0), *(powers[start:end] for start, end in spans)]))


def true_peaks(sound: Samples, places: NDArray[np.intp]) -> Series:
    """The highest value between and on the samples of these milliseconds of `sound`."""
    padded = np.pad(sound, ((_TAPS, _TAPS + STEP), (0, 0)))
    rows = places[:, None] * STEP + np.arange(STEP + 2 * _TAPS)
    highest = np.zeros(len(places))
    for start in range(0, len(places), 4096):
        part = padded[rows[start : start + 4096]]
        between = np.abs(np.tensordot(part, _kernel(), axes=(1, 0))).max(axis=(1, 2))
        on = np.abs(part[:, _TAPS:-_TAPS]).max(axis=(1, 2))
        highest[start : start + 4096] = np.maximum(between, on)
    return highest


def _level(powers: Series) -> float:
    return float(-0.691 + 10 * np.log10(max(float(powers.mean()), 1e-12)))


def _decibels(powers: Series) -> Series:
    levels: Series = -0.691 + 10 * np.log10(np.maximum(powers, 1e-12))
    return levels


def _windows(powers: Series, length: int = 400, hop: int = 100) -> Series:
    """Mean power of windows; a sound shorter than one is one, silence round it."""
    if not powers.size:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(np.pad(powers, (0, max(length - powers.size, 0))))])
    starts = np.arange(0, sums.size - length, hop)
    means: Series = np.maximum(sums[starts + length] - sums[starts], 0) / length
    return means


def _powers(past: Samples, sound: Samples) -> Series:
    whole = np.concatenate([past, sound])
    total = np.zeros(len(sound) // STEP)
    alike = np.array_equal(whole[:, 0], whole[:, 1])
    for side in whole.T[: 1 if alike else 2]:
        for start in range(0, len(sound), _STRIDE):
            part = np.fft.rfft(side[start : start + _STRIDE + _MEMORY], _SIZE) * _weighting()
            count = min(_STRIDE, len(sound) - start)
            weighted = np.fft.irfft(part, _SIZE)[_MEMORY : _MEMORY + count].reshape(-1, STEP)
            total[start // STEP : (start + count) // STEP] += np.einsum("ij,ij->i", weighted, weighted) / STEP
    return total * 2 if alike else total


def _highest(sound: Samples) -> Series:
    peaks: Series = np.abs(sound).reshape(-1, STEP * 2).max(axis=1).astype(np.float64)
    return peaks


@cache
def _weighting() -> NDArray[np.complex64]:
    """The two filters of BS.1770 at 48 kHz, as their answer at every frequency."""
    back = np.exp(-2j * np.pi * np.fft.rfftfreq(_SIZE))
    shelf = (1.53512485958697 - 2.69169618940638 * back + 1.19839281085285 * back**2) / (
        1 - 1.69065929318241 * back + 0.73248077421585 * back**2
    )
    high = (1 - 2 * back + back**2) / (1 - 1.99004745483398 * back + 0.99007225036621 * back**2)
    answer: NDArray[np.complex64] = (shelf * high).astype(np.complex64)
    return answer


@cache
def _kernel() -> NDArray[np.float32]:
    """From a millisecond and its neighbours to the values between its samples, by a windowed sinc."""
    rows = np.arange(STEP + 2 * _TAPS)[:, None]
    at = _TAPS + np.arange(STEP * _OVER)[None, :] / _OVER
    away = rows - at
    window = np.where(np.abs(away) < _TAPS, 0.5 + 0.5 * np.cos(np.pi * away / _TAPS), 0)
    kernel: NDArray[np.float32] = (np.sinc(away) * window).astype(np.float32)
    return np.ascontiguousarray(kernel[:, np.arange(STEP * _OVER) % _OVER != 0])
