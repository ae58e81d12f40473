"""Heavy paper by a window: its tooth, and the shadow of palm leaves that sway over it.

Knows nothing about frames or files.
"""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from .canvas import Canvas, Field, Painter, Planes
from .fields import Swell
from .glass import Etcher, Glass


@dataclass(frozen=True)
class Blade:
    """One leaflet: its foot, heading, length, droop, width, softness, and the phase of its sway."""

    x: float
    y: float
    angle: float
    length: float
    droop: float
    width: float
    soft: float
    phase: float


def leaves(canvas: Canvas) -> Painter:
    """Window light on a wall, and in it the soft shadow of two palm fronds."""
    chance = canvas.chance
    flip = -1.0 if chance.random() < 0.5 else 1.0
    blades = [*_frond(canvas, chance, -flip, -0.80), *_frond(canvas, chance, flip, 0.70)]
    wash = Swell(canvas, wave=2.4, slope=2.8, churn=0.5)
    light, middle, dim = canvas.colour("glow"), canvas.colour("ground"), canvas.colour("shade")
    slant = (0.58 - 0.14 * canvas.y / canvas.high + 0.10 * flip * canvas.x / canvas.wide).astype(np.float32)

    def paint(turn: float) -> Planes:
        dark = np.zeros((canvas.height, canvas.width), np.float32)
        for blade in blades:
            _shade(canvas, dark, blade, turn)
        shine = (slant + 0.05 * wash(turn)) * (1 - np.float32(0.62) * dark)
        up, down = np.clip(2.2 * shine - 0.75, 0, 1), np.clip(0.9 - 2.2 * shine, 0, 1)
        luma, blue, red = (
            (m + (a - m) * up + (b - m) * down).astype(np.float32) for m, a, b in zip(middle, light, dim, strict=True)
        )
        return luma, blue, red

    return paint


def _frond(canvas: Canvas, chance: np.random.Generator, side: float, height: float) -> list[Blade]:
    """Leaflets along a bent stem that enters from one side."""
    x, y = side * (canvas.wide + 0.16), height * canvas.high + float(chance.uniform(-0.08, 0.08))
    inward = pi if side > 0 else 0.0
    rise = 0.34 if height < 0 else -0.42
    heading = inward + rise * (1 if side < 0 else -1) + float(chance.uniform(-0.1, 0.1))
    phase, soft = float(chance.uniform(0, 2 * pi)), 0.012 if height < 0 else 0.022
    blades = []
    for step in range(9):
        x, y = x + 0.072 * cos(heading), y + 0.072 * sin(heading)
        heading -= 0.05 * rise * (1 if side < 0 else -1) * 2
        for way in (-1, 1):
            blades.append(
                Blade(
                    x=x,
                    y=y,
                    angle=heading + way * (1.15 - 0.075 * step) + float(chance.uniform(-0.05, 0.05)),
                    length=(0.52 - 0.036 * step) * float(chance.uniform(0.88, 1.08)),
                    droop=way * -0.10 * float(chance.uniform(0.6, 1.4)),
                    width=0.020 * float(chance.uniform(0.85, 1.15)),
                    soft=soft * float(chance.uniform(0.8, 1.4)),
                    phase=phase + 0.22 * step,
                )
            )
    return blades


def _shade(canvas: Canvas, dark: Field, blade: Blade, turn: float) -> None:
    """Lay one leaflet's shadow on `dark`; further from its foot it is softer, as it hangs further from the wall."""
    lean = blade.angle + 0.05 * sin(turn + blade.phase) + 0.015 * sin(2 * turn + 2 * blade.phase)
    dx, dy = cos(lean), sin(lean)
    x, y = blade.x + 0.018 * sin(turn + blade.phase), blade.y + 0.010 * cos(turn + blade.phase)
    tip = x + blade.length * dx - blade.droop * dy, y + blade.length * dy + blade.droop * dx
    unit = canvas.width / (2 * canvas.wide)
    pad = blade.width + 4 * blade.soft + abs(blade.droop) / 2
    left = max(0, int((min(x, tip[0]) - pad + canvas.wide) * unit))
    right = min(canvas.width, int((max(x, tip[0]) + pad + canvas.wide) * unit) + 1)
    top = max(0, int((min(y, tip[1]) - pad + canvas.high) * unit))
    bottom = min(canvas.height, int((max(y, tip[1]) + pad + canvas.high) * unit) + 1)
    if right <= left or bottom <= top:
        return
    across, down = canvas.x[:, left:right] - np.float32(x), canvas.y[top:bottom] - np.float32(y)
    along = np.clip((across * np.float32(dx) + down * np.float32(dy)) / np.float32(blade.length), 0, 1)
    off = np.abs(down * np.float32(dx) - across * np.float32(dy) - np.float32(blade.droop) * along * along)
    shape = np.float32(2.2 * blade.width) * np.sqrt(along) * (1 - along)
    soft = np.float32(blade.soft) * (np.float32(0.7) + along)
    cover = np.clip((shape - off) / (2 * soft) + np.float32(0.4), 0, 1)
    # The ends fade: a clipped `along` would smear the first and the last row outwards.
    cover *= np.clip(8 * along, 0, 1) * np.clip(8 * (1 - along), 0, 1)
    part = dark[top:bottom, left:right]
    part += cover * (1 - part)


def tooth(glass: Glass) -> Etcher:
    """The tooth of heavy paper, lit from one side; it stands still."""
    canvas = glass.canvas
    grain = np.random.default_rng(canvas.seed).normal(0, 1, (canvas.height, canvas.width)).astype(np.float32)
    for axis in (0, 1, 0, 1):
        grain = grain + np.roll(grain, 1, axis)
    relief = grain - np.roll(grain, (2, 2), (0, 1))
    relief *= np.float32(1.6 / max(float(relief.std()), 1e-6))
    glass.stamp(0, 0, relief, np.array([1.0, 0, 0], np.float32), still=True)

    def etch(turn: float) -> None: ...

    return etch
