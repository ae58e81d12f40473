"""Long clips from short passes: each begins on a late frame of the one before, and their overlap is blended.

Knows frames; knows nothing about models.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
OVERLAP = 5
"""Frames of the blend: long enough that a change of light is not a cut, short enough that nothing is seen twice."""


def chained(first: Pixels, frames: int, after: Callable[[Pixels, int, int], Pixels], overlap: int = OVERLAP) -> Pixels:
    """`frames` pictures (N, H, W, 3), or as many as there are.

    Args:
        after: given the picture that the next pass begins with, how many more are wanted, and the pass's number from 1;
            returns its pictures, of which the first is that picture again.
    """
    whole = first
    number = 1
    while len(whole) < frames:
        shared = min(overlap, len(whole) - 1)
        start = whole[len(whole) - 1 - shared]
        found = after(start, frames - len(whole) + shared + 1, number)
        if len(found) <= shared + 1:
            break
        whole = joined(whole, found[1:], shared)
        number += 1
    return whole[:frames]


def joined(one: Pixels, other: Pixels, overlap: int) -> Pixels:
    """Both, the last `overlap` pictures of one dissolving into the first of the other."""
    if not overlap:
        return np.concatenate((one, other))
    part = (np.arange(1, overlap + 1) / (overlap + 1)).astype(np.float32)[:, None, None, None]
    blended = one[-overlap:] * (1 - part) + other[:overlap] * part
    return np.concatenate((one[:-overlap], np.rint(blended).astype(np.uint8), other[overlap:]))
