"""Timings: how long tools took for how much film, remembered on this machine so that the next quote is a measurement.

Knows tools by name and version; knows nothing about what they make.
"""

import platform
import statistics
from pathlib import Path

from pydantic import Field, ValidationError

from ..tools.media import Frozen

FILE = "timings.jsonl"
KEPT = 2000
"""Rows that are read: the newest."""
LAST = 9
"""Rows of a kind of which the middle one is believed: the first also loaded the model."""


class Timing(Frozen):
    """One run of a tool. Its version stands for the model and its options."""

    tool: str
    version: str
    model: str = ""
    preset: str = ""
    draft: bool = False
    size: str = ""
    film: float = Field(gt=0)
    """Seconds of film that were made."""
    took: float = Field(ge=0)
    memory: int = 0
    machine: str = Field(default_factory=platform.node)


class Timings:
    """The rows in one JSONL file; a line that cannot be read is passed over."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` is the user's cache; None where nothing is to be remembered."""
        self.path = folder / FILE if folder else None

    def note(self, row: Timing) -> None:
        """Add a row."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(f"{row.model_dump_json()}\n")

    def rows(self) -> tuple[Timing, ...]:
        """All that is remembered, the oldest first."""
        if self.path is None or not self.path.is_file():
            return ()
        found = []
        for row in self.path.read_text("utf-8", errors="replace").splitlines()[-KEPT:]:
            try:
                found.append(Timing.model_validate_json(row))
            except ValidationError:
                continue
        return tuple(found)

    def pace(self, tool: str, version: str, *, draft: bool, size: str) -> float | None:
        """Seconds that a second of film took here with the preset in use last; None where it was never measured."""
        here = platform.node()
        alike = [
            row
            for row in self.rows()
            if (row.tool, row.version, row.draft, row.size, row.machine) == (tool, version, draft, size, here)
        ]
        recent = [row for row in alike if row.preset == alike[-1].preset][-LAST:]
        return statistics.median(row.took / row.film for row in recent) if recent else None
