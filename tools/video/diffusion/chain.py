"""Long clips from short passes: each begins on a late frame of the one before, and their overlap is blended.

Knows frames; knows nothing about models.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
OVERLAP = 5
"""Frames of the blend: long enough that a change of light is not a cut, short enough that nothing is seen twice."""


def chained(
    first: Pixels, frames: int, after: Callable[[Pixels, int, int], Pixels], overlap: int = OVERLAP
) -> Iterator[Pixels]:
    """Stretches of `frames` pictures (N, H, W, 3) in all, or as many as there are; only the last pass is held.

    Args:
        after: given the picture that the next pass begins with, how many more are wanted, and the pass's number from 1;
            returns its pictures, of which the first is that picture again.
    """
    held, left, number = first, frames, 1
    while len(held) < left:
        shared = min(overlap, len(held) - 1)
        found = after(held[len(held) - 1 - shared], left - len(held) + shared + 1, number)
        if len(found) <= shared + 1:
            break
        done = len(held) - shared
        yield held[:done]
        held = joined(held[done:], found[1:], shared)
        left, number = left - done, number + 1
    yield held[:left]


def joined(one: Pixels, other: Pixels, overlap: int) -> Pixels:
    """Both, the last `overlap` pictures of one dissolving into the first of the other."""
    if not overlap:
        return np.concatenate((one, other))
    part = (np.arange(1, overlap + 1) / (overlap + 1)).astype(np.float32)[:, None, None, None]
    blended = one[-overlap:] * (1 - part) + other[:overlap] * part
    return np.concatenate((one[:-overlap], np.rint(blended).astype(np.uint8), other[overlap:]))


def evenly(pixels: Pixels, most: int) -> Pixels:
    """At most so many of the pictures, evenly spread, the first and the last among them.

    >>> evenly(np.arange(9, dtype=np.uint8), 5).tolist()
    [0, 2, 4, 6, 8]
    """
    if len(pixels) <= most:
        return pixels
    kept: Pixels = pixels[np.linspace(0, len(pixels) - 1, most).round().astype(int)]
    return kept


def anchored(pixels: Pixels, first: Pixels | None, last: Pixels | None, reach: int = OVERLAP) -> Pixels:
    """The clip beginning and ending on exactly the given pictures: what their decoding lost is added, and fades.

    A cut to or from the shot that a picture is of does not show, where it would as a slight change of light.
    """
    reach = min(reach, max(1, len(pixels) // 2))
    fade = 1 - np.arange(reach, dtype=np.float32)[:, None, None, None] / reach
    whole = pixels.astype(np.float32)
    if first is not None:
        whole[:reach] += (first - whole[0]) * fade
    if last is not None:
        whole[-reach:] += (last - whole[-1]) * fade[::-1]
    levels: Pixels = np.rint(np.clip(whole, 0, 255)).astype(np.uint8)
    return levels
