"""The durable record of one film, project.json: what was asked, planned, spoken, shot and delivered.

Knows nothing about the graph; LangGraph's checkpoints are disposable beside it.
"""

from typing import Literal

from pydantic import Field

from ..memory.project import Migration
from ..tools.media import Frozen
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
    money: float = 0.0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


MIGRATIONS: dict[int, Migration] = {}
"""From each older schema number to the next."""
