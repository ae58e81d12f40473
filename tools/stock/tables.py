"""The catalogue's SQL: its tables, conditions of a filter, and the words of a query.

Knows nothing about connections.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from . import Filter
from .rows import KINDS, STANDS, colour_bits, key_of

Id = TypeVar("Id", str, int)
VERSION = 2
"""Of the tables and of what is written into them: another number is written anew (older.py) or not read."""
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE files (
    place TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, digest BLOB NOT NULL,
    recipe INTEGER NOT NULL, problem TEXT NOT NULL);
CREATE INDEX files_by_content ON files (substr(digest, 1, 8));
CREATE TABLE segments (
    row INTEGER PRIMARY KEY, digest BLOB NOT NULL, part INTEGER NOT NULL, kind INTEGER NOT NULL,
    stands INTEGER NOT NULL, seconds REAL, licence INTEGER NOT NULL, colours INTEGER NOT NULL, people INTEGER,
    data BLOB NOT NULL);
CREATE INDEX segments_by_content ON segments (substr(digest, 1, 8), part);
CREATE VIRTUAL TABLE words USING fts5(
    caption, name, tags, notes, speech, content = '', tokenize = "porter unicode61 remove_diacritics 2");
"""
"""Eight bytes of a digest lead to a row; whoever looks compares the rest. Words are not kept as they were
said, which is in the row: to forget a segment one must say it again."""
ID = "lower(hex(substr(digest, 1, 16))) || '-' || part"
_SILENT = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for",
    "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "may",
    "more", "most", "must", "no", "nor", "not", "of", "on", "or", "our", "she", "should", "so", "some", "such",
    "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "up",
    "was", "we", "were", "what", "when", "where", "which", "who", "whose", "why", "will", "with", "would", "you",
    "your",
))  # fmt: skip
"""Words that say nothing of a picture, and that half of all captions hold."""


def query_words(text: str) -> list[str]:
    """The words of a text that say something, each once, in lower case.

    >>> query_words("The bees, and the bees' honey")
    ['bees', 'honey']
    """
    words = re.findall(r"\w+", text.lower())
    return list(dict.fromkeys(word for word in words if word not in _SILENT and (len(word) > 1 or word.isdigit())))[:32]


def where(filter: Filter, lead: str = "WHERE") -> tuple[str, list[object]]:
    """A filter as a condition and its values; nothing where it asks for nothing."""
    rows: list[str] = []
    values: list[object] = []
    if filter.kinds:
        rows.append(f"kind IN ({marks(filter.kinds)})")
        values += [KINDS.index(kind) for kind in filter.kinds]
    if filter.orientation:
        rows.append("stands = ?")
        values.append(STANDS.index(filter.orientation))
    if filter.seconds:
        rows.append("(seconds IS NULL OR seconds >= ?)")
        values.append(filter.seconds)
    if filter.licences:
        fits = " OR ".join("name GLOB ?" for _ in filter.licences)
        rows.append(f"licence IN (SELECT number FROM names WHERE {fits})")
        values += [glob(pattern) for pattern in filter.licences]
    if filter.colour:
        rows.append("colours & ?")
        values.append(colour_bits([filter.colour]))
    if filter.people is not None:
        rows.append("people > 0" if filter.people else "people = 0")
    return (f"{lead} {' AND '.join(rows)}" if rows else ""), values


def asked(ids: Sequence[str]) -> tuple[str, list[object]]:
    """A table and its values: half a digest, its first bytes and a number for each of these ids that is one."""
    keys = [key for key in map(key_of, ids) if key]
    rows = ", ".join("(?, ?, ?)" for _ in keys) or "(NULL, NULL, NULL)"
    table = f"(SELECT column1 AS half, column2 AS head, column3 AS number FROM (VALUES {rows}))"
    return table, [value for half, number in keys for value in (half, half[:8], number)]


def glob(pattern: str) -> str:
    """GLOB knows no case-folding: every letter is either."""
    return "".join(
        f"[{mark.lower()}{mark.upper()}]" if mark.isalpha() else mark if mark == "*" else f"[{mark}]"
        for mark in pattern
    )


def marks(values: Iterable[object]) -> str:
    """A question mark for each value."""
    return ", ".join("?" for _ in values)


def parts(ids: Sequence[Id], size: int = 300) -> Iterator[Sequence[Id]]:
    """Ids in numbers that one statement takes."""
    return (ids[first : first + size] for first in range(0, len(ids), size))
