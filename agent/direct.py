"""The direct node: a script becomes shots on estimated times, and the person's own pictures find their lines."""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.media import seconds_of
from .choose import match, sourced
from .drawing import drawn, unmarked, wished
from .events import Planned, Working
from .generate import unfollowed
from .illustrate import illustrate, illustrator
from .model import Brief, Plan, Script, Shot
from .state import State
from .studio import Studio


def direct(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Plan the shots and say what is planned."""
    studio, brief, script = runtime.context, state["brief"], state["script"]
    studio.log.emit(Working(stage="direct", part=0.0))
    shots = illustrate(studio.planner.direct(unmarked(brief), script), script, illustrator(studio))
    shots = wished(studio, brief, script, _cast(studio, brief, state, shots))
    shots = unfollowed(drawn(studio, script, sourced(studio, brief, script, shots)))
    script = _promised(script, shots)
    studio.note(plan=Plan(script=script, shots=shots))
    studio.log.emit(Working(stage="direct", part=1.0))
    seconds = seconds_of(sum(shot.frames for shot in shots), brief.rate)
    studio.log.emit(
        Planned(
            title=script.title,
            planner=studio.planner.name,
            scenes=len(script.scenes),
            lines=len(script.lines),
            shots=len(shots),
            seconds=seconds,
        )
    )
    return {"script": script, "shots": shots}


def _promised(script: Script, shots: tuple[Shot, ...]) -> Script:
    """The script, its treatment naming generated pictures where there are some: planners promise none."""
    treatment = script.treatment
    kinds = treatment.pictures if treatment else ()
    if treatment is None or "generated" in kinds or all(shot.source != "generate" for shot in shots):
        return script
    return script.model_copy(update={"treatment": treatment.model_copy(update={"pictures": (*kinds, "generated")})})


def _cast(studio: Studio, brief: Brief, state: State, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """Give the person's own files to the shots they match by name and side-car text, each once."""
    if not brief.assets:
        return shots
    words = {line.id: line.text for line in state["script"].lines}
    chosen = match(shots, words, brief.assets)
    for asset in brief.assets:
        if asset.id not in chosen.values():
            name = asset.origin.splitlines()[0] if asset.origin else asset.id[:12]
            studio.warn("assets", f"{name} matches no line and is not used; name it by what it shows.")
    return tuple(
        shot.model_copy(update={"source": "own", "asset": chosen[shot.id]}) if shot.id in chosen else shot
        for shot in shots
    )
