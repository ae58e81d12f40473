"""The write node: a brief becomes a script."""

from typing import Any

from langgraph.runtime import Runtime

from .errors import BriefError
from .events import Working
from .model import Brief, Plan
from .state import State
from .studio import Studio


def write(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Ask the planner for the script, and open the durable record."""
    studio = runtime.context
    studio.note(brief=state["brief"], planner=studio.planner.name)
    studio.log.emit(Working(stage="write", part=0.0))
    script = studio.planner.write(state["brief"])
    for short in script.shorts:
        studio.warn("script", short)
    studio.log.emit(Working(stage="write", part=1.0))
    return {"script": script, "round": 0, "sound": {}, "takes": {}}


MOST_SHOTS = 1000
"""Shots of a film: ten minutes with one in every 0.6 s. The graph writes its whole state at each step."""


def check_size(plan: Plan) -> None:
    """Raise BriefError for a plan that nobody would watch and no checkpoint holds."""
    if len(plan.shots) > MOST_SHOTS:
        hint = f"Cut it to {MOST_SHOTS:,}, or make several films."
        raise BriefError(f"The plan has {len(plan.shots):,} shots.", hint)


def planned(studio: Studio, brief: Brief, plan: Plan) -> dict[str, Any]:
    """The state after planning, for a plan that is given: an edited one, or another film's in another language.

    Raises:
        BriefError: the plan is longer than a film may be.
    """
    check_size(plan)
    studio.note(brief=brief, plan=plan)
    return {"script": plan.script, "shots": plan.shots, "round": 0, "sound": {}, "takes": {}}
