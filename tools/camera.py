"""Where a picture is cropped and how a camera moves over it, as filter text.

Knows nothing about clips or files. Whatever moves is resampled at fractions of a pixel: a crop moves in whole ones, and
a slow move over whole pixels trembles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .timeline import Focus, Move, Window

_ROOM = 2.0
"""How much larger than the frame a picture is kept at most, so that coming closer stays sharp."""


@dataclass(frozen=True)
class View:
    """Points to keep in view, and the number that the first picture has among the clip's frames."""

    focus: tuple[Focus, ...] = ()
    first: int = 0

    def places(self, room: tuple[int, int], size: tuple[int, int]) -> list[tuple[int, int, int]]:
        """Frame, left and top of the crop at every point: even numbers, so that a crop at rest is sharp."""
        rows = []
        for point in sorted(self.focus, key=lambda point: point.frame) or [Focus()]:
            left, top = (
                2 * round(min(max(part * whole - side / 2, 0), whole - side) / 2)
                for part, whole, side in zip((point.x, point.y), room, size, strict=True)
            )
            rows.append((point.frame, left, top))
        return rows

    def steady(self, *sides: int) -> bool:
        """True where the crop (of width, height, crop's width, crop's height) never moves."""
        width, height, across, along = sides
        return len({row[1:] for row in self.places((width, height), (across, along))}) == 1


MIDDLE = View()


def cropped(view: View, room: tuple[int, int], size: tuple[int, int]) -> list[str]:
    """A crop from `room` to `size` around the view's points; nothing where there is nothing to crop."""
    rows = view.places(room, size)
    if room == size:
        return []
    lefts, tops = ([row[at] for row in rows] for at in (1, 2))
    width, height = size[0] + max(lefts) - min(lefts), size[1] + max(tops) - min(tops)
    union = f"crop={width}:{height}:{min(lefts)}:{min(tops)}"
    if (width, height) == size:
        return [union]
    across, along = (
        _eased([(row[0] - view.first, row[at] - low) for row in rows]) for at, low in ((1, min(lefts)), (2, min(tops)))
    )
    return [union, _window(across, along, f"W+{across}", f"H+{along}"), f"crop={size[0]}:{size[1]}:0:0"]


def room(move: Move, available: float) -> float:
    """How much larger than the frame a picture is scaled before a move; `available` is what it has."""
    return max(1.0, min(max(move.start.scale, move.end.scale), available, _ROOM))


def moved(move: Move, frames: int, first: int) -> list[str]:
    """A move over a clip of `frames`, of which the first picture is number `first`."""
    whole = max((move.whole or frames) - 1, 1)
    part = f"clip((in-1+{first + move.first})/{whole},0,1)"
    ease = f"({part}*{part}*(3-2*{part}))"
    edges = [
        f"{side}*({start:.6f}{end - start:+.6f}*{ease})"
        for side, start, end in zip("WHWH", _edges(move.start), _edges(move.end), strict=True)
    ]
    return [_window(*edges)]


def _edges(window: Window) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is seen, from 0 to 1, never beyond the picture."""
    side = 1 / window.scale
    left, top = (min(max(middle - side / 2, 0), 1 - side) for middle in (window.x, window.y))
    return left, top, left + side, top + side


def _window(left: str, top: str, right: str, bottom: str) -> str:
    corners = ((left, top), (right, top), (left, bottom), (right, bottom))
    given = ":".join(f"x{number}='{x}':y{number}='{y}'" for number, (x, y) in enumerate(corners))
    return f"perspective={given}:eval=frame:interpolation=cubic"


def _eased(rows: Sequence[tuple[int, int]]) -> str:
    """A value that rests at its ends and goes from each (frame, value) to the next without a jerk."""
    terms = [f"{rows[0][1]}"]
    for (start, low), (end, high) in pairwise(rows):
        if high != low:
            part = f"clip((in-1-({start}))/{max(end - start, 1)},0,1)"
            terms.append(f"({high - low})*{part}*{part}*(3-2*{part})")
    return f"({'+'.join(terms)})"
