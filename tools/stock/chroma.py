"""chromadb as a home: embedded in the index's folder, or a server by URL for a team.

Knows nothing about words or files. Good to about a million segments unfiltered; filters are answered by the catalogue:
few segments are compared one by one, many are over-fetched and sifted (chromadb's own filters grow with the matches).
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np

from ..errors import ToolBusy, ToolMissing
from . import Embedder, Filter, Segment
from .catalogue import FEW, Catalogue, DamagedIndex, full
from .vectors import Vector, Vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client

_PAGE = 1000
_LEAST = 1_000_000
"""Bytes below which a disk is full."""
_WIDEST = 20_000
"""Neighbours that are fetched at most before a filter gives up on more."""


class Chroma:
    """A VectorStore: one collection of cosine space, its vectors made by us."""

    def __init__(self, client: "Client", embedder: str, catalogue: Catalogue) -> None:
        self._client, self._catalogue = client, catalogue
        with careful():
            self._rows = client.get_or_create_collection(
                f"segments-{embedder}",
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            )

    def put(self, ids: Sequence[str], vectors: Vectors, segments: Sequence[Segment]) -> None:
        """Keep vectors with the segment as a document: whoever shares a server can read what it is."""
        with _room(self._catalogue.path.parent), careful():
            for first in range(0, len(ids), _PAGE):
                part = slice(first, first + _PAGE)
                self._rows.upsert(
                    ids=list(ids[part]),
                    embeddings=np.asarray(vectors[part], np.float32),
                    documents=[segment.model_dump_json(exclude_defaults=True) for segment in segments[part]],
                    metadatas=[{"kind": segment.kind, "file": segment.file} for segment in segments[part]],
                )

    def drop(self, ids: Sequence[str]) -> None:
        """Forget them."""
        with careful():
            for first in range(0, len(ids), _PAGE):
                self._rows.delete(ids=list(ids[first : first + _PAGE]))

    def nearest(self, vector: Vector, filter: Filter, k: int) -> list[tuple[str, float]]:
        """The nearest that meet the filter."""
        total = self.count()
        if filter == Filter():
            return self._query(vector, min(k, total))
        matching = self._catalogue.count(filter, FEW + 1)
        if matching <= FEW:
            return self._compare(vector, self._catalogue.matching(filter))[:k]
        wanted = min(total, k * 4)
        while True:
            found = self._query(vector, wanted)
            kept = set(self._catalogue.kept([name for name, _ in found], filter))
            if len(kept) >= k or wanted >= min(total, _WIDEST):
                return [row for row in found if row[0] in kept][:k]
            wanted = min(total, _WIDEST, wanted * 4)

    def _query(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        if k == 0:
            return []
        with careful():
            found = self._rows.query(query_embeddings=[vector.tolist()], n_results=k, include=["distances"])
        assert found["distances"] is not None
        return [(name, 1 - float(far)) for name, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    def _compare(self, vector: Vector, ids: Sequence[str]) -> list[tuple[str, float]]:
        rows = self.get(ids)
        near = [(name, float(row @ vector)) for name, row in rows.items()]
        return sorted(near, key=lambda row: (-row[1], row[0]))

    def get(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Vectors by id."""
        rows: dict[str, Vector] = {}
        with careful():
            for first in range(0, len(ids), _PAGE):
                found = self._rows.get(ids=list(ids[first : first + _PAGE]), include=["embeddings"])
                if found["embeddings"] is not None:
                    rows |= dict(zip(found["ids"], np.asarray(found["embeddings"], np.float32), strict=True))
        return rows

    def documents(self) -> Iterator[Segment]:
        """The segments as they were kept with their vectors: a lost catalogue is made of them again."""
        with careful():
            for first in range(0, self.count(), _PAGE):
                found = self._rows.get(limit=_PAGE, offset=first, include=["documents"])
                yield from (Segment.model_validate_json(text) for text in found["documents"] or ())

    def ids(self) -> Iterator[str]:
        """Every id."""
        with careful():
            for first in range(0, self._rows.count(), _PAGE):
                yield from self._rows.get(limit=_PAGE, offset=first, include=[])["ids"]

    def count(self) -> int:
        """How many there are."""
        with careful():
            return self._rows.count()

    def close(self) -> None:
        """Let go of the client: another one of the same folder would get its open files, even of a folder made anew."""
        self._client.close()


def client(place: Path | str) -> "Client":
    """Chroma in a folder, or the server at a URL.

    Raises:
        ToolMissing: chromadb is not installed.
        ToolBusy: the server does not answer.
        DamagedIndex: the folder's store cannot be opened.
    """
    try:
        import chromadb
        from chromadb.config import Settings
    except ImportError as error:
        raise ToolMissing("chromadb is not installed.", "Install it: pip install 'reelwright[stock]'.") from error
    quiet = Settings(anonymized_telemetry=False)
    with careful():
        if isinstance(place, Path):
            place.mkdir(parents=True, exist_ok=True)
            return cast("Client", chromadb.PersistentClient(path=str(place), settings=quiet))
        parts = urlsplit(place)
        port = parts.port or (443 if parts.scheme == "https" else 8000)
        host, tls = parts.hostname or "localhost", parts.scheme == "https"
        return cast("Client", chromadb.HttpClient(host=host, port=port, ssl=tls, settings=quiet))


@contextmanager
def careful() -> Iterator[None]:
    """Turn what chromadb raises into words that say what to do."""
    import sqlite3

    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, sqlite3.DatabaseError, RuntimeError) as error:
        raise DamagedIndex(
            f"The vectors of the index cannot be read: {error}.",
            "Make them anew: reelwright index verify --repair.",
        ) from error
    except (OSError, ValueError) as error:
        if "onnect" not in str(error):
            raise
        raise ToolBusy(f"The Chroma server does not answer: {error}.", "Check its address, then try again.") from error


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    """A full disk has many names in chromadb, and not one of them says so."""
    try:
        yield
    except DamagedIndex as error:
        if shutil.disk_usage(folder).free > _LEAST:
            raise
        raise full(folder) from error


def embedding_function(embedder: Embedder) -> Any:
    """Our embedder in chromadb's own protocol, for those who open the collection themselves."""
    from chromadb.api.types import Documents, EmbeddingFunction, Embeddings

    class Ours(EmbeddingFunction[Documents]):
        """Vectors by the embedder that made the index; nothing is downloaded."""

        def __init__(self) -> None:
            """Nothing to set up."""

        def __call__(self, input: Documents) -> Embeddings:
            """A vector for each text."""
            return list(embedder.embed(input))

        @staticmethod
        def name() -> str:
            """By which chromadb remembers it."""
            return f"reelwright-{embedder.name}"

        def get_config(self) -> dict[str, Any]:
            """What to build it from again."""
            return {"embedder": embedder.name}

        @staticmethod
        def build_from_config(config: Mapping[str, Any]) -> "Ours":
            """Build it again."""
            return Ours()

    return Ours()
