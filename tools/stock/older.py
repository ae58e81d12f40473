"""Catalogues of the first version, which kept each segment as JSON and its words twice: read for the last time.

Knows nothing about today's tables. It runs inside a transaction: a kill leaves the old catalogue.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from . import Segment
from .rows import FileRow, looked

Page = tuple[Sequence[Segment], Sequence[FileRow]]
_PAGE = 1000


def renewed(base: sqlite3.Connection, make: Callable[[], None]) -> Iterator[Page]:
    """Put the old tables aside, make new ones, and hand out what was there, to be put into them."""
    for table in ("meta", "files", "segments"):
        base.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for name in ("terms", "words"):
        base.execute(f"DROP TABLE {name}")
    for name in ("files_by_content", "segments_by_file"):
        base.execute(f"DROP INDEX {name}")
    make()
    base.execute("INSERT OR IGNORE INTO meta SELECT key, value FROM old_meta")
    rows = base.execute("SELECT place, size, changed, file, recipe, problem FROM old_files")
    while page := rows.fetchmany(_PAGE):
        yield [], [looked(row) for row in page]
    rows = base.execute("SELECT data FROM old_segments ORDER BY row")
    while page := rows.fetchmany(_PAGE):
        yield [Segment.model_validate_json(row[0]) for row in page], []
    for table in ("meta", "files", "segments"):
        base.execute(f"DROP TABLE old_{table}")
