"""How a motion field is written: densities and flows, and the numbers of about one that a network has for them.

Knows nothing about networks or pictures.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
DENSITY, FLOW = 2.4, 1.2
"""What density about one half, and flow, are multiplied by: their spreads are then 0.7 and 0.5 over all motifs."""
FASTEST = 3.0
"""Flow beyond this is cut: no motif has it, and one wild number would cost the others their precision."""


def encode(field: Array) -> Array:
    """(…, 3, T, H, W), density 0 to 1 and flow, as a network sees it."""
    coded = np.empty(field.shape, np.float32)
    coded[..., 0, :, :, :] = (field[..., 0, :, :, :] - 0.5) * DENSITY
    coded[..., 1:, :, :, :] = np.clip(field[..., 1:, :, :, :], -FASTEST, FASTEST) * FLOW
    return coded


def decode(coded: Array) -> Array:
    """The field again; density is held within 0 and 1."""
    field = np.empty(coded.shape, np.float32)
    field[..., 0, :, :, :] = np.clip(coded[..., 0, :, :, :] / DENSITY + 0.5, 0, 1)
    field[..., 1:, :, :, :] = coded[..., 1:, :, :, :] / FLOW
    return field
