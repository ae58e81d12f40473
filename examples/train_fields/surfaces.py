"""Motifs that fill the frame: clouds, smoke, ink, fluids, curtains, stone, hills and cells.

Knows no motif that is made of single things (things.py).
"""

from dataclasses import replace

import numpy as np
from grid import FLOW, Array, Chance, Field, Grid, Params, cycles, level, moved, pace, swell


def clouds(grid: Grid, p: Params, chance: Chance) -> Field:
    """Heaps that drift."""
    wave = 5.6 - 3.4 * p.scale
    drift = pace(p) * 0.7
    body = swell(grid, chance, wave, p.way, drift, 0.25 * p.turbulence)
    body += np.float32(0.35 + 0.3 * p.turbulence) * swell(grid, chance, 2.1 * wave, p.way, drift, 0.5 * p.turbulence)
    return level(body, p), *moved(p, drift)


def smoke(grid: Grid, p: Params, chance: Chance) -> Field:
    """Plumes, drawn out along the way they go, thinning towards its end."""
    wave = 5.0 - 2.6 * p.scale
    drift = pace(p) * 0.85
    bend = swell(grid, chance, 2.2, p.way, drift * 0.8, 0.4)
    tall = abs(np.sin(p.way)) > 0.7
    body = swell(grid, chance, wave, p.way, drift, 0.6 * p.turbulence, stretch=1.7 if tall else 0.6)
    along = grid.x * np.float32(np.cos(p.way)) / np.float32(grid.wide) + grid.y * np.float32(
        np.sin(p.way)
    ) / np.float32(grid.high)
    shown = level(body + 0.6 * bend - np.float32(0.7) * along, p, -0.1)
    return shown, *moved(p, drift)


def ink(grid: Grid, p: Params, chance: Chance) -> Field:
    """Ink in water: dark bodies with curled, warped edges, sinking on."""
    wave = 3.6 - 2.0 * p.scale
    warp = swell(grid, chance, 3.2, p.way, 0.7 * pace(p), 0.7) * np.float32(0.25 + 0.35 * p.turbulence)
    body = swell(grid, chance, wave, p.way, 0.4 * pace(p), 0.3)
    folds = np.sin(
        np.float32(2.6) * body + np.float32(2.2) * warp + np.float32(1.5) * grid.y * np.float32(np.sin(p.way))
    )
    return level(folds * np.float32(1.3) + 0.5 * body, replace(p, contrast=min(1.0, p.contrast + 0.25)), -0.2), *moved(
        p, 0.4 * pace(p)
    )


def waves(grid: Grid, p: Params, chance: Chance) -> Field:
    """Straight wave fronts that travel."""
    number = 9.5 - 6.0 * p.scale
    lean = p.way + chance.normal(0, 0.10)
    along = grid.x * np.float32(np.cos(lean)) + grid.y * np.float32(np.sin(lean))
    aside = -grid.x * np.float32(np.sin(lean)) + grid.y * np.float32(np.cos(lean))
    laps = cycles(p, 1, 3)
    bend = np.float32(0.2 + 0.9 * p.turbulence) * np.sin(
        np.float32(1.9) * aside + np.float32(chance.uniform(0, 6.3)) + grid.turn
    )
    front = np.float32(number) * along - laps * grid.turn + bend
    crest = np.sin(front + np.float32(0.6) * np.sin(front))
    swelling = np.float32(0.3) * np.sin(
        np.float32(0.4 * number) * along - max(1, laps // 2) * grid.turn + np.float32(chance.uniform(0, 6.3))
    )
    drift = laps * 2 * np.pi / number
    return level(crest * np.float32(1.2) + swelling, p), *moved(p, float(drift))


def caustics(grid: Grid, p: Params, chance: Chance) -> Field:
    """The net of light on the floor of a pool."""
    wave = 6.4 - 3.4 * p.scale
    first = swell(grid, chance, wave, 0, 0, 0.35 + 0.8 * p.speed, modes=7)
    second = swell(grid, chance, wave, 0, 0, 0.35 + 0.8 * p.speed, modes=7)
    net = np.exp(-np.float32(2.2 - 0.9 * p.density) * np.abs(first)) + np.exp(
        -np.float32(2.2 - 0.9 * p.density) * np.abs(second)
    )
    shown: Array = np.clip(net * np.float32(0.42 + 0.3 * p.contrast) + np.float32(0.25 * p.density - 0.14), 0, 1)
    return shown, 0.12 * np.roll(first, 1, 1) / FLOW, 0.12 * second / FLOW


def ripples(grid: Grid, p: Params, chance: Chance) -> Field:
    """Rings that run outward from a point, or into it."""
    centre = chance.uniform(-0.35, 0.35, 2) * (grid.wide, grid.high)
    if p.mirrored:
        centre[0] = 0
    x, y = grid.x - np.float32(centre[0]), grid.y - np.float32(centre[1])
    far = np.sqrt(x * x + y * y + np.float32(0.01))
    number = 13.0 - 8.0 * p.scale
    laps = cycles(p, 1, 3) * p.turning
    ring = (
        np.float32(number) * far
        - laps * grid.turn
        + np.float32(0.8 * p.turbulence) * np.sin(2 * np.arctan2(y, x) + grid.turn)
    )
    fade = np.exp(-far * np.float32(0.55 + 0.5 * (1 - p.density)))
    drift = laps * 2 * np.pi / number / FLOW
    return (
        level(np.float32(2.0) * np.sin(ring) * fade, p),
        (drift * x / far + 0 * ring).astype(np.float32),
        (drift * y / far + 0 * ring).astype(np.float32),
    )


def aurora(grid: Grid, p: Params, chance: Chance) -> Field:
    """Curtains of light, hanging from their hems, that sway."""
    laps = cycles(p, 1, 2.4)
    sign = 1 if np.cos(p.way) >= 0 else -1
    shown: Array = np.zeros((grid.frames, grid.rows, grid.columns), np.float32)
    for index in range(2 + (p.density > 0.5)):
        a, b, c = chance.uniform(0, 6.3, 3)
        fold = grid.x + np.float32(0.12) * np.sin(np.float32(3.2) * grid.x + np.float32(a) - sign * laps * grid.turn)
        hem = np.float32(grid.high * (0.65 - 0.5 * index)) + np.float32(0.16) * np.sin(
            np.float32(2.5) * fold + np.float32(b) - sign * grid.turn
        )
        rays = np.float32(0.6) + np.float32(0.4) * np.sin(
            np.float32(14 - 8 * p.scale) * fold + np.float32(c) - sign * laps * grid.turn
        )
        above = hem - grid.y
        veil = np.exp(-np.maximum(above, 0) / np.float32(grid.high * (0.4 + 0.3 * p.scale))) / (1 + np.exp(-above * 14))
        shown = 1 - (1 - shown) * (1 - np.clip(veil * rays * np.float32(0.5 + 0.7 * p.contrast), 0, 1))
    return shown, sign * 0.5 * laps / FLOW, 0.0


def swirl(grid: Grid, p: Params, chance: Chance) -> Field:
    """A spiral that turns."""
    centre = chance.uniform(-0.3, 0.3, 2) * (0 if p.mirrored else 1)
    x, y = grid.x - np.float32(centre[0]), grid.y - np.float32(centre[1])
    far, angle = np.sqrt(x * x + y * y + np.float32(0.02)), np.arctan2(y, x)
    arms = int(chance.integers(2, 4))
    laps = cycles(p, 1, 2.4) * p.turning
    arm = arms * angle + p.turning * np.float32(7.5 - 4.5 * p.scale) * np.log(far + np.float32(0.15)) - laps * grid.turn
    arm = arm + np.float32(1.2 * p.turbulence) * np.sin(3 * far * 2 + angle + grid.turn)
    fade = np.exp(-np.float32(0.5 + 0.4 * (1 - p.density)) * far)
    rate = np.float32(laps * 2 * np.pi / arms / FLOW)
    return level(np.float32(2.1) * np.sin(arm) * fade, p), -rate * y + 0 * arm, rate * x + 0 * arm


def marble(grid: Grid, p: Params, chance: Chance) -> Field:
    """Veins in stone, that creep."""
    warp = swell(grid, chance, 2.4, p.way, 0.5 * pace(p), 0.35 + 0.5 * p.turbulence)
    lean = float(chance.choice([-1, 1]) * chance.uniform(0.4, 0.9))
    band = np.float32(5.5 - 3.0 * p.scale) * (grid.x * np.float32(np.cos(lean)) + grid.y * np.float32(np.sin(lean)))
    vein = np.abs(np.sin(band + np.float32(1.5) * warp + np.float32(chance.uniform(0, 6.3))))
    sharp = vein ** np.float32(0.35 + 0.4 * p.density)
    return np.clip(1 - sharp * np.float32(0.65 + 0.45 * p.contrast), 0, 1), *moved(p, 0.5 * pace(p))


def dunes(grid: Grid, p: Params, chance: Chance) -> Field:
    """Hills behind hills, each lighter than the one before, sliding at their own speed."""
    sign = 1 if np.cos(p.way) >= 0 else -1
    ridges = 3 + round(2 * p.density)
    shown: Array = np.full((grid.frames, grid.rows, grid.columns), 0.06, np.float32)
    for index in range(ridges):
        near = (index + 1) / ridges
        number = (1.4 + 2.4 * (1 - p.scale)) * (1.5 - 0.7 * near)
        a, b = chance.uniform(0, 6.3, 2)
        laps = cycles(p, 1, 2.4)
        crest = np.sin(np.float32(number) * grid.x + np.float32(a) - sign * laps * grid.turn)
        crest = crest + np.float32(0.3 + 0.4 * p.turbulence) * np.sin(
            np.float32(2.3 * number) * grid.x + np.float32(b) - sign * 2 * laps * grid.turn
        )
        line = (
            np.float32(grid.high * (-0.55 + 1.25 * index / ridges))
            + np.float32((0.08 + 0.12 * p.scale) * grid.high) * crest
        )
        ground = 1 / (1 + np.exp(-(grid.y - line) * 16))
        tone = 0.16 + (0.25 + 0.6 * p.contrast) * near
        lit = tone * (np.float32(0.75) + np.float32(0.25) * np.exp(-np.maximum(grid.y - line, 0) * 4))
        shown = shown * (1 - ground) + ground * lit
    return shown, sign * 1.2 * (0.5 + p.speed) / FLOW, 0.0


def cells(grid: Grid, p: Params, chance: Chance) -> Field:
    """Cells side by side, with bright walls, that push each other."""
    step = 0.42 + 0.34 * p.scale
    columns, rows = int(np.ceil(2 * grid.wide / step)) + 2, int(np.ceil(2 * grid.high / step)) + 2
    home = np.array(
        [
            ((c - 0.5 + 0.5 * (r % 2)) * step - grid.wide, (r - 0.5) * step - grid.high)
            for r in range(rows)
            for c in range(columns)
        ]
    )
    home = home + chance.uniform(-0.3, 0.3, home.shape) * step
    swing = (0.10 + 0.2 * p.speed) * step
    turn = grid.turn[:, :, 0]
    place_x = home[None, :, 0] + swing * np.sin(turn + chance.uniform(0, 6.3, len(home)))
    place_y = home[None, :, 1] + swing * np.cos(turn + chance.uniform(0, 6.3, len(home)))
    far = (grid.x[0, 0][None, None, None] - place_x[:, :, None, None].astype(np.float32)) ** 2 + (
        grid.y[0, :, 0][None, None, :, None] - place_y[:, :, None, None].astype(np.float32)
    ) ** 2
    nearest = np.partition(far, 1, axis=1)[:, :2]
    gap = np.sqrt(nearest[:, 1]) - np.sqrt(nearest[:, 0])
    wall = np.exp(-gap / np.float32((0.10 + 0.22 * p.density) * step))
    return np.clip(wall * np.float32(0.5 + 0.5 * p.contrast), 0, 1), 0.0, 0.0
