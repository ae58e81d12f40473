"""The project's collection of passages: a chroma collection on disk that finds them by meaning.

Knows passages and vectors; knows nothing about what is made of them.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import ToolMissing
from ..stock import Embedder
from .passages import Passage

BATCH = 500
"""Passages that are added at once."""


class Collection:
    """Passages in a folder. The same passage is embedded once, however often it is added."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """The collection in `folder`; ToolMissing without the `research` extra."""
        try:
            import chromadb
            from chromadb.config import Settings
        except ImportError as error:
            hint = "Install it: pip install 'reelwright[research]'."
            raise ToolMissing("Finding passages by meaning needs chromadb.", hint) from error
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        self._rows: Any = client.get_or_create_collection(
            "references", embedding_function=_function(embedder), metadata={"hnsw:space": "cosine"}
        )

    def add(self, told: Sequence[Passage]) -> None:
        """Keep passages that are not there yet."""
        rows = {_id(passage): passage for passage in told}
        there = set(self._rows.get(ids=list(rows), include=[])["ids"]) if rows else set()
        fresh = [name for name in rows if name not in there]
        for at in range(0, len(fresh), BATCH):
            names = fresh[at : at + BATCH]
            self._rows.add(
                ids=names,
                documents=[rows[name].text for name in names],
                metadatas=[{"source": rows[name].source} for name in names],
            )

    def find(self, told: Sequence[Passage], queries: Sequence[str], most: int) -> list[Passage]:
        """Of these passages the nearest to any of the queries, at most so many, in their order."""
        self.add(told)
        rows = {_id(passage): at for at, passage in enumerate(told)}
        sources = sorted({passage.source for passage in told})
        answer = self._rows.query(
            query_texts=list(queries), n_results=most, where={"source": {"$in": sources}}, include=["distances"]
        )
        near: dict[str, float] = {}
        for names, distances in zip(answer["ids"], answer["distances"], strict=True):
            for name, distance in zip(names, distances, strict=True):
                near[name] = min(near.get(name, 9.0), distance)
        best = sorted((name for name in near if name in rows), key=lambda name: near[name])[:most]
        return [told[at] for at in sorted(rows[name] for name in best)]


def _id(passage: Passage) -> str:
    return hashlib.sha256(f"{passage.source}\0{passage.text}".encode()).hexdigest()


def _function(embedder: Embedder) -> Any:
    """Our embedder as chroma's EmbeddingFunction, which would else download one."""
    from chromadb import EmbeddingFunction

    class Ours(EmbeddingFunction[Any]):
        def __init__(self) -> None: ...

        def __call__(self, input: Any) -> Any:
            return list(embedder.embed(list(input)))

        @staticmethod
        def name() -> str:
            return "reelwright"

        def get_config(self) -> dict[str, Any]:
            return {"embedder": embedder.name}

        @staticmethod
        def build_from_config(config: dict[str, Any]) -> "Ours":
            return Ours()

        def default_space(self) -> Any:
            return "cosine"

    return Ours()
