"""What `index search` shows of what it found.

Knows nothing about how a library searches.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...memory.library import Library
    from ...tools.stock import Filter, Segment


def seek(library: "Library", text: str, wanted: "Filter", k: int, as_json: bool) -> None:
    """Search, let the critic's model look over what was found where the settings say so, and show it."""
    from rich.console import Console
    from rich.table import Column, Table

    from ..rerank import searched
    from ..settings import load_settings

    hits, settings = library.search(text, wanted, k), load_settings()
    if settings.rerank:
        hits, told = searched(settings, text, hits)
        for message in told:
            print(message, file=sys.stderr)
    if as_json:
        for hit in hits:
            print(hit.model_dump_json())
        return
    table = Table("score", "what", Column("where", overflow="fold"), "licence", "id")
    for hit in hits:
        segment = hit.segment
        what = segment.caption or ", ".join(part for part in (segment.name, *segment.tags) if part)
        table.add_row(f"{hit.score:.2f}", what, _where(segment), segment.licence, segment.id)
    Console().print(table if hits else "Nothing meets these conditions.")


def _where(segment: "Segment") -> str:
    if segment.kind not in {"video", "audio"}:
        return segment.place
    begin = float(segment.start / segment.rate)
    return f"{segment.place} {begin:.1f} to {begin + segment.seconds:.1f} s"
