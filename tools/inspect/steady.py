"""A picture that holds together from frame to frame: flicker, warping and jumps inside shots.

Knows nothing about how frames were made; cuts, flashes and black are others' matter.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..profiles import Profile
from . import Check, Span
from .frames import Picture, luminance
from .motion import Motion
from .spans import joined

_WINDOW = 1.0
"""Seconds over which flicker is weighed."""
_SMOOTH = 0.3
"""Seconds of the moving mean that is taken off the luminance: what changes slower is no flicker."""
_MELT = 0.3
"""Seconds on both sides of a cut that may be a dissolve."""
_NEAR = 6
"""Frames before and after one that tell what is usual there."""
_BLOCK_APART = 8
"""Levels from which a block was not foretold."""
_JUMP_SHARE, _JUMP_OVER = 0.5, 3.0
"""Part of the blocks that were not foretold in a jump, and how much more than nearby."""
_LEAP = 6.0
"""Small pixels by which a picture that stood or drifted leaps on."""
_FLASH = 20.0
"""Levels from which a change of light is a flash."""
_EXPLAINED = 0.3
"""Part of the blocks that may not be foretold in a picture that moved on."""
_SOURCE = "the usual video-generation measures"
_MISSING = "not measured: opencv is not installed (the `ocr` extra)"

Shots = Sequence[tuple[int, int]]


def flicker_check(picture: Picture, shots: Shots, profile: Profile, flashes: Sequence[Span] = ()) -> Check:
    """Luminance of the whole frame that trembles for a second, in levels; cuts and flashes are left out."""
    low, high = profile.limits.flicker
    size, worst, found = max(round(_WINDOW / picture.step), 8), 0.0, list[tuple[float, Span]]()
    path = _brightness(picture)
    for first, last in shots:
        for begin in range(first, max(last - size, first) + 1, max(size // 2, 1)):
            end = min(begin + size, last)
            span = Span(start=picture.time(begin), end=picture.time(end))
            if end - begin < 8 or _touches(span, flashes):
                continue
            strength = _tremble(path[begin:end], picture.step)
            worst = max(worst, strength)
            if strength > low:
                found.append((strength, span))
    grave = [span for strength, span in found if strength > high]
    return Check(
        name="flicker",
        value=f"at most {worst:.2f} levels",
        target=f"≤ {low:g} levels of 255",
        verdict="fail" if grave else "warn" if found else "pass",
        spans=joined(grave or [span for _, span in found]),
        source=_SOURCE,
    )


def warping_check(picture: Picture, shots: Shots, motion: Motion | None, profile: Profile) -> Check:
    """What optical flow cannot explain: the middle over each shot of the mean difference, in levels."""
    low, high = profile.limits.warping
    target = f"≤ {low:g} levels of 255 in every shot"
    if motion is None or not len(motion.residual):
        reason = _MISSING if motion is None else "one frame"
        return Check(name="warping", value=reason, target=target, verdict="skip", source=_SOURCE)
    rows = [
        (float(np.median(motion.residual[first : last - 1])), Span(start=picture.time(first), end=picture.time(last)))
        for first, last in shots
        if last - first > 2
    ]
    worst = max((strength for strength, _ in rows), default=0.0)
    return Check(
        name="warping",
        value=f"at most {worst:.1f} levels",
        target=target,
        verdict="fail" if worst > high else "warn" if worst > low else "pass",
        spans=tuple(span for strength, span in rows if strength > (high if worst > high else low)),
        source=_SOURCE,
    )


def jumps_check(
    picture: Picture, shots: Shots, motion: Motion | None, inner: Sequence[int] = (), holes: Sequence[Span] = ()
) -> Check:
    """No leap inside a shot.

    Args:
        inner: cuts that were found where the plan knows none; they only warn, for they may be design.
        holes: flashes and black.
    """
    if motion is None and not inner:
        return Check(name="jumps", value=_MISSING, target="none inside a shot", verdict="skip", source=_SOURCE)
    leaps = [] if motion is None else [at for first, last in shots for at in _leaps(motion, first, last, picture.step)]
    leaps = [at for at in leaps if not _flashes(picture, at) and not _touches(_around(picture, at, _MELT), holes)]
    places = leaps or list(inner)
    times = ", ".join(f"{picture.time(at):.2f} s" for at in places[:4])
    return Check(
        name="jumps",
        value=f"{len(places)} at {times}" if places else "none",
        target="none inside a shot",
        verdict="fail" if leaps else "warn" if inner else "pass",
        spans=tuple(_around(picture, at) for at in places),
        source=_SOURCE,
    )


def is_leap(motion: Motion, at: int) -> bool:
    """Whether the frame `at`, which differs much from the one before, is the same picture moved on: a leap, no cut."""
    share = float(np.mean(motion.apart[at - 1] > _BLOCK_APART))
    return bool(motion.moved[at - 1] >= _LEAP and share <= _EXPLAINED)


def _brightness(picture: Picture) -> NDArray[np.float32]:
    """How bright the frame is over time, by what most of its blocks do: somebody who walks past is no flicker."""
    changes = [np.zeros(1, np.float32)]
    for first in range(0, picture.frames - 1, 512):
        luma = luminance(picture.thumbs[first : first + 513].astype(np.float32)).reshape(
            -1, picture.thumbs[0, ..., 0].size
        )
        changes.append(np.median(np.diff(luma, axis=0), axis=1).astype(np.float32))
    path: NDArray[np.float32] = np.cumsum(np.concatenate(changes), dtype=np.float64).astype(np.float32)
    return path


def _tremble(light: NDArray[np.float32], step: float) -> float:
    """The middle distance from the moving mean: one pop does not move it, a tremble does."""
    width = max(round(_SMOOTH / step) // 2 * 2 + 1, 3)
    width = min(width, (len(light) - 1) // 2 * 2 + 1)
    padded = np.pad(light, width // 2, mode="reflect", reflect_type="odd")
    smooth = np.convolve(padded, np.full(width, 1 / width), mode="valid")
    return float(np.median(np.abs(light - smooth)))


def _leaps(motion: Motion, first: int, last: int, step: float) -> list[int]:
    """Frames that differ from what was foretold much more than those around them, or that moved much further."""
    edge = max(round(_MELT / step), 2)
    low, high = first + edge, last - edge
    if high - low < 3:
        return []
    share = np.array([np.mean(apart > _BLOCK_APART) for apart in motion.apart[first : last - 1]])
    moved = motion.moved[first : last - 1]
    found = []
    for at in range(low, high):
        here = at - first - 1
        around = [n for n in range(max(here - _NEAR, 0), min(here + _NEAR + 1, len(share))) if n != here]
        torn = share[here] >= _JUMP_SHARE and share[here] >= _JUMP_OVER * float(np.median(share[around]))
        leapt = moved[here] >= _LEAP and moved[here] >= 4 * float(np.max(moved[around])) + 1
        if torn or leapt:
            found.append(at)
    return found


def _flashes(picture: Picture, at: int) -> bool:
    """Whether the light only goes on or off here, to be as it was within a moment."""
    near, light = max(round(_MELT / picture.step), 2), picture.light
    change = light[at] - light[at - 1]
    back = np.concatenate([light[at + 1 : at + near] - light[at - 1], light[at] - light[max(at - near, 0) : at - 1]])
    return bool(abs(change) >= _FLASH and len(back) and np.abs(back).min() < abs(change) / 3)


def _around(picture: Picture, at: int, near: float = 0.0) -> Span:
    return Span(start=max(picture.time(at - 1) - near, 0.0), end=picture.time(at + 1) + near)


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
