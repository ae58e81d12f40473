"""Opens the studio of a talk again and again: each run of a film gets a fresh one.

Knows nothing about what is said.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...tools.registry import Registry
from ..record import Record, load_record
from ..settings import Settings
from ..studio import Studio
from .work import Work

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ..model import Brief, Plan


@dataclass(frozen=True)
class Studios:
    """Where the film is made, and with what."""

    folder: Path
    settings: Settings
    model: "BaseChatModel | None" = None
    registry: Registry | None = None

    def open(self, *, approve: bool = False) -> Studio:
        """A studio that was not stopped yet."""
        return Studio.open(self.folder, self.settings, approve=approve, model=self.model, registry=self.registry)

    def plan(self, brief: "Brief") -> Work:
        """Write the plan and stop at the question whether to make it."""
        studio = self.open(approve=True)
        return Work(studio, lambda: studio.make(brief))

    def make(self, brief: "Brief", plan: "Plan") -> Work:
        """Carry a plan out, to the finished film."""
        studio = self.open()
        return Work(studio, lambda: studio.make(brief, plan))

    def record(self) -> Record | None:
        """What the folder holds already; ProjectError where it is damaged."""
        return load_record(self.folder) if (self.folder / "project.json").is_file() else None
