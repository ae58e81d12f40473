"""Soft motifs: colour without edges, painted small.

Knows nothing about frames or files: a motif gets a canvas and returns its painter.
"""

from math import cos, sin

import numpy as np

from .canvas import Canvas, Field, Painter, Planes, blend, flat, smooth, turns
from .fields import Swell, ramp


def mesh(canvas: Canvas) -> Painter:
    """A gradient mesh: bodies of colour that drift through each other, bent by slow waves."""
    chance = canvas.chance
    inks = (
        canvas.colour("glow", 0.8),
        canvas.colour("shade"),
        canvas.colour("tint"),
        canvas.colour("glow"),
        canvas.colour("shade", 0.9),
        canvas.colour("tint", 0.7),
    )
    # One body a cell of a loose lattice: random places alone would leave half the frame empty.
    rows = np.array([-0.85, -0.5, -0.15, 0.2, 0.55, 0.9])
    home = np.stack([chance.permutation(np.array([-0.8, -0.5, -0.1, 0.2, 0.5, 0.8])), rows], 1)
    home = (home + chance.uniform(-0.15, 0.15, (6, 2))) * (canvas.wide, canvas.high)
    order = chance.permutation(6)
    reach = chance.uniform(0.16, 0.28, 6)
    girth = chance.uniform(0.42, 0.6, 6) * (canvas.wide * canvas.high * 2.2) ** 0.5
    phase, bend = turns(chance, 6), turns(chance, 4)
    base = flat(canvas, canvas.colour("ground"))

    def paint(turn: float) -> Planes:
        x = canvas.x + 0.13 * np.sin(3.1 * canvas.y + bend[0] + turn) + 0.05 * np.sin(6 * canvas.y + bend[1] - turn)
        y = canvas.y + 0.13 * np.sin(2.7 * canvas.x + bend[2] - turn) + 0.05 * np.sin(5 * canvas.x + bend[3] + turn)
        planes = base
        for body in range(6):
            across = x - np.float32(home[body, 0] + reach[body] * cos(turn + phase[body]))
            down = y - np.float32(home[body, 1] + reach[body] * sin(turn + phase[body]))
            near: Field = np.exp(-(across * across + down * down) / np.float32(girth[body] ** 2))
            planes = blend(planes, inks[order[body]], near)
        return planes

    return paint


def clouds(canvas: Canvas) -> Painter:
    """Two decks of cloud at different heights, lit from above the frame; the near one drifts faster."""
    far = Swell(canvas, wave=1.2, slope=2.7, drift=(0.10, 0.0), churn=0.5, stretch=1.8)
    near = Swell(canvas, wave=0.9, slope=2.5, drift=(0.26, -0.04), churn=0.5, stretch=1.7)
    colours = [canvas.colour("shade"), canvas.colour("ground"), canvas.colour("glow"), canvas.colour("tint")]
    lift = max(1, round(canvas.height * 0.012))
    fall = (0.5 - 0.5 * canvas.y / canvas.high).astype(np.float32)  # light fades downwards

    def deck(field: Field, cover: float) -> tuple[Field, Field]:
        body = smooth(cover - 0.9, cover + 1.5, field)
        lit = np.empty_like(field)
        lit[lift:] = field[lift:] - field[:-lift]
        lit[:lift] = lit[lift]
        return body, lit

    def paint(turn: float) -> Planes:
        back, back_lit = deck(far(turn), -0.2)
        front, front_lit = deck(near(turn), 0.35)
        value = 0.12 + 0.2 * fall + back * (0.3 + 0.14 * fall + 0.3 * back_lit)
        value = value + front * (0.5 + 0.2 * fall + 0.55 * front_lit - value) * 0.75
        return ramp(colours, value)

    return paint


def aurora(canvas: Canvas) -> Painter:
    """Curtains of light that hang and sway over a dark sky."""
    chance = canvas.chance
    phase = turns(chance, 18).reshape(3, 6)
    sky = flat(canvas, canvas.colour("shade"))
    sky = blend(sky, canvas.colour("ground"), smooth(-canvas.high, canvas.high, canvas.y + 0 * canvas.x))
    lights = (canvas.colour("glow"), canvas.colour("tint"), canvas.colour("glow", 0.8))
    x, y = canvas.x, canvas.y

    def paint(turn: float) -> Planes:
        planes = sky
        for each, (a, b, c, d, e, f) in enumerate(phase):
            fold = x + 0.10 * np.sin(3.4 * x + a + turn) + 0.06 * np.sin(7.1 * x + b - turn)
            hem = (
                canvas.high * (0.52 - 0.42 * each)
                + 0.16 * np.sin(2.6 * fold + c + turn)
                + 0.07 * np.sin(5.7 * fold + d)
            )
            rays = 0.55 + 0.25 * np.sin(9 * fold + e - turn) + 0.14 * np.sin(23 * fold + f + 2 * turn)
            rays = rays + 0.08 * np.sin(41 * fold + d - 3 * turn)
            above = hem - y
            length = canvas.high * (0.34 + 0.16 * np.sin(4.3 * fold + b + turn))
            veil: Field = smooth(-0.05, 0.10, above) * np.exp(-np.maximum(above, 0) / length) * rays
            planes = blend(planes, lights[each], np.clip(veil, 0, 1) * np.float32(0.95 - 0.12 * each))
        return planes

    return paint
