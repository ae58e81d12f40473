"""The planner that asks a chat model for the script; shots are then directed as offline.

Knows minds; every question goes through the door, so that it is cached, budgeted and told.
"""

from collections.abc import Callable

from pydantic import Field

from ...prompts import render
from ...tools.errors import ToolError
from ...tools.media import Frozen
from ...tools.music import Mood
from ..errors import BudgetExceeded, PlanError
from ..mind import Mind
from ..model import Brief, Line, Scene, Script, Shot
from . import Planner

WORDS_A_SECOND = 2.5
"""150 words a minute (criteria.md, "narration pace")."""


class DraftScene(Frozen):
    """A scene as a model writes it."""

    heading: str
    mood: Mood = "warm"
    lines: tuple[str, ...] = Field(min_length=1)


class Draft(Frozen):
    """A script as a model writes it: spoken sentences, nothing else."""

    title: str = Field(min_length=1, max_length=120)
    logline: str = ""
    scenes: tuple[DraftScene, ...] = Field(min_length=1, max_length=40)


class ModelPlanner:
    """Writes with a chat model; where it fails for good the spare planner writes, and the film is marked."""

    def __init__(self, writer: Mind, spare: Planner, warn: Callable[[str], None]) -> None:
        self.name = writer.name
        self._writer, self._spare, self._warn = writer, spare, warn

    def write(self, brief: Brief) -> Script:
        """The model's script, checked; or the spare planner's, announced."""
        try:
            return _script(self._draft(brief), self._spare.write(brief).language)
        except (PlanError, BudgetExceeded, ToolError) as error:
            self._warn(f"{self.name} wrote no script that fits ({error.message}); the offline planner wrote it.")
            return self._spare.write(brief)

    def direct(self, brief: Brief, script: Script) -> tuple[Shot, ...]:
        """Shots by the spare planner's rules."""
        return self._spare.direct(brief, script)

    def _draft(self, brief: Brief) -> Draft:
        words = round(brief.seconds * WORDS_A_SECOND * 0.9)
        prompt = render("write", brief=brief.text, seconds=f"{brief.seconds:g}", words=str(words))
        return self._writer.ask(prompt, Draft, target="script", stage="write")


def _script(draft: Draft, language: str) -> Script:
    number, scenes = 0, []
    for index, scene in enumerate(draft.scenes, 1):
        lines = []
        for text in scene.lines:
            number += 1
            lines.append(Line(id=f"l{number:02}", text=" ".join(text.split())))
        scenes.append(Scene(id=f"s{index:02}", heading=scene.heading, mood=scene.mood, lines=tuple(lines)))
    return Script(title=draft.title, logline=draft.logline, scenes=tuple(scenes), language=language)
