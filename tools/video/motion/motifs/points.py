"""Points of light: discs out of focus, and dust in a beam.

Knows nothing about what shines behind them: they are etched on a glass.
"""

from math import ceil, pi, sin

import numpy as np
from numpy.typing import NDArray

from .canvas import Field, turns
from .fields import cycle, swing
from .glass import Etcher, Glass, corner


def bokeh(glass: Glass) -> Etcher:
    """Discs of light out of focus in three depths: the nearer, the larger, the softer and the faster."""
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    depths = ((10, 0.03, 0.05, 0.06, 0.42), (8, 0.06, 0.10, 0.11, 0.32), (4, 0.12, 0.18, 0.18, 0.22))
    discs = []
    for count, small, large, travel, amount in depths:
        for home in scattered(glass, count):
            radius = float(chance.uniform(small, large)) * unit
            role = chance.choice(["accent", "accent", "accent2", "glow"])
            levels = glass.difference(canvas.colour(role), amount * float(chance.uniform(0.7, 1.0)))
            soft = max(1.2, radius * (0.016 + 0.4 * travel))
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
    across, down = ((at - np.float32(centre)) ** 2 / np.float32(radius**2) for centre in (cx, cy))
    square = across[None, :] + down[:, None]
    edge = np.float32(radius / (2 * soft))
    mask: Field = square * -edge
    mask += edge + np.float32(0.5)
    np.clip(mask, 0, 1, out=mask)
    square *= square
    square *= np.float32(0.4)
    square += np.float32(0.6)
    mask *= square
    return left, top, mask


def particles(glass: Glass) -> Etcher:
    """Dust in a beam of light: fine motes far away, fewer and larger ones near, rising and turning."""
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    bright, warm = glass.difference(canvas.colour("accent")), glass.difference(canvas.colour("accent2"))
    depths = ((70, 0.0015, 0.10, 1.0), (36, 0.0030, 0.17, 1.0), (16, 0.0065, 0.26, 0.8), (4, 0.016, 0.36, 0.45))
    shoals = []
    for count, radius, travel, amount in depths:
        homes = scattered(glass, count)
        size = np.asarray(chance.uniform(0.7, 1.3, count) * radius * unit, np.float32)
        shine = chance.uniform(0.5, 1.0, count) * amount * [_calm(glass, home) for home in homes]
        colours = np.where(chance.random(count)[:, None] < 0.7, bright, warm)
        shoals.append(
            (homes, size, travel * unit, shine[:, None] * colours, chance.random(count), turns(chance, count))
        )

    def etch(turn: float) -> None:
        for homes, size, travel, levels, start, sway in shoals:
            life = (turn / (2 * pi) + start) % 1.0
            glow = np.sin(pi * life) ** 0.6 * (0.75 + 0.25 * np.sin(2 * turn + sway))
            x = homes[:, 0] + travel * (0.7 * np.cos(sway) * (life - 0.5) + 0.10 * np.sin(turn + sway))
            y = homes[:, 1] - travel * (life - 0.5 + 0.06 * np.sin(turn + 2 * sway))
            corners, masks = motes(x, y, size)
            glass.stamps(corners, masks, (levels * glow[:, None]).astype(np.float32))

    return etch


def motes(x: Field, y: Field, radius: Field) -> tuple[list[tuple[int, int]], Field]:
    """Small lights of one shoal, each a core and a faint halo; and the corners of their patches."""
    reach = max(3.0, float(radius.max()) * 3.4) + 1
    side = 2 * ceil(reach) + 2
    left, top = (2 * np.floor((at - reach) / 2) for at in (x, y))
    at = np.arange(side, dtype=np.float32)[None, :] + np.float32(0.5)
    across, down = (((at - (near - begin)[:, None]) ** 2).astype(np.float32) for near, begin in ((x, left), (y, top)))
    tight, wide = (np.float32(-power) / radius[:, None] ** 2 for power in (0.7, 0.22))
    masks = np.exp(down * tight)[:, :, None] * (np.float32(0.84) * np.exp(across * tight))[:, None, :]
    masks += np.exp(down * wide)[:, :, None] * (np.float32(0.16) * np.exp(across * wide))[:, None, :]
    return [(int(one), int(other)) for one, other in zip(left, top, strict=True)], masks


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


def calm(width: int, height: int, x: NDArray[np.floating], y: NDArray[np.floating]) -> Field:
    """How strong lights may be where they are: text stands in the middle, so they are weaker there."""
    far = ((x / width - 0.5) / 0.5) ** 2 + ((y / height - 0.5) / 0.42) ** 2
    return np.asarray(0.4 + 0.6 * np.minimum(1.0, far), np.float32)


def _calm(glass: Glass, home: Field) -> np.float32:
    return np.float32(calm(glass.canvas.width, glass.canvas.height, home[:1], home[1:])[0])
