"""Patterns drawn once and lit anew in every frame: honeycomb, and the contour lines of a map.

Knows nothing about frames or files.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .canvas import Canvas, Field, Painter, Planes, smooth, turns
from .fields import Swell, ramp


def honeycomb(canvas: Canvas) -> Painter:
    """Cells of wax; light wanders through them, and each cell answers in its own time."""
    chance = canvas.chance
    radius = float(chance.uniform(0.085, 0.105))
    label, centres, rim, slope = _hexagons(canvas, radius)
    spark_tone = canvas.colour("accent2", 0.42) if canvas.palette.dark else canvas.colour("tint")
    tone = ramp([canvas.colour(role) for role in ("shade", "ground", "glow")] + [spark_tone])
    far = np.clip((centres[:, 0] / canvas.wide) ** 2 + (centres[:, 1] / (0.85 * canvas.high)) ** 2, 0, 1)
    strength = 0.5 + 0.5 * far
    own, phase = turns(chance, len(centres)), turns(chance, 4)
    wax = (0.62 + 0.38 * slope) * rim
    lean = chance.uniform(-1, 1, (2, 2)) * (2.2, 1.6)

    def paint(turn: float) -> Planes:
        wave = np.sin(centres @ lean[0] + phase[0] + turn) + 0.7 * np.sin(centres @ lean[1] + phase[1] - turn)
        lit = np.clip(0.50 + 0.26 * wave + 0.18 * np.sin(own + turn), 0, 1) * strength
        spark = np.clip(np.sin(own + 2.1 * wave + 2 * turn) * 4 - 3.1, 0, 1) * far
        shine = (0.24 + 0.66 * lit + 0.30 * spark).astype(np.float32)
        return tone(shine[label] * wax)

    return paint


def _hexagons(canvas: Canvas, radius: float) -> tuple[NDArray[np.intp], Field, Field, Field]:
    """For every pixel its cell, the centres of cells, 1 inside and less at the rim, and how the wax faces the light."""
    x, y = canvas.x + 0 * canvas.y, canvas.y + 0 * canvas.x
    column, row = (x * 3**0.5 / 3 - y / 3) / radius, y * 2 / 3 / radius
    third = -column - row
    whole = [np.rint(part) for part in (column, row, third)]
    gaps = [np.abs(near - part) for near, part in zip(whole, (column, row, third), strict=True)]
    first = (gaps[0] > gaps[1]) & (gaps[0] > gaps[2])
    second = ~first & (gaps[1] > gaps[2])
    a = np.where(first, -whole[1] - whole[2], whole[0]).astype(np.int64)
    b = np.where(second, -whole[0] - whole[2], whole[1]).astype(np.int64)
    keys, label = np.unique((a + 512) * 1024 + b + 512, return_inverse=True)
    along, below = keys // 1024 - 512, keys % 1024 - 512
    centres = np.stack([radius * 3**0.5 * (along + below / 2), radius * 1.5 * below], 1)
    place = label.reshape(x.shape)
    dx, dy = (np.asarray(at - centres[place, axis], np.float32) for axis, at in enumerate((x, y)))
    side = np.abs(dx * 0.5)
    edge = radius * 3**0.5 / 2 - np.maximum(np.abs(dx), side + np.abs(dy) * 3**0.5 / 2)
    pixel = 2 * canvas.wide / canvas.width
    wall = smooth(0.035 * radius, 0.035 * radius + 1.6 * pixel, edge)
    rim = 0.30 + 0.70 * wall * (0.80 + 0.20 * smooth(0, 0.30 * radius, edge))
    slope = np.clip(0.5 + (dx * 0.35 + dy) / (2 * radius), 0, 1)
    return place.astype(np.intp), centres.astype(np.float32), rim.astype(np.float32), slope.astype(np.float32)


def contours(canvas: Canvas) -> Painter:
    """Height lines of a land that slowly rises and sinks; every fifth line is heavier."""
    coarse = 4
    small = replace(canvas, width=max(4, canvas.width // coarse), height=max(4, canvas.height // coarse))
    land = Swell(small, wave=1.15, slope=2.9, churn=0.5)
    up, across = (_stretch(*sides) for sides in ((canvas.height, small.height), (canvas.width, small.width)))
    tone = ramp([canvas.colour("shade"), canvas.colour("ground"), canvas.colour("glow")])
    accent = canvas.colour("accent", 0.45)
    x, y = canvas.x / canvas.wide, canvas.y / canvas.high
    calm = (0.30 + 0.70 * np.clip(x * x * 0.6 + y * y * 1.3, 0, 1)).astype(np.float32)
    ground = (0.46 - 0.10 * y + 0 * x).astype(np.float32)
    weight = np.where(np.arange(256).astype(np.int8) % 5 == 0, 1.0, 0.55).astype(np.float32)
    rows, columns = (
        np.minimum(np.arange(count) * few // count, few - 1)
        for count, few in ((canvas.height, small.height), (canvas.width, small.width))
    )

    def paint(turn: float) -> Planes:
        height = land(turn) * np.float32(2.2)
        down, right = np.gradient(height)
        thin = (1 / (np.hypot(down, right) / coarse + np.float32(0.012))).astype(np.float32)
        fine = up @ height @ across.T
        level = np.rint(fine)
        off = np.abs(fine - level)
        off *= thin[rows][:, columns]
        line = np.clip(np.float32(1.25) - off, 0, 1)
        line *= calm
        luma, blue, red = tone(ground + np.float32(0.10) * fine)
        line *= weight[level.astype(np.int8)]
        thick = line[::2, ::2]
        luma += (accent[0] - luma) * line
        blue += (accent[1] - blue) * thick
        red += (accent[2] - red) * thick
        return luma, blue, red

    return paint


def _stretch(count: int, few: int) -> Field:
    """The matrix that interpolates `few` samples to `count` with cubic (Catmull-Rom) weights."""
    at = (np.arange(count) + 0.5) * few / count - 0.5
    base = np.floor(at).astype(int)
    t = at - base
    weights = np.stack(
        [
            (-t + 2 * t**2 - t**3) / 2,
            (2 - 5 * t**2 + 3 * t**3) / 2,
            (t + 4 * t**2 - 3 * t**3) / 2,
            (-(t**2) + t**3) / 2,
        ]
    )
    matrix = np.zeros((count, few), np.float32)
    for tap in range(4):
        np.add.at(matrix, (np.arange(count), np.clip(base + tap - 1, 0, few - 1)), weights[tap])
    return matrix
