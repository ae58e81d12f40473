"""Pairs: a new take meets the one it should replace, and the better of the two stays.

Knows two takes of one shot; judging them against each other is steadier than giving each a mark.
"""

from typing import Literal

from pydantic import Field

from ...prompts import fence, render
from ...tools.media import Frozen
from ..drawing import said
from ..errors import BudgetExceeded, PlanError, ToolError
from ..model import Shot, Take
from ..state import State
from ..studio import Studio
from .eyes import Eyes, frames_of_take, open_eyes
from .measured import faults, look_at


class Choice(Frozen):
    """Which of two takes serves the shot better."""

    why: str = Field(max_length=600)
    better: Literal["a", "b"]


def contest(studio: Studio, state: State) -> dict[str, Take]:
    """The takes of the best cut so far that beat the new ones, as the attempt they beat."""
    best, takes = state.get("best"), state.get("takes", {})
    if best is None:
        return {}
    lengths = {shot.id: shot.frames for shot in best.shots}
    kept: dict[str, Take] = {}
    for shot in state["shots"]:
        old, new = best.takes.get(shot.id), takes.get(shot.id)
        if not old or not new or not old.asset or not new.asset or new.attempt <= old.attempt:
            continue
        if (
            new.asset.id != old.asset.id
            and lengths.get(shot.id) == shot.frames
            and _holds(studio, state, shot, old, new)
        ):
            kept[shot.id] = old.model_copy(update={"attempt": new.attempt})
    return kept


def _holds(studio: Studio, state: State, shot: Shot, old: Take, new: Take) -> bool:
    """Whether the old take stays: it has fewer measured faults, or as many and a critic prefers it both ways round."""
    before, after = (_measured(studio, shot, take) for take in (old, new))
    if before != after:
        return before < after
    critique = state.get("critique")
    measured = [note for note in critique.notes if note.target == shot.id] if critique else []
    if any(note.severity == "fail" and not note.problem.startswith("seen") for note in measured):
        return False
    eyes = open_eyes(studio)
    if eyes is None:
        return False
    try:
        return _preferred(studio, eyes, state, shot, old, new)
    except (ToolError, PlanError, BudgetExceeded) as error:
        studio.warn(shot.id, f"The two takes could not be compared, the newer one is used: {error}")
        return False


def _measured(studio: Studio, shot: Shot, take: Take) -> int:
    look = look_at(studio, take)
    return 1 if look is None else sum(1 for _ in faults(shot, look))


def _preferred(studio: Studio, eyes: Eyes, state: State, shot: Shot, old: Take, new: Take) -> bool:
    """Asked in both orders: a critic who always likes the first one best says nothing."""
    brief, lines = state["brief"], {line.id: line.text for line in state["script"].lines}
    one, other = (frames_of_take(studio, brief, shot, take) for take in (old, new))
    prompt = render(
        "pair",
        count=str(len(one)),
        line=fence("line", said(shot, lines) or "(nothing)"),
        wish=shot.prompt or "(the line)",
    )
    if eyes.look(prompt, Choice, (*one, *other), shot.id).better != "a":
        return False
    return eyes.look(prompt, Choice, (*other, *one), shot.id).better == "b"
