"""The catalogue: segments as rows of SQLite, their words in its full-text index (BM25), and the files they came from.

Knows nothing about vectors or pictures. One writer at a time; what is committed survives a kill.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from ..errors import DiskFull, ReelwrightError
from ..media import Frozen
from . import Filter, Segment
from .tables import TABLES, VERSION, marks, parts, where
from .words import Words

FEW = 4000
"""Segments that are few enough to be compared one by one."""


class OutdatedIndex(ReelwrightError):
    """The index was made by another version and would be misread."""


class DamagedIndex(ReelwrightError):
    """The index cannot be read."""


class FileRow(Frozen):
    """A file that was looked at: as it was then, and what was wrong with it."""

    place: str
    size: int
    changed: int
    """Its time stamp in nanoseconds."""
    file: str = ""
    """sha256 of its content."""
    recipe: str = ""
    """How it was looked at: another recipe looks again."""
    problem: str = ""


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
                for statement in TABLES.split(";"):
                    self._base.execute(statement)
                self._base.execute("INSERT INTO meta VALUES ('version', ?)", (str(VERSION),))
        found = self.note("version")
        if found != str(VERSION):
            self._base.close()
            raise OutdatedIndex(
                f"The index in {self.path.parent} is of version {found}; this one reads {VERSION}.",
                "Make it anew from its originals: reelwright index verify --repair.",
            )

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
            self._drop([segment.id for segment in segments])
            for segment in segments:
                self._insert(segment)
            for row in looked:
                self._base.execute(
                    "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", tuple(row.model_dump().values())
                )

    def _insert(self, segment: Segment) -> None:
        facts = (
            segment.id,
            segment.file,
            segment.kind,
            segment.orientation,
            # A still lasts as long as one likes.
            1e9 if segment.kind in {"image", "vector"} else segment.seconds,
            segment.licence,
            f" {' '.join(segment.colours)} ",
            segment.people,
            segment.looks,
            segment.model_dump_json(exclude_defaults=True),
        )
        row = self._base.execute(
            "INSERT INTO segments (id, file, kind, orientation, seconds, licence, colours, people, looks, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            facts,
        ).lastrowid
        said = (segment.caption, segment.name, " ".join(segment.tags), segment.notes, segment.speech)
        self._base.execute(
            "INSERT INTO words (rowid, caption, name, tags, notes, speech) VALUES (?, ?, ?, ?, ?, ?)", (row, *said)
        )

    def drop(self, ids: Sequence[str]) -> None:
        """Forget segments."""
        with self._whole():
            self._drop(ids)

    def _drop(self, ids: Sequence[str]) -> None:
        for part in parts(ids):
            among = marks(part)
            self._base.execute(
                f"DELETE FROM words WHERE rowid IN (SELECT row FROM segments WHERE id IN ({among}))", part
            )
            self._base.execute(f"DELETE FROM segments WHERE id IN ({among})", part)

    def forget(self, place: str) -> None:
        """Forget that a file was looked at; its segments stay."""
        with self._whole():
            self._base.execute("DELETE FROM files WHERE place = ?", (place,))

    def files(self) -> list[FileRow]:
        """Every file that was looked at."""
        rows = self._rows("SELECT place, size, changed, file, recipe, problem FROM files ORDER BY place")
        return [FileRow.model_validate(dict(zip(FileRow.model_fields, row, strict=True))) for row in rows]

    def rows_of(self, file: str) -> list[FileRow]:
        """The paths that had this content when they were looked at."""
        rows = self._rows("SELECT place, size, changed, file, recipe, problem FROM files WHERE file = ?", (file,))
        return [FileRow.model_validate(dict(zip(FileRow.model_fields, row, strict=True))) for row in rows]

    def of_file(self, file: str) -> list[Segment]:
        """The segments of a content."""
        return _read(self._rows("SELECT data FROM segments WHERE file = ? ORDER BY id", (file,)))

    def get(self, ids: Sequence[str]) -> dict[str, Segment]:
        """Segments by id, of those that are there."""
        found: list[Segment] = []
        for part in parts(ids):
            found += _read(self._rows(f"SELECT data FROM segments WHERE id IN ({marks(part)})", part))
        return {segment.id: segment for segment in found}

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [str(row[0]) for row in self._rows("SELECT id FROM segments ORDER BY id")]

    def all(self) -> Iterator[Segment]:
        """Every segment, a thousand at a time."""
        last = 0
        while rows := self._rows("SELECT row, data FROM segments WHERE row > ? ORDER BY row LIMIT 1000", (last,)):
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
        return [str(row[0]) for row in self._rows(f"SELECT id FROM segments {condition} LIMIT ?", (*values, limit))]

    def kept(self, ids: Sequence[str], filter: Filter) -> list[str]:
        """Those of `ids` that meet the filter, in their order."""
        condition, values = where(filter)
        found: set[str] = set()
        for part in parts(ids):
            also = f"{condition} AND" if condition else "WHERE"
            rows = self._rows(f"SELECT id FROM segments {also} id IN ({marks(part)})", (*values, *part))
            found |= {str(row[0]) for row in rows}
        return [name for name in ids if name in found]

    def numbered(self, ids: Sequence[str]) -> dict[int, str]:
        """Ids by the number of their row."""
        found: dict[int, str] = {}
        for part in parts(ids):
            rows = self._rows(f"SELECT row, id FROM segments WHERE id IN ({marks(part)})", part)
            found |= {int(str(row[0])): str(row[1]) for row in rows}
        return found

    def looks(self) -> list[tuple[str, str]]:
        """(id, perceptual hash) of all that have one."""
        rows = self._rows("SELECT id, looks FROM segments WHERE looks != ''")
        return [(str(name), str(looks)) for name, looks in rows]

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


def _read(rows: Sequence[tuple[object, ...]]) -> list[Segment]:
    try:
        return [Segment.model_validate_json(str(row[0])) for row in rows]
    except (ValidationError, json.JSONDecodeError) as error:
        raise DamagedIndex(
            f"The index holds a row that cannot be read: {error}.",
            "Make it anew from its originals: reelwright index verify --repair.",
        ) from error
