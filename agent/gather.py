"""The gather node: where the branches of shooting meet, and a new take meets the one it should replace."""

from typing import Any

from langgraph.runtime import Runtime

from .critics.pairs import contest
from .events import Working
from .state import State
from .studio import Studio


def gather(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Where the branches meet: the takes go into the durable record, and the next wave is sent."""
    studio = runtime.context
    kept = contest(studio, state)
    takes = state.get("takes", {}) | kept
    done = sum(1 for take in takes.values() if take.asset)
    studio.note(takes=takes)
    studio.log.emit(Working(stage="shoot", part=done / max(len(state["shots"]), 1), total=len(state["shots"])))
    return {"takes": kept} if kept else {}
