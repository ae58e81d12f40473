"""Time and pitch of a voice, changed apart: a warp by overlapping stretches, and a resampler.

Knows nothing about words. Where a warp keeps the time, it keeps the samples.
"""

from collections.abc import Sequence

import numpy as np

from .sound import Samples, Sound

GRAIN = 0.03
"""Seconds of one stretch: two or three periods of a low voice, short enough to leave consonants whole."""
SEARCH = 0.008
"""Seconds by which a stretch may be moved so that its waves meet those before it: one period at 125 Hz."""
Edges = Sequence[tuple[float, float]]
"""Corners of a time map: samples before, samples after, both rising."""


def warp(sound: Sound, edges: Edges) -> Sound:
    """The sound with its time bent along `edges` (waveform similarity overlap-add); pitch and voice stay."""
    grain = max(8, round(GRAIN * sound.rate)) // 2 * 2
    hop, search = grain // 2, round(SEARCH * sound.rate)
    before, after = ([edge[side] for edge in edges] for side in (0, 1))
    length = max(1, round(after[-1]))
    wave = np.pad(sound.samples, (grain, 2 * grain + search))
    window = np.hanning(grain + 1)[:grain].astype(np.float32)
    out = np.zeros(length + 2 * grain, np.float32)
    wanted = None
    for at in range(-hop, length, hop):
        place = round(float(np.interp(at, after, before)) if at > 0 else at) + grain
        place = min(max(place, 0), len(wave) - grain - search)
        if wanted is not None and place != wanted:
            place = _fits(wave, place, wanted, search, grain)
        start = at + hop
        out[start : start + grain] += wave[place : place + grain] * window
        wanted = min(place + hop, len(wave) - grain)
    return Sound(out[hop : hop + length], sound.rate)


def _fits(wave: Samples, place: int, wanted: int, search: int, grain: int) -> int:
    """Where, near `place`, the sound goes on as it would have from `wanted`."""
    first = max(place - search, 0)
    last = min(place + search, len(wave) - grain)
    if last <= first:
        return place
    target = wave[wanted : wanted + grain]
    likeness = np.correlate(wave[first : last + grain], target, "valid")
    energy = np.convolve(wave[first : last + grain] ** 2, np.ones(len(target), np.float32), "valid")
    return first + int(np.argmax(likeness / np.sqrt(np.maximum(energy, 1e-9))))


def resample(sound: Sound, factor: float) -> Sound:
    """The sound played `factor` times as fast at the same rate: shorter and higher, by its spectrum."""
    length = max(1, round(len(sound.samples) / factor))
    if length == len(sound.samples):
        return sound
    spectrum = np.fft.rfft(sound.samples.astype(np.float64))
    bins = length // 2 + 1
    kept = np.zeros(bins, complex)
    kept[: min(bins, len(spectrum))] = spectrum[:bins]
    samples = np.fft.irfft(kept, length) * (length / len(sound.samples))
    return Sound(samples.astype(np.float32), sound.rate)
