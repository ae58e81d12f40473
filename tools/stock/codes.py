"""Codes of a block in memory, a bit a number: which rows are likely to be the nearest, in two steps.

Knows nothing about files, filters or exact vectors. First the head of each code is compared by Hamming distance, which
is as fast as memory can be read; then the whole code of those that are left is weighed with the query's own numbers,
which tells them apart far better (tests/benchmarks/results.md, "Scale").
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from .vectors import Vector

HEAD = 32
"""Bytes that are compared at first: faiss has a loop of its own for so many, four times as fast as that for 48."""
_PART = 1 << 16
"""Rows at once: their distances stay in a core's cache."""
_FEW = 8
"""A filter that admits less than one row in so many picks its rows out; another one hides rows after the comparison."""
_FARTHEST = 8 * HEAD
_HIDDEN = 2 * _FARTHEST
_SAMPLE = 1 << 18
"""Distances from which the bound of all is guessed."""
Rows = NDArray[np.intp]
Far = NDArray[np.uint16]
Places = tuple[NDArray[np.intp], Rows]
"""Numbers of blocks, and rows in them."""
Found = TypeVar("Found")


class Each(Protocol):
    """Does something for every block, side by side."""

    def __call__(self, do: Callable[[int], Found]) -> list[Found]:
        """`do` is given the block's number."""
        ...


class Codes:
    """Rows of codes; they only grow."""

    def __init__(self, wide: int, room: int = 0) -> None:
        """`wide` bytes a code; `room` for so many rows."""
        self.rows = 0
        self._cut = min(HEAD, wide)
        self._heads = np.zeros((room, HEAD), np.uint8)  # a shorter code is filled up with nothing
        self._tails = np.zeros((room, wide - self._cut), np.uint8)

    def add(self, codes: NDArray[np.uint8]) -> None:
        """Rows behind the others."""
        last = self.rows + len(codes)
        if last > len(self._heads):
            room = max(last, 2 * len(self._heads))
            self._heads, self._tails = (_grown(rows, self.rows, room) for rows in (self._heads, self._tails))
        self._heads[self.rows : last, : self._cut] = codes[:, : self._cut]
        self._tails[self.rows : last] = codes[:, self._cut :]
        self.rows = last

    def compared(self, code: NDArray[np.uint8], admitted: NDArray[np.uint8] | None) -> tuple[Far, Rows | None]:
        """How far the heads of rows are: of every row, or of those that are named beside the distances.

        Args:
            admitted: a bit a row; others are not named, or farther than any.
        """
        heads = self._heads[: self.rows]
        if admitted is None:
            return _distances(code, heads), None
        shown = np.unpackbits(admitted, bitorder="little", count=self.rows).view(np.bool_)
        if _FEW * np.count_nonzero(shown) < self.rows:
            rows = np.flatnonzero(shown)
            return _distances(code, heads.take(rows, axis=0)), rows
        return _distances(code, heads) | (~shown * np.uint16(_HIDDEN)), None

    def weighed(self, rows: Rows, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """The query's product with the signs of these rows, but for a constant; `table` is made by `weights`."""
        codes = np.ascontiguousarray(self._whole(rows).T)
        found = np.zeros(len(rows), np.float32)
        for part, column in zip(table, codes, strict=True):
            found += part.take(column)
        return found

    def signs(self, rows: Rows) -> NDArray[np.int8]:
        """(n, numbers): 1 or -1 for each number of these rows."""
        return np.unpackbits(self._whole(rows), axis=1).view(np.int8) * np.int8(2) - np.int8(1)

    def _whole(self, rows: Rows) -> NDArray[np.uint8]:
        return np.hstack([self._heads.take(rows, axis=0)[:, : self._cut], self._tails.take(rows, axis=0)])


def nearest(parts: Sequence[tuple[Far, Rows | None]], wanted: int, each: Each) -> Places:
    """The nearest of all blocks' rows, exactly so many if there are; of equals those that come first."""
    bound = _guess([far for far, _ in parts], wanted)
    within = _within(parts, bound, each)
    while bound < _FARTHEST and sum(map(len, within)) < wanted:
        bound += 1
        within = _within(parts, bound, each)
    whose = np.repeat(np.arange(len(parts)), [len(here) for here in within])
    far = np.concatenate([np.zeros(0, np.uint16), *(far[here] for (far, _), here in zip(parts, within, strict=True))])
    named = [here if rows is None else rows[here] for (_, rows), here in zip(parts, within, strict=True)]
    row = np.concatenate([np.zeros(0, np.intp), *named])
    kept = np.sort(np.argsort(far, kind="stable")[:wanted])  # 16 bits are sorted by radix
    return whose[kept], row[kept]


def _within(parts: Sequence[tuple[Far, Rows | None]], bound: int, each: Each) -> list[Rows]:
    return each(lambda at: np.flatnonzero(parts[at][0] <= bound))


def _guess(parts: Sequence[Far], wanted: int) -> int:
    """A distance within which about so many rows lie, judged by some of them."""
    step = max(1, sum(map(len, parts)) // _SAMPLE)
    some = np.concatenate([np.zeros(0, np.uint16), *(far[::step] for far in parts)])
    place = wanted // step
    return min(_FARTHEST, int(np.partition(some, place)[place])) if place < len(some) else _FARTHEST


def weights(vector: Vector) -> NDArray[np.float32]:
    """(bytes of a code, 256): what each byte adds to the product of a vector and signs."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32)
    return np.ascontiguousarray(vector.reshape(-1, 8) @ bits.T)


def _distances(code: NDArray[np.uint8], heads: NDArray[np.uint8]) -> Far:
    """How many bits of each head differ from the code's."""
    import faiss

    engine: Any = faiss  # what it says of itself leaves half of it out
    asked = np.zeros(HEAD, np.uint8)
    asked[: min(HEAD, len(code))] = code[:HEAD]
    far = np.empty(len(heads), np.uint16)
    wide = np.empty(min(_PART, len(heads)), np.int32)
    code_at, far_at = engine.swig_ptr(asked), engine.swig_ptr(wide)
    for first in range(0, len(heads), _PART):
        part = heads[first : first + _PART]
        engine.hammings(code_at, engine.swig_ptr(part), 1, len(part), HEAD, far_at)
        far[first : first + _PART] = wide[: len(part)]
    return far


def _grown(rows: NDArray[np.uint8], count: int, room: int) -> NDArray[np.uint8]:
    grown = np.zeros((room, rows.shape[1]), np.uint8)
    grown[:count] = rows[:count]
    return grown
