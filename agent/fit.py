"""The fit node: shots are timed to the recorded voice, so that pictures move on words."""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.media import seconds_of
from .events import Working
from .model import Plan
from .pace import schedule, settled
from .state import State
from .studio import Studio

TOLERANCE = 0.05
"""criteria.md, "duration": within 5 % of the brief."""


def fit(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Time lines and shots; say so where the film cannot meet the length asked for."""
    studio, brief, script = runtime.context, state["brief"], state["script"]
    laid = schedule(brief, script, state["shots"], state.get("sound", {}))
    off = laid.frames - brief.frames
    if off > TOLERANCE * brief.frames or (-off > TOLERANCE * brief.frames and not script.shorts):
        found = seconds_of(laid.frames, brief.rate)
        studio.warn("film", f"The words take {found:.1f} s, not the {brief.seconds:g} s asked for.")
    studio.note(plan=Plan(script=settled(script, laid.rests), shots=laid.shots), sound=laid.sound)
    studio.log.emit(Working(stage="fit", part=1.0, total=len(laid.shots)))
    return {"shots": laid.shots, "sound": laid.sound}
