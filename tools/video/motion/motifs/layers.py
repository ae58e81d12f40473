"""Layers one before the other: hills of silk, and paper under the shadow of leaves.

Knows nothing about frames or files.
"""

from math import cos, pi, sin

import numpy as np

from .canvas import Canvas, Field, Painter, Planes, turns
from .fields import Swell
from .glass import Etcher, Glass


def waves(canvas: Canvas) -> Painter:
    """Hills of silk, one behind the other: a lit crest, a shadow cast on the hill behind, and haze between."""
    chance = canvas.chance
    count = 5
    phase = turns(chance, count * 3).reshape(count, 3)
    tilt = float(chance.uniform(-0.3, 0.3))
    sky = _sky(canvas)
    shade, ground = canvas.colour("shade"), canvas.colour("ground")
    lit = [canvas.colour("tint" if each % 2 else "glow") for each in range(count)]
    body = [ground + (shade - ground) * np.float32(each / (count - 1)) for each in range(count)]
    x = canvas.x[0]

    def crest(each: int, turn: float) -> Field:
        a, b, c = phase[each]
        near = 0.6 + 0.18 * each
        line = canvas.high * (0.02 + 0.21 * each) + tilt * x * (0.5 - 0.2 * each)
        line = line + near * (0.13 * np.sin(2.1 * x + a + turn) + 0.06 * np.sin(3.7 * x + b - turn))
        line = line + near * 0.022 * np.sin(7.3 * x + c + 2 * turn)
        return np.asarray((line / (2 * canvas.high) + 0.5) * canvas.height, np.float32)

    def paint(turn: float) -> Planes:
        planes = tuple(plane.copy() for plane in sky)
        lines = [crest(each, turn) for each in range(count)]
        for each, line in enumerate(lines):
            last = lines[each + 1].max() + 2 if each + 1 < count else canvas.height
            _hill(canvas, planes, line, int(last), body[each], lit[each], 0.95 - 0.1 * each)
        return planes  # type: ignore[return-value]

    return paint


def _sky(canvas: Canvas) -> Planes:
    # Light stands low on the horizon; chroma at half size from here on.
    part = np.clip(canvas.y / canvas.high + 1, 0, 1) ** 1.6
    part = part * (1 - 0.25 * (canvas.x / canvas.wide) ** 2)
    shade, glow = canvas.colour("shade"), canvas.colour("glow")
    luma = shade[0] + (glow[0] - shade[0]) * part * 0.9
    coarse = part[::2, ::2]
    blue, red = (shade[plane] + (glow[plane] - shade[plane]) * coarse * 0.9 for plane in (1, 2))
    return luma.astype(np.float32), blue.astype(np.float32), red.astype(np.float32)


def _hill(
    canvas: Canvas, planes: tuple[Field, ...], line: Field, last: int, body: Field, lit: Field, amount: float
) -> None:
    """Paint one hill from its crest down to row `last`, and its shadow on what is behind it."""
    reach = canvas.height * 0.10
    for plane, values in enumerate(planes):
        step = 2 if plane else 1
        crest = line[::step] / step
        top = max(0, int(crest.min() - reach * 0.5 / step))
        rows = np.arange(top, min(last // step + 1, values.shape[0]), dtype=np.float32)[:, None]
        part = values[top : top + len(rows)]
        depth = rows - crest[None, :]
        if plane == 0:
            cast = np.clip(1 + depth / np.float32(reach * 0.5), 0, 1)
            part -= part * (cast * cast * np.float32(0.30))
        fall = np.clip(1 - depth / np.float32(2.6 * reach / step), 0, 1)
        fall *= fall
        fall *= np.float32(amount)
        colour = body[plane] + (lit[plane] - body[plane]) * fall
        colour -= part
        colour *= np.clip(depth + np.float32(0.5), 0, 1)
        part += colour


def fronds(canvas: Canvas) -> Painter:
    """The light of a window on a wall, and in it the shadow of palm leaves that sway."""
    chance = canvas.chance
    leaves = [_frond(canvas, chance, corner) for corner in range(2)]
    wash = Swell(canvas, wave=2.2, slope=2.6, churn=0.5)
    light, dim = canvas.colour("glow"), canvas.colour("shade")
    middle = canvas.colour("ground")

    def paint(turn: float) -> Planes:
        dark = np.zeros((canvas.height, canvas.width), np.float32)
        for blades in leaves:
            for blade in blades:
                _shadow(canvas, dark, blade, turn)
        shine = np.clip(0.55 + 0.16 * wash(turn) - 0.35 * canvas.y / canvas.high, 0, 1)
        shine *= 1 - 0.9 * np.clip(dark, 0, 1)
        up, down = np.clip(2 * shine - 0.7, 0, 1), np.clip(1 - 2.2 * shine, 0, 1)
        luma, blue, red = (
            (m + (a - m) * up + (b - m) * down).astype(np.float32) for m, a, b in zip(middle, light, dim, strict=True)
        )
        return luma, blue, red

    return paint


Blade = tuple[float, float, float, float, float, float, float]


def _frond(canvas: Canvas, chance: np.random.Generator, corner: int) -> list[Blade]:
    """Blades along a stem that enters from a corner: foot x, y, angle, length, width, softness, phase of its sway."""
    side = -1.0 if corner == 0 else 1.0
    x, y = side * (canvas.wide + 0.10), (-0.75 if corner == 0 else 0.62) * canvas.high
    heading = (0.35 if corner == 0 else pi - 0.55) + float(chance.uniform(-0.15, 0.15))
    phase = float(chance.uniform(0, 2 * pi))
    blades: list[Blade] = []
    for step in range(9):
        x, y = x + 0.085 * cos(heading), y + 0.085 * sin(heading)
        heading += 0.045 * side * -1
        for way in (-1, 1):
            angle = heading + way * (1.05 - 0.07 * step)
            blades.append((x, y, angle, 0.46 - 0.022 * step, 0.030, 0.012 + 0.004 * corner, phase + 0.25 * step))
    return blades


def _shadow(canvas: Canvas, dark: Field, blade: Blade, turn: float) -> None:
    x, y, angle, length, width, soft, phase = blade
    lean = angle + 0.06 * sin(turn + phase) + 0.02 * sin(2 * turn + 2 * phase)
    x = x + 0.015 * sin(turn + phase)
    dx, dy = cos(lean), sin(lean)
    ends = (x, x + length * dx), (y, y + length * dy)
    unit = canvas.width / (2 * canvas.wide)
    pad = width + 3 * soft
    left = max(0, int((min(ends[0]) - pad + canvas.wide) * unit))
    right = min(canvas.width, int((max(ends[0]) + pad + canvas.wide) * unit) + 1)
    top = max(0, int((min(ends[1]) - pad + canvas.high) * unit))
    bottom = min(canvas.height, int((max(ends[1]) + pad + canvas.high) * unit) + 1)
    if right <= left or bottom <= top:
        return
    across, down = canvas.x[:, left:right] - np.float32(x), canvas.y[top:bottom] - np.float32(y)
    along = (across * np.float32(dx) + down * np.float32(dy)) / np.float32(length)
    off = np.abs(down * np.float32(dx) - across * np.float32(dy))
    shape = np.float32(width) * np.clip(4 * along * (1 - along), 0, 1) ** np.float32(0.7)
    cover = np.clip((shape - off) / np.float32(2 * soft) + np.float32(0.5), 0, 1) * (shape > 0)
    part = dark[top:bottom, left:right]
    part += cover * (1 - part)


def fibres(glass: Glass) -> Etcher:
    """The tooth of heavy paper: fine grain and short fibres that stand still."""
    canvas = glass.canvas
    chance = np.random.default_rng(canvas.seed)
    tooth = chance.normal(0, 1, (canvas.height, canvas.width)).astype(np.float32)
    tooth = tooth + np.roll(tooth, 1, 0) + np.roll(tooth, 1, 1) + np.roll(tooth, (1, 1), (0, 1))
    relief = tooth - np.roll(tooth, (2, 2), (0, 1))
    relief *= np.float32(1.5 / max(float(relief.std()), 1e-6))
    glass.stamp(0, 0, relief, np.array([1.0, 0, 0], np.float32), still=True)

    def etch(turn: float) -> None: ...

    return etch
