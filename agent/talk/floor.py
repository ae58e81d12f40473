"""Where a talk stands: what is known, planned, made and asked at this moment.

Knows nothing about words.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..model import Brief, Plan
from ..record import Record
from .draft import Draft
from .meaning import Expecting
from .telling import Progress, time_to_make
from .work import Work

Pending = Callable[[], tuple[str, ...]]
"""What a yes would do, and what is said of it."""


@dataclass
class Floor:
    """The state of one talk."""

    draft: Draft
    stage: Expecting = "topic"
    doing: Literal["", "plan", "film"] = ""
    brief: Brief | None = None
    plan: Plan | None = None
    record: Record | None = None
    """The finished film, or the one that is being made."""
    work: Work | None = None
    progress: Progress | None = None
    began: float = 0.0
    question: str = ""
    """What was last asked."""
    pending: Pending | None = None
    before: Expecting = "topic"
    """The stage to return to when what is pending was answered."""
    history: list[Record] = field(default_factory=list)
    """The film before each of its revisions."""
    later: list[str] = field(default_factory=list)
    """Revisions that were asked for while the film was being made."""
    edited: bool = False
    """The plan is not only what the brief says: someone changed it."""
    change: str = ""
    """What the plan that is being written was changed for, in words."""
    again: bool = False
    """The film in work is a revision of one that was finished."""
    leaving: bool = False
    """The person said goodbye; what runs is finished first."""
    forgotten: bool = False
    """What was said is deleted; this turn is not kept."""
    gone: bool = False
    """We said goodbye."""

    @property
    def expected(self) -> float:
        """Wall seconds that the film in work is expected to take."""
        assert self.brief is not None
        frames = sum(shot.frames for shot in self.plan.shots) if self.plan else self.brief.frames
        return time_to_make(self.brief, frames / float(self.brief.rate))

    @property
    def left(self) -> float:
        """Wall seconds that are expected to be left."""
        return max(self.expected - (time.monotonic() - self.began), 0.0)
