"""The vision critic: a model looks at frames of each take and says whether they show what the line says.

Knows what is asked and what an answer means; knows nothing about which model answers.
"""

from typing import Literal, NamedTuple

from pydantic import Field

from ...prompts import fence, render
from ...tools.media import Asset, Frozen
from ..drawing import said
from ..errors import BudgetExceeded, PlanError, ToolError
from ..model import Note, Remedy, Shot, Take
from ..state import State
from ..studio import Studio
from .eyes import Eyes, frames_of_take, open_eyes

SPOILS = {"hands", "faces", "text"}
"""Faults that spoil a shot by themselves; the others are told."""
OFFERED: dict[str, tuple[Remedy, ...]] = {
    "motion": ("reshoot", "retime", "rewrite"),
    "code": ("reshoot", "prompt", "source", "retime", "rewrite"),
    "generate": ("reshoot", "prompt", "source", "retime", "rewrite"),
    "own": (),
}
"""What may be done about a shot, by the source of its picture; others may take another candidate or prompt too."""
ALL: tuple[Remedy, ...] = ("reshoot", "candidate", "prompt", "source", "retime", "rewrite")


class Fault(Frozen):
    """One thing that is wrong to see."""

    kind: Literal["hands", "faces", "text", "style", "continuity", "other"]
    what: str = Field(max_length=300)


class Judgement(Frozen):
    """What a critic says of a take."""

    seen: str = Field(max_length=600)
    shows: bool
    faults: tuple[Fault, ...] = Field(default=(), max_length=12)
    remedy: Literal["reshoot", "candidate", "prompt", "source", "retime", "rewrite", "none"] = "none"
    advice: str = Field(default="", max_length=600)


class Seen(NamedTuple):
    """Notes, by whom, and on how many takes."""

    notes: tuple[Note, ...]
    critic: str
    asked: int


def notes_on_frames(studio: Studio, state: State, broken: set[str]) -> Seen | None:
    """Notes on every take but those that are broken anyway; None where nobody here can see.

    The first critic who cannot answer ends the looking: a film is not judged by halves without saying so.
    """
    eyes = open_eyes(studio)
    if eyes is None:
        return None
    notes: list[Note] = []
    asked, before = 0, tuple[Asset, ...]()
    for shot in state["shots"]:
        take = state["takes"].get(shot.id)
        if take is None or take.asset is None or shot.id in broken:
            before = ()
            continue
        try:
            frames = frames_of_take(studio, state["brief"], shot, take)
            judgement = _judge(eyes, state, shot, before[-1:], frames)
        except (ToolError, PlanError, BudgetExceeded) as error:
            left = len(state["shots"]) - asked
            # A model that writes may well be blind: the film is measured all the same, and nobody asked for more.
            poorer = isinstance(error, BudgetExceeded)
            studio.warn(shot.id, f"The vision critic stopped with {left} shots to look at: {error}", degraded=poorer)
            break
        asked, before = asked + 1, frames
        notes += notes_from(shot, take, judgement)
    return Seen(tuple(notes), eyes.name, asked)


def _judge(eyes: Eyes, state: State, shot: Shot, before: tuple[Asset, ...], frames: tuple[Asset, ...]) -> Judgement:
    lines = {line.id: line.text for line in state["script"].lines}
    card = " / ".join(part for part in (shot.card.kicker, shot.card.headline, shot.card.body, *shot.card.items) if part)
    prompt = render(
        "judge",
        count=str(len(frames)),
        before="The first picture is the end of the shot before it; then come" if before else "Here are",
        title=state["script"].title,
        line=fence("line", said(shot, lines) or "(nothing)"),
        wish=shot.prompt or said(shot, lines) or state["script"].title,
        text=card or "(none)" if shot.source == "motion" else "(none)",
        remedies=", ".join(offered(shot)) or "none",
    )
    return eyes.look(prompt, Judgement, (*before, *frames), shot.id)


def offered(shot: Shot) -> tuple[Remedy, ...]:
    """What may be done about a shot."""
    return OFFERED.get(shot.source, ALL)


def notes_from(shot: Shot, take: Take, judgement: Judgement) -> list[Note]:
    """A judgement as notes: one that sends the shot back where it fails, else one a fault."""
    spoiled = [fault for fault in judgement.faults if fault.kind in SPOILS]
    if judgement.shows and not spoiled:
        return [
            Note(target=shot.id, severity="warn", problem=f"seen {fault.kind}: {fault.what}")
            for fault in judgement.faults
        ]
    problem = "; ".join(f"seen {fault.kind}: {fault.what}" for fault in spoiled)
    problem = problem or f"seen unfit: it shows {judgement.seen}, not what the line says"
    possible = offered(shot)
    if not possible:
        return [Note(target=shot.id, severity="warn", problem=problem)]
    wanted = next((each for each in possible if each == judgement.remedy), possible[0])
    if wanted in {"prompt", "rewrite"} and not judgement.advice.strip():
        wanted = possible[0]
    # A line that two shots share, or half of, is not reworded for one of them.
    if wanted == "rewrite" and (len(shot.lines) != 1 or shot.words[0]):
        wanted = possible[0]
    target = shot.lines[0] if wanted == "rewrite" else shot.id
    return [Note(target=target, severity="fail", problem=problem, remedy=wanted, advice=judgement.advice.strip())]
