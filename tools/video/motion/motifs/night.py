"""Night: a sky of stars, and the lights of a city.

Knows nothing about frames or files.
"""

from math import pi

import numpy as np

from .canvas import Canvas, Field, Painter, Planes, blend, flat, smooth, turns
from .fields import Swell, cycle, ramp
from .glass import Etcher, Glass
from .points import calm, motes, scattered


def sky(canvas: Canvas) -> Painter:
    """A clear night: darker above, and across it a band of faint mist."""
    chance = canvas.chance
    mist = Swell(canvas, wave=0.9, slope=2.2, churn=0.5)
    tilt = float(chance.choice([-1, 1]) * chance.uniform(0.5, 0.9))
    band = canvas.y * np.float32(np.cos(tilt)) + canvas.x * np.float32(np.sin(tilt))
    near = np.exp(-((band / np.float32(0.42)) ** 2)).astype(np.float32)
    base = flat(canvas, canvas.colour("shade"))
    base = blend(base, canvas.colour("ground"), smooth(-canvas.high, 1.3 * canvas.high, canvas.y + 0 * canvas.x))
    glow, tint = canvas.colour("glow"), canvas.colour("tint")

    def paint(turn: float) -> Planes:
        cloud = np.clip(0.5 + 0.32 * mist(turn), 0, 1) * near
        planes = blend(base, tint, (cloud * 0.75).astype(np.float32))
        return blend(planes, glow, (np.clip(cloud - 0.35, 0, 1) * 1.1).astype(np.float32))

    return paint


def stars(glass: Glass) -> Etcher:
    """Stars that twinkle while the sky circles slowly, the near ones further."""
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    white, warm = glass.difference(canvas.colour("ink", 0.7)), glass.difference(canvas.colour("accent"))
    depths = ((220, 0.0016, 1.4), (90, 0.0026, 1.7), (22, 0.0044, 1.8))
    shoals = []
    for count, radius, amount in depths:
        homes = scattered(glass, count)
        size = np.asarray(chance.uniform(0.8, 1.3, count) * radius * unit, np.float32)
        level = np.where(chance.random(count)[:, None] < 0.82, white, warm) * amount
        level = level * (0.4 + 0.6 * calm(canvas.width, canvas.height, homes[:, 0], homes[:, 1])[:, None])
        shoals.append((homes, size, level, turns(chance, count), chance.integers(1, 4, count)))
    sway = unit * 0.02

    def etch(turn: float) -> None:
        for each, (homes, size, level, phase, pace) in enumerate(shoals):
            twinkle = 0.68 + 0.32 * np.sin(pace * turn + phase)
            x = homes[:, 0] + sway * (each + 1) * np.float32(np.sin(turn))
            y = homes[:, 1] - sway * (each + 1) * np.float32(np.cos(turn))
            corners, masks = motes(x.astype(np.float32), y.astype(np.float32), size)
            glass.stamps(corners, masks, (level * twinkle[:, None]).astype(np.float32))

    return etch


def dusk(canvas: Canvas) -> Painter:
    """The glow of a city over its roofs: two rows of houses, the nearer darker, under a lit sky."""
    chance = canvas.chance
    part = np.clip(canvas.y / canvas.high * 0.5 + 0.5, 0, 1) + 0 * canvas.x
    tone = ramp([canvas.colour(role) for role in ("shade", "ground", "tint", "glow")])
    rise = np.clip(part**1.5 * 1.08, 0, 1).astype(np.float32)
    rows = [_roofs(canvas, chance, at) for at in (0, 1)]
    phase = turns(chance, 2)
    dark, far = canvas.colour("shade"), canvas.colour("ground")

    def paint(turn: float) -> Planes:
        sway = np.sin(np.float32(2.2) * canvas.x + np.float32(phase[0] + turn)) + np.sin(
            np.float32(3.4) * canvas.x - np.float32(phase[1] + turn) + 3 * canvas.y
        )
        luma, blue, red = tone(rise * (np.float32(0.96) + np.float32(0.06) * sway))
        for roof, colour in zip(rows, (far, dark), strict=True):
            cover = roof * np.float32(0.92)
            coarse = cover[::2, ::2]
            luma += (colour[0] - luma) * cover
            blue += (colour[1] - blue) * coarse
            red += (colour[2] - red) * coarse
        return luma, blue, red

    return paint


def _roofs(canvas: Canvas, chance: np.random.Generator, near: int) -> Field:
    """1 where a row of houses stands."""
    x = -canvas.wide - 0.05
    line = np.full(canvas.width, np.float32(canvas.high * 2))
    base = canvas.high * (0.50, 0.72)[near]
    while x < canvas.wide:
        width = float(chance.uniform(0.05, 0.13)) * (1 + 0.5 * near)
        height = base - canvas.high * float(chance.uniform(0.0, 0.30)) * (0.6 + 0.4 * float(chance.random()))
        inside = (canvas.x[0] >= x) & (canvas.x[0] < x + width)
        line[inside] = height
        x += width + float(chance.choice([0.0, 0.0, 0.012]))
    pixel = 2 * canvas.high / canvas.height
    cover: Field = np.clip((canvas.y - line[None, :]) / np.float32(pixel) + np.float32(0.5), 0, 1)
    return cover


def lights(glass: Glass) -> Etcher:
    """Windows that go on and off, and cars that pass below."""
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    warm, cool = glass.difference(canvas.colour("accent")), glass.difference(canvas.colour("accent2"))
    count = round(170 * canvas.width * canvas.height / (unit * unit * 1.78))
    cell = unit * 0.022
    x = np.rint(chance.uniform(0, canvas.width, count) / cell) * cell
    deep = chance.random(count) ** 0.8
    y = np.rint(canvas.height * (0.76 + 0.24 * deep) / cell) * cell
    level = np.where(chance.random(count)[:, None] < 0.75, warm, cool) * chance.uniform(0.45, 1.2, (count, 1))
    # Two windows in one place would shine twice as bright.
    _, first = np.unique(np.stack([x, y]), axis=1, return_index=True)
    level[np.setdiff1d(np.arange(count), first)] = 0
    phase, pace = turns(chance, count), chance.integers(1, 3, count)
    window = np.ones((2 * max(1, round(unit * 0.0042)), 2 * max(1, round(unit * 0.0030))), np.float32)
    corners = [(2 * int(one // 2), 2 * int(other // 2)) for one, other in zip(x, y, strict=True)]
    masks = np.broadcast_to(window, (count, *window.shape))
    cars = [(float(chance.random()), int(chance.choice([-2, -1, 1, 2])), float(chance.uniform(0.945, 0.985)))
            for _ in range(14)]  # fmt: skip
    radius = np.full(len(cars), unit * 0.005, np.float32)

    def etch(turn: float) -> None:
        on = np.clip(np.sin(pace * turn + phase) * 4 + 2.6, 0, 1)
        glass.stamps(corners, masks, (level * on[:, None]).astype(np.float32))
        part = np.array([cycle(turn, start, abs(way)) for start, way, _ in cars])
        part = np.where([way > 0 for _, way, _ in cars], part, 1 - part)
        fade = np.sin(pi * part) ** 0.3
        at = np.asarray(part * canvas.width * 1.1 - 0.05 * canvas.width, np.float32)
        down = np.asarray([height * canvas.height for _, _, height in cars], np.float32)
        spots, glow = motes(at, down, radius)
        tint = np.where([[way > 0] for _, way, _ in cars], warm, cool) * 0.9
        glass.stamps(spots, glow, (tint * fade[:, None]).astype(np.float32))

    return etch
