"""Letterbox and pillarbox bars: dark, even borders with a straight edge that lasts.

A dark background is not a bar: nothing draws a line along its whole edge.
"""

from collections.abc import Sequence

import numpy as np

from . import Check, Span
from .frames import Picture, Plane

_DARK = 48
"""Luma a bar may have; grey and coloured borders are design."""
_EVEN = 12
"""Levels that coding may spread in a bar."""
_EDGE = 10
"""Levels between a bar and the picture beside it."""
_WHOLE = 0.85
"""Part of the edge's length along which that step is seen at some time."""
_INNER = 0.2
"""Part of the frame that the picture between bars fills at least."""
_KINDS = {"letterbox": ("top", "bottom"), "pillarbox": ("left", "right")}


def bars_check(picture: Picture, shots: Sequence[tuple[int, int]]) -> Check:
    """No bars on opposite sides in any shot; a border on one side or all round warns."""
    pairs, lone = dict[str, list[Span]](), dict[str, list[Span]]()
    for first, last in shots:
        stack = [plane for at, plane in picture.samples.items() if first <= at < last]
        found = _borders(np.stack(stack)) if stack else dict[str, int]()
        span = Span(start=picture.time(first), end=picture.time(last))
        boxed = {kind for kind, sides in _KINDS.items() if _pair(found, *sides)}
        # A picture framed on all sides may be a card on a dark ground: that is for a person to judge.
        if len(boxed) == 1 and len(found) == 2:
            pairs.setdefault(boxed.pop(), []).append(span)
        elif found:
            lone.setdefault("a dark frame" if len(boxed) == 2 else "a dark border", []).append(span)
    spans = [span for group in (pairs or lone).values() for span in group]
    return Check(
        name="bars",
        value=" and ".join(sorted(pairs or lone)) or "none",
        target="none",
        verdict="fail" if pairs else "warn" if lone else "pass",
        spans=tuple(spans),
        source="complaint about peers",
    )


def _pair(found: dict[str, int], one: str, other: str) -> bool:
    return one in found and other in found and abs(found[one] - found[other]) <= 2 + found[one] // 4


def _borders(stack: Plane) -> dict[str, int]:
    """Small pixels that each side's bar is wide, over frames (number, rows, columns) of one shot."""
    stack = stack[stack.max(axis=(1, 2)) > _DARK]
    if len(stack) < 2:
        return {}
    tall, wide = stack.transpose(0, 2, 1), stack
    turned = {"top": wide, "bottom": wide[:, ::-1], "left": tall, "right": tall[:, ::-1]}
    widths = {side: _even(frames) for side, frames in turned.items()}
    top, bottom, left, right = widths.values()
    rows, columns = slice(top, stack.shape[1] - bottom), slice(left, stack.shape[2] - right)
    if stack[0, rows, columns].size < _INNER * stack[0].size:
        return {}
    spans = {"top": columns, "bottom": columns, "left": rows, "right": rows}
    return {side: width for side, width in widths.items() if width and _edged(turned[side][:, :, spans[side]], width)}


def _even(stack: Plane) -> int:
    """Rows from the first on that are dark and even in every frame; none where no row is otherwise."""
    highest, lowest = stack.max(axis=(0, 2)), stack.min(axis=(0, 2))
    even = (highest <= _DARK) & (highest - lowest <= _EVEN)
    return 0 if even.all() else int(np.argmin(even))


def _edged(stack: Plane, width: int) -> bool:
    """Whether a straight edge ends these rows, along its whole length at some time."""
    # The row on the border averages bar and picture: look one row beyond it, too.
    beyond = stack[:, min(width + 1, stack.shape[1] - 1)].astype(np.int16)
    seen = (np.abs(beyond - stack[:, width - 1].astype(np.int16)) >= _EDGE).any(axis=0)
    return bool(seen.mean() >= _WHOLE)
