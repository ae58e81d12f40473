"""Points of light: discs out of focus, and dust in a beam.

Knows nothing about what shines behind them: they are etched on a glass.
"""

from math import ceil, pi, sin

import numpy as np

from .canvas import Field, turns
from .fields import cycle, swing
from .glass import Etcher, Glass, corner


def bokeh(glass: Glass) -> Etcher:
    """Discs of light out of focus in three depths: the nearer, the larger, the softer and the faster."""
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    depths = ((9, 0.035, 0.06, 0.05, 0.34), (8, 0.07, 0.12, 0.10, 0.26), (5, 0.15, 0.24, 0.18, 0.16))
    discs = []
    for count, small, large, travel, amount in depths:
        homes = scattered(glass, count)
        for home in homes:
            radius = float(chance.uniform(small, large)) * unit
            role = chance.choice(["accent", "accent", "accent2", "glow"])
            levels = glass.difference(canvas.colour(role), amount * float(chance.uniform(0.7, 1.0)))
            soft = max(1.5, 0.02 * radius + 40 * travel * radius / unit)
            discs.append((home, radius, soft, levels * _calm(glass, home), travel * unit, float(chance.random())))
    phase = turns(chance, len(discs))

    def etch(turn: float) -> None:
        for (home, radius, soft, levels, travel, start), sway in zip(discs, phase, strict=True):
            life = cycle(turn, start)
            shine = sin(pi * life) ** 0.8 * (0.86 + 0.14 * swing(turn, float(sway), 2))
            x = home[0] + travel * (0.6 * (life - 0.5) + 0.12 * swing(turn, float(sway)))
            y = home[1] - travel * (life - 0.5)
            left, top, mask = disc(x, y, radius, soft)
            glass.stamp(left, top, mask, levels * np.float32(shine))

    return etch


def disc(x: float, y: float, radius: float, soft: float) -> tuple[int, int, Field]:
    """A disc with a brighter rim, its edge `soft` pixels wide; and the corner of its patch."""
    reach = radius + soft
    side = 2 * ceil(reach) + 4
    left, cx = corner(x, reach + 1)
    top, cy = corner(y, reach + 1)
    at = np.arange(side, dtype=np.float32) + np.float32(0.5)
    square = (at - np.float32(cx))[None, :] ** 2 + (at - np.float32(cy))[:, None] ** 2
    square *= np.float32(1 / radius**2)
    mask: Field = np.clip((1 - square) * np.float32(radius / (2 * soft)) + np.float32(0.5), 0, 1)
    square *= square
    mask *= np.float32(0.62) + np.float32(0.38) * np.minimum(square, 1)
    return left, top, mask


def particles(glass: Glass) -> Etcher:
    """Dust in a beam of light: fine motes far away, fewer and larger ones near, rising and turning."""
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    bright = glass.difference(canvas.colour("accent"))
    pale = glass.difference(canvas.colour("glow"), 1.2)
    depths = ((64, 0.0011, 0.10, 0.8), (30, 0.0024, 0.17, 0.95), (12, 0.0055, 0.26, 0.6), (5, 0.020, 0.36, 0.3))
    motes = []
    for count, radius, travel, amount in depths:
        homes = scattered(glass, count)
        size = chance.uniform(0.7, 1.4, count) * radius * unit
        shine = chance.uniform(0.45, 1.0, count) * amount * [_calm(glass, home) for home in homes]
        start, sway, lean = chance.random(count), turns(chance, count), chance.uniform(-0.5, 0.9, count)
        motes.append((homes, size, travel * unit, shine, start, sway, lean))

    def etch(turn: float) -> None:
        for homes, size, travel, shine, start, sway, lean in motes:
            life = (turn / (2 * pi) + start) % 1.0
            glow = shine * np.sin(pi * life) ** 0.6 * (0.75 + 0.25 * np.sin(2 * turn + sway))
            x = homes[:, 0] + travel * (lean * (life - 0.5) + 0.10 * np.sin(turn + sway))
            y = homes[:, 1] - travel * (life - 0.5 + 0.06 * np.sin(turn + 2 * sway))
            for each in range(len(homes)):
                left, top, mask = mote(x[each], y[each], size[each])
                levels = bright if each % 3 else pale
                glass.stamp(left, top, mask, levels * np.float32(glow[each]))

    return etch


def mote(x: float, y: float, radius: float) -> tuple[int, int, Field]:
    """A small light: a core and a faint halo; and the corner of its patch."""
    reach = max(3.0, radius * 5)
    side = 2 * ceil(reach) + 4
    left, cx = corner(x, reach + 1)
    top, cy = corner(y, reach + 1)
    at = np.arange(side, dtype=np.float32) + np.float32(0.5)
    across, down = (at - np.float32(cx)) ** 2, (at - np.float32(cy)) ** 2
    tight, wide = np.float32(-0.7 / radius**2), np.float32(-0.1 / radius**2)
    core = np.exp(down * tight)[:, None] * np.exp(across * tight)[None, :]
    halo = np.exp(down * wide)[:, None] * np.exp(across * wide)[None, :]
    mask: Field = np.float32(0.86) * core + np.float32(0.14) * halo
    return left, top, mask


def scattered(glass: Glass, count: int) -> Field:
    """Places over the whole frame that keep a distance from each other: the best of eight tries each."""
    canvas = glass.canvas
    places = canvas.chance.random((count, 8, 2)) * (canvas.width * 1.1, canvas.height * 1.1)
    places -= (canvas.width * 0.05, canvas.height * 0.05)
    chosen = np.empty((count, 2), np.float32)
    for each in range(count):
        away = np.hypot(*(places[each][:, None] - chosen[None, :each]).transpose(2, 0, 1))
        chosen[each] = places[each][int(np.argmax(away.min(axis=1)))] if each else places[0][0]
    return chosen


def _calm(glass: Glass, home: Field) -> np.float32:
    # Text stands in the middle: lights there are weaker.
    canvas = glass.canvas
    x, y = home[0] / canvas.width - 0.5, home[1] / canvas.height - 0.5
    far = (x / 0.5) ** 2 + (y / 0.42) ** 2
    return np.float32(0.4 + 0.6 * min(1.0, far))
