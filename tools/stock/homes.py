"""Homes: where an index keeps its vectors, by name or address, and which one fits how many segments.

Knows nothing about what segments show.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from ..errors import Refused
from . import Embedder, VectorStore
from .catalogue import Catalogue
from .clip import Clip
from .index import SegmentIndex

HOMES = ("chroma", "big", "qdrant")
"""Embedded homes; `chroma+URL` and `qdrant+URL` are servers."""
CHROMA_BEST, BIG_BEST = 1_000_000, 50_000_000
"""Segments to which each home is good on one machine (tests/benchmarks/stock_scale.py)."""


def open_index(folder: Path, home: str, embedders: Sequence[Embedder]) -> SegmentIndex:
    """The index in a folder, made where there is none.

    Raises:
        Refused: there is no such home.
        ToolMissing: the home's package is not installed; the hint names the extra.
        OutdatedIndex: another version made it.
        DamagedIndex: it cannot be read.
    """
    kind, _, url = home.partition("+")
    if kind not in HOMES or (kind == "big" and url):
        raise Refused(f"{home!r} is no home of an index.", f"Use {', '.join(HOMES)}, chroma+URL or qdrant+URL.")
    with ExitStack() as undo:
        catalogue = Catalogue(folder / "catalogue.sqlite")
        undo.callback(catalogue.close)
        stores = _stores(folder, kind, url, embedders, catalogue, undo)
        undo.pop_all()
    spans = {row.name: row.span for row in embedders if isinstance(row, Clip)}
    return SegmentIndex(folder, home, catalogue, stores, spans)


def _stores(
    folder: Path, kind: str, url: str, embedders: Sequence[Embedder], catalogue: Catalogue, undo: ExitStack
) -> dict[str, VectorStore]:
    if kind == "chroma":
        from .chroma import Chroma, client

        server = client(url or folder / "chroma")
        undo.callback(server.close)
        return {row.name: Chroma(server, row.name, catalogue) for row in embedders}
    if kind == "qdrant":
        from .qdrant import Qdrant, connect

        connection = connect(url or folder / "qdrant")
        undo.callback(connection.close)
        return {row.name: Qdrant(connection, row.name, row.size) for row in embedders}
    from .big import Big

    return {row.name: Big(folder / f"big-{row.name}", row.size) for row in embedders}


def advice(segments: int, home: str) -> str:
    """What `doctor` says of an index of this size in this home; empty where it fits.

    >>> advice(2_000_000, "chroma")
    'has 2,000,000 segments: reelwright index move big'
    """
    if home.startswith("chroma") and segments > CHROMA_BEST:
        return f"has {segments:,} segments: reelwright index move big"
    if home == "big" and segments > BIG_BEST:
        return f"has {segments:,} segments: reelwright index move qdrant+URL"
    return ""
