"""Qdrant as a home: a server for what one machine cannot hold; its local mode serves small libraries and tests.

Knows nothing about words. Facts are payload with indexes, so that filters run inside the search; vectors are quantised
to 8 bits. Sharding and replicas are the server's (docs/library.md).
"""

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ToolBusy, ToolMissing
from . import Filter, Segment, allows
from .vectors import Vector, Vectors

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

_PAGE = 500
_INDEXED = {
    "kind": "keyword",
    "orientation": "keyword",
    "licence": "keyword",
    "colours": "keyword",
    "seconds": "float",
    "people": "integer",
}
_NAMES = uuid.UUID("6f1f3d1e-6a57-4c0e-9f0e-0f2a6a1d7c55")
"""Qdrant wants UUIDs: ids are hashed under this name space."""
_FOREVER = 1e9


class Qdrant:
    """A VectorStore: one collection of cosine distance."""

    def __init__(self, client: "QdrantClient", embedder: str, size: int) -> None:
        from qdrant_client import models

        self._client, self._models, self._name = client, models, f"segments-{embedder}"
        self._licences: set[str] | None = None
        if not client.collection_exists(self._name):
            client.create_collection(
                self._name,
                vectors_config=models.VectorParams(size=size, distance=models.Distance.COSINE, on_disk=True),
                quantization_config=models.ScalarQuantization(
                    scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
                ),
            )
            if not _is_local(client):  # the local mode has no payload indexes, and says so
                for field, kind in _INDEXED.items():
                    client.create_payload_index(self._name, field, field_schema=models.PayloadSchemaType(kind))

    def put(self, ids: Sequence[str], vectors: Vectors, segments: Sequence[Segment]) -> None:
        """Keep vectors with their facts, and the segment itself for whoever shares the server."""
        self._licences = None
        for first in range(0, len(ids), _PAGE):
            part = slice(first, first + _PAGE)
            rows = zip(ids[part], vectors[part], segments[part], strict=True)
            points = [
                self._models.PointStruct(id=_point(name), vector=row.tolist(), payload=_facts(name, segment))
                for name, row, segment in rows
            ]
            self._client.upsert(self._name, points, wait=True)

    def drop(self, ids: Sequence[str]) -> None:
        """Forget them."""
        for first in range(0, len(ids), _PAGE):
            points = [_point(name) for name in ids[first : first + _PAGE]]
            self._client.delete(self._name, self._models.PointIdsList(points=list(points)), wait=True)

    def nearest(self, vector: Vector, filter: Filter, k: int) -> list[tuple[str, float]]:
        """The nearest that meet the filter, which Qdrant applies while it searches."""
        found = self._client.query_points(
            self._name, query=vector.tolist(), query_filter=self._conditions(filter), limit=k, with_payload=["name"]
        )
        return [(str((point.payload or {})["name"]), float(point.score)) for point in found.points]

    def _conditions(self, filter: Filter) -> Any:
        models = self._models
        must: list[Any] = []
        for field, values in (
            ("kind", list(filter.kinds)),
            ("orientation", [filter.orientation] if filter.orientation else []),
            ("colours", [filter.colour] if filter.colour else []),
        ):
            if values:
                must.append(models.FieldCondition(key=field, match=models.MatchAny(any=values)))
        if filter.licences:
            allowed = [name for name in sorted(self._known_licences()) if allows(filter.licences, name)]
            must.append(models.FieldCondition(key="licence", match=models.MatchAny(any=allowed or ["-"])))
        if filter.seconds:
            must.append(models.FieldCondition(key="seconds", range=models.Range(gte=filter.seconds)))
        if filter.people is not None:
            wanted = models.Range(gt=0) if filter.people else models.Range(gte=0, lte=0)
            must.append(models.FieldCondition(key="people", range=wanted))
        return models.Filter(must=must) if must else None

    def _known_licences(self) -> set[str]:
        """Patterns with stars are spelled out: Qdrant matches whole words."""
        if self._licences is None:
            self._licences = {str(row["licence"]) for row in self._payloads(["licence"])}
        return self._licences

    def get(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Vectors by id."""
        found: dict[str, Vector] = {}
        for first in range(0, len(ids), _PAGE):
            points = [_point(name) for name in ids[first : first + _PAGE]]
            for record in self._client.retrieve(self._name, points, with_payload=["name"], with_vectors=True):
                found[str((record.payload or {})["name"])] = np.asarray(record.vector, np.float32)
        return found

    def ids(self) -> Iterator[str]:
        """Every id."""
        return (str(row["name"]) for row in self._payloads(["name"]))

    def _payloads(self, fields: list[str]) -> Iterator[dict[str, Any]]:
        offset: Any = None
        while True:
            rows, offset = self._client.scroll(self._name, limit=_PAGE, offset=offset, with_payload=fields)
            yield from (row.payload or {} for row in rows)
            if offset is None:
                return

    def count(self) -> int:
        """How many there are."""
        return int(self._client.count(self._name, exact=True).count)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def connect(place: Path | str) -> "QdrantClient":
    """Qdrant in a folder, or the server at a URL.

    Raises:
        ToolMissing: qdrant-client is not installed.
        ToolBusy: the server does not answer, or another process has the folder.
    """
    try:
        from qdrant_client import QdrantClient
    except ImportError as error:
        raise ToolMissing("qdrant-client is not installed.", "Install it: pip install 'reelwright[qdrant]'.") from error
    try:
        if isinstance(place, Path):
            return QdrantClient(path=str(place))
        client = QdrantClient(url=place)
        client.get_collections()
        return client
    except (OSError, RuntimeError) as error:
        raise ToolBusy(f"Qdrant cannot be reached at {place}: {error}.", "Check it, then try again.") from error


def _is_local(client: "QdrantClient") -> bool:
    return type(client._client).__name__ == "QdrantLocal"


def _point(name: str) -> str:
    return str(uuid.uuid5(_NAMES, name))


def _facts(name: str, segment: Segment) -> dict[str, Any]:
    return {
        "name": name,
        "kind": segment.kind,
        "orientation": segment.orientation,
        "licence": segment.licence,
        "colours": list(segment.colours),
        "seconds": _FOREVER if segment.kind in {"image", "vector"} else segment.seconds,
        "people": segment.people,
        "segment": segment.model_dump_json(exclude_defaults=True),
    }
