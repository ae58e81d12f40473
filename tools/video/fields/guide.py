"""What a field model is told beside the words: numbers, a first frame, calm places, and where each cell stands.

Knows shapes and masks; knows nothing about networks.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...media import Size
from .. import TextBox
from .codec import encode

Array = NDArray[np.float32]


def conditions(numbers: Sequence[float | None]) -> Array:
    """(1, 6): the numbers, and which of them are given."""
    values = [0.0 if each is None else each for each in numbers]
    return np.array([[*values, *(float(each is not None) for each in numbers)]], np.float32)


def guides(shape: tuple[int, int, int], first: Array | None, calm: Array | None) -> Array:
    """(1, 7, T, H, W): what the loop begins with, that it is the first frame's, where it is calm, and places."""
    frames, rows, columns = shape
    guide = np.zeros((1, 7, frames, rows, columns), np.float32)
    guide[0, 5:] = places(rows, columns)[:, None]
    if first is not None:
        guide[0, :3] = encode(first[:, None])
        guide[0, 3, 0] = 1
    if calm is not None:
        guide[0, 4] = calm
    return guide


def calmed(boxes: Sequence[TextBox], size: Size, rows: int, columns: int) -> Array | None:
    """Where words stand, as a soft mask (H, W), or None where there are none."""
    if not boxes:
        return None
    y, x = ((np.arange(count, dtype=np.float32) + 0.5) / count for count in (rows, columns))
    mask = np.zeros((rows, columns), np.float32)
    for box in boxes:
        inside = [
            1 / (1 + np.exp(-18 * (at - low / side))) / (1 + np.exp(18 * (at - high / side)))
            for at, low, high, side in ((y, box.top, box.bottom, size.height), (x, box.left, box.right, size.width))
        ]
        mask = np.maximum(mask, inside[0][:, None] * inside[1][None])
    return mask


def places(rows: int, columns: int) -> Array:
    """(2, H, W): across and down, the short side from -1 to 1."""
    short = min(rows, columns)
    across, down = ((np.arange(count, dtype=np.float32) * 2 + 1 - count) / short for count in (columns, rows))
    return np.stack(np.broadcast_arrays(across[None, :], down[:, None])).astype(np.float32)
