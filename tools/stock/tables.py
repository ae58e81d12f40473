"""The catalogue's SQL: its tables, conditions of a filter, and the words of a query.

Knows nothing about connections.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from . import Filter

Id = TypeVar("Id", str, int)
VERSION = 1
"""Of the tables and of what is written into them: another number means that the index is made anew."""
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (
    place TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, file TEXT NOT NULL,
    recipe TEXT NOT NULL, problem TEXT NOT NULL DEFAULT '');
CREATE INDEX files_by_content ON files (file);
CREATE TABLE segments (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, kind TEXT NOT NULL,
    orientation TEXT NOT NULL, seconds REAL NOT NULL, licence TEXT NOT NULL COLLATE NOCASE, colours TEXT NOT NULL,
    people INTEGER, looks TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX segments_by_file ON segments (file);
CREATE VIRTUAL TABLE words USING fts5(
    caption, name, tags, notes, speech, tokenize = "porter unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE terms USING fts5vocab(words, row);
"""
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
    for column, options in (("kind", filter.kinds), ("orientation", filter.orientation and (filter.orientation,))):
        if options:
            rows.append(f"{column} IN ({marks(options)})")
            values += options
    if filter.seconds:
        rows.append("seconds >= ?")
        values.append(filter.seconds)
    if filter.licences:
        rows.append(f"({' OR '.join(['licence GLOB ?' for _ in filter.licences])})")
        values += [glob(pattern) for pattern in filter.licences]
    if filter.colour:
        rows.append("colours LIKE ?")
        values.append(f"% {filter.colour} %")
    if filter.people is not None:
        rows.append("people > 0" if filter.people else "people = 0")
    return (f"{lead} {' AND '.join(rows)}" if rows else ""), values


def glob(pattern: str) -> str:
    """GLOB knows no case-folding: every letter is either."""
    return "".join(
        f"[{mark.lower()}{mark.upper()}]" if mark.isalpha() else mark if mark == "*" else f"[{mark}]"
        for mark in pattern
    )


def marks(values: Iterable[object]) -> str:
    """A question mark for each value."""
    return ", ".join("?" for _ in values)


def parts(ids: Sequence[Id], size: int = 500) -> Iterator[Sequence[Id]]:
    """Ids in numbers that one statement takes."""
    return (ids[first : first + size] for first in range(0, len(ids), size))
