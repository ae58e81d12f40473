"""Soft motifs: colour without edges, painted small.

Knows nothing about frames or files: a motif gets a canvas and returns its painter.
"""

from math import cos, hypot, sin

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
                canvas.high * (0.60 - 0.46 * each)
                + 0.15 * np.sin(2.6 * fold + c + turn)
                + 0.06 * np.sin(5.7 * fold + d)
            )
            rays = 0.62 + 0.22 * np.sin(11 * fold + e - turn) + 0.16 * np.sin(27 * fold + f + 2 * turn)
            rays = rays + 0.10 * np.sin(53 * fold + d - 3 * turn)
            above = hem - y
            length = canvas.high * (0.46 + 0.18 * np.sin(4.3 * fold + b + turn))
            veil: Field = smooth(-0.04, 0.07, above) * np.exp(-np.maximum(above, 0) / length) * rays
            planes = blend(planes, lights[each], np.clip(veil * np.float32(1.15), 0, 1))
        return planes

    return paint


def silk(canvas: Canvas) -> Painter:
    """Folds of satin: long ridges that catch the light, bent by slow noise."""
    chance = canvas.chance
    bend = Swell(canvas, wave=2.2, slope=3.2, churn=0.6)
    ripple = Swell(canvas, wave=1.4, slope=3.2, churn=0.7)
    lean = float(chance.choice([-1, 1]) * chance.uniform(0.5, 0.9))
    way = (2.1 * (cos(lean) * canvas.y + sin(lean) * canvas.x)).astype(np.float32)
    tone = ramp([canvas.colour(role) for role in ("shade", "ground", "glow")])
    tint = canvas.colour("tint")

    def paint(turn: float) -> Planes:
        sway, grain = bend(turn), ripple(turn)
        cloth = np.float32(2.6) * (way + np.float32(0.16) * sway)
        fold = cloth + np.float32(turn)
        # A sine that leans over: cloth rises slowly to its ridge and falls off behind it.
        ridge = np.sin(fold + np.float32(0.75) * np.sin(fold))
        pleat = np.sin(np.float32(2.3) * cloth + np.float32(0.8) * grain + np.float32(2 * turn))
        value = np.float32(0.50) + np.float32(0.33) * ridge + np.float32(0.13) * pleat
        luma, blue, red = tone(value)
        hue = np.clip(np.float32(0.45) * (sway + np.float32(0.6)), 0, 1) * np.clip(value, 0, 1)
        coarse = hue[::2, ::2]
        luma += (tint[0] - luma) * hue
        blue += (tint[1] - blue) * coarse
        red += (tint[2] - red) * coarse
        return luma, blue, red

    return paint


def beam(canvas: Canvas) -> Painter:
    """Shafts of light that fall from beyond a corner into a dark room, slowly opening and closing."""
    chance = canvas.chance
    side = -1.0 if chance.random() < 0.5 else 1.0
    across, down = canvas.x - np.float32(side * (canvas.wide + 0.25)), canvas.y + np.float32(canvas.high + 0.35)
    angle, far = (
        np.arctan2(down, -side * across),
        np.hypot(across, down) / np.float32(1.75 * hypot(canvas.wide, canvas.high)),
    )
    phase = turns(chance, 4)
    base = flat(canvas, canvas.colour("shade"))
    base = blend(base, canvas.colour("ground"), np.clip(1.5 - 0.8 * far, 0, 1))
    glow, tint = canvas.colour("glow"), canvas.colour("tint")
    fade = np.clip(1.35 - 0.85 * far, 0, 1)

    def paint(turn: float) -> Planes:
        bend = angle + 0.03 * np.sin(turn + phase[3])
        shaft = 0.62 + 0.26 * np.sin(5 * bend + phase[0] + turn) + 0.18 * np.sin(11 * bend + phase[1] - turn)
        shaft = shaft + 0.10 * np.sin(23 * bend + phase[2] + 2 * turn)
        planes = blend(base, tint, np.clip(fade * (1.15 - shaft), 0, 1) * np.float32(0.85))
        return blend(planes, glow, np.clip(fade * shaft, 0, 1) ** np.float32(1.6))

    return paint


def hearth(canvas: Canvas) -> Painter:
    """The glow of a fire below the frame, that breathes."""
    chance = canvas.chance
    phase = turns(chance, 4)
    base = flat(canvas, canvas.colour("shade"))
    base = blend(base, canvas.colour("ground"), smooth(-canvas.high, canvas.high, canvas.y + 0 * canvas.x))
    glow, tint = canvas.colour("glow"), canvas.colour("tint")
    middle = float(chance.uniform(-0.4, 0.4)) * canvas.wide

    def paint(turn: float) -> Planes:
        planes = base
        for each, (colour, amount, girth) in enumerate(((tint, 0.9, 1.05), (glow, 1.0, 0.72))):
            x = canvas.x - np.float32(middle + 0.08 * sin(turn + phase[each]))
            x = x + np.float32(0.06) * np.sin(5 * canvas.y + np.float32(phase[2]) + np.float32(turn))
            y = canvas.y - np.float32(canvas.high * 1.05)
            reach = girth * (1 + 0.06 * sin(2 * turn + phase[each]) + 0.03 * sin(5 * turn + phase[3]))
            near: Field = np.exp(-(x * x / np.float32((1.1 * reach) ** 2) + y * y / np.float32(reach**2)))
            planes = blend(planes, colour, near * np.float32(amount))
        return planes

    return paint
