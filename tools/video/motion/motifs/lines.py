"""Drawn lines: a technical grid with signals running along it.

Knows nothing about what shines behind it: it is etched on a glass.
"""

import numpy as np
from numpy.typing import NDArray

from .canvas import Field, turns
from .fields import cycle
from .glass import Etcher, Glass

Marks = NDArray[np.intp]


def grid(glass: Glass) -> Etcher:
    """A fine grid with crosses where lines meet; signals run along some lines and light the crosses they pass."""
    canvas = glass.canvas
    chance = canvas.chance
    cell = 2 * round(glass.unit / 24)
    stroke = max(1, round(glass.unit / 720))
    columns = np.arange(canvas.width // 2 % cell, canvas.width, cell)
    rows = np.arange(canvas.height // 2 % cell, canvas.height, cell)
    _rule(glass, columns, rows, stroke)
    crosses = _knot(glass, stroke)
    line = glass.difference(canvas.colour("accent"), 1.0)
    runs = []
    for number in range(14):
        upright = number % 2 == 0
        track = int(chance.choice(columns if upright else rows))
        runs.append((upright, track, 1 if chance.random() < 0.5 else -1, float(chance.random()), 1 + number % 2))
    twinkle = turns(chance, len(columns) * len(rows)).reshape(len(rows), len(columns))
    knots = glass.difference(canvas.colour("accent2"), 0.55)
    half = crosses.shape[0] // 2

    def etch(turn: float) -> None:
        for upright, track, way, start, times in runs:
            _signal(glass, upright, track, way, cycle(turn, start, times), stroke, line)
        shine = np.clip(np.sin(turn + twinkle) * 3.5 - 2.5, 0, 1)
        lit = np.argwhere(shine > 0.03)
        corners = [((int(columns[column]) - half) & ~1, (int(rows[row]) - half) & ~1) for row, column in lit]
        if corners:
            levels = (knots * shine[lit[:, 0], lit[:, 1], None]).astype(np.float32)
            glass.stamps(corners, np.broadcast_to(crosses, (len(corners), *crosses.shape)), levels)

    return etch


def _rule(glass: Glass, columns: Marks, rows: Marks, stroke: int) -> None:
    canvas = glass.canvas
    mask = np.zeros((canvas.height, canvas.width), np.float32)
    for at in range(stroke):
        mask[:, np.clip(columns - stroke // 2 + at, 0, canvas.width - 1)] = 1
        mask[np.clip(rows - stroke // 2 + at, 0, canvas.height - 1), :] = 1
    x, y = canvas.x / canvas.wide, canvas.y / canvas.high
    far = np.clip(np.sqrt(x * x + y * y) * 0.75, 0, 1)
    mask *= (0.35 + 0.65 * far).astype(np.float32)
    glass.stamp(0, 0, mask, glass.difference(canvas.colour("glow"), 0.42), still=True)


def _knot(glass: Glass, stroke: int) -> Field:
    # A cross whose arms fade, drawn round the pixel where two lines meet.
    arm = 2 * round(glass.unit / 110)
    at = np.abs(np.arange(2 * arm + 2, dtype=np.float32) - arm)
    thin = np.clip(stroke / 2 + 0.6 - at, 0, 1)
    long = np.clip(1 - at / arm, 0, 1) ** 1.5
    mask: Field = np.maximum(thin[:, None] * long[None, :], long[:, None] * thin[None, :]).astype(np.float32)
    return mask


def _signal(glass: Glass, upright: bool, track: int, way: int, part: float, stroke: int, levels: Field) -> None:
    canvas = glass.canvas
    length = canvas.height if upright else canvas.width
    tail = glass.unit * 0.34
    head = part * (length + 1.2 * tail) - 0.1 * tail
    head = head if way > 0 else length - head
    first = max(0, int(head - (tail if way > 0 else 4))) & ~1
    last = min(length, int(head + (4 if way > 0 else tail)) + 2) & ~1
    if last <= first:
        return
    behind = (head - np.arange(first, last, dtype=np.float32)) * way
    shine = np.where(behind > 0, np.clip(1 - behind / tail, 0, 1) ** 2, np.clip(1 + behind / 2, 0, 1))
    wide = 2 * (stroke // 2 + 2)
    begin = (track - wide // 2) & ~1
    away = np.abs(np.arange(wide, dtype=np.float32) + begin - track + (0.5 if stroke % 2 == 0 else 0.0))
    thick = np.clip(stroke / 2 + 0.5 - away, 0, 1)
    mask: Field = (shine[:, None] * thick[None, :]).astype(np.float32)
    if upright:
        glass.stamp(begin, first, mask, levels)
    else:
        glass.stamp(first, begin, np.ascontiguousarray(mask.T), levels)
