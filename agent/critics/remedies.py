"""Remedies: what each note changes, so that the next round makes something else.

Knows notes, shots, lines and takes; knows nothing about how a fault was found.
"""

from collections.abc import Iterable
from typing import Any

from ...tools.media import frames_of
from ..model import Note, Scene, Script, Shot, Take
from ..state import State

AGAIN = {"reshoot", "candidate", "prompt", "source", "retime"}
"""Remedies that put a take aside."""
LENGTHENED, LEAST = 0.25, 1.2
"""Part by which a shot is lengthened at its follower's cost, and the seconds that this one keeps: editing practice."""


def mended(state: State, notes: Iterable[Note]) -> dict[str, Any]:
    """What the faults among these notes change in the state: takes put aside, shots and lines rewritten."""
    asked = [note for note in notes if note.severity == "fail"]
    script = rewritten(state["script"], asked)
    if script is not state["script"]:
        # Shots are planned anew on the new words; takes and voices of what stays the same are in the cache.
        return {"script": script, "takes": {shot.id: Take(shot=shot.id) for shot in state["shots"]}}
    shots, takes = list(state["shots"]), state["takes"]
    aside = {note.target for note in asked if note.remedy in AGAIN and note.target in takes}
    for note in asked:
        at = next((at for at, shot in enumerate(shots) if shot.id == note.target), None)
        if at is not None:
            aside |= _changed(state, shots, at, note)
    changed: dict[str, Any] = {}
    if tuple(shots) != state["shots"]:
        changed["shots"] = tuple(shots)
    if aside:
        changed["takes"] = {name: Take(shot=name, attempt=takes[name].attempt + 1) for name in sorted(aside)}
    return changed


def _changed(state: State, shots: list[Shot], at: int, note: Note) -> set[str]:
    """Change the shot as its note says; further shots that this touches."""
    shot = shots[at]
    if note.remedy == "prompt" and note.advice:
        shots[at] = shot.model_copy(update={"prompt": note.advice, "program": ""})
    elif note.remedy == "source" and shot.source != "own":
        shots[at] = shot.model_copy(update={"source": "motion", "program": ""})
    elif note.remedy == "retime" and at + 1 < len(shots):
        room = shots[at + 1].frames - frames_of(LEAST, state["brief"].rate)
        more = min(round(shot.frames * LENGTHENED), room)
        if more > 0:
            shots[at] = shot.model_copy(update={"frames": shot.frames + more})
            shots[at + 1] = _later(shots[at + 1], more)
            return {shots[at + 1].id}
    return set()


def _later(shot: Shot, frames: int) -> Shot:
    """A shot that begins later and ends when it did: what is spoken before its new beginning shows at once."""
    cues = tuple(max(cue - frames, 0) for cue in shot.cues)
    return shot.model_copy(update={"frames": shot.frames - frames, "cues": cues})


def rewritten(script: Script, notes: Iterable[Note]) -> Script:
    """The script with the wordings that critics ask for; the target is a line."""
    wanted = {note.target: " ".join(note.advice.split()) for note in notes if note.remedy == "rewrite" and note.advice}
    if not any(line.id in wanted and line.text != wanted[line.id] for line in script.lines):
        return script
    scenes = tuple(_scene(scene, wanted) for scene in script.scenes)
    return script.model_copy(update={"scenes": scenes})


def _scene(scene: Scene, wanted: dict[str, str]) -> Scene:
    lines = tuple(
        line.model_copy(update={"text": wanted[line.id], "pauses": (), "emphasis": ()}) if line.id in wanted else line
        for line in scene.lines
    )
    return scene.model_copy(update={"lines": lines})
