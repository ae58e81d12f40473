"""Variety: the same shot shown twice, found by near identity of several frames.

Captions differ over equal pictures, and plain backgrounds are alike under different text: so the fifth of the blocks
that differs most is left out, and what remains must have structure.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from . import Check, Span
from .frames import Picture, Thumbs, luminance

Floats = NDArray[np.float32]

_PROBES = 5
"""Frames of a shot that are looked for elsewhere."""
_EQUAL = 2.5
"""Levels of difference (root mean square) that coding makes of equal pictures."""
_STRUCTURE = 12.0
"""Levels between a picture's darker and brighter blocks (a tenth off at each end) for it to be recognised."""
_KEPT = 0.8
"""Part of the blocks that is compared."""


def variety_check(picture: Picture, shots: Sequence[tuple[int, int]]) -> Check:
    """No shot twice: a moving one that returns fails, a still one only warns."""
    luma = np.concatenate([luminance(some.astype(np.float32)) for some in _stretches(picture.thumbs)])
    luma = luma.reshape(picture.frames, -1)
    moving, still = list[tuple[int, int]](), list[tuple[int, int]]()
    for later in range(1, len(shots)):
        for earlier in range(later):
            match = _same(luma, shots[earlier], shots[later])
            if match is not None:
                (moving if match else still).append((earlier, later))
    pairs = [*moving, *still]
    again = sorted({later for _, later in pairs})
    return Check(
        name="variety",
        value="; ".join(f"{_at(picture, shots[b])} repeats {_at(picture, shots[a])}" for a, b in pairs[:4])
        or f"{len(shots)} different shots",
        target="no shot twice",
        verdict="fail" if moving else "warn" if still else "pass" if len(shots) > 1 else "skip",
        spans=tuple(Span(start=picture.time(shots[at][0]), end=picture.time(shots[at][1])) for at in again),
        source="most frequent complaint about peers",
    )


def _stretches(thumbs: Thumbs) -> list[Thumbs]:
    return np.array_split(thumbs, len(thumbs) // 2048 + 1)


def _at(picture: Picture, shot: tuple[int, int]) -> str:
    return f"{picture.time(shot[0]):.1f} s"


def _same(luma: Floats, one: tuple[int, int], other: tuple[int, int]) -> bool | None:
    """None where the shots differ, else whether they move."""
    first, last = one
    margin = min(3, (last - first) // 4)
    probes = np.unique(np.linspace(first + margin, last - 1 - margin, _PROBES).astype(int))
    there = luma[other[0] : other[1]]
    # A cheap look first, at every eleventh block: equal pictures agree in most of them.
    centre = luma[probes[len(probes) // 2], ::11]
    if float((np.abs(there[:, ::11] - centre) <= 8).mean(axis=1).max()) < 0.6:
        return None
    hits: list[tuple[int, NDArray[np.intp]]] = []
    for probe in probes:
        near = np.flatnonzero(_apart(luma[probe], there) <= _EQUAL)
        if len(near):
            hits.append((int(probe) - first, near))
    needed = min(3, len(probes))
    if len(hits) < needed:
        return None
    shifts = [set((near - at).tolist()) for at, near in hits]
    spread = {value + slip for value in set.union(*shifts) for slip in (-1, 0, 1)}
    together = max(sum(bool({s - 1, s, s + 1} & shift) for shift in shifts) for s in spread)
    if together < needed:
        return None
    ends = luma[[int(probes[0]), int(probes[-1])]]
    return float(_apart(ends[0], ends[1:])[0]) > _EQUAL


def _apart(frame: Floats, others: Floats) -> Floats:
    """Root mean square difference over the most equal blocks; infinite where those have no structure."""
    apart = np.abs(others - frame)
    keep = max(int(_KEPT * apart.shape[1]), 1)
    order = np.argpartition(apart, keep - 1, axis=1)[:, :keep]
    distance: Floats = np.sqrt((np.take_along_axis(apart, order, axis=1) ** 2).mean(axis=1))
    for row in np.flatnonzero(distance <= _EQUAL):
        low, high = np.percentile(frame[order[row]], [10, 90])
        if high - low < _STRUCTURE:
            distance[row] = np.inf
    return distance
