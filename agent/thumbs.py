"""Three thumbnails: where in which shots they may be taken, and out into the folder.

Knows shots and their words; tools/inspect/thumbs.py knows what a good picture is.
"""

from fractions import Fraction
from pathlib import Path

from ..memory.assets import copy_whole
from ..tools.errors import ToolError
from ..tools.inspect import ThumbsRequest, View
from ..tools.media import seconds_of
from ..tools.registry import THUMBS
from .errors import BudgetExceeded
from .model import Script, Shot, Take
from .shoot import handle_of
from .state import State
from .studio import Studio

COUNT, LOOKED_AT = 3, 12
"""Thumbnails, and shots that are looked at for them: a long film is looked at in places."""
_ARRIVED, _LEAVES = 0.55, 0.32
"""Seconds after which words have come in, and before their end when they begin to go (the motion renderer's)."""
_TITLE, _HEADLINE, _OWN, _CARD = 1.0, 0.6, 0.5, 0.3
"""What it is worth that the title stands on the picture, a headline, that it is a person's own, or other words."""


def thumbs(studio: Studio, state: State, takes: dict[str, Take], out: Path) -> tuple[str, ...]:
    """Write thumb-1.jpg to thumb-3.jpg, the best first; returns their names.

    They are taken from the shots, not from the film: no caption stands on them, and they are encoded once.
    """
    views = views_of(state["script"], state["shots"], takes, handle_of(state["brief"]), state["brief"].rate)
    try:
        request = ThumbsRequest(views=views, count=COUNT)
        images = studio.call(THUMBS, request, target="thumbnails", stage="deliver").result.images
    except (ToolError, BudgetExceeded) as error:
        studio.warn("thumbnails", f"There are no thumbnails beside the film: {error}")
        return ()
    names = tuple(f"thumb-{number}.jpg" for number in range(1, len(images) + 1))
    for name, image in zip(names, images, strict=True):
        copy_whole(studio.door.assets.path(image.id), out / name)
    return names


def views_of(
    script: Script, shots: tuple[Shot, ...], takes: dict[str, Take], handle: int, rate: Fraction
) -> tuple[View, ...]:
    """For shots that were made, all over the film: when all their words have come and none has begun to go."""
    views, said = [], set[str]()
    for shot in shots:
        take = takes.get(shot.id)
        if take is None or take.asset is None:
            continue
        headline = shot.card.headline
        worth = _worth(shot, script) if shot.source != "motion" or headline not in said else 0.0
        said.add(headline)
        views.append(View(asset=take.asset, seconds=_moments(shot, take, handle, rate), words=worth))
    step = max(len(views) / LOOKED_AT, 1)
    spread = {int(place * step) for place in range(LOOKED_AT)}
    return tuple(view for place, view in enumerate(views) if place in spread or view.words == _TITLE)


def _worth(shot: Shot, script: Script) -> float:
    if shot.source != "motion":
        return _OWN
    if not (shot.card.headline or shot.card.figure):
        return _CARD
    return _TITLE if shot.card.headline == script.title else _HEADLINE


def _moments(shot: Shot, take: Take, handle: int, rate: Fraction) -> tuple[float, ...]:
    first, last = seconds_of(handle, rate), seconds_of(handle + shot.frames, rate)
    boxes = [box for box in take.boxes if box.end > handle and box.start < handle + shot.frames]
    if not boxes:
        return tuple(round(first + (last - first) * part, 3) for part in (0.3, 0.7))
    largest = max(boxes, key=lambda box: (box.bottom - box.top) * (box.right - box.left))
    for group in (boxes, [largest]):
        arrived = seconds_of(max(box.start for box in group), rate) + _ARRIVED
        leaves = min(seconds_of(min(box.end for box in group), rate), last) - _LEAVES
        if arrived <= leaves:
            return (round(leaves, 3),)
    return (round((first + last) / 2, 3),)
