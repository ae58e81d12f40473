"""The write node: a brief becomes a script."""

from typing import Any

from langgraph.runtime import Runtime

from .drawing import unmarked
from .events import Working
from .model import Brief, Plan
from .state import State
from .studio import Studio


def write(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Ask the planner for the script, and open the durable record."""
    studio = runtime.context
    studio.note(brief=state["brief"], planner=studio.planner.name)
    studio.log.emit(Working(stage="write", part=0.0))
    script = studio.planner.write(unmarked(state["brief"]))
    for short in script.shorts:
        studio.warn("script", short)
    studio.log.emit(Working(stage="write", part=1.0))
    return {"script": script, "round": 0, "sound": {}, "takes": {}}


def planned(studio: Studio, brief: Brief, plan: Plan) -> dict[str, Any]:
    """The state after planning, for a plan that is given: an edited one, or another film's in another language."""
    studio.note(brief=brief, plan=plan)
    return {"script": plan.script, "shots": plan.shots, "round": 0, "sound": {}, "takes": {}}
