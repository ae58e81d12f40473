"""Blocks: rows of an index as columns in files, a million rows to a folder, with bitmaps for what they are.

Knows nothing about searches or which rows are replaced by which. Files only grow, and rows count once somebody has
written down how many there are: what a kill leaves behind is not counted and is overwritten. Readers only map.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import Filter, Segment, allows
from .rows import KINDS, STANDS, colour_bits
from .vectors import Vectors

ROWS = 1 << 20
"""Of a full block."""
ID = 48
"""Bytes of an id: half a sha256 in hex, and a frame number."""
Columns = Mapping[str, NDArray[Any]]
Bits = NDArray[np.uint8]
"""A bit a row, the lowest first."""
_KEPT = 24
"""Bitmaps that a block remembers: 128 KB each."""


_LOOSE = 100_000
"""Rows that are found by a dictionary until they are sorted in with the others."""


class Short(OSError):
    """A file holds fewer rows than were counted."""


def shapes(size: int) -> dict[str, tuple[np.dtype[Any], int]]:
    """Files of a block of `size` numbers a vector: the type of a number, and how many make a row."""
    return {
        "codes": (np.dtype("u1"), size // 8),
        "vectors": (np.dtype("u1"), size),
        "scales": (np.dtype("<f4"), 1),
        "keys": (np.dtype("<u8"), 1),
        "ids": (np.dtype(f"S{ID}"), 1),
        "kind": (np.dtype("u1"), 1),
        "stands": (np.dtype("u1"), 1),
        "people": (np.dtype("i1"), 1),
        "colours": (np.dtype("<u2"), 1),
        "licence": (np.dtype("<u4"), 1),
        "seconds": (np.dtype("<f4"), 1),
        "dead": (np.dtype("u1"), 1),
    }


class Block:
    """A folder of columns; `rows` of them count."""

    def __init__(self, folder: Path, size: int, rows: int) -> None:
        """Map what counts.

        Raises:
            Short: a file is shorter than that.
        """
        self.folder, self.rows, self.size = folder, rows, size
        self._shapes = shapes(size)
        self._maps: dict[str, NDArray[Any]] = {}
        self._bits: dict[tuple[str, object], Bits] = {}
        self._dead: NDArray[np.uint8] | None = None
        self._scales: NDArray[np.float32] | None = None
        self._file = -1
        for name, (kind, wide) in self._shapes.items():
            path = folder / name
            if rows and (not path.exists() or path.stat().st_size < rows * kind.itemsize * wide):
                raise Short(f"{path} is shorter than {rows} rows")
        self._fresh: dict[int, int] = {}
        self._sort()

    def column(self, name: str) -> NDArray[Any]:
        """A column of the rows that count, mapped."""
        if name not in self._maps:
            kind, wide = self._shapes[name]
            shape = (self.rows, wide) if wide > 1 else (self.rows,)
            empty = self.rows == 0
            self._maps[name] = (
                np.zeros(shape, kind) if empty else np.memmap(self.folder / name, kind, mode="r", shape=shape)
            )
        return self._maps[name]

    def expect(self, rows: NDArray[np.intp]) -> None:
        """Their vectors will be read: a disk finds many at once faster than one after the other."""
        if sys.platform == "linux":
            for row in rows.tolist():
                os.posix_fadvise(self._opened(), row * self.size, self.size, os.POSIX_FADV_WILLNEED)

    def magnitudes(self, rows: NDArray[np.intp]) -> Vectors:
        """Vectors without their signs. Read one by one, as page faults cost ten times more."""
        if self._scales is None:
            self._scales = np.array(self.column("scales"))
        file, size = self._opened(), self.size
        read = b"".join([os.pread(file, size, row * size) for row in rows.tolist()])
        found = np.frombuffer(read, np.uint8).reshape(-1, size).astype(np.float32)
        found *= self._scales[rows][:, None]
        return found

    def _opened(self) -> int:
        if self._file < 0:
            self._file = os.open(self.folder / "vectors", os.O_RDONLY)
        return self._file

    def __del__(self) -> None:
        """Let go of the file; maps go by themselves."""
        if self._file >= 0:
            os.close(self._file)

    def named(self, row: int) -> str:
        """The id of a row."""
        name: bytes = self.column("ids")[row]
        return name.decode()

    def append(self, columns: Columns) -> None:
        """Write rows behind those that count, and wait for the disk; whoever counts them keeps the number."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, (kind, wide) in self._shapes.items():
            path = self.folder / name
            path.touch()
            with path.open("r+b") as file:
                file.seek(self.rows * kind.itemsize * wide)
                file.write(np.ascontiguousarray(columns[name], kind).tobytes())
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        self._fresh |= {int(key): self.rows + at for at, key in enumerate(columns["keys"])}
        self.rows += len(columns["keys"])
        self._maps.clear()
        self._bits.clear()
        self._dead = self._scales = None
        if len(self._fresh) > _LOOSE:
            self._sort()

    def _sort(self) -> None:
        keys = self.column("keys")
        self._order = np.argsort(keys, kind="stable").astype(np.uint32)
        self._sorted = keys[self._order]
        self._fresh.clear()

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.intp]:
        """The newest living row of each key; -1 where there is none."""
        rows = np.full(len(keys), -1, np.intp)
        if not self.rows:
            return rows
        if len(self._sorted):
            at = np.searchsorted(self._sorted, keys, side="right") - 1
            rows = np.where((at >= 0) & (self._sorted[at] == keys), self._order[at].astype(np.intp), rows)
        if self._fresh:
            rows = np.array([self._fresh.get(int(key), row) for key, row in zip(keys, rows, strict=True)], np.intp)
        rows[(rows >= 0) & (self.dead[rows] != 0)] = -1
        return rows

    @property
    def dead(self) -> NDArray[np.uint8]:
        """One for each row that was replaced or deleted."""
        if self._dead is None:
            self._dead = np.array(self.column("dead"))
        return self._dead

    def bury(self, rows: Sequence[int] | NDArray[np.intp]) -> None:
        """Mark rows as dead, on the disk too."""
        if len(rows):
            marks = np.memmap(self.folder / "dead", np.uint8, "r+", shape=(self.rows,))
            marks[rows] = 1
            marks.flush()
            self._dead = None
            self._bits.pop(("dead", None), None)

    def taken(self, rows: NDArray[np.intp]) -> Columns:
        """Some rows, in the form of the files."""
        return {name: np.asarray(self.column(name)[rows]) for name in self._shapes}

    def living(self) -> NDArray[np.intp]:
        """Rows that are alive."""
        return np.flatnonzero(self.dead == 0)

    def admitted(self, filter: Filter, licences: Sequence[str]) -> Bits:
        """The living rows that meet a filter, exactly."""
        keep = self._bitmap("dead", None, lambda: self.dead == 0).copy()
        if filter.kinds:
            wanted = [KINDS.index(kind) for kind in filter.kinds]
            keep &= self._bitmap("kind", filter.kinds, lambda: np.isin(self.column("kind"), wanted))
        if filter.orientation:
            stands = STANDS.index(filter.orientation)
            keep &= self._bitmap("stands", stands, lambda: self.column("stands") == stands)
        if filter.seconds:
            keep &= self._bitmap("seconds", filter.seconds, lambda: self.column("seconds") >= filter.seconds)
        if filter.licences:
            fits = np.array([allows(filter.licences, name) for name in licences] or [False])
            keep &= self._bitmap("licence", filter.licences, lambda: fits[self.column("licence")])
        if filter.colour:
            bit = colour_bits([filter.colour])
            keep &= self._bitmap("colour", bit, lambda: (self.column("colours") & bit) != 0)
        if filter.people is not None:
            some = filter.people
            keep &= self._bitmap(
                "people", some, lambda: self.column("people") > 0 if some else self.column("people") == 0
            )
        return keep

    def _bitmap(self, name: str, value: object, made: Callable[[], NDArray[np.bool_]]) -> Bits:
        if (name, value) not in self._bits:
            if len(self._bits) >= _KEPT:
                self._bits.clear()
            self._bits[name, value] = np.packbits(made(), bitorder="little")
        return self._bits[name, value]


def facts_of(segments: Sequence[Segment], licences: list[str]) -> dict[str, NDArray[Any]]:
    """Columns of what segments are; licences that are new are added to the list, which numbers them."""
    numbers = {name: at for at, name in enumerate(licences)}
    for segment in segments:
        if segment.licence not in numbers:
            numbers[segment.licence] = len(licences)
            licences.append(segment.licence)
    still = {"image", "vector"}
    return {
        "kind": np.array([KINDS.index(row.kind) for row in segments], np.uint8),
        "stands": np.array([STANDS.index(row.orientation) for row in segments], np.uint8),
        "people": np.array([-1 if row.people is None else min(row.people, 127) for row in segments], np.int8),
        "colours": np.array([colour_bits(row.colours) for row in segments], np.uint16),
        "licence": np.array([numbers[row.licence] for row in segments], np.uint32),
        "seconds": np.array([np.inf if row.kind in still else row.seconds for row in segments], np.float32),
        "dead": np.zeros(len(segments), np.uint8),
    }
