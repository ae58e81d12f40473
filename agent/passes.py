"""Passes: generated shots are made as drafts first, to be judged, and in full when they were chosen.

Knows plans; knows nothing about how many steps a draft saves.
"""

from collections.abc import Collection
from typing import NamedTuple

from .errors import BriefError, ProjectError
from .history import standing
from .model import Plan, Shot
from .record import Record


class Pass(NamedTuple):
    """The plan of a pass, and what it is called in the film's history."""

    plan: Plan
    request: str


def passed(record: Record, *, draft: bool, shots: Collection[str] = ()) -> Pass:
    """The film's plan with these generated shots, or all of them, in full or as drafts.

    Args:
        shots: ids or numbers of shots.

    Raises:
        ProjectError: there is no plan yet.
        BriefError: a shot is not there, is not generated, or all are so already.
    """
    if record.plan is None:
        raise ProjectError("There is no plan yet.", "Let the film be planned: reelwright resume DIR.")
    plan = standing(record)
    chosen = {_named(name, plan.shots).id for name in shots}
    other = {shot.id for shot in plan.shots if shot.source == "generate" and shot.draft is not draft}
    now = other & chosen if chosen else other
    if not now:
        raise BriefError(*_nothing(plan.shots, draft))
    kind = "drafts" if draft else "final pass"
    numbers = [str(at) for at, shot in enumerate(plan.shots, 1) if shot.id in now]
    changed = tuple(shot.model_copy(update={"draft": draft}) if shot.id in now else shot for shot in plan.shots)
    return Pass(plan.model_copy(update={"shots": changed}), f"{kind} of shot {', '.join(numbers)}")


def drafts(shots: Collection[Shot]) -> tuple[str, ...]:
    """What is still a draft, in words."""
    numbers = [str(at) for at, shot in enumerate(shots, 1) if shot.source == "generate" and shot.draft]
    if not numbers:
        return ()
    told = f"Shots {', '.join(numbers)} are drafts" if numbers[1:] else f"Shot {numbers[0]} is a draft"
    return (f"{told}: `reelwright resume DIR --final` makes {'them' if numbers[1:] else 'it'} in full.",)


def _named(name: str, shots: tuple[Shot, ...]) -> Shot:
    """The shot of that id or number."""
    found = next((shot for at, shot in enumerate(shots, 1) if name.strip() in (shot.id, str(at))), None)
    if found is None:
        raise BriefError(f"There is no shot {name.strip()!r}.", f"Name numbers from 1 to {len(shots)}.")
    if found.source != "generate":
        raise BriefError(f"No video model makes shot {name.strip()}.", "`reelwright show DIR` lists what makes which.")
    return found


def _nothing(shots: tuple[Shot, ...], draft: bool) -> tuple[str, str]:
    if all(shot.source != "generate" for shot in shots):
        return "No video model makes a shot of this film.", "Make one that does: --source generate."
    kind = "drafts" if draft else "made in full"
    return f"These shots are {kind} already.", "`reelwright show DIR` lists which."
