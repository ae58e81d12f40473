"""A motion field as a moving background: coloured with the palette, with grain of its own carried along its flow.

Knows a field's numbers; knows nothing about which model made them.
"""

from collections.abc import Callable
from functools import partial
from math import tau

import numpy as np

from ..motion.motifs import Motif
from ..motion.motifs.canvas import Canvas, Field, Painter, Planes
from ..motion.motifs.fields import Swell, ramp
from ..smooth import smoothed

DETAIL = 0.012
"""How far carried detail moves the tone: enough to see where it flows, too little to be read as a pattern."""
SHRINK, SECONDS = 4, 8.0
"""A painting's pixels, of the frame's, and the length of a loop."""
HALO, GLOW = 6, 0.35
"""How often neighbours are mixed for the light around things, and how strong it is; once removes a network's noise."""
PHASES = 2
"""Times a loop that detail starts afresh, two of them blended so that no start is seen (Max and Becker 1995)."""


def flowing(field: Field) -> Motif:
    """A field (3, T, H, W) as a background like any other."""
    return Motif(partial(painter, field), shrink=SHRINK, seconds=SECONDS)


def painter(field: Field, canvas: Canvas) -> Painter:
    """Paint a field (3, T, H, W) at the canvas's size.

    Between its frames density moves along the flow from both sides and is blended, so that things travel and do not
    fade from place to place.
    """
    steps = field.shape[1]
    clean = _softened(field[0], 1)
    shown = clean + np.float32(GLOW) * _softened(field[0], HALO) * (1 - clean)  # light over light: flakes stay bright
    density, across, down = (_spread(part, canvas) for part in (shown, *(_softened(each, 1) for each in field[1:])))
    tone = ramp([canvas.colour(role) for role in ("shade", "ground", "glow", "tint")])
    detail = _carried(canvas, across.mean(axis=0), down.mean(axis=0))
    unit = np.float32(min(canvas.width, canvas.height) / 2 * 3)  # pixels a loop of a flow of one

    def paint(turn: float) -> Planes:
        place = turn / tau * steps
        at, part = int(place) % steps, np.float32(place % 1.0)
        after = (at + 1) % steps
        far = unit / steps
        ahead = _moved(density[at], across[at] * far * part, down[at] * far * part)
        behind = _moved(density[after], across[after] * far * (part - 1), down[after] * far * (part - 1))
        value = ahead * (1 - part) + behind * part
        value = value + np.float32(DETAIL) * detail(turn) * (np.float32(0.25) + value * (1 - value) * 3)
        return tone(value)

    return paint


def _spread(part: Field, canvas: Canvas) -> Field:
    """(T, H, W) at the canvas's size, cubic so that no lattice shows."""
    from PIL import Image

    size = canvas.width, canvas.height
    wide = [np.asarray(Image.fromarray(each).resize(size, Image.Resampling.BICUBIC)) for each in part]
    return np.stack(wide)


def _softened(values: Field, times: int) -> Field:
    """(T, H, W) with every cell's neighbours in it, so many times."""
    for axis in (1, 2) * times:
        values = smoothed(values, axis)
    return values


def _moved(values: Field, across: Field, down: Field) -> Field:
    """What each pixel sees a displacement upstream, bilinear; beyond the edge the edge goes on."""
    rows, columns = values.shape
    x = np.clip(np.arange(columns, dtype=np.float32)[None, :] - across, 0, columns - 1.001)
    y = np.clip(np.arange(rows, dtype=np.float32)[:, None] - down, 0, rows - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    x -= left
    y -= top
    corner = top * columns + left
    flat = values.ravel()
    upper = flat[corner] * (1 - x) + flat[corner + 1] * x
    lower = flat[corner + columns] * (1 - x) + flat[corner + columns + 1] * x
    moved: Field = upper * (1 - y) + lower * y
    return moved


def _carried(canvas: Canvas, across: Field, down: Field) -> Callable[[float], Field]:
    """Fine noise that the flow takes along, for a while and then afresh; spread about 1."""
    grain = Swell(canvas, wave=0.4, slope=2.2, churn=0.0)(0.0)
    unit = np.float32(min(canvas.width, canvas.height) / 2 * 3 / PHASES)

    def detail(turn: float) -> Field:
        total: Field = np.zeros_like(grain)
        for half in range(2):
            part = (turn / tau * PHASES + half / 2) % 1.0
            weight = 1 - abs(2 * part - 1)
            shifted = np.roll(grain, (grain.shape[0] // 2) * half, axis=0)
            total += np.float32(weight) * _moved(
                shifted, across * unit * np.float32(part - 0.5), down * unit * np.float32(part - 0.5)
            )
        return total

    return detail
