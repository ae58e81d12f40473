"""Flashes that can harm: general and red ones, counted as WCAG 2.3.1 and ITU-R BT.1702 define them.

Knows nothing about why the picture changes.
"""

import numpy as np
from numpy.typing import NDArray

from ..profiles import Profile
from . import Check, Span
from .frames import Picture, Thumbs, luminance
from .spans import joined

Floats = NDArray[np.float32]

_SRGB = np.arange(256) / 255
LINEAR: Floats = np.where(_SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Linear light of an 8-bit sRGB value."""
_GENERAL, _DARKER = 0.1, 0.8
"""A change of 10 % of the greatest relative luminance, the darker picture below 0.80."""
_RED, _SATURATED = 20.0, 0.8
"""A change of (R-G-B)x320 by more than 20, with R/(R+G+B) of at least 0.8 in one of the pictures."""
_TOGETHER = 3
"""Frames within which blocks that change belong to one transition."""


def flash_check(picture: Picture, profile: Profile) -> Check:
    """At most three flashes in any second over a quarter of the frame."""
    limits = profile.limits
    light, red = _signals(picture.thumbs)
    general = _transitions(light, _GENERAL, limits.flash_area, ceiling=_DARKER)
    coloured = _transitions(red, _RED, limits.flash_area)
    second = max(round(1 / picture.step), 1)
    worst, spans = 0, []
    for turns in (general, coloured):
        most, where = _rate(turns, second, limits.flashes)
        worst = max(worst, most)
        spans += [Span(start=picture.time(first), end=picture.time(last)) for first, last in where]
    return Check(
        name="flash",
        value=f"at most {worst} in a second",
        target=f"≤ {limits.flashes} in any second",
        verdict="fail" if spans else "pass",
        spans=joined(spans),
        source="ITU-R BT.1702, WCAG 2.3.1",
    )


def _signals(thumbs: Thumbs) -> tuple[Floats, Floats]:
    """Relative luminance and saturated red of every block, as (frames, blocks)."""
    light, red = [], []
    for part in np.array_split(thumbs, max(len(thumbs) // 512, 1)):
        linear = LINEAR[part].reshape(len(part), -1, 3)
        light.append(luminance(linear))
        total = linear.sum(axis=2)
        excess = 320 * np.clip(2 * linear[..., 0] - total, 0, None)
        red.append(np.where(linear[..., 0] >= _SATURATED * np.maximum(total, 1e-4), excess, 0).astype(np.float32))
    return np.concatenate(light), np.concatenate(red)


def _transitions(signal: Floats, step: float, area: float, ceiling: float = np.inf) -> list[int]:
    """Frames at which `area` of the picture has turned up or down by `step`, directions alternating.

    Each block zigzags between extremes; where as many blocks go up as down, something moves and nothing flashes.
    """
    if not len(signal):
        return []
    low, high = signal[0].copy(), signal[0].copy()
    way = np.zeros(signal.shape[1], np.int8)
    risen, fallen = (np.full(signal.shape[1], -_TOGETHER - 1) for _ in range(2))
    turns: list[int] = []
    last = 0
    for number, now in enumerate(signal):
        low, high = np.minimum(low, now), np.maximum(high, now)
        up = (way != 1) & (now - low >= step) & (low < ceiling)
        down = (way != -1) & (high - now >= step) & (now < ceiling)
        way[up], way[down] = 1, -1
        risen[up], fallen[down] = number, number
        # A turn begins a new extreme on its own side; the other side's is stale until the next turn.
        high[up], low[down] = now[up], now[down]
        rising = float(np.mean(number - risen < _TOGETHER))
        falling = float(np.mean(number - fallen < _TOGETHER))
        towards = (
            1 if rising >= area and rising > 2 * falling else -1 if falling >= area and falling > 2 * rising else 0
        )
        if towards and towards != last:
            turns.append(number)
            last = towards
    return turns


def _rate(turns: list[int], second: int, limit: int) -> tuple[int, list[tuple[int, int]]]:
    """The most flashes (pairs of turns) in one second, and where there are more than `limit`."""
    most, spans = 0, []
    for index, turn in enumerate(turns):
        inside = [each for each in turns[index:] if each < turn + second]
        flashes = len(inside) // 2
        most = max(most, flashes)
        if flashes > limit:
            spans.append((turn, inside[-1] + 1))
    return most, spans
