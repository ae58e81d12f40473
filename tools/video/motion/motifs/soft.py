"""Soft motifs: colour without edges, painted small.

Knows nothing about frames or files: a motif gets a canvas and returns its painter.
"""

from math import cos, sin

import numpy as np

from .canvas import Canvas, Field, Painter, Planes, blend, flat, smooth, turns


def mesh(canvas: Canvas) -> Painter:
    """A gradient mesh: five bodies of colour that drift through each other, bent by slow waves."""
    chance = canvas.chance
    roles = (("shade", 1.0), ("glow", 1.0), ("accent2", 0.34), ("glow", 0.7), ("shade", 0.9))
    home = chance.uniform(-1, 1, (5, 2)) * (canvas.wide, canvas.high)
    reach = chance.uniform(0.16, 0.3, 5)
    girth = chance.uniform(0.42, 0.72, 5)
    phase, bend = turns(chance, 5), turns(chance, 4)
    base = flat(canvas, canvas.colour("ground"))

    def paint(turn: float) -> Planes:
        x = canvas.x + 0.11 * np.sin(3.1 * canvas.y + bend[0] + turn) + 0.05 * np.sin(6 * canvas.y + bend[1] - turn)
        y = canvas.y + 0.11 * np.sin(2.7 * canvas.x + bend[2] - turn) + 0.05 * np.sin(5 * canvas.x + bend[3] + turn)
        planes = base
        for body, (role, amount) in enumerate(roles):
            across = x - home[body, 0] - reach[body] * cos(turn + phase[body])
            down = y - home[body, 1] - reach[body] * sin(turn + phase[body])
            near: Field = np.exp(-(across**2 + down**2) / girth[body] ** 2).astype(np.float32)
            planes = blend(planes, canvas.colour(role, amount), near)  # type: ignore[arg-type]
        return planes

    return paint


def waves(canvas: Canvas) -> Painter:
    """Hills of silk, one behind the other, each lit along its crest."""
    chance = canvas.chance
    phase = turns(chance, 15).reshape(5, 3)
    base = flat(canvas, canvas.colour("shade"))
    glow, ground = canvas.colour("glow"), canvas.colour("ground")

    def paint(turn: float) -> Planes:
        planes = base
        for layer in range(5):
            a, b, c = phase[layer]
            crest = (layer - 1.2) * canvas.high * 0.36 + 0.12 * np.sin(2.2 * canvas.x + a + turn)
            crest = crest + 0.07 * np.sin(3.9 * canvas.x + b - turn) + 0.03 * np.sin(7 * canvas.x + c + 2 * turn)
            depth = canvas.y - crest
            planes = blend(planes, ground, smooth(0, 0.02, depth))
            planes = blend(planes, glow, smooth(0, 0.02, depth) * np.exp(-depth.clip(0) / 0.22) * (0.3 + 0.14 * layer))
        return planes

    return paint
