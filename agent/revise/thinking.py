"""Thinking: a request in free words becomes the same typed edits, by a language model.

Knows what a model is told and how its answer is checked; knows nothing about which model answers.
"""

from typing import TYPE_CHECKING

from pydantic import Field

from ...prompts import fence, render
from ...tools.media import Frozen
from ..errors import BriefError, PlanError, ReelwrightError
from ..storyboard import title_of
from .edits import Edit

if TYPE_CHECKING:
    from ..mind import Mind
    from ..record import Record


class Answer(Frozen):
    """A model's reading of a request: edits, or a question where it cannot be read."""

    edits: tuple[Edit, ...] = ()
    unclear: str = Field(default="", max_length=400)
    """What is not clear, as a question to the person; empty where the edits say it all."""


def think(record: "Record", request: str, mind: "Mind") -> list[Edit]:
    """The edits that a model reads in a request; an answer that does not fit the film is mended once.

    Raises:
        BriefError: the request is not clear; the hint is the model's question.
        PlanError: the model's edits do not fit the film.
    """
    asked = question(record, request)
    answer = mind.ask(asked, Answer, target="revise", stage="write")
    problem = _problem(record, answer)
    if problem:
        again = f"{asked}\n\n{render('repair', problem=problem)}"
        answer = mind.ask(again, Answer, target="revise", stage="write")
        problem = _problem(record, answer)
    if problem:
        raise PlanError(f"{mind.name} did not find edits that fit: {problem}", "Say it in other words.")
    if not answer.edits:
        raise BriefError(f"“{request}” is not clear.", answer.unclear or "Say it in other words.")
    return list(answer.edits)


def question(record: "Record", request: str) -> str:
    """What the model is asked: the film by ids, and the request as data."""
    plan, brief = record.plan, record.brief
    assert plan is not None
    script = "\n".join(
        f"{scene.id} {scene.heading or '(no heading)'}\n"
        + "\n".join(f"  {line.id} {line.text}" for line in scene.lines)
        for scene in plan.script.scenes
    )
    shots = "\n".join(
        f"{shot.id} ({' '.join(shot.lines) or 'silent card'}, take {shot.take}): {shot.layout}, {shot.motif}"
        + (f", {shot.card.headline!r}" if shot.card.headline else "")
        + (f", footage: {', '.join(map(title_of, shot.candidates))}" if shot.candidates else "")
        for shot in plan.shots
    )
    return render(
        "revise",
        title=plan.script.title,
        language=plan.script.language,
        seconds=f"{brief.seconds:g}",
        size=str(brief.size),
        script=script,
        shots=shots,
        request=fence("request", request),
    )


def _problem(record: "Record", answer: Answer) -> str:
    """Why the edits do not fit; empty where they do."""
    from .carry import edited

    assert record.plan is not None
    try:
        edited(record.brief, record.plan, answer.edits)
    except ReelwrightError as error:
        return str(error)
    return ""
