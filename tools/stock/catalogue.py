"""The catalogue: segments as rows of SQLite, their words in its full-text index (BM25), and the files they came from.

Knows nothing about vectors or pictures. One writer at a time; what is committed survives a kill.
"""

import sqlite3
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import DiskFull, ReelwrightError
from . import Filter, Segment
from .older import renewed
from .rows import FileRow, facts, key_of, looked, packed, said, unpacked
from .tables import ID, TABLES, VERSION, asked, marks, parts, where
from .words import Words

FEW = 4000
"""Segments that are few enough to be compared one by one."""
_DATA = "digest, part, data"
_SAID = "caption, name, tags, notes, speech"
_FILES = """SELECT place, size, changed, lower(hex(digest)), name, problem
    FROM files JOIN names ON names.number = files.recipe"""


class OutdatedIndex(ReelwrightError):
    """The index was made by another version and would be misread."""


class OutdatedVectors(OutdatedIndex):
    """Its vectors alone are: the catalogue can be read, and others are made of it."""


class DamagedIndex(ReelwrightError):
    """The index cannot be read."""


class Catalogue:
    """catalogue.sqlite in an index's folder. Its methods are safe from many threads."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it.

        Raises:
            OutdatedIndex: another version made it.
            DamagedIndex: it is no database, or a broken one.
        """
        self.path = path
        self._lock = threading.RLock()
        self.words = Words(self._rows)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        with self._careful():
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._prepare()

    def _prepare(self) -> None:
        with self._whole():
            if not self._base.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                self._make()
        found = self.note("version")
        if found == "1":
            with self._whole():
                for segments, looked in renewed(self._base, self._make):
                    self._put(segments, looked)
            self._base.execute("VACUUM")
        elif found != str(VERSION):
            self._base.close()
            raise OutdatedIndex(
                f"The index in {self.path.parent} is of version {found}; this one reads {VERSION}.",
                "Make it anew from its originals: reelwright index verify --repair.",
            )

    def _make(self) -> None:
        for statement in TABLES.split(";"):
            self._base.execute(statement)
        self._base.execute("INSERT INTO meta VALUES ('version', ?)", (str(VERSION),))

    @contextmanager
    def _careful(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if "full" in str(error):
                raise full(self.path.parent) from error
            if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
                raise
            raise DamagedIndex(
                f"The index in {self.path.parent} is damaged: {error}.",
                "Make it anew from its originals: reelwright index verify --repair.",
            ) from error

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """All or nothing."""
        with self._lock, self._careful():
            self.words.forget()
            self._base.execute("BEGIN IMMEDIATE")
            with self._base:  # commits, or rolls back
                yield

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with self._lock, self._careful():
            return self._base.execute(statement, values).fetchall()

    def note(self, key: str, value: str | None = None) -> str:
        """Read a remark about the index, or write it."""
        if value is not None:
            with self._whole():
                self._base.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
            return value
        found = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else ""

    def put(self, segments: Sequence[Segment], looked: Sequence[FileRow] = ()) -> None:
        """Keep segments, and with them the files they came from: both or neither."""
        with self._whole():
            self._put(segments, looked)

    def _put(self, segments: Sequence[Segment], looked: Sequence[FileRow]) -> None:
        self._drop([segment.id for segment in segments])
        for segment in {segment.id: segment for segment in segments}.values():
            self._insert(segment)
        for row in looked:
            digest, recipe = bytes.fromhex(row.file), self._named(row.recipe)
            values = (row.place, row.size, row.changed, digest, recipe, row.problem)
            self._base.execute(f"INSERT OR REPLACE INTO files VALUES ({marks(values)})", values)

    def _insert(self, segment: Segment) -> None:
        kind, stands, seconds, colours, people = facts(segment)
        digest, key = bytes.fromhex(segment.file), key_of(segment.id)
        if key is None or key[0] != digest[:16]:
            raise ValueError(f"{segment.id} is no id of a segment: half the file's digest, and a number")
        row = (digest, key[1], kind, stands, seconds, self._named(segment.licence), colours, people, packed(segment))
        number = self._base.execute(
            "INSERT INTO segments (digest, part, kind, stands, seconds, licence, colours, people, data)"
            f" VALUES ({marks(row)})",
            row,
        ).lastrowid
        self._base.execute(f"INSERT INTO words (rowid, {_SAID}) VALUES (?, ?, ?, ?, ?, ?)", (number, *said(segment)))

    def _named(self, name: str) -> int:
        """The number of a name."""
        for _ in range(2):
            found = self._base.execute("SELECT number FROM names WHERE name = ?", (name,)).fetchone()
            if found:
                break
            self._base.execute("INSERT INTO names (name) VALUES (?)", (name,))
        return int(found[0])

    def drop(self, ids: Sequence[str]) -> None:
        """Forget segments."""
        with self._whole():
            self._drop(ids)

    def _drop(self, ids: Sequence[str]) -> None:
        for part in parts(ids):
            for row, *data in self._found(f"row, {_DATA}", part):
                (segment,) = _read([data])
                self._base.execute(
                    f"INSERT INTO words (words, rowid, {_SAID}) VALUES ('delete', ?, ?, ?, ?, ?, ?)",
                    (row, *said(segment)),
                )
                self._base.execute("DELETE FROM segments WHERE row = ?", (row,))

    def _found(self, columns: str, ids: Sequence[str], filter: Filter | None = None) -> list[tuple[object, ...]]:
        """Columns of the segments with these ids that meet the filter; few ids."""
        table, values = asked(ids)
        condition, wanted = where(filter or Filter(), "AND")
        # The names come first: SQLite is not to read all segments and look for each among them.
        return self._rows(
            f"SELECT {columns} FROM {table} CROSS JOIN segments ON substr(digest, 1, 8) = head AND part = number"
            f" WHERE substr(digest, 1, 16) = half {condition}",
            (*values, *wanted),
        )

    def forget(self, place: str, ids: Sequence[str] = ()) -> None:
        """Forget that a file was looked at, and these segments with it or, after a kill, neither; others stay."""
        with self._whole():
            self._drop(ids)
            self._base.execute("DELETE FROM files WHERE place = ?", (place,))

    def files(self) -> list[FileRow]:
        """Every file that was looked at."""
        return [looked(row) for row in self._rows(f"{_FILES} ORDER BY place")]

    def rows_of(self, file: str, recipe: str | None = None, limit: int = -1) -> list[FileRow]:
        """The paths that had this content when they were looked at, by this recipe or any."""
        digest = bytes.fromhex(file)
        condition = "substr(digest, 1, 8) = ? AND digest = ? AND (? IS NULL OR name = ?)"
        values = (digest[:8], digest, recipe, recipe, limit)
        return [looked(row) for row in self._rows(f"{_FILES} WHERE {condition} LIMIT ?", values)]

    def of_file(self, file: str) -> list[Segment]:
        """The segments of a content."""
        digest = bytes.fromhex(file)
        return _read(
            self._rows(
                f"SELECT {_DATA} FROM segments WHERE substr(digest, 1, 8) = ? AND digest = ? ORDER BY part",
                (digest[:8], digest),
            )
        )

    def get(self, ids: Sequence[str]) -> dict[str, Segment]:
        """Segments by id, of those that are there."""
        found = [segment for part in parts(ids) for segment in _read(self._found(_DATA, part))]
        return {segment.id: segment for segment in found}

    def ids(self) -> list[str]:
        """Every id."""
        return [str(row[0]) for row in self._rows(f"SELECT {ID} FROM segments ORDER BY row")]

    def all(self) -> Iterator[Segment]:
        """Every segment, a thousand at a time."""
        last = 0
        while rows := self._rows(f"SELECT row, {_DATA} FROM segments WHERE row > ? ORDER BY row LIMIT 1000", (last,)):
            yield from _read([row[1:] for row in rows])
            last = int(str(rows[-1][0]))

    def count(self, filter: Filter | None = None, limit: int = 0) -> int:
        """How many segments meet the filter; counting ends at `limit`."""
        condition, values = where(filter or Filter())
        inner = f"SELECT 1 FROM segments {condition} {f'LIMIT {limit}' if limit else ''}"
        return int(str(self._rows(f"SELECT count(*) FROM ({inner})", values)[0][0]))

    def matching(self, filter: Filter, limit: int = -1) -> list[str]:
        """Ids of segments that meet the filter."""
        condition, values = where(filter)
        return [str(row[0]) for row in self._rows(f"SELECT {ID} FROM segments {condition} LIMIT ?", (*values, limit))]

    def kept(self, ids: Sequence[str], filter: Filter) -> list[str]:
        """Those of `ids` that meet the filter, in their order."""
        found = {str(row[0]) for part in parts(ids) for row in self._found(ID, part, filter)}
        return [name for name in ids if name in found]

    def numbered(self, ids: Sequence[str]) -> dict[int, str]:
        """Ids by the number of their row."""
        return {int(str(row)): str(name) for part in parts(ids) for row, name in self._found(f"row, {ID}", part)}

    def check(self) -> list[str]:
        """What SQLite says is wrong with it."""
        found = [str(row[0]) for row in self._rows("PRAGMA quick_check")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._base.close()


def full(folder: Path) -> DiskFull:
    """What is said where an index can write no more; what it has written is kept."""
    return DiskFull(f"The disk that holds {folder} is full.", "Free some space and run it again: it goes on from here.")


def _read(rows: Sequence[Sequence[Any]]) -> list[Segment]:
    try:
        return [unpacked(digest, number, data) for digest, number, data in rows]
    except (ValueError, zlib.error) as error:  # what pydantic says is a ValueError
        raise DamagedIndex(
            f"The index holds a row that cannot be read: {error}.",
            "Make it anew from its originals: reelwright index verify --repair.",
        ) from error
