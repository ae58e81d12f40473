"""Depth in a still: the camera passes sideways, and what is near moves further than what is far.

Where no model tells depth, a prior does: in most pictures the bottom is near and the top is far.
"""

from collections.abc import Callable
from random import Random

from ..media import Size

Quad = tuple[float, float, float, float, float, float, float, float]
"""What part of a picture is seen: x and y of its corners, top left first, then bottom left, bottom right, top right."""
_FAR = -0.4
"""How far the top moves for what the bottom moves: backwards, so that the camera seems to circle the middle."""
_NEAR = 0.015
"""How much closer the camera comes on its way."""


def passing(room: Size, size: Size, seed: int) -> Callable[[float], Quad]:
    """The part of `room` that a frame of `size` sees, from 0 to 1 along the way; it never leaves the room."""
    chance = Random(seed)
    way = chance.choice((-1, 1))
    above = chance.uniform(0.35, 0.65)

    def view(part: float) -> Quad:
        zoom = 0.3 * (1 - part) + 0.3 * part * (1 - _NEAR)
        width, height = (
            one + (all_ - one) * zoom for one, all_ in ((size.width, room.width), (size.height, room.height))
        )
        slack, eased = (room.width - width) / 2, 2 * part - 1
        top = (room.height - height) * above
        far, near = (slack + way * slack * eased * depth for depth in (_FAR, 1.0))
        return far, top, near, top + height, near + width, top + height, far + width, top

    return view


def wanted(seed: int) -> bool:
    """Whether a still is passed by rather than pushed into: two of five, so that neighbours differ."""
    return Random(seed ^ 0x5D).random() < 0.4
