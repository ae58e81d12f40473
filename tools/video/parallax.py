"""Depth in a still: the camera passes sideways, and what is near moves further than what is far.

How near everything is comes as a grid (depth.py); its cells are bent by what stands at their corners, so nothing tears.
"""

from collections.abc import Callable
from random import Random

from ..media import Size
from .depth import Nearness

Quad = tuple[float, float, float, float, float, float, float, float]
"""What part of a picture is seen: x and y of its corners, top left first, then bottom left, bottom right, top right."""
Cell = tuple[tuple[int, int, int, int], Quad]
"""Where a cell stands in the frame, and what it sees."""
_FAR = -0.4
"""How far the farthest moves for what the nearest moves: backwards, so that the camera circles what is between."""
ROWS, COLUMNS = 24, 16
"""Cells of the grid: fine enough for what a person sees move, few enough to bend for every frame."""
_NEAR = 0.015
"""How much closer the camera comes on its way."""


def passing(room: Size, size: Size, seed: int, near: Nearness) -> Callable[[float], list[Cell]]:
    """What a frame of `size` sees of `room`, cell by cell, from 0 to 1 along the way; it never leaves the room.

    Args:
        near: how near the room is at every corner of the cells, (rows + 1, columns + 1).
    """
    chance = Random(seed)
    way = chance.choice((-1, 1))
    above = chance.uniform(0.35, 0.65)
    rows, columns = near.shape[0] - 1, near.shape[1] - 1
    across = [round(size.width * at / columns / 2) * 2 for at in range(columns + 1)]
    down = [round(size.height * at / rows / 2) * 2 for at in range(rows + 1)]
    pull = _FAR + (1 - _FAR) * near.astype(float)

    def view(part: float) -> list[Cell]:
        zoom = 0.3 * (1 - part) + 0.3 * part * (1 - _NEAR)
        width, height = (
            one + (all_ - one) * zoom for one, all_ in ((size.width, room.width), (size.height, room.height))
        )
        slack, eased = (room.width - width) / 2, 2 * part - 1
        top = (room.height - height) * above
        wide = [width * edge / size.width for edge in across]
        x = [[slack + way * slack * eased * pull[row, at] + wide[at] for at in range(columns + 1)]
             for row in range(rows + 1)]  # fmt: skip
        y = [top + height * edge / size.height for edge in down]
        cells = []
        for row in range(rows):
            for at in range(columns):
                upper, lower = x[row], x[row + 1]
                seen = upper[at], y[row], lower[at], y[row + 1], lower[at + 1], y[row + 1], upper[at + 1], y[row]
                cells.append(((across[at], down[row], across[at + 1], down[row + 1]), seen))
        return cells

    return view


def wanted(seed: int, told: bool = False) -> bool:
    """Whether a still is passed by rather than pushed into, so that neighbours differ.

    Two of five are; four of five where a model has `told` how deep they are.
    """
    return Random(seed ^ 0x5D).random() < (0.8 if told else 0.4)
