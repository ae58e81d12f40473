"""The fit node: shots are timed to the recorded voice, so that pictures move on words."""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.media import seconds_of
from .events import Working
from .model import Plan, Shot, Take
from .pace import schedule
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
    studio.note(plan=Plan(script=script, shots=laid.shots), sound=laid.sound)
    studio.log.emit(Working(stage="fit", part=1.0, total=len(laid.shots)))
    return {"shots": laid.shots, "sound": laid.sound, "takes": _stale(state, laid.shots)}


def _stale(state: State, shots: tuple[Shot, ...]) -> dict[str, Take]:
    """Takes that no longer last as long as their shot, or move on other frames: they are put aside."""
    takes, before = state.get("takes", {}), {shot.id: shot for shot in state["shots"]}
    return {
        shot.id: Take(shot=shot.id, attempt=takes[shot.id].attempt)
        for shot in shots
        if shot.id in takes and (shot.frames, shot.cues) != (before[shot.id].frames, before[shot.id].cues)
    }
