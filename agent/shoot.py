"""The shoot node: one attempt at one shot; and who is ready to be shot next."""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.media import frames_of
from ..tools.registry import FOOTAGE, MOTION
from ..tools.video import Card, FootageRequest, MotionRequest, Picture
from .backdrop import backdrop
from .door import Delivery
from .drawing import draw
from .errors import BudgetExceeded, Refused, ToolError
from .footage import bring, picked, stretch_of
from .generate import take as generate
from .model import Brief, Shot, Take
from .preview import preview
from .state import ShotTask, State
from .studio import Studio

DISSOLVE = 0.4
"""Seconds of a cross-fade; every take carries half of it as a handle on each side."""


def handle_of(brief: Brief) -> int:
    """Frames that a take has before its in-point and after its out-point."""
    return frames_of(DISSOLVE / 2, brief.rate)


def ready(state: State) -> list[tuple[Shot, int]]:
    """Shots without a take whose predecessor, where they follow one, is done; each with its attempt number."""
    takes = state.get("takes", {})
    done = {take.shot for take in takes.values() if take.asset or take.failure}
    return [
        (shot, takes[shot.id].attempt if shot.id in takes else shot.take)
        for shot in state["shots"]
        if shot.id not in done and (not shot.follows or shot.follows in done)
    ]


def shoot(state: ShotTask, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Take the shot. Where its picture cannot be had a plain card stands in: one failure never loses the others."""
    studio, brief, shot = runtime.context, state["brief"], state["shot"]
    attempt = state["attempt"]
    delivery: Delivery[Picture] | None
    program = ""
    try:
        delivery, program = _take(studio, brief, shot, attempt, state["final"])
    except BudgetExceeded as error:
        if attempt == shot.take:
            raise
        return {"takes": {shot.id: Take(shot=shot.id, attempt=attempt, failure=str(error))}}
    except ToolError as error:
        studio.warn(shot.id, f"The picture failed: {error}", degraded=True)
        delivery = _stand_in(studio, brief, shot, attempt, state["final"])
        if delivery is None:
            failed = Take(shot=shot.id, attempt=attempt, failure=str(error))
            preview(studio, brief, failed, handle_of(brief))
            return {"takes": {shot.id: failed}}
    take = Take(
        shot=shot.id,
        attempt=attempt,
        asset=delivery.result.video,
        boxes=delivery.result.boxes,
        sound=delivery.result.sound,
        making=delivery.result.making,
        program=program,
        tool=delivery.tool,
        request_key=delivery.key,
        seed=shot.seed + 1000 * attempt,
        **_directed(studio),
        cost=delivery.cost.money,
    )
    preview(studio, brief, take, handle_of(brief))
    return {"takes": {shot.id: take}}


def _directed(studio: Studio) -> dict[str, Any]:
    """The model that directed the shots, and how it was asked; nothing where none did."""
    thoughts = studio.record.thoughts if studio.record else ()
    found = next((each for each in reversed(thoughts) if each.role == "director" and each.target == "shots"), None)
    return {"mind": found.model, "temperature": found.temperature} if found else {}


def _take(studio: Studio, brief: Brief, shot: Shot, attempt: int, final: bool) -> tuple[Delivery[Picture], str]:
    if shot.source == "code" and (attempt == 0 or studio.mind("director")):
        return draw(studio, brief, shot, attempt, handle_of(brief))
    if shot.source == "own":  # a person's own picture is never swapped for one of ours
        own = next(asset for asset in brief.assets if asset.id == shot.asset)
        footage = FootageRequest(
            asset=own, size=brief.size, rate=brief.rate, frames=shot.frames, handle=handle_of(brief), seed=shot.seed
        )
        return studio.call(FOOTAGE, footage, target=shot.id, stage="shoot"), ""
    found = _footage(studio, brief, shot) if shot.source == "stock" else None
    if shot.source == "generate":
        found = generate(studio, brief, shot, attempt, handle_of(brief))
    if found is not None:
        return found, ""
    request = backdrop(studio, shot, motion_request(brief, shot, attempt, final))
    return studio.call(MOTION, request, target=shot.id, stage="shoot"), ""


def _footage(studio: Studio, brief: Brief, shot: Shot) -> Delivery[Picture] | None:
    """The chosen footage; where it cannot be had any more the shot is drawn, and the film says so."""
    pick = picked(shot)
    if pick is None:
        studio.warn(shot.id, f"The footage {shot.chosen} is not among its candidates; it is drawn.", degraded=True)
        return None
    try:
        request = FootageRequest(
            asset=bring(studio, pick),
            size=brief.size,
            rate=brief.rate,
            frames=shot.frames,
            handle=handle_of(brief),
            seed=shot.seed,
            **stretch_of(pick, shot.frames, brief.rate),
        )
        return studio.call(FOOTAGE, request, target=shot.id, stage="shoot")
    except (Refused, ToolError) as error:
        studio.warn(shot.id, f"Its footage cannot be shown: {error} It is drawn.", degraded=True)
        return None


def motion_request(brief: Brief, shot: Shot, attempt: int = 0, final: bool = False) -> MotionRequest:
    """What the motion renderer is asked for; a second attempt is plainer and differently seeded."""
    return MotionRequest(
        size=brief.size,
        rate=brief.rate,
        frames=shot.frames,
        handle=handle_of(brief),
        seed=shot.seed + 1000 * attempt,
        style=shot.style,
        palette=shot.palette,
        bright=shot.bright,
        brand=brief.brand,
        motif=shot.motif if attempt == 0 else "mesh",
        layout=shot.layout if attempt < 2 else "statement",
        card=shot.card,
        cues=shot.cues,
        captioned=bool(shot.lines),
        final=final,
    )


def _stand_in(studio: Studio, brief: Brief, shot: Shot, attempt: int, final: bool) -> Delivery[Picture] | None:
    plain = shot.model_copy(update={"layout": "statement", "card": Card(headline=shot.card.headline)})
    try:
        return studio.call(MOTION, motion_request(brief, plain, attempt + 1, final), target=shot.id, stage="shoot")
    except ToolError:
        return None
