"""Loops: music that is shorter than its clip goes on from a place that sounds like the one it has reached.

Knows samples; knows nothing about films or files.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..meter import RATE, Samples

_HOP, _WINDOW, _BANDS = 960, 2048, 24
_BEFORE, _BEHIND = 25, 10
"""Frames of 20 ms that are compared before and behind a place."""
_LEAST = 50
"""Frames of 20 ms that a loop lasts at least."""
_CHOICE = 60
"""The strongest onsets that are tried at either end."""
_NEAR = RATE // 50
_SHORT, _SOFT, _LONG = RATE // 20, RATE // 5, RATE * 3 // 2
"""Samples of cross-fade between places that are alike, that are not, and where there is no onset at all."""
_LIKE = 1.2
"""Mean distance (natural logarithm of power) at which two places pass for the same."""


@dataclass(frozen=True)
class Loop:
    """At sample `end` the music goes on from `start`; the `fade` samples before both are cross-faded."""

    start: int
    end: int
    fade: int


def find(sound: Samples) -> Loop:
    """The two places that are most alike, the farther apart the better; both on an onset."""
    bands = _bands(sound)
    level = bands.mean(axis=1)
    heard = np.flatnonzero(level > np.median(level) - 2.8)
    first, last = int(heard[0]), int(heard[-1])
    onsets = _onsets(bands, first, last)
    begin = [frame for frame in onsets if frame < first + 0.5 * (last - first) and frame >= _BEFORE]
    finish = [frame for frame in onsets if frame > first + 0.6 * (last - first) and frame + _BEHIND <= last]
    pairs = [(early, late) for early in begin for late in finish if late - early > _LEAST]
    best = min(((_unlike(bands, *pair), *pair) for pair in pairs), default=None)
    if best is None:
        fade = min(_LONG, len(sound) // 4)
        return Loop(first * _HOP + fade, min((last + 1) * _HOP, len(sound)), fade)
    start, end = best[1] * _HOP, best[2] * _HOP
    # The fade is over when the note begins: its attack stays sharp. Unlike places are given more time to change.
    fade = min(_SHORT if best[0] < _LIKE else _SOFT, start)
    return Loop(start, end + _lag(sound, start, end), fade)


def played(sound: Samples, loop: Loop, length: int) -> Iterator[Samples]:
    """`length` samples of the music, again and again through its loop."""
    joint = _joint(sound, loop)
    part = sound[: loop.end - loop.fade]
    while length > 0:
        for piece in (part, joint):
            yield piece[:length]
            length -= len(piece)
            if length <= 0:
                return
        part = sound[loop.start : loop.end - loop.fade]


def _joint(sound: Samples, loop: Loop) -> Samples:
    """The cross-fade, of constant power however alike both sides are."""
    old, new = sound[loop.end - loop.fade : loop.end], sound[loop.start - loop.fade : loop.start]
    alike = float((old * new).sum() / max(np.sqrt(float((old**2).sum()) * float((new**2).sum())), 1e-9))
    way = np.linspace(0, np.pi / 2, loop.fade)
    goes, comes = np.cos(way), np.sin(way)
    even = 1 / np.sqrt(1 + 2 * goes * comes * max(alike, -0.5))
    joint: Samples = (old * (goes * even)[:, None] + new * (comes * even)[:, None]).astype(np.float32)
    return joint


def _bands(sound: Samples) -> NDArray[np.float32]:
    """Log power in bands of frequency every 20 ms."""
    mono = np.pad(sound.mean(axis=1), (0, _WINDOW))
    edges = np.unique(np.geomspace(2, _WINDOW // 3, _BANDS + 1).astype(int))
    window = np.hanning(_WINDOW).astype(np.float32)
    rows = []
    frames = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[: len(sound) : _HOP]
    for start in range(0, len(frames), 500):
        power = np.abs(np.fft.rfft(frames[start : start + 500] * window)) ** 2
        rows.append(np.log(np.add.reduceat(power, edges[:-1], axis=1) + 1e-4))
    return np.concatenate(rows).astype(np.float32)


def _onsets(bands: NDArray[np.float32], first: int, last: int) -> list[int]:
    """Frames where something begins, the strongest of every fifth of a second."""
    rise = np.concatenate([[0.0], np.maximum(np.diff(bands, axis=0), 0).sum(axis=1)])
    wide = np.lib.stride_tricks.sliding_window_view(np.pad(rise, 5), 11).max(axis=1)
    peaks = [int(frame) for frame in np.flatnonzero((rise == wide) & (rise > rise.mean())) if first < frame <= last]
    middle = (first + last) / 2
    early = _strongest(rise, [frame for frame in peaks if frame < middle])
    return early + _strongest(rise, [frame for frame in peaks if frame >= middle])


def _strongest(rise: NDArray[np.float64], frames: list[int]) -> list[int]:
    return sorted(frames, key=lambda frame: -rise[frame])[:_CHOICE]


def _unlike(bands: NDArray[np.float32], start: int, end: int) -> float:
    """How different two places sound; a loop of half the piece counts as a little worse than one of all of it."""
    here, there = bands[start - _BEFORE : start + _BEHIND], bands[end - _BEFORE : end + _BEHIND]
    return float(np.abs(here - there).mean()) + 0.4 * (1 - (end - start) / len(bands))


def _lag(sound: Samples, start: int, end: int) -> int:
    """Samples by which the end moves so that both waves lie over each other."""
    mono = sound.mean(axis=1)
    after = mono[start : start + 4 * _NEAR]
    space = mono[max(end - _NEAR, 0) : end + 5 * _NEAR]
    if len(space) < len(after) + 2:
        return 0
    size = 2 ** int(np.ceil(np.log2(len(space) + len(after))))
    likeness = np.fft.irfft(np.fft.rfft(space, size) * np.conj(np.fft.rfft(after, size)), size)
    return int(np.argmax(likeness[: len(space) - len(after)])) - min(_NEAR, end)
