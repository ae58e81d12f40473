"""The write node: a brief becomes a script."""

from typing import Any

from langgraph.runtime import Runtime

from .events import Working
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
