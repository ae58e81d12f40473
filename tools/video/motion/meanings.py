"""Icons found by meaning: the nearest of all icons to a phrase that names none of them.

Knows nothing about models: vectors come in. What ships is each icon's name as a vector, projected to its main
directions (PCA) and rounded to bytes; `build(embedder, icons.every())` makes it again when the icon sets change.
"""

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from ...stock import Embedder
from ...stock.vectors import Vectors

DIRECTIONS = 96
NEAR = 0.67
"""Cosine from which an icon shows what is said: of 60 phrases looked at, below it every second picture was wrong."""
SURE = 0.74
"""Cosine from which a picture may be added that nobody asked for: a wrong one is worse than none."""
_FILE = "meanings.npz"


def nearest(vectors: Vectors) -> list[tuple[str, float]]:
    """For each row (the phrase as `tools/stock` embeds it) the nearest icon's name, and the cosine of the two."""
    names, directions, rows = _shipped()
    projected = vectors @ directions
    projected /= np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-9)
    cosines = projected @ rows.T
    best = cosines.argmax(axis=1)
    return [(names[at], float(cosines[row, at])) for row, at in enumerate(best)]


def build(embedder: Embedder, names: Sequence[tuple[str, str]]) -> bytes:
    """The shipped file for these icons and their words; 3,000 texts take half a CPU minute."""
    rows = embedder.embed([title for _, title in names])
    _, _, axes = np.linalg.svd(rows, full_matrices=False)
    directions = axes[:DIRECTIONS].T.astype(np.float16)
    projected = rows @ directions.astype(np.float32)
    projected /= np.linalg.norm(projected, axis=1, keepdims=True)
    largest = np.abs(projected).max()
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        names=np.array([name for name, _ in names]),
        directions=directions,
        rows=np.rint(projected / largest * 127).astype(np.int8),
    )
    return stream.getvalue()


@cache
def _shipped() -> tuple[list[str], Vectors, Vectors]:
    with np.load(io.BytesIO((files(__package__) / _FILE).read_bytes())) as kept:
        rows = kept["rows"].astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return kept["names"].tolist(), kept["directions"].astype(np.float32), rows
