"""The fit node: shots are timed to the recorded voice, so that pictures move on words, and the film meets its length.

A voice that took too long reads a little faster; where that is not enough, the lines go that the planner could spare.
"""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.media import seconds_of
from .events import Working
from .length import TOLERANCE, excess, fitted
from .model import Brief, Plan, Script, Shot, Sound, Take
from .pace import Schedule, fixed, schedule, settled
from .sound import speak
from .state import State
from .studio import Studio

FASTEST, SLOWEST = 1.08, 0.94
"""How far a voice's pace may be moved before people hear it: narrators vary by about as much within a film."""


def fit(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Time lines and shots; say what was left out, and where the film cannot meet the length asked for."""
    studio, brief = runtime.context, state["brief"]
    plan = Plan(script=state["script"], shots=state["shots"])
    sound = dict(state.get("sound", {}))
    laid, pace = _laid(brief, plan, sound), 0.0
    if fixed(plan.script):  # a revision: what was fitted before stays as it was
        pass
    elif excess(brief, laid) > TOLERANCE or (excess(brief, laid) < -TOLERANCE and not plan.script.shorts):
        if _pace(brief, laid, sound, plan.script) > FASTEST:
            plan, gone = fitted(brief, plan, sound)
            plan = _told(plan, gone)
        pace, respoken = _respoken(studio, brief, plan.script, _laid(brief, plan, sound), sound)
        sound |= respoken
        laid = _laid(brief, plan, sound)
    script, off = plan.script, excess(brief, laid)
    if off > TOLERANCE or (off < -TOLERANCE and not script.shorts):
        found = seconds_of(laid.frames, brief.rate)
        studio.warn("film", f"The words take {found:.1f} s, not the {brief.seconds:g} s asked for.")
    # A line that went leaves no sound behind.
    silent = {name: Sound(line=name, frames=0) for name in state.get("sound", {}) if name not in laid.sound}
    studio.note(plan=Plan(script=settled(script, laid.rests, pace), shots=laid.shots), sound=laid.sound)
    studio.log.emit(Working(stage="fit", part=1.0, total=len(laid.shots)))
    takes = _stale(state, laid.shots)
    return {"script": script, "shots": laid.shots, "sound": silent | laid.sound, "takes": takes}


def _stale(state: State, shots: tuple[Shot, ...]) -> dict[str, Take]:
    """Takes that no longer last as long as their shot, or move on other frames: they are put aside."""
    takes, before = state.get("takes", {}), {shot.id: shot for shot in state["shots"]}
    return {
        shot.id: Take(shot=shot.id, attempt=takes[shot.id].attempt)
        for shot in shots
        if shot.id in takes and (shot.frames, shot.cues) != (before[shot.id].frames, before[shot.id].cues)
    }


def _laid(brief: Brief, plan: Plan, sound: dict[str, Sound]) -> Schedule:
    return schedule(brief, plan.script, plan.shots, sound)


def _pace(brief: Brief, laid: Schedule, sound: dict[str, Sound], script: Script) -> float:
    """How much faster the lines would have to be said: 1.0 where the film fits."""
    spoken = sum(sound[line.id].frames for line in script.lines if sound[line.id].speech)
    edge = TOLERANCE / 2
    over = laid.frames - brief.frames * (1 + edge if laid.frames > brief.frames else 1 - edge)
    if abs(excess(brief, laid)) <= TOLERANCE or not spoken or spoken <= over:
        return 1.0
    return spoken / (spoken - over)


def _respoken(
    studio: Studio, brief: Brief, script: Script, laid: Schedule, sound: dict[str, Sound]
) -> tuple[float, dict[str, Sound]]:
    """All spoken lines again at the pace that meets the length, within what nobody hears; and that pace."""
    pace = round(min(max(_pace(brief, laid, sound, script), SLOWEST), FASTEST), 2)
    if pace == 1.0:
        return pace, {}
    word = "faster" if pace > 1 else "slower"
    studio.warn("voice", f"The voice reads {abs(pace - 1):.0%} {word}, so that the film meets its length.")
    lines = [line for line in script.lines if sound[line.id].speech]
    return pace, {line.id: speak(studio, brief, script, line, pace=pace) for line in lines}


def _told(plan: Plan, gone: tuple[str, ...]) -> Plan:
    if not gone:
        return plan
    what = " ".join(f"“{text[:100]}”" for text in gone)
    short = f"The voice took longer than planned, so that what the film can spare was left out: {what}"
    script = plan.script.model_copy(update={"shorts": (*plan.script.shorts, short)})
    return Plan(script=script, shots=plan.shots)
