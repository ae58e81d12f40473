"""Neighbours mixed, so that single cells and pixels stand out less.

Knows arrays; knows nothing about what they are of.
"""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


def smoothed(values: Values, axis: int) -> Values:
    """Weights 1 2 1 along an axis; at an edge the edge itself goes on."""
    ahead = np.moveaxis(values, axis, 0)
    before, after = np.concatenate((ahead[:1], ahead[:-1])), np.concatenate((ahead[1:], ahead[-1:]))
    mixed: Values = (0.5 * ahead + 0.25 * (before + after)).astype(np.float32)
    return np.moveaxis(mixed, 0, axis)
