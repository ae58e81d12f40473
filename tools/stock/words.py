"""The words of a catalogue: which segments say them, how many do, and which answer a text best (BM25).

Knows nothing about connections. What a word's matches cost is bounded: a search over millions reads its rarest words.
"""

import math
from collections.abc import Callable, Sequence

from . import Filter
from .tables import ID, marks, parts, query_words, where

Rows = Callable[[str, Sequence[object]], list[tuple[object, ...]]]
"""Asks a statement of SQLite with its values."""
_WEIGHTS = "3.0, 3.0, 2.0, 1.0, 0.7"
"""What a word counts by column: a caption or a name says what is shown, a speech may say anything."""
_COUNTED = 100_000
"""Where counting a word ends: it tells nothing any more."""
_MATCHES = 20_000
"""Matches that are ranked for a text: with its rarest words alone once that is reached."""
_SIFTED = 8
"""Times as many as are wanted are ranked before the filter looks at them."""
_READ = 60
"""Matches that are read through in the time in which one row is looked up."""


class Words:
    """The full-text index. Counts are remembered until `forget`: a search asks for them again and again."""

    def __init__(self, rows: Rows) -> None:
        """`rows` asks the catalogue's database."""
        self._rows = rows
        self._frequencies: dict[str, int] = {}
        self._segments: int | None = None
        self._version = ""

    def forget(self) -> None:
        """Something was written."""
        self._frequencies.clear()
        self._segments = None

    def said(self, text: str, filter: Filter, k: int) -> list[str]:
        """Ids of the segments whose words answer the text best, by BM25; its rarest words are enough for it."""
        version = str(self._rows("PRAGMA data_version", ())[0][0])
        if version != self._version:  # another process wrote
            self.forget()
            self._version = version
        asked: list[str] = []
        whole = 0
        for word in sorted(query_words(text), key=self.frequency):
            whole += self.frequency(word)
            if asked and whole > _MATCHES:
                break
            asked.append(f'"{word}"')
        condition, values = where(filter)
        for depth in (_SIFTED * k, -1) if asked else ():
            rows = self._rows(
                f"SELECT {ID} FROM (SELECT rowid AS number, bm25(words, {_WEIGHTS}) AS far FROM words"
                " WHERE words MATCH ? ORDER BY far LIMIT ?) JOIN segments ON segments.row = number"
                f" {condition} ORDER BY far, digest, part LIMIT ?",
                (" OR ".join(asked), depth, *values, k),
            )
            if len(rows) == k or whole <= depth:
                break
        return [str(row[0]) for row in rows] if asked else []

    def holding(self, word: str, numbers: Sequence[int]) -> list[int]:
        """Those of these rows that say the word in any of its forms."""
        often = self.frequency(word)
        # A list of matches is read through in the time in which it is opened for a few rows.
        one_by_one = "" if often > _READ * len(numbers) else "+"
        found: list[int] = []
        for part in parts(numbers) if often else ():
            rows = self._rows(
                f"SELECT rowid FROM words WHERE words MATCH ? AND {one_by_one}rowid IN ({marks(part)})",
                (f'"{word}"', *part),
            )
            found += [int(str(row[0])) for row in rows]
        return found

    def frequency(self, word: str) -> int:
        """How many segments say the word; counting ends at a hundred thousand."""
        if word not in self._frequencies:
            rows = self._rows(
                "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)", (f'"{word}"', _COUNTED)
            )
            self._frequencies[word] = int(str(rows[0][0]))
        return self._frequencies[word]

    def rarity(self, word: str) -> float:
        """What it tells that a segment says the word: much if few do."""
        if self._segments is None:
            self._segments = int(str(self._rows("SELECT count(*) FROM segments", ())[0][0]))
        return math.log(1 + self._segments / (1 + self.frequency(word)))
