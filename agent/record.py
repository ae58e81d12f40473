"""The durable record of one film, project.json: what was asked, planned, spoken, shot and delivered.

Knows nothing about the graph; LangGraph's checkpoints are disposable beside it.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field

from ..memory.project import DamagedRecord, Migration, RecordFile
from ..tools.media import Frozen
from .errors import ProjectError
from .mind import Thought
from .model import Brief, Critique, Film, Plan, Sound, Take

SCHEMA = 1
"""Bump it with a migration below and a golden old file in tests/golden/projects/."""


class Record(Frozen):
    """Everything that must outlive a kill, but the media."""

    brief: Brief
    status: Literal["making", "asking", "finished", "failed"] = "making"
    approve: bool = False
    planner: str = ""
    plan: Plan | None = None
    sound: dict[str, Sound] = Field(default_factory=dict)
    takes: dict[str, Take] = Field(default_factory=dict)
    critique: Critique | None = None
    film: Film | None = None
    versions: dict[str, Film] = Field(default_factory=dict)
    """The film in further sizes, by size."""
    aside: dict[str, tuple[Take, ...]] = Field(default_factory=dict)
    """Takes that another one replaced, by shot: they stay on the shelf and may be asked for again."""
    thoughts: tuple[Thought, ...] = ()
    """What models were asked, and how: the seeds, temperatures and tokens behind the plan."""
    money: float = 0.0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


MIGRATIONS: dict[int, Migration] = {}
"""From each older schema number to the next."""


def load_record(folder: Path) -> Record:
    """The record of the project in `folder`; ProjectError where there is none or it is damaged."""
    try:
        record = RecordFile(folder / "project.json", Record, SCHEMA, MIGRATIONS).load()
    except DamagedRecord as error:
        raise ProjectError(f"{error}.", f"Run `reelwright resume {folder}`.") from error
    if record is None:
        raise ProjectError(f"There is no project at {folder}.", "Run `reelwright make` first.")
    return record
