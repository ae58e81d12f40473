"""Stock: what a text means as a vector, so that words find the picture that fits them.

Knows nothing about scripts or shots.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(n, d) rows of unit length: their dot product is their cosine."""


class Embedder(Protocol):
    """Turns texts into vectors."""

    name: str
    """Belongs to an index: vectors of two embedders are never compared."""
    size: int
    """Numbers in a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, in order."""
        ...
