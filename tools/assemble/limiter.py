"""The limiter: gains that hold a sound's true peaks, and what loudness is left. It looks ahead and lets go slowly.

Knows one value a millisecond; knows nothing about files.
"""

import numpy as np

from ..meter import STEP, Readings, Samples, Series, integrated

_AHEAD = 4
"""Milliseconds in which it comes down, before the peak is there."""
_RELEASE = 30.0
"""Milliseconds in which it comes up again to a third of what it took."""

_NOTHING = 1e-4
"""dB that nobody hears."""


def reductions(peaks: Series, gain: float, limit: float) -> Series:
    """What to take off, in dB every millisecond: peaks lifted by `gain` dB then stay under `limit` dBTP."""
    over = np.maximum(20 * np.log10(np.maximum(peaks, 1e-9)) + gain - limit, 0)
    reach = _AHEAD + 1
    held = np.lib.stride_tricks.sliding_window_view(np.pad(over, reach), 2 * reach + 1).max(axis=1)
    # An exponential release is a straight line in logarithms, and a running maximum needs no loop.
    slope = np.arange(held.size) / _RELEASE
    released = np.exp(np.maximum.accumulate(np.log(np.maximum(held, _NOTHING)) + slope) - slope)
    window = np.hanning(2 * _AHEAD + 3)[1:-1]
    padded = np.pad(np.where(released > 10 * _NOTHING, released, 0), _AHEAD, mode="edge")
    smooth: Series = np.convolve(padded, window / window.sum(), "valid")
    return smooth


def limited(readings: Readings, gain: float, limit: float) -> float:
    """LUFS of the sound after gain and limiter, told without touching a sample."""
    levels = gain - reductions(readings.peaks, gain, limit)
    return integrated(readings.powers * 10 ** (levels / 10))


def applied(sound: Samples, at: int, levels: Series) -> Samples:
    """`sound`, which begins at sample `at`, under gains in dB that hold at the middle of every millisecond."""
    first = max(at // STEP - 1, 0)
    part = levels[first : (at + len(sound)) // STEP + 2]
    middles = (first + np.arange(part.size) + 0.5) * STEP
    places = np.arange(at, at + len(sound))
    factors = np.interp(places, middles, 10 ** (part / 20)).astype(np.float32)
    return sound * factors[:, None]


def needed(readings: Readings, target: float, limit: float, most: float) -> float:
    """The gain in dB at which the limited sound has `target` LUFS, `most` where it never gets there."""
    low, high = target - readings.loudness, most
    if high <= low or limited(readings, low, limit) >= target:
        return min(low, high)
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if limited(readings, middle, limit) > target else (middle, high)
    return high if limited(readings, high, limit) <= target else low
