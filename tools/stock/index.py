"""The index: a catalogue of words and facts, and a store of vectors for each embedder; found by both, fused.

Knows nothing about files or pictures, nor which home the vectors live in.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np

from . import Entry, Filter, Hit, Segment, Stats, VectorStore
from .catalogue import Catalogue
from .tables import query_words
from .vectors import Vector

RANK = 60
"""Reciprocal-rank fusion's constant: Cormack, Clarke and Buettcher 2009."""
DEPTH = 50
"""How far down each list evidence counts, for a small `k`."""
RECRUITED = 40
"""Segments at the top of the fused lists that are scored."""
MEANING = 0.9
"""What cosine weighs in the score, covered words the rest: on labelled pictures recall@1 is 0.75 with it, 0.57 by fused
ranks alone, because a sentence's lesser words lead BM25 astray (tests/benchmarks/stock_quality.py)."""


class SegmentIndex:
    """An AssetIndex: whatever home keeps its vectors."""

    def __init__(
        self,
        folder: Path,
        home: str,
        catalogue: Catalogue,
        stores: Mapping[str, VectorStore],
        spans: Mapping[str, tuple[float, float]] = MappingProxyType({}),
    ) -> None:
        """`stores` by the name of the embedder that made their vectors.

        Args:
            spans: cosines that mean nothing and everything, of embedders for which that is not 0 and 1.
        """
        self._spans = spans
        self.folder = folder
        self.home = home
        self.catalogue = catalogue
        self.stores = stores

    def upsert(self, entries: Sequence[Entry]) -> None:
        """Vectors first: a kill in between leaves vectors that nobody finds, and the next run puts them there again."""
        for name, store in self.stores.items():
            rows = [entry for entry in entries if name in entry.vectors]
            if rows:
                vectors = np.array([entry.vectors[name] for entry in rows], np.float32)
                store.put([entry.segment.id for entry in rows], vectors, [entry.segment for entry in rows])
        self.catalogue.put([entry.segment for entry in entries])

    def delete(self, ids: Sequence[str]) -> None:
        """The catalogue first: what it does not know is never found."""
        self.catalogue.drop(ids)
        for store in self.stores.values():
            store.drop(ids)

    def search(self, vectors: Mapping[str, Vector], text: str, filter: Filter, k: int) -> list[Hit]:
        """Nearest by embedder and best by BM25, fused by rank; the top is ordered by a score that queries share."""
        depth = max(DEPTH, 2 * k)
        lists = [
            [name for name, _ in self.stores[embedder].nearest(vector, filter, depth)]
            for embedder, vector in vectors.items()
            if embedder in self.stores
        ]
        lists.append(self.catalogue.words.said(text, filter, depth))
        ranked = fuse(lists)[: max(2 * k, RECRUITED)]
        segments = self.catalogue.get(ranked)
        # Segments whose vectors outlived them (a kill while they were deleted) are not there.
        hits = self.scored([segments[name] for name in ranked if name in segments], vectors, text)
        # Without an embedder ranks by BM25 say more than covered words do.
        return sorted(hits, key=lambda hit: (-round(hit.score, 6), hit.segment.id))[:k] if vectors else hits[:k]

    def scored(self, segments: Sequence[Segment], vectors: Mapping[str, Vector], text: str) -> list[Hit]:
        """How well each of these answers a text, in their order."""
        ids = [segment.id for segment in segments]
        cosine: dict[str, float] = defaultdict(float)
        for embedder, vector in vectors.items():
            if embedder in self.stores:
                low, high = self._spans.get(embedder, (0.0, 1.0))
                for name, row in self.stores[embedder].get(ids).items():
                    cosine[name] = max(cosine[name], (float(row @ vector) - low) / (high - low))
        covered = self._covered(ids, text)
        meaning = MEANING if vectors else 0.0
        return [
            Hit(
                segment=segment,
                score=min(1.0, max(0.0, meaning * cosine[segment.id] + (1 - meaning) * covered[segment.id])),
                cosine=cosine[segment.id],
                covered=covered[segment.id],
            )
            for segment in segments
        ]

    def _covered(self, ids: Sequence[str], text: str) -> dict[str, float]:
        """The part of the query's words that each segment says; a rare word weighs more."""
        weights = {word: self.catalogue.words.rarity(word) for word in query_words(text)}
        whole = math.fsum(weights.values()) or 1.0
        shares: dict[str, float] = defaultdict(float)
        numbered = self.catalogue.numbered(ids)
        for word, weight in weights.items():
            for number in self.catalogue.words.holding(word, list(numbered)):
                shares[numbered[number]] += weight / whole
        return shares

    def count(self, filter: Filter | None = None) -> int:
        """How many segments there are, or meet the filter."""
        return self.catalogue.count(filter)

    def stats(self) -> Stats:
        """What is there."""
        return Stats(
            home=self.home,
            segments=self.catalogue.count(),
            files=len({row.file for row in self.catalogue.files() if not row.problem}),
            vectors={name: store.count() for name, store in self.stores.items()},
            bytes=sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()),
        )

    def verify(self) -> list[str]:
        """Rows and vectors that do not belong together, and what SQLite finds."""
        faults = list(self.catalogue.check())
        known = set(self.catalogue.ids())
        for name, store in self.stores.items():
            held = set(store.ids())
            if missing := known - held:
                faults.append(f"{len(missing)} segments have no {name} vector")
            if left := held - known:
                faults.append(f"{len(left)} {name} vectors belong to no segment")
        return faults

    def entries(self) -> Iterator[Entry]:
        """Everything, a few hundred at a time."""
        page: list[Segment] = []
        for segment in self.catalogue.all():
            page.append(segment)
            if len(page) == 500:
                yield from self._with_vectors(page)
                page = []
        yield from self._with_vectors(page)

    def _with_vectors(self, page: Sequence[Segment]) -> Iterator[Entry]:
        ids = [segment.id for segment in page]
        found = {name: store.get(ids) for name, store in self.stores.items()}
        for segment in page:
            rows = {name: tuple(map(float, rows[segment.id])) for name, rows in found.items() if segment.id in rows}
            yield Entry(segment=segment, vectors=rows)

    def close(self) -> None:
        """Let go of files and connections."""
        for store in self.stores.values():
            store.close()
        self.catalogue.close()


def fuse(lists: Sequence[Sequence[str]]) -> list[str]:
    """Reciprocal-rank fusion: the sum of 1 / (60 + rank) over the lists; ties by name, so that it is the same twice.

    >>> fuse([["a", "b", "c"], ["b", "c"]])
    ['b', 'c', 'a']
    """
    scores: dict[str, float] = defaultdict(float)
    for names in lists:
        for rank, name in enumerate(names, start=1):
            scores[name] += 1 / (RANK + rank)
    return sorted(scores, key=lambda name: (-scores[name], name))
