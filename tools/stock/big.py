"""A home for tens of millions of segments on one machine: binary codes in memory, exact filters, rescoring from disk.

Knows nothing about words. A code is a bit a dimension (the sign); codes find the likely few thousand among the rows
that the filter admits, and their 8-bit vectors, read from disk, decide. Rows are appended to the last block and then
counted: a kill leaves the old count. Rows that were replaced are dead until their block is written anew.
"""

import hashlib
import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ToolMissing
from . import Filter, Segment
from .blocks import ID, ROWS, Block, Columns, Short, facts_of
from .catalogue import DamagedIndex, OutdatedVectors
from .codes import Codes, Far, Found, Places, Rows, nearest, weights
from .vectors import Vector, Vectors

VERSION = 3
"""Of the files: another number is not read."""
LIKELY, LIKELY_BY_SIZE = 8000, 24
"""Rows that are weighed, the nearest by the head of their code: at least so many, and so many times the root of all.
Captions are alike by the hundred, and half a code tells them apart badly (tests/benchmarks/stock_scale.py)."""
COMPARED, COMPARED_BY_SIZE = 1000, 1
"""The same of rows whose vectors are read, the heaviest."""
DEAD = 0.3
"""Part of a block that is dead when it is written anew."""
_SMALL = 1000
"""Rows for which that is not worth it."""
_PART = 1 << 16
_AT_ONCE = 500
"""Vectors that a core's own cache holds."""


class Big:
    """A VectorStore of files that are mapped. One process writes; others read it as it was when they opened it."""

    def __init__(self, folder: Path, size: int) -> None:
        """`size` numbers a vector.

        Raises:
            ToolMissing: faiss is not installed.
            OutdatedVectors: another version wrote the files.
            DamagedIndex: files are shorter than they say.
        """
        try:
            import faiss  # for codes
        except ImportError as error:
            raise ToolMissing("faiss is not installed.", "Install it: pip install 'reelwright[big]'.") from error
        faiss.omp_set_num_threads(1)  # the threads are ours: a block each
        self._folder, self._size = folder, size
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)
        folder.mkdir(parents=True, exist_ok=True)
        self._load()

    def _load(self) -> None:
        """Read what counts; burials that a kill cut short are done again."""
        self._stamp = self._seen()
        head = self._head()
        self._licences: list[str] = head["licences"]
        try:
            self._blocks = [Block(self._folder / name, self._size, rows) for name, rows in head["blocks"]]
        except Short as error:
            raise _damaged(self._folder) from error
        self._codes = [self._held(block) for block in self._blocks]
        self._bury(head["replaced"])

    def _head(self) -> dict[str, Any]:
        try:
            head: dict[str, Any] = json.loads((self._folder / "head.json").read_text("utf-8"))
        except FileNotFoundError:
            return {"version": VERSION, "blocks": [], "licences": [], "replaced": []}
        except ValueError as error:
            raise _damaged(self._folder) from error
        if head.get("version") != VERSION:
            raise OutdatedVectors(
                f"The vectors in {self._folder} are of version {head.get('version', 1)}; this one reads {VERSION}.",
                "Make them anew: reelwright index verify --repair.",
            )
        return head

    def _seen(self) -> tuple[int, int]:
        head = self._folder / "head.json"
        return (head.stat().st_ino, head.stat().st_mtime_ns) if head.exists() else (0, 0)

    def _held(self, block: Block) -> Codes:
        """The codes of a block, in memory."""
        codes = Codes(self._size // 8, block.rows)
        for first in range(0, block.rows, _PART):
            codes.add(block.column("codes")[first : first + _PART])
        return codes

    def _write_head(self, replaced: Sequence[tuple[int, int]] = ()) -> None:
        """From here on it counts."""
        rows = {
            "version": VERSION,
            "blocks": [(block.folder.name, block.rows) for block in self._blocks],
            "licences": self._licences,
            "replaced": replaced,
        }
        temporary = self._folder / ".head.json"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(rows, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / "head.json")
        self._stamp = self._seen()

    def put(self, ids: Sequence[str], vectors: Vectors, segments: Sequence[Segment]) -> None:
        """Append, count, and only then bury what was replaced."""
        self._catch_up()
        last = sorted({name: at for at, name in enumerate(ids)}.values())
        ids, segments = [ids[at] for at in last], [segments[at] for at in last]
        old = [place for place in self._places(ids) if place is not None]
        self.append(self.formed(ids, vectors[last]) | facts_of(segments, self._licences), old)
        self._bury(old)
        if any(self._wasteful(block) for block in self._blocks):
            self.compact()

    def _catch_up(self) -> None:
        """Another process may have written since this one opened, or was killed; the lock is ours by now."""
        if self._seen() != self._stamp:
            self._load()
        counted = {block.folder.name for block in self._blocks}
        for path in self._folder.iterdir():
            if path.is_dir() and path.name not in counted:
                shutil.rmtree(path)

    def formed(self, ids: Sequence[str], vectors: Vectors) -> dict[str, NDArray[Any]]:
        """Ids and vectors as columns: the sign of a number is in the code, and eight bits are left for its size."""
        sizes = np.abs(vectors)
        scales = np.maximum(sizes.max(axis=1), 1e-9).astype(np.float32) / 255
        rounded = np.empty(vectors.shape, np.uint8)
        for first in range(0, len(ids), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            rounded[part] = np.rint(sizes[part] / scales[part, None])
        return {
            "codes": np.packbits(vectors > 0, axis=1),
            "vectors": rounded,
            "scales": scales,
            "keys": np.array([_key(name) for name in ids], np.uint64),
            "ids": np.array([name.encode() for name in ids], f"S{ID}"),
        }

    def append(self, columns: Columns, replaced: Sequence[tuple[int, int]] = ()) -> None:
        """Add rows that are in the form of the files, in the place of `replaced`, which are still to be buried."""
        with self._whole():
            self._fill(columns)
            self._write_head(replaced)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """What was written when the disk became full does not count, neither here nor there."""
        try:
            yield
        except OSError:
            self._load()
            raise

    def _fill(self, columns: Columns) -> None:
        """Write rows behind the last block's, and open new ones."""
        first, count = 0, len(columns["keys"])
        while first < count:
            if not self._blocks or self._blocks[-1].rows >= ROWS:
                taken = [int(path.name) for path in self._folder.iterdir() if path.is_dir()]
                self._blocks.append(Block(self._folder / f"{max(taken, default=0) + 1:06d}", self._size, 0))
                self._codes.append(Codes(self._size // 8))
            block = self._blocks[-1]
            last = min(count, first + ROWS - block.rows)
            part = {name: column[first:last] for name, column in columns.items()}
            block.append(part)
            self._codes[-1].add(part["codes"])
            first = last

    def drop(self, ids: Sequence[str]) -> None:
        """Bury them."""
        self._catch_up()
        self._bury([place for place in self._places(ids) if place is not None])

    def _bury(self, places: Sequence[tuple[int, int]]) -> None:
        for number in {at for at, _ in places}:
            self._blocks[number].bury([row for at, row in places if at == number])

    def nearest(self, vector: Vector, filter: Filter, k: int) -> list[tuple[str, float]]:
        """The nearest among the rows that the filter admits, exactly those."""
        whose, row = self._likely(vector, filter, k)
        parts = [row[whose == at] for at in range(len(self._blocks))]
        for block, rows in zip(self._blocks, parts, strict=True):
            block.expect(rows)
        near = [self._vectors(at, rows) @ vector for at, rows in enumerate(parts)]
        close = np.concatenate([np.zeros(0, np.float32), *near])
        best = np.lexsort((row, whose, -close))[:k]
        return [(self._blocks[whose[at]].named(int(row[at])), float(close[at])) for at in best]

    def _likely(self, vector: Vector, filter: Filter, k: int) -> Places:
        """Blocks and rows whose vectors are worth reading, in their order on the disk."""
        root = math.sqrt(sum(block.rows for block in self._blocks))
        code, table = np.packbits(vector > 0), weights(vector)

        def compared(at: int) -> tuple[Far, Rows | None]:
            block = self._blocks[at]
            every = filter == Filter() and not block.dead.any()
            return self._codes[at].compared(code, None if every else block.admitted(filter, self._licences))

        wanted = max(LIKELY, int(LIKELY_BY_SIZE * root), 4 * k)
        whose, row = nearest(self._each(compared), wanted, self._each)
        parts = self._each(lambda at: self._codes[at].weighed(row[whose == at], table))
        weight = np.concatenate([np.zeros(0, np.float32), *parts])
        read = max(COMPARED, int(COMPARED_BY_SIZE * root), 2 * k)
        if read < len(row):
            heaviest = np.sort(np.argpartition(-weight, read)[:read])
            whose, row = whose[heaviest], row[heaviest]
        return whose, row

    def _vectors(self, at: int, rows: Rows) -> Vectors:
        """Vectors of a block, as their sizes and signs remember them."""
        return self._blocks[at].magnitudes(rows) * self._codes[at].signs(rows)

    def _each(self, do: Callable[[int], Found]) -> list[Found]:
        """Do something for every block, side by side."""
        numbers = range(len(self._blocks))
        return list((self._pool.map if len(numbers) > 1 else map)(do, numbers))

    def _places(self, ids: Sequence[str]) -> list[tuple[int, int] | None]:
        """Block and living row of each id."""
        keys = np.array([_key(name) for name in ids], np.uint64)
        places: list[tuple[int, int] | None] = [None] * len(ids)
        for number, block in enumerate(self._blocks):
            rows = block.find(keys)
            for at in np.flatnonzero(rows >= 0):
                places[at] = number, int(rows[at])
        return places

    def get(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Vectors by id, as the nine bits remember them."""
        places = self._places(ids)
        found: dict[str, Vector] = {}
        for number in range(len(self._blocks)):
            rows = {name: place[1] for name, place in zip(ids, places, strict=True) if place and place[0] == number}
            found |= dict(zip(rows, self._vectors(number, np.array([*rows.values()], np.intp)), strict=True))
        return found

    def ids(self) -> Iterator[str]:
        """Every living id."""
        for block in self._blocks:
            names = block.column("ids")
            yield from (names[row].decode() for row in block.living())

    def count(self) -> int:
        """How many live."""
        return sum(block.rows - int(block.dead.sum()) for block in self._blocks)

    def _wasteful(self, block: Block) -> bool:
        return block.rows > _SMALL and int(block.dead.sum()) > DEAD * block.rows

    def compact(self) -> None:
        """Write the living rows of wasteful blocks behind the others; the old ones count until that is whole."""
        wasteful = [block for block in self._blocks if self._wasteful(block)]
        kept = [at for at, block in enumerate(self._blocks) if block not in wasteful]
        with self._whole():
            self._blocks, self._codes = [self._blocks[at] for at in kept], [self._codes[at] for at in kept]
            for block in wasteful:
                living = block.living()
                for first in range(0, len(living), _PART):
                    self._fill(block.taken(living[first : first + _PART]))
            self._write_head()
        for block in wasteful:
            shutil.rmtree(block.folder)

    def close(self) -> None:
        """Let go of the maps, the codes and the threads."""
        self._pool.shutdown()
        self._blocks, self._codes = [], []


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def _damaged(folder: Path) -> DamagedIndex:
    return DamagedIndex(f"The vectors in {folder} are damaged.", "Make them anew: reelwright index verify --repair.")
