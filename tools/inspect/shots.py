"""Shots: cuts and dissolves found in the thumbs of a film, how long shots last, and shots shown twice.

Knows nothing about the plan: cuts that are known may be handed in instead.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ..profiles import Profile
from . import Check, Span
from .frames import Picture, Thumbs

Floats = NDArray[np.float32]

_STRETCH = 2048
"""Frames that are looked at together."""
_JUMP = 7.0
"""Levels by which the mean block changes at a cut."""
_FLASH = 0.35
"""Seconds within which a picture that comes back was a flash, not a shot."""
_MELT = 0.5
"""Seconds that a dissolve is looked for over."""
_MIXED = 0.45
"""Part of the change by which the middle may differ from a plain mixture: titles leave and enter meanwhile."""


def find_cuts(picture: Picture) -> tuple[int, ...]:
    """First frames of the shots after the first, by hard cuts and dissolves."""
    thumbs = picture.thumbs.reshape(picture.frames, -1)
    hard = _without_flashes(_hard_cuts(thumbs), thumbs, max(round(_FLASH / picture.step), 2))
    near = max(round(_MELT / picture.step), 4)
    soft = [at for at in _dissolves(thumbs, near) if all(abs(at - cut) > near for cut in hard)]
    return tuple(sorted([*hard, *soft]))


def shots_of(cuts: Sequence[int], frames: int) -> list[tuple[int, int]]:
    """Shots as (first frame, last exclusive)."""
    marks = [0, *sorted({cut for cut in cuts if 0 < cut < frames}), frames]
    return [(first, last) for first, last in pairwise(marks) if last > first]


def shots_check(picture: Picture, shots: Sequence[tuple[int, int]], profile: Profile, known: bool) -> Check:
    """Shot lengths against editing practice; only known cuts can fail for being too short."""
    limits = profile.limits
    lengths = [(last - first) * picture.step for first, last in shots]
    middle, longest, shortest = median(lengths), max(lengths), min(lengths)
    slack = picture.step / 2
    wrong = [
        index
        for index, length in enumerate(lengths)
        if length > limits.shot_longest + slack or (length < limits.shot_shortest - slack and len(lengths) > 1)
    ]
    low, high = limits.shot_median
    fail = longest > limits.shot_fail + slack or (known and len(shots) > 1 and shortest < limits.shot_shortest - slack)
    late = len(lengths) > 1 and lengths[0] > limits.first_cut + slack
    steady = low - slack <= middle <= high + slack or len(lengths) == 1
    return Check(
        name="shots",
        value=f"{len(shots)} shots{'' if known else ' found'}, median {middle:.1f} s, "
        f"{shortest:.1f} to {longest:.1f} s, first cut {f'at {lengths[0]:.1f} s' if len(lengths) > 1 else 'none'}",
        target=f"median {low:g} to {high:g} s, {limits.shot_shortest:g} to {limits.shot_longest:g} s each, "
        f"first cut ≤ {limits.first_cut:g} s",
        verdict="fail" if fail else "warn" if wrong or late or not steady else "pass",
        spans=tuple(Span(start=picture.time(shots[at][0]), end=picture.time(shots[at][1])) for at in wrong),
        source="editing practice",
    )


def _apart(thumbs: Thumbs, span: int) -> Floats:
    """How much every frame differs from the one `span` later, in levels; a stretch at a time, for films are long."""
    parts = [np.zeros(0, np.float32)]
    for first in range(0, len(thumbs) - span, _STRETCH):
        last = min(first + _STRETCH, len(thumbs) - span)
        change = thumbs[first + span : last + span].astype(np.float32) - thumbs[first:last]
        parts.append(np.abs(change).mean(axis=1))
    return np.concatenate(parts)


def _mixed(thumbs: Thumbs, starts: NDArray[np.intp], span: int) -> Floats:
    """How much the middle of each stretch differs from the mixture of its ends."""
    parts = [np.zeros(0, np.float32)]
    for some in np.array_split(starts, max(len(starts) // _STRETCH, 1)):
        ends = thumbs[some].astype(np.float32) + thumbs[some + span]
        parts.append(np.abs(thumbs[some + span // 2] - ends / 2).mean(axis=1))
    return np.concatenate(parts)


def _hard_cuts(thumbs: Thumbs) -> list[int]:
    """Frames that differ from the one before much more than their neighbours do."""
    if len(thumbs) < 3:
        return []
    steps = _apart(thumbs, 1)
    cuts = []
    for index in np.flatnonzero(steps >= _JUMP):
        around = np.concatenate([steps[max(index - 6, 0) : index], steps[index + 1 : index + 7]])
        usual = float(np.median(around)) if len(around) else 0.0
        highest = float(steps[max(index - 2, 0) : index + 3].max())
        if steps[index] >= 3 * usual + _JUMP and steps[index] == highest:
            cuts.append(int(index) + 1)
    return cuts


def _without_flashes(cuts: list[int], thumbs: Thumbs, near: int) -> list[int]:
    """Leave out the pairs after which the picture is what it was before."""
    kept, index = list[int](), 0
    while index < len(cuts):
        before = thumbs[cuts[index] - 1].astype(np.float32)
        jump = np.abs(thumbs[cuts[index]] - before).mean()
        back = [
            later
            for later in range(index + 1, len(cuts))
            if cuts[later] - cuts[index] <= near and np.abs(thumbs[cuts[later]] - before).mean() < 0.35 * jump
        ]
        if back:
            index = back[-1] + 1
        else:
            kept.append(cuts[index])
            index += 1
    return kept


def _dissolves(thumbs: Thumbs, span: int) -> list[int]:
    """Middles of stretches whose frames are mixtures of their two ends, with less change before and after."""
    count = len(thumbs)
    if count < 3 * span:
        return []
    starts = np.arange(span, count - 2 * span)
    apart = _apart(thumbs, span)
    here, before, after = apart[starts], apart[starts - span], apart[starts + span]
    good = (here >= 1.5 * _JUMP) & (np.maximum(before, after) <= 0.5 * here)
    good[good] = _mixed(thumbs, starts[good], span) <= _MIXED * here[good]
    found: list[int] = []
    for group in np.split(np.flatnonzero(good), np.flatnonzero(np.diff(np.flatnonzero(good)) > span) + 1):
        if len(group):
            found.append(int(starts[group[int(np.argmax(here[group]))]]) + span // 2)
    return found
