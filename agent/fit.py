"""The fit node: shots are timed to the recorded voice, so that pictures move on words."""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.media import seconds_of
from .events import Working
from .length import TOLERANCE
from .model import Plan, Sound
from .pace import schedule, settled
from .refit import refitted
from .state import State
from .studio import Studio


def fit(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Time lines and shots; say so where the film cannot meet the length asked for."""
    studio, brief, sound = runtime.context, state["brief"], dict(state.get("sound", {}))
    plan = Plan(script=state["script"], shots=state["shots"])
    if not state.get("given"):
        plan, sound = refitted(studio, brief, plan, sound)
    script = plan.script
    laid = schedule(brief, script, plan.shots, sound)
    off = laid.frames - brief.frames
    if off > TOLERANCE * brief.frames or (-off > TOLERANCE * brief.frames and not script.shorts):
        found = seconds_of(laid.frames, brief.rate)
        studio.warn("film", f"The words take {found:.1f} s, not the {brief.seconds:g} s asked for.")
    # A line that was left out leaves no sound behind.
    silent = {name: Sound(line=name, frames=0) for name in sound if name not in laid.sound}
    studio.note(plan=Plan(script=settled(script, laid.rests), shots=laid.shots), sound=laid.sound)
    studio.log.emit(Working(stage="fit", part=1.0, total=len(laid.shots)))
    return {"script": script, "shots": laid.shots, "sound": silent | laid.sound}
