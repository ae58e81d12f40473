"""Opens the studio of a talk again and again: each run of a film gets a fresh one.

Knows nothing about what is said.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...memory.cache import ResultCache
from ...tools.registry import Registry
from ..record import Record, load_record
from ..settings import Settings
from ..studio import Studio
from .transcript import FOLDER
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

    def private(self) -> Studio:
        """A studio for the talk itself, whose results stay beside it and are deleted with it.

        Only providers of this machine hear and speak, unless the settings name another: a cloud voice that is merely
        installed is not asked.
        """
        studio = Studio.open(self.folder / FOLDER / "desk", self.settings, model=self.model, registry=self.registry)
        studio.door.cache = ResultCache(studio.door.assets, None)
        studio.door.registry = private(studio.door.registry, self.settings)
        return studio

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


def private(registry: Registry, settings: Settings) -> Registry:
    """Without the providers of listening and speech that are somewhere else and that nobody chose."""
    chosen = {name for names in settings.order.values() for name in names}
    kept = [
        tool
        for tool in registry.tools()
        if tool.device != "net" or tool.name in chosen or not tool.name.startswith(("listen.", "speech."))
    ]
    return Registry(kept, settings.order)
