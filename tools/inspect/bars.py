"""Letterbox and pillarbox bars: dark, even borders with a straight edge that lasts.

A dark background is not a bar: nothing draws a line along its whole edge.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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
_SIDES = ("top", "bottom", "left", "right")


def bars_check(picture: Picture, shots: Sequence[tuple[int, int]]) -> Check:
    """No bars on opposite sides in any shot; a lone one warns."""
    pairs, lone = dict[str, list[Span]](), list[Span]()
    for first, last in shots:
        stack = [plane for at, plane in picture.samples.items() if first <= at < last]
        found = _borders(np.stack(stack)) if stack else dict[str, int]()
        span = Span(start=picture.time(first), end=picture.time(last))
        for kind, (one, other) in {"letterbox": _SIDES[:2], "pillarbox": _SIDES[2:]}.items():
            if one in found and other in found and abs(found[one] - found[other]) <= 2 + found[one] // 4:
                pairs.setdefault(kind, []).append(span)
            elif one in found or other in found:
                lone.append(span)
    spans = [span for group in pairs.values() for span in group]
    return Check(
        name="bars",
        value=" and ".join(sorted(pairs)) or ("a border on one side" if lone else "none"),
        target="none",
        verdict="fail" if spans else "warn" if lone else "pass",
        spans=tuple(spans or lone),
        source="complaint about peers",
    )


def _borders(stack: NDArray[np.uint8]) -> dict[str, int]:
    """Small pixels that each side's bar is wide, over frames (number, rows, columns) of one shot."""
    lit = np.array([int(frame.max()) > _DARK for frame in stack])
    if lit.sum() < 2:
        return {}
    stack = stack[lit]
    turned = {
        "top": stack,
        "bottom": stack[:, ::-1],
        "left": stack.transpose(0, 2, 1),
        "right": stack.transpose(0, 2, 1)[:, ::-1],
    }
    widths = {side: _width(frames) for side, frames in turned.items()}
    return {side: width for side, width in widths.items() if width}


def _width(stack: Plane) -> int:
    """Rows from the first on that are dark and even in every frame, if a straight edge ends them."""
    highest, lowest = stack.max(axis=(0, 2)), stack.min(axis=(0, 2))
    even = (highest <= _DARK) & (highest - lowest <= _EVEN)
    if not even[0] or even.all():
        return 0
    width = int(np.argmin(even))
    # The row on the border averages bar and picture: look one row beyond it, too.
    beyond = stack[:, min(width + 1, stack.shape[1] - 1)].astype(np.int16)
    seen = (np.abs(beyond - stack[:, width - 1].astype(np.int16)) >= _EDGE).any(axis=0)
    return width if seen.mean() >= _WHOLE and width < 0.45 * stack.shape[1] else 0
