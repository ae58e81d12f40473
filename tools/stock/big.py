"""A home for tens of millions of segments on one machine: binary codes in memory, exact filters, rescoring from disk.

Knows nothing about words. Files only grow: rows are appended and then counted, a kill leaves the old count. A code is a
bit a dimension (the sign); faiss finds the nearest few hundred by Hamming distance among the rows that the filter
admits, and their 8-bit vectors, mapped from disk, decide. Rows that were replaced are dead until the file is compacted.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ToolMissing
from . import Filter, Segment, allows
from .catalogue import DamagedIndex
from .vectors import Vector, Vectors

RESCORED = 1000
"""Neighbours by code whose vectors are compared: captions are alike by the hundred, and their codes tell them apart
badly (tests/benchmarks/stock_scale.py)."""
_DEAD = 0.3
"""Part of the rows that is dead when the files are written anew."""
_KINDS = ("video", "image", "audio", "vector")
_STANDS = ("landscape", "portrait", "square")
_COLOURS = ("black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")
FACTS = np.dtype(
    [
        ("kind", "u1"),
        ("stands", "u1"),
        ("people", "i1"),
        ("dead", "u1"),
        ("colours", "<u2"),
        ("licence", "<u2"),
        ("seconds", "<f4"),
    ]
)
_ID = 48
"""Bytes of an id: half a sha256 in hex, and a frame number."""


class Big:
    """A VectorStore of files that are mapped."""

    def __init__(self, folder: Path, size: int) -> None:
        """`size` numbers a vector.

        Raises:
            ToolMissing: faiss is not installed.
            DamagedIndex: files are shorter than they say.
        """
        try:
            import faiss
        except ImportError as error:
            raise ToolMissing("faiss is not installed.", "Install it: pip install 'reelwright[big]'.") from error
        faiss.omp_set_num_threads(1)  # searches run side by side
        self._faiss: Any = faiss
        self._folder, self._size = folder, size
        self._shapes: dict[str, tuple[Any, int]] = {
            "codes": (np.dtype("u1"), size // 8),
            "vectors": (np.dtype("i1"), size),
            "scales": (np.dtype("<f4"), 1),
            "keys": (np.dtype("<u8"), 1),
            "ids": (np.dtype(f"S{_ID}"), 1),
            "facts": (FACTS, 1),
        }
        folder.mkdir(parents=True, exist_ok=True)
        head = self._head()
        self._rows: int = head["rows"]
        self._licences: list[str] = head["licences"]
        self._open()

    def _head(self) -> dict[str, Any]:
        try:
            head: dict[str, Any] = json.loads((self._folder / "head.json").read_text("utf-8"))
            return head
        except FileNotFoundError:
            return {"rows": 0, "licences": []}
        except ValueError as error:
            raise _damaged(self._folder) from error

    def _open(self) -> None:
        """Cut off what a kill left uncounted, and map the rest."""
        for name, (kind, wide) in self._shapes.items():
            path = self._folder / name
            whole = self._rows * kind.itemsize * wide
            if not path.exists():
                path.touch()
            if path.stat().st_size < whole:
                raise _damaged(self._folder)
            os.truncate(path, whole)
        self._index = self._faiss.IndexBinaryFlat(self._size)
        codes = self._map("codes")
        for first in range(0, self._rows, 1 << 20):
            self._index.add(np.ascontiguousarray(codes[first : first + (1 << 20)]))
        self._facts = self._map("facts", "r+").reshape(-1)
        keys = self._map("keys").reshape(-1)
        self._order = np.argsort(keys, kind="stable").astype(np.uint32)
        self._sorted = keys[self._order]
        # Two rows of one id: the kill came before the older one was marked.
        twice = np.flatnonzero(self._sorted[:-1] == self._sorted[1:])
        self._facts["dead"][self._order[twice]] = 1
        self._fresh: dict[int, int] = {}

    def _map(self, name: str, mode: Any = "r") -> NDArray[Any]:
        kind, wide = self._shapes[name]
        if self._rows == 0:
            return np.zeros((0, wide), kind)
        return np.memmap(self._folder / name, kind, mode, shape=(self._rows, wide))

    def put(self, ids: Sequence[str], vectors: Vectors, segments: Sequence[Segment]) -> None:
        """Append, count, and only then mark what was replaced."""
        old = [row for row in self._places(ids) if row is not None]
        facts = np.array([self._fact(segment) for segment in segments], FACTS)
        self.append(self.formed(ids, vectors) | {"facts": facts})
        self._facts["dead"][old] = 1
        if self._rows > 1000 and int(self._facts["dead"].sum()) > _DEAD * self._rows:
            self.compact()

    def formed(self, ids: Sequence[str], vectors: Vectors) -> dict[str, NDArray[Any]]:
        """Ids and vectors in the form of the files, all but their facts."""
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / 127
        return {
            "codes": np.packbits(vectors > 0, axis=1),
            "vectors": np.round(vectors / scales[:, None]).astype(np.int8),
            "scales": scales,
            "keys": np.array([_key(name) for name in ids], np.uint64),
            "ids": np.array([name.encode() for name in ids], f"S{_ID}"),
        }

    def append(self, parts: dict[str, NDArray[Any]]) -> None:
        """Add rows that are in the form of the files."""
        for name in self._shapes:
            with (self._folder / name).open("ab") as file:
                file.write(np.ascontiguousarray(parts[name]).tobytes())
                file.flush()
                os.fsync(file.fileno())
        first = self._rows
        self._rows += len(parts["keys"])
        self._count()
        self._index.add(np.ascontiguousarray(parts["codes"]))
        self._facts = self._map("facts", "r+").reshape(-1)
        self._fresh |= {int(key): first + at for at, key in enumerate(parts["keys"])}

    def _count(self) -> None:
        temporary = self._folder / ".head.json"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({"rows": self._rows, "licences": self._licences}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / "head.json")

    def drop(self, ids: Sequence[str]) -> None:
        """Mark them."""
        self._facts["dead"][[row for row in self._places(ids) if row is not None]] = 1

    def nearest(self, vector: Vector, filter: Filter, k: int) -> list[tuple[str, float]]:
        """The nearest among the rows that the filter admits, exactly those."""
        if self._rows == 0:
            return []
        admitted = self._admitted(filter)
        bits = np.packbits(admitted, bitorder="little")
        chosen = self._faiss.IDSelectorBitmap(len(self._facts), self._faiss.swig_ptr(bits))
        code = np.packbits(vector > 0)[None]
        wanted = min(max(RESCORED, 4 * k), self._rows)
        _, rows = self._index.search(code, wanted, params=self._faiss.SearchParameters(sel=chosen))
        found = rows[0][rows[0] >= 0]
        near = (self._map("vectors")[found].astype(np.float32) @ vector) * self._map("scales").reshape(-1)[found]
        best = np.lexsort((found, -near))[:k]
        return list(zip(self.named(found[best]), (float(near[at]) for at in best), strict=True))

    def pages(self, filter: Filter, size: int = 50_000) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        """Rows that the filter admits with their vectors, many at a time: for exact search."""
        rows = np.flatnonzero(self._admitted(filter))
        vectors, scales = self._map("vectors"), self._map("scales").reshape(-1)
        for first in range(0, len(rows), size):
            part = rows[first : first + size]
            yield part, vectors[part].astype(np.float32) * scales[part][:, None]

    def named(self, rows: Sequence[int] | NDArray[Any]) -> list[str]:
        """Ids of rows."""
        return [name.decode() for name in self._map("ids").reshape(-1)[rows]]

    def _admitted(self, filter: Filter) -> NDArray[np.bool_]:
        facts = self._facts
        keep = facts["dead"] == 0
        if filter.kinds:
            keep &= np.isin(facts["kind"], [_KINDS.index(kind) for kind in filter.kinds])
        if filter.orientation:
            keep &= facts["stands"] == _STANDS.index(filter.orientation)
        if filter.seconds:
            keep &= facts["seconds"] >= filter.seconds
        if filter.licences:
            allowed = [at for at, name in enumerate(self._licences) if allows(filter.licences, name)]
            keep &= np.isin(facts["licence"], allowed)
        if filter.colour:
            bit = 1 << _COLOURS.index(filter.colour) if filter.colour in _COLOURS else 0
            keep &= (facts["colours"] & bit) != 0
        if filter.people is not None:
            keep &= (facts["people"] > 0) if filter.people else (facts["people"] == 0)
        admitted: NDArray[np.bool_] = keep
        return admitted

    def _fact(self, segment: Segment) -> tuple[int, int, int, int, int, int, float]:
        if segment.licence not in self._licences:
            self._licences.append(segment.licence)
        still = segment.kind in {"image", "vector"}
        return (
            _KINDS.index(segment.kind),
            _STANDS.index(segment.orientation),
            -1 if segment.people is None else min(segment.people, 127),
            0,
            sum(1 << _COLOURS.index(name) for name in segment.colours if name in _COLOURS),
            self._licences.index(segment.licence),
            np.inf if still else segment.seconds,
        )

    def _places(self, ids: Sequence[str]) -> list[int | None]:
        """The living row of each id."""
        keys = np.array([_key(name) for name in ids], np.uint64)
        at = np.searchsorted(self._sorted, keys, side="right")
        rows: list[int | None] = []
        for key, place in zip(keys, at, strict=True):
            row = self._fresh.get(int(key))
            if row is None and place and self._sorted[place - 1] == key:
                row = int(self._order[place - 1])
            rows.append(row if row is not None and not self._facts["dead"][row] else None)
        return rows

    def get(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Vectors by id, as the 8 bits remember them."""
        vectors, scales = self._map("vectors"), self._map("scales").reshape(-1)
        return {
            name: vectors[row].astype(np.float32) * scales[row]
            for name, row in zip(ids, self._places(ids), strict=True)
            if row is not None
        }

    def ids(self) -> Iterator[str]:
        """Every living id."""
        ids = self._map("ids").reshape(-1)
        return (ids[row].decode() for row in np.flatnonzero(self._facts["dead"] == 0))

    def count(self) -> int:
        """How many live."""
        return self._rows - int(self._facts["dead"].sum())

    def compact(self) -> None:
        """Write the living rows anew; the old files stay until the new ones are whole."""
        living = np.flatnonzero(self._facts["dead"] == 0)
        for name in self._shapes:
            rows = self._map(name)
            with (self._folder / f"{name}.new").open("wb") as file:
                for first in range(0, len(living), 1 << 16):
                    file.write(np.ascontiguousarray(rows[living[first : first + (1 << 16)]]).tobytes())
                file.flush()
                os.fsync(file.fileno())
        self._swap(len(living))
        self._open()

    def _swap(self, rows: int) -> None:
        """Files of two lengths together would be misread, so the count is nought while they change places."""
        self._rows = 0
        self._count()
        for name in self._shapes:
            (self._folder / f"{name}.new").replace(self._folder / name)
        self._rows = rows
        self._count()

    def close(self) -> None:
        """Let go of the maps and of the codes."""
        self._facts, self._index = np.zeros(0, FACTS), None


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def _damaged(folder: Path) -> DamagedIndex:
    return DamagedIndex(f"The vectors in {folder} are damaged.", "Make them anew: reelwright index verify --repair.")
