"""Flash and beep: in test films, how late a sound comes after the picture it belongs to.

Knows nothing about containers. Speech and music have no such pictures: where no flash has its beep, nothing is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ..ffmpeg import Input, decode
from .frames import Picture

_FLASH = 40.0
"""Levels by which the whole frame's luma jumps up in a flash."""
_LONGEST = 0.5
"""Seconds a flash or a beep lasts at most."""
_NEAR = 0.4
"""Seconds round a flash in which its beep is looked for."""
_LOUDER = 20.0
"""dB by which a beep stands over what was before it."""
_RATE, _STEP = 8000, 16
"""The sound is looked at in steps of two milliseconds."""
_AGREE = 0.015
"""Seconds by which the pairs may differ among themselves."""
_MOST, _FEWEST = 8, 2


@dataclass(frozen=True)
class Onsets:
    """Seconds by which the sound comes after the picture, and how many pairs say so."""

    late: float
    pairs: int


def flash_and_beep(path: Path, picture: Picture, start: float) -> Onsets | None:
    """Pairs of a flash and a beep; None where there are not two that agree. `start` is where the file begins."""
    flashes = _flashes(picture)
    if not _FEWEST <= len(flashes) <= 60 or _crowded(flashes):
        return None
    offsets = []
    for flash in flashes[:_MOST]:
        begin = max(flash - 2 * _NEAR, start)
        beep = _beep(_levels(path, begin - start, 3 * _NEAR + _LONGEST), flash - begin)
        if beep is not None:
            offsets.append(begin + beep - flash)
    if len(offsets) < max(_FEWEST, len(flashes[:_MOST]) // 2):
        return None
    late = median(offsets)
    agree = sum(abs(offset - late) <= _AGREE for offset in offsets)
    return Onsets(late, agree) if agree >= max(_FEWEST, (len(offsets) + 1) // 2) else None


def _flashes(picture: Picture) -> list[float]:
    """Seconds at which the whole frame turns bright at once, for a moment."""
    rise = np.diff(picture.light)
    width = max(round(_LONGEST / picture.step), 1)
    found = []
    for at in np.flatnonzero(rise >= _FLASH):
        before, peak = picture.light[at], picture.light[at + 1]
        after = picture.light[at + 1 : at + 2 + width]
        if len(after) and after.min() <= before + 0.4 * (peak - before):
            found.append(picture.time(int(at) + 1))
    return found


def _crowded(flashes: Sequence[float]) -> bool:
    """A strobe is no test signal: its beeps could belong to any flash."""
    return bool(np.diff(flashes).min() < 2 * _NEAR)


def _levels(path: Path, at: float, length: float) -> NDArray[np.float64]:
    """Levels in dB of every two milliseconds from `at` seconds into the file."""
    graph = f"[0:a:0]aresample={_RATE}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=mono[a]"
    source = Input(path, ("-ss", f"{at:.6f}", "-t", f"{length:.3f}"))
    raw = b"".join(decode(source, graph, ["-map", "[a]", "-f", "s16le"]))
    samples = np.frombuffer(raw[: len(raw) // (2 * _STEP) * 2 * _STEP], "<i2").astype(np.float64).reshape(-1, _STEP)
    levels: NDArray[np.float64] = 10 * np.log10((samples**2).mean(axis=1) + 1.0)
    return levels


def _beep(levels: NDArray[np.float64], flash: float) -> float | None:
    """Where a sharp onset stands that is nearest to the flash."""
    step = _STEP / _RATE
    quiet, last = round(0.1 / step), round((flash + _NEAR) / step)
    first = max(round((flash - _NEAR) / step), quiet)
    found = []
    for at in range(first, min(last, len(levels) - 10)):
        before, here = levels[at - quiet : at - 2].max(), levels[at + 2 : at + 10].min()
        if here - before >= _LOUDER and levels[at] - before >= _LOUDER / 2 and levels[at - 1] - before < _LOUDER / 2:
            found.append(at * step)
    return min(found, key=lambda time: abs(time - flash), default=None)
