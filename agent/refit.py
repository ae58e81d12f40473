"""Refit: a film whose recorded voice misses the length is read a little faster or slower, and loses its spare lines.

Knows plans and the sound node; knows nothing about pictures. A plan that a person gave is never touched.
"""

from langgraph.runtime import Runtime

from .length import TOLERANCE, excess, fitted
from .model import Brief, Plan, Sound
from .pace import schedule
from .sound import sound as say
from .state import LineTask, State
from .studio import Studio

FASTEST, SLOWEST = 1.08, 0.94
"""How far a voice's pace may be moved before people hear it: narrators vary by about as much within a film."""


def refitted(studio: Studio, state: State) -> State:
    """The state with a plan within 5 % of its length, as far as pace and spare lines go; what was done is said."""
    if state.get("given"):
        return state
    before = Plan(script=state["script"], shots=state["shots"])
    plan, sound = _refitted(studio, state["brief"], before, dict(state.get("sound", {})))
    left = {line.id for line in plan.script.lines}
    # A line that was left out leaves no sound behind.
    sound |= {line.id: Sound(line=line.id, frames=0) for line in before.script.lines if line.id not in left}
    return {**state, "script": plan.script, "shots": plan.shots, "sound": sound}


def _refitted(studio: Studio, brief: Brief, plan: Plan, sound: dict[str, Sound]) -> tuple[Plan, dict[str, Sound]]:
    off = excess(brief, schedule(brief, plan.script, plan.shots, sound))
    if abs(off) <= TOLERANCE or (off < 0 and plan.script.shorts):
        return plan, sound
    if _needed(brief, plan, sound) > FASTEST:
        plan, gone = fitted(brief, plan, sound)
        plan = _told(plan, gone)
    pace = round(min(max(_needed(brief, plan, sound), SLOWEST), FASTEST), 2)
    if pace != plan.script.pace and brief.recording is None:
        word = "faster" if pace > 1 else "slower"
        studio.warn("voice", f"The voice reads {abs(pace - 1):.0%} {word}, so that the film meets its length.")
        plan = plan.model_copy(update={"script": plan.script.model_copy(update={"pace": pace})})
        sound = sound | _respoken(studio, brief, plan, sound)
    return plan, sound


def _needed(brief: Brief, plan: Plan, sound: dict[str, Sound]) -> float:
    """The pace at which the lines would meet the length; the one they have where the film fits."""
    laid = schedule(brief, plan.script, plan.shots, sound)
    spoken = sum(sound[line.id].frames for line in plan.script.lines if sound[line.id].speech)
    edge = TOLERANCE / 2
    over = laid.frames - brief.frames * (1 + edge if laid.frames > brief.frames else 1 - edge)
    if abs(excess(brief, laid)) <= TOLERANCE or not spoken or spoken <= over:
        return plan.script.pace
    return plan.script.pace * spoken / (spoken - over)


def _respoken(studio: Studio, brief: Brief, plan: Plan, sound: dict[str, Sound]) -> dict[str, Sound]:
    """All spoken lines again, at the script's pace."""
    again: dict[str, Sound] = {}
    for line in plan.script.lines:
        if sound[line.id].speech:
            again |= say(LineTask(brief=brief, script=plan.script, line=line.id), Runtime(context=studio))["sound"]
    return again


def _told(plan: Plan, gone: tuple[str, ...]) -> Plan:
    if not gone:
        return plan
    what = " ".join(f"“{text[:100]}”" for text in gone)
    short = f"The voice took longer than planned, so that what the film can spare was left out: {what}"
    script = plan.script.model_copy(update={"shorts": (*plan.script.shorts, short)})
    return Plan(script=script, shots=plan.shots)
