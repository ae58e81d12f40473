"""What a caption means to the field model: MiniLM's vector, or one that ships for captions that are known beforehand.

Knows words and vectors; knows nothing about fields.
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from ...errors import ToolMissing

Array = NDArray[np.float32]


@cache
def known() -> dict[str, Array]:
    """The captions that ship, with their MiniLM vectors: what the planner asks for needs no language model."""
    with (files(__package__) / "captions.npz").open("rb") as held:
        kept = np.load(held, allow_pickle=False)
        return dict(zip((str(each) for each in kept["captions"]), kept["vectors"].astype(np.float32), strict=True))


def vector(caption: str, embed: Callable[[str], Array]) -> Array:
    """(384) of unit length.

    Args:
        embed: MiniLM; asked only where the caption is not known.

    Raises:
        ToolMissing: it is not known, MiniLM is not here, and no known caption shares a word with it.
    """
    said = " ".join(caption.casefold().split())
    if said in known():
        return known()[said]
    try:
        return embed(caption)
    except ToolMissing:
        near = nearest(said)
        if not near:
            raise
        return known()[near]


def nearest(caption: str) -> str:
    """The known caption that shares the largest part of its words with this one, or nothing.

    >>> nearest("a wall of falling snow")
    'falling snow'
    """
    words = set(caption.split())
    shared = {each: len(words & set(each.split())) / len(words | set(each.split())) for each in known()}
    best = max(shared, key=lambda each: shared[each])
    return best if shared[best] else ""
