"""Motifs that are made of single things: discs, flakes, drops, sparks, stars and lit windows.

Knows no motif that fills the frame (surfaces.py).
"""

from dataclasses import replace

import numpy as np
from grid import Array, Chance, Field, Grid, Params, cycles, drifting, floating, moved, pace, spots, swell


def _count(p: Params, grid: Grid, few: float, many: float) -> int:
    return max(3, round((few + (many - few) * p.density) * grid.wide * grid.high))


def bokeh(grid: Grid, p: Params, chance: Chance) -> Field:
    """Large soft discs out of focus, that come up, float on and fade."""
    count = _count(p, grid, 5, 16)
    girth = (0.16 + 0.26 * p.scale) * chance.uniform(0.7, 1.3, count)
    drift = 0.8 * pace(p)
    x, y, shown = floating(grid, p, chance, count, drift)
    light = shown * (0.45 + 0.5 * p.contrast)
    # Flatter than a bell: a disc is even up to its rim.
    far = ((grid.x[:, None] - x[..., None, None]) ** 2 + (grid.y[:, None] - y[..., None, None]) ** 2) / (
        girth[None, :, None, None] ** 2
    )
    discs = (light[..., None, None] / (1 + np.exp(np.clip((far - 1) * 5, -30, 30)))).astype(np.float32)
    return 1 - np.prod(1 - np.clip(discs, 0, 0.98), axis=1), *moved(p, drift)


def _dots(
    grid: Grid, p: Params, chance: Chance, count: int, girth: float, laps: int, long: float = 1.0
) -> tuple[Array, float]:
    size = girth * chance.uniform(0.75, 1.3, count)
    x, y = drifting(grid, p, chance, count, laps, girth * 2)
    tall = abs(np.sin(p.way)) > 0.7
    across, down = (size, size * long) if tall else (size * long, size)
    light = chance.uniform(0.6, 1.0, (1, count)) * (0.5 + 0.6 * p.contrast)
    shown = np.clip(
        spots(grid, x, y, across.astype(np.float32), down.astype(np.float32), light.astype(np.float32)), 0, 1
    )
    reach = grid.high if tall else grid.wide
    return shown, laps * 2 * (reach + girth * 2)


def particles(grid: Grid, p: Params, chance: Chance) -> Field:
    """Small lights that come up, drift on and fade, each with its own flicker."""
    count = _count(p, grid, 11, 36)
    girth = 0.09 + 0.07 * p.scale
    drift = 0.8 * pace(p)
    x, y, seen = floating(grid, p, chance, count, drift)
    flicker = 0.6 + 0.4 * np.sin(grid.turn[:, 0] * cycles(p) + chance.uniform(0, 6.3, count))
    even = np.full(count, girth, np.float32)
    light = (seen * flicker * (0.55 + 0.5 * p.contrast)).astype(np.float32)
    return np.clip(spots(grid, x, y, even, even, light), 0, 1), *moved(p, drift)


def rain(grid: Grid, p: Params, chance: Chance) -> Field:
    """Streaks that fall fast."""
    shown, drift = _dots(grid, p, chance, _count(p, grid, 12, 34), 0.05 + 0.04 * p.scale, cycles(p, 1, 2.4), long=6.5)
    return shown, *moved(p, drift)


def snow(grid: Grid, p: Params, chance: Chance) -> Field:
    """Soft flakes that fall slowly and sway."""
    swaying = replace(p, turbulence=0.6 + p.turbulence)
    shown, drift = _dots(grid, swaying, chance, _count(p, grid, 10, 30), 0.075 + 0.07 * p.scale, cycles(p, 1, 1.7))
    return shown, *moved(p, drift)


def embers(grid: Grid, p: Params, chance: Chance) -> Field:
    """Sparks over a glow, brightest where they start and dying on their way."""
    shown, drift = _dots(
        grid,
        replace(p, turbulence=0.8),
        chance,
        _count(p, grid, 10, 26),
        0.075 + 0.06 * p.scale,
        cycles(p, 1, 2.4),
        long=1.4,
    )
    along = grid.x * np.float32(np.cos(p.way)) / np.float32(grid.wide) + grid.y * np.float32(
        np.sin(p.way)
    ) / np.float32(grid.high)
    glow = np.exp(-np.float32(2.2) * (along + 1)) * (
        np.float32(0.75) + np.float32(0.12) * swell(grid, chance, 2.2, p.way, pace(p), 0.5, modes=4)
    )
    return np.clip(shown * (np.float32(0.95) - np.float32(0.4) * along) + glow, 0, 1), *moved(p, drift)


def stars(grid: Grid, p: Params, chance: Chance) -> Field:
    """Points that stand still and twinkle."""
    count = _count(p, grid, 10, 34)
    girth = (0.065 + 0.06 * p.scale) * chance.uniform(0.7, 1.4, count)
    x, y = (chance.uniform(-1, 1, (1, count)) * side for side in (grid.wide, grid.high))
    often = cycles(p) + chance.integers(0, 2, count)
    light = (0.5 + 0.55 * p.contrast) * (0.6 + 0.4 * np.sin(grid.turn[:, 0] * often + chance.uniform(0, 6.3, count)))
    shape = girth.astype(np.float32)
    still = [np.broadcast_to(side, (grid.frames, count)).astype(np.float32) for side in (x, y)]
    return np.clip(spots(grid, still[0], still[1], shape, shape, light.astype(np.float32)), 0, 1), 0.0, 0.0


def lights(grid: Grid, p: Params, chance: Chance) -> Field:
    """City lights in rows below a skyline: squares that go on and off."""
    step = 0.24 + 0.14 * p.scale
    columns, rows = int(2 * grid.wide / step), int(1.3 * grid.high / step)
    places = [(c, r) for c in range(columns) for r in range(rows)]
    lit = [place for place in places if chance.random() < 0.3 + 0.5 * p.density]
    lit = lit or places[:1]
    x = np.array([(c + 0.5) * step - grid.wide for c, _ in lit], np.float32)
    y = np.array([grid.high - (r + 0.5) * step for _, r in lit], np.float32)
    often = cycles(p, 1, 2.6)
    on = 1 / (1 + np.exp(-5 * (np.sin(grid.turn[:, 0] * often + chance.uniform(0, 6.3, len(lit))) + 0.3)))
    girth = np.full(len(lit), step * 0.36, np.float32)
    shown = spots(
        grid,
        np.broadcast_to(x, on.shape),
        np.broadcast_to(y, on.shape),
        girth,
        girth,
        (on * (0.45 + 0.5 * p.contrast)).astype(np.float32),
    )
    return np.clip(shown, 0, 1), 0.0, 0.0
