"""Meaning: a segment's words, and what a classifier guesses of its picture, as one vector.

Knows nothing about where vectors live. Norouzi et al. 2014, "Zero-Shot Learning by Convex Combination of Semantic
Embeddings": the names of the guesses, weighed by their probabilities, point at what a picture shows even where none of
them is right.
"""

from collections.abc import Sequence

import numpy as np

from . import Embedder, Segment
from .vectors import Vector, Vectors

LEAN = 0.3
"""What the guesses weigh beside the words, which weigh 1: chosen in tests/benchmarks/stock_quality.py."""


class Reader:
    """Reads segments with an embedder; the names of guesses are read once."""

    def __init__(self, embedder: Embedder, lean: float = LEAN) -> None:
        self._embedder, self._lean = embedder, lean
        self._names: dict[str, Vector] = {}

    def read(self, segments: Sequence[Segment]) -> Vectors:
        """A row of unit length for each segment."""
        rows = self._embedder.embed([segment.words or "nothing" for segment in segments])
        guessed = [at for at, segment in enumerate(segments) if segment.guesses]
        fresh = {name for at in guessed for name, _ in segments[at].guesses} - set(self._names)
        names = sorted(fresh)
        self._names |= dict(zip(names, self._embedder.embed(names), strict=True)) if names else {}
        for at in guessed:
            rows[at] = _unit(rows[at] + self._lean * self._gist(segments[at]))
        return rows

    def _gist(self, segment: Segment) -> Vector:
        # Roots, because the surest guess is wrong as often as not.
        weights = np.sqrt([sure for _, sure in segment.guesses])
        rows = np.stack([self._names[name] for name, _ in segment.guesses])
        return _unit((weights[:, None] * rows).sum(axis=0))


def _unit(row: Vector) -> Vector:
    unit: Vector = (row / max(float(np.linalg.norm(row)), 1e-9)).astype(np.float32)
    return unit
