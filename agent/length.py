"""Length: a script whose words take too long loses the lines that its planner marked spare.

Knows lines, shots and frames; knows nothing about voices or pictures.
"""

from collections.abc import Mapping, Set
from itertools import groupby

from .model import Brief, Plan, Script, Shot, Sound
from .pace import Schedule, schedule, words_of

TOLERANCE = 0.05
"""criteria.md, "duration": within 5 % of the brief."""


def excess(brief: Brief, laid: Schedule) -> float:
    """How much longer than asked a film is, as a part of what was asked; negative where it is shorter."""
    return (laid.frames - brief.frames) / brief.frames


def fitted(brief: Brief, plan: Plan, sound: Mapping[str, Sound]) -> tuple[Plan, tuple[str, ...]]:
    """The plan without as few spare lines as it takes to meet the length, and the texts that went.

    Lines of one rank go together; a line that shares its shot's picture with one that stays, stays too.
    """
    spare = sorted((line for line in plan.script.lines if line.spare), key=lambda line: line.spare)
    gone: list[str] = []
    for _, rank in groupby(spare, key=lambda line: line.spare):
        if excess(brief, schedule(brief, plan.script, plan.shots, dict(sound))) <= TOLERANCE:
            break
        lines = list(rank)
        left = without(plan, {line.id for line in lines})
        if left is not None:
            plan, gone = left, [*gone, *(line.text for line in lines)]
    return plan, tuple(gone)


def without(plan: Plan, lines: Set[str]) -> Plan | None:
    """The plan without these lines and the shots that show only them; None where a shot mixes them with others."""
    shots = []
    for shot in plan.shots:
        touched = _touched(shot, plan.script)
        if touched and touched <= lines:
            continue
        if touched & lines:
            return None
        shots.append(shot)
    scenes = tuple(
        scene.model_copy(update={"lines": tuple(line for line in scene.lines if line.id not in lines)})
        for scene in plan.script.scenes
    )
    # The opening scene stays even where it is bare: it carries the film's mood and title.
    kept = tuple(scene for scene in scenes if scene.lines or any(shot.scene == scene.id for shot in shots))
    present = {scene.id for scene in kept}
    if not any(scene.lines for scene in kept) or any(shot.scene not in present for shot in shots):
        return None
    remaining = {shot.id for shot in shots}
    loose = tuple(
        shot.model_copy(update={"follows": ""}) if shot.follows and shot.follows not in remaining else shot
        for shot in shots
    )
    return Plan(script=plan.script.model_copy(update={"scenes": kept}), shots=loose)


def _touched(shot: Shot, script: Script) -> set[str]:
    """The lines whose words a shot covers."""
    if not shot.lines or shot.words == (0, 0):
        return {*shot.lines}
    texts = {line.id: line.text for line in script.lines}
    at, touched = 0, set()
    for line in shot.lines:
        size = len(words_of(texts[line]))
        if at < shot.words[1] and at + size > shot.words[0]:
            touched.add(line)
        at += size
    return touched
