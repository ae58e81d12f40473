"""Draft: a brief and its plan while edits are carried out on them, and what every edit needs of them.

Knows scenes, lines and shots by id; knows nothing about single edits.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from ...tools.media import Frozen
from ..errors import BriefError
from ..model import LONGEST, Brief, Line, Plan, Scene, Script, Shot
from ..pace import LINE_PAUSE
from ..planner.pace import seconds
from .cover import recovered
from .edits import Place

Named = TypeVar("Named", Scene, Line, Shot)
SHORTEST = 2.0
"""Seconds of the shortest film."""


class Draft(Frozen):
    """The film as it would be."""

    brief: Brief
    plan: Plan

    @property
    def script(self) -> Script:
        """The plan's script."""
        return self.plan.script

    def scene(self, name: str) -> Scene:
        """The scene by its id; BriefError where there is none."""
        return _find(self.script.scenes, name, "scene")

    def line(self, name: str) -> Line:
        """The line by its id; BriefError where there is none."""
        return _find(self.script.lines, name, "line")

    def shot(self, name: str) -> Shot:
        """The shot by its id; BriefError where there is none."""
        return _find(self.plan.shots, name, "shot")

    def lines_at(self, at: Place) -> tuple[Line, ...]:
        """The lines of a place, in order."""
        if at.of == "scene":
            return self.scene(at.id).lines
        if at.of == "line":
            return (self.line(at.id),)
        if at.of == "shot":
            return tuple(self.line(name) for name in self.shot(at.id).lines)
        return self.script.lines

    def shots_at(self, at: Place) -> tuple[Shot, ...]:
        """The shots that show a place, in order."""
        if at.of == "shot":
            return (self.shot(at.id),)
        if at.of == "title":
            return tuple(shot for shot in self.plan.shots if shot.layout == "title")
        if at.of == "film":
            return self.plan.shots
        inside = {line.id for line in self.lines_at(at)}
        return tuple(shot for shot in self.plan.shots if inside & {*shot.lines})

    def told(self, script: Script, changed: Collection[str] = (), *, timed: bool = True) -> "Draft":
        """With this script, and shots for what is new in it; with `timed` the film's length follows its words."""
        if not script.lines and self.script.lines:
            raise BriefError("Nothing would be left to say.", "Keep at least one line.")
        scenes = tuple(scene for scene in script.scenes if scene.lines or not self.script.lines)
        if scenes[0].mood != self.script.scenes[0].mood:  # the music follows the first scene
            scenes = (scenes[0].model_copy(update={"mood": self.script.scenes[0].mood}), *scenes[1:])
        script = script.model_copy(update={"scenes": scenes, "logline": _logline(self.script, scenes)})
        shots = recovered(self.brief, self.plan, script, changed)
        draft = Draft(brief=self.brief, plan=Plan(script=script, shots=shots))
        return draft.lasting(self.brief.seconds + length(draft) - length(self)) if timed else draft

    def shown(self, changes: Mapping[str, Shot]) -> "Draft":
        """With other shots under the same ids."""
        shots = tuple(changes.get(shot.id, shot) for shot in self.plan.shots)
        return self.model_copy(update={"plan": self.plan.model_copy(update={"shots": shots})})

    def lasting(self, wanted: float) -> "Draft":
        """With a brief that asks for so many seconds, a tenth more or less."""
        wanted = round(min(max(wanted, SHORTEST), float(LONGEST)), 1)
        return self.model_copy(update={"brief": self.brief.model_copy(update={"seconds": wanted})})


def rewritten(script: Script, change: Callable[[Line], Line | None]) -> Script:
    """The script with every line as `change` gives it back; None leaves it out."""
    scenes = tuple(
        scene.model_copy(
            update={"lines": tuple(new for line in scene.lines for new in [change(line)] if new is not None)}
        )
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})


def length(draft: Draft) -> float:
    """Seconds that the film is expected to last: its words, its rests, and the cards that nobody speaks over."""
    rate = draft.brief.rate
    rests = (LINE_PAUSE if line.rest is None else float(line.rest / rate) for line in draft.script.lines)
    cards = sum(float(shot.frames / rate) for shot in draft.plan.shots if not shot.lines)
    return sum(seconds(line.text) for line in draft.script.lines) + sum(rests) + cards


def _logline(old: Script, scenes: tuple[Scene, ...]) -> str:
    """A logline that is the film's first line follows it; any other stays."""
    first = next((line.text for line in old.lines), "")
    return next((line.text for scene in scenes for line in scene.lines), "") if old.logline == first else old.logline


def _find(among: tuple[Named, ...], name: str, what: str) -> Named:
    found = next((each for each in among if each.id == name), None)
    if found is None:
        raise BriefError(f"The film has no {what} {name}.", f"It has {', '.join(each.id for each in among)}.")
    return found
