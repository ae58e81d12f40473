"""Bridges: generated transitions, the frames between a late picture of one generated shot and an early one of the next.

Knows shots, takes and makers; knows nothing about how a model gets from one picture to the other.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..tools.inspect import StillsRequest
from ..tools.media import Asset, frames_of, seconds_of
from ..tools.registry import GENERATE, STILLS
from ..tools.video.diffusion import GenerateRequest
from .errors import BudgetExceeded, Refused, ToolError
from .generate import Maker, maker_of, request_of
from .joins import join
from .model import Brief, Shot, Take
from .outside import unready
from .shoot import handle_of
from .studio import Studio

LENGTH = 1.0
"""Seconds of a bridge: long enough to be seen as a move, short enough that no shot is all bridge."""


def lead(frames: int) -> int:
    """Frames of a bridge that lie ahead of the cut."""
    return frames // 2


def planned(studio: Studio, brief: Brief, shots: Sequence[Shot], maker: Maker) -> tuple[tuple[Shot, Shot], ...]:
    """The neighbours that are to be bridged: both generated, joined by a transition, and long enough for it.

    Where nobody asked for bridges only dissolves become ones, and only in films that are to be generated.
    """
    wanted = studio.settings.transitions
    if not maker.ends or wanted == "drawn" or (wanted == "auto" and studio.settings.source != "generate"):
        return ()
    frames = frames_of(LENGTH, brief.rate)
    found = list[tuple[Shot, Shot]]()
    for before, after in pairwise(shots):
        made = before.source == after.source == "generate" and min(before.frames, after.frames) > 2 * frames
        transition = join(before, after, 2 * handle_of(brief)) if made else None
        if transition is not None and (wanted == "generated" or transition.kind == "dissolve"):
            found.append((before, after))
    return tuple(found)


def asked(
    studio: Studio, brief: Brief, pair: tuple[Shot, Shot], maker: Maker, ends: tuple[Asset, Asset] | None = None
) -> GenerateRequest:
    """What a bridge asks of the maker: the shot that it leads to, in so many frames, between the `ends` once known."""
    before, after = pair
    frames, draft = frames_of(LENGTH, brief.rate), before.draft or after.draft
    shot = after.model_copy(update={"frames": frames, "draft": draft})
    request = request_of(studio, brief, shot, maker, 0, after.take)
    shown = {"first": ends[0], "last": ends[1]} if ends else {}
    return request.model_copy(update={"sound": False, **shown})


def bridges(studio: Studio, brief: Brief, shots: Sequence[Shot], takes: Mapping[str, Take]) -> dict[str, Asset]:
    """The film's bridges by the shot that each leads to; where one cannot be had its shots dissolve, and say so."""
    if all(not _generated(takes.get(shot.id)) for shot in shots):
        return {}
    try:
        maker = maker_of(studio)
    except (Refused, ToolError):  # the takes are there already: shooting says why no more can be made
        return {}
    found = dict[str, Asset]()
    for before, after in planned(studio, brief, shots, maker):
        first, second = takes.get(before.id), takes.get(after.id)
        if first and second and _generated(first) and _generated(second):
            made = _bridge(studio, brief, (before, after), (first, second), maker)
            found |= {after.id: made} if made else {}
    return found


def _bridge(
    studio: Studio, brief: Brief, pair: tuple[Shot, Shot], takes: tuple[Take, Take], maker: Maker
) -> Asset | None:
    before, after = pair
    name, frames, handle = f"{before.id} to {after.id}", frames_of(LENGTH, brief.rate), handle_of(brief)
    # The pictures that stand there in the takes: with them the bridge begins and ends on what it is put in place of.
    places = (handle + before.frames - lead(frames), handle + frames - lead(frames) - 1)
    try:
        ends = [_still(studio, brief, take, at, name) for take, at in zip(takes, places, strict=True)]
        request = asked(studio, brief, pair, maker, (ends[0], ends[1]))
        _leave_time(studio, maker, request)
        made = studio.call(GENERATE, request, target=name, stage="cut", without=unready(studio))
    except (Refused, ToolError, BudgetExceeded) as error:
        studio.warn(after.id, f"The transition to it cannot be generated: {error} It dissolves.", degraded=True)
        return None
    for note in made.result.notes:
        studio.warn(after.id, f"{made.tool}, the transition to it: {note}.")
    return made.result.video


def _leave_time(studio: Studio, maker: Maker, request: GenerateRequest) -> None:
    """A film without its bridges is a film; one whose tool time they ate up is none."""
    left = studio.settings.budget.seconds - studio.door.ledger.spent.seconds
    seconds = maker.tool.quote(request).seconds
    if seconds > left and not studio.door.holds(maker.tool, request):
        raise BudgetExceeded(
            f"It may take {seconds:.0f} s, and {max(left, 0.0):.0f} s of tool time are left.", "Raise --tool-seconds."
        )


def _still(studio: Studio, brief: Brief, take: Take, frame: int, name: str) -> Asset:
    assert take.asset is not None
    request = StillsRequest(film=take.asset, seconds=(seconds_of(frame, brief.rate),), width=brief.size.width)
    return studio.call(STILLS, request, target=name, stage="cut").result.images[0]


def _generated(take: Take | None) -> bool:
    """Whether a model made it: a shot that fell back to drawing has letters, which no model carries over."""
    return take is not None and take.asset is not None and take.tool.startswith(GENERATE.name)
