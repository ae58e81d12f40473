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
from .model import Bridging, Brief, Clone, Critique, Film, Plan, Sound, Take, Wanted

RECORD = "project.json"
SCHEMA = 1
"""Bump it with a migration below and a golden old file in tests/golden/projects/."""


class Answer(Frozen):
    """What a person said at a gate, and why."""

    stage: Literal["agree", "approve"]
    yes: bool
    because: str = ""


class Begun(Frozen):
    """Where the film's pictures were to come from when it was begun: a resume keeps to it."""

    source: Wanted = "auto"
    draft: bool = False
    library: Path | None = None
    transitions: Bridging | None = None
    """None in films of before it was kept: the settings say."""


class Record(Frozen):
    """Everything that must outlive a kill, but the media."""

    brief: Brief
    status: Literal["making", "asking", "finished", "failed"] = "making"
    approve: bool = False
    begun: Begun | None = None
    planner: str = ""
    plan: Plan | None = None
    sound: dict[str, Sound] = Field(default_factory=dict)
    takes: dict[str, Take] = Field(default_factory=dict)
    critique: Critique | None = None
    film: Film | None = None
    versions: dict[str, Film] = Field(default_factory=dict)
    """The film in further sizes, by size."""
    consents: tuple[Clone, ...] = ()
    """Whose voice was cloned, and that person's consent: written before the cloned voice speaks."""
    given: bool = False
    """The plan was handed in, by a revision or a person: it is not planned again from the brief."""
    answers: tuple[Answer, ...] = ()
    """What a person said at the gates, in order."""
    request: str = ""
    """What the revision that is being made was asked for."""
    version: int = 0
    """The version that out/ holds, in versions/; 0 before there is one."""
    aside: dict[str, tuple[Take, ...]] = Field(default_factory=dict)
    """Takes that another one replaced, by shot: they stay on the shelf and may be asked for again."""
    thoughts: tuple[Thought, ...] = ()
    """What models were asked, and how: the seeds, temperatures and tokens behind the plan."""
    money: float = Field(default=0.0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    warnings: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


MIGRATIONS: dict[int, Migration] = {}
"""From each older schema number to the next."""


def load_record(folder: Path) -> Record:
    """The record of the project in `folder`; ProjectError where there is none or it is damaged."""
    try:
        record = RecordFile(folder / RECORD, Record, SCHEMA, MIGRATIONS).load()
    except DamagedRecord as error:
        raise ProjectError(f"{error}.", f"Run `reelwright resume {folder}`.") from error
    if record is None:
        raise ProjectError(f"There is no project at {folder}.", "Run `reelwright make` first.")
    return record
