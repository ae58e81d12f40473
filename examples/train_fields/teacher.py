"""The teacher: eighteen motifs as motion fields, drawn by formulas, exactly periodic in time, at any aspect.

Knows grids and parameters; knows nothing about words or networks. A field has three channels: density, and the flow
across and down in half short sides a loop. Everything moves by whole cycles a loop, so that the last frame leads into
the first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
TAU = np.float32(2 * np.pi)
FLOW = 3.0
"""Half short sides a loop that make a flow of one: the fastest translations are about one."""


@dataclass(frozen=True)
class Params:
    """What a motif is asked for, each 0 to 1; `way` is the angle in radians that things move towards, 0 to the right
    and a quarter turn down; `turning` is 1 or -1, `mirrored` folds the picture about its upright axis.
    """

    speed: float = 0.5
    scale: float = 0.5
    density: float = 0.5
    turbulence: float = 0.3
    contrast: float = 0.7
    way: float = 0.0
    turning: int = 1
    mirrored: bool = False


@dataclass(frozen=True)
class Grid:
    """Coordinates of a clip: the short side runs from -1 to 1. `turn` is (T, 1, 1), `x` (1, 1, W), `y` (1, H, 1)."""

    frames: int
    rows: int
    columns: int

    @property
    def wide(self) -> float:
        """Half the width."""
        return self.columns / min(self.rows, self.columns)

    @property
    def high(self) -> float:
        """Half the height."""
        return self.rows / min(self.rows, self.columns)

    @property
    def turn(self) -> Array:
        """Angles of one loop."""
        return (np.arange(self.frames, dtype=np.float32) / self.frames * TAU)[:, None, None]

    @property
    def x(self) -> Array:
        """Across."""
        return (((np.arange(self.columns) + 0.5) / self.columns * 2 - 1) * self.wide).astype(np.float32)[None, None]

    @property
    def y(self) -> Array:
        """Down."""
        return (((np.arange(self.rows) + 0.5) / self.rows * 2 - 1) * self.high).astype(np.float32)[None, :, None]


Chance = np.random.Generator
Field = tuple[Array, Array | float, Array | float]
Motif = Callable[[Grid, Params, Chance], Field]


def cycles(p: Params, low: float = 1.0, high: float = 3.4) -> int:
    """Whole cycles a loop for a speed."""
    return max(1, round(low + (high - low) * p.speed))


def pace(p: Params) -> float:
    """Half short sides a loop that a translation covers."""
    return 0.4 + 2.2 * p.speed


def swell(
    grid: Grid, chance: Chance, wave: float, way: float, drift: float, churn: float, modes: int = 9, stretch: float = 1
) -> Array:
    """Noise of wave number about `wave`, that moves `drift` half sides a loop towards `way`; spread about 1.

    Each mode turns by whole cycles; rounding to them, and `churn`, break its shape up as it goes.
    """
    angle = chance.uniform(0, 2 * np.pi, modes)
    number = wave * chance.uniform(0.55, 1.5, modes)
    across, down = number * np.cos(angle) * stretch, number * np.sin(angle)
    exact = -(across * np.cos(way) + down * np.sin(way)) * drift / (2 * np.pi)
    loose = churn * chance.normal(0, 1.0, modes)
    turns = np.round(exact + loose)
    phase = chance.uniform(0, 2 * np.pi, modes)
    total: Array = np.zeros((grid.frames, grid.rows, grid.columns), np.float32)
    for index in range(modes):
        total += np.cos(
            np.float32(across[index]) * grid.x
            + np.float32(down[index]) * grid.y
            + np.float32(turns[index]) * grid.turn
            + np.float32(phase[index])
        )
    return total * np.float32((2 / modes) ** 0.5)


def level(values: Array, p: Params, lift: float = 0.0, reach: float = 1.0) -> Array:
    """Values of spread 1 as density: more of it at high density, steeper at high contrast."""
    steep = 0.7 + 1.9 * p.contrast
    shown: Array = 1 / (
        1 + np.exp(-np.float32(steep) * (values * np.float32(reach) + np.float32(1.6 * (p.density - 0.5) + lift)))
    )
    return shown


def spots(grid: Grid, x: Array, y: Array, across: Array, down: Array, light: Array) -> Array:
    """The sum of soft spots; `x`, `y`, `light` are (T, N) or (1, N), the girths (N)."""
    wide = np.exp(-(((grid.x[0] - x[..., None]) / across[None, :, None]) ** 2))
    high = np.exp(-(((grid.y[0, :, 0] - y[..., None]) / down[None, :, None]) ** 2))
    summed: Array = np.einsum(
        "tnh,tnw->thw", high * light[..., None], np.broadcast_to(wide, (grid.frames, *wide.shape[1:])), optimize=True
    )
    return summed.astype(np.float32)


def drifting(grid: Grid, p: Params, chance: Chance, count: int, laps: int, girth: float) -> tuple[Array, Array]:
    """Places (T, N) of things that cross the frame towards `p.way`, whole laps a loop, and come in again behind."""
    reach = (
        float(np.hypot(grid.wide, grid.high))
        if np.sin(2 * p.way) ** 2 > 0.05
        else (grid.wide if abs(np.cos(p.way)) > 0.5 else grid.high)
    )
    side = grid.high if abs(np.cos(p.way)) > 0.5 else grid.wide
    span = 2 * (reach + girth)
    part = grid.turn[:, 0] / TAU
    along = (chance.uniform(0, 1, count)[None] + laps * part) % 1.0 * span - span / 2
    # Lanes rather than chance alone: chance leaves half the frame empty.
    lanes = ((chance.permutation(count) + chance.uniform(0.1, 0.9, count)) / count * 2 - 1) * (side + girth * 0.3)
    sway = lanes[None] + 0.10 * p.turbulence * np.sin(
        grid.turn[:, 0] * chance.integers(1, 3, count)[None] + chance.uniform(0, 6.3, count)[None]
    )
    x = along * np.cos(p.way) - sway * np.sin(p.way)
    y = along * np.sin(p.way) + sway * np.cos(p.way)
    return x.astype(np.float32), y.astype(np.float32)


def moved(p: Params, amount: float) -> tuple[float, float]:
    """A flow of one direction."""
    return amount * float(np.cos(p.way)) / FLOW, amount * float(np.sin(p.way)) / FLOW


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
    bent = Grid(grid.frames, grid.rows, grid.columns)
    body = swell(bent, chance, wave, p.way, drift, 0.6 * p.turbulence, stretch=1.7 if tall else 0.6)
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


def _count(p: Params, grid: Grid, few: float, many: float) -> int:
    return max(3, round((few + (many - few) * p.density) * grid.wide * grid.high))


def bokeh(grid: Grid, p: Params, chance: Chance) -> Field:
    """Large soft discs out of focus, that float and breathe."""
    count = _count(p, grid, 5, 16)
    girth = (0.16 + 0.26 * p.scale) * chance.uniform(0.7, 1.3, count)
    x, y = drifting(grid, p, chance, count, 1, 0.5)
    swing = 0.12 + 0.5 * p.speed
    home_x, home_y = (
        x[:1] + swing * 0.4 * np.cos(grid.turn[:, 0] + chance.uniform(0, 6.3, count)),
        y[:1] + swing * 0.4 * np.sin(grid.turn[:, 0] + chance.uniform(0, 6.3, count)),
    )
    if p.speed > 0.33:
        home_x, home_y = x, y
    light = (0.45 + 0.5 * p.contrast) * (
        0.7 + 0.3 * np.sin(grid.turn[:, 0] * chance.integers(1, 3, count) + chance.uniform(0, 6.3, count))
    )
    wide = np.exp(-((np.abs((grid.x[0] - home_x[..., None]) / girth[None, :, None])) ** 2))
    # Flatter than a bell: a disc is even up to its rim.
    far = ((grid.x[:, None] - home_x[..., None, None]) ** 2 + (grid.y[:, None] - home_y[..., None, None]) ** 2) / (
        girth[None, :, None, None] ** 2
    )
    del wide
    discs = (light[..., None, None] / (1 + np.exp(np.clip((far - 1) * 5, -30, 30)))).astype(np.float32)
    shown: Array = 1 - np.prod(1 - np.clip(discs, 0, 0.98), axis=1)
    drift = 2 * grid.high if p.speed > 0.33 else 0.0
    return shown, *moved(p, drift)


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
    """Small lights that drift, each with its own flicker."""
    count = _count(p, grid, 9, 30)
    girth = 0.09 + 0.07 * p.scale
    x, y = drifting(grid, p, chance, count, 1, girth * 2)
    light = (0.55 + 0.5 * p.contrast) * (
        0.55 + 0.45 * np.sin(grid.turn[:, 0] * cycles(p) + chance.uniform(0, 6.3, count))
    )
    even = np.full(count, girth, np.float32)
    shown = np.clip(spots(grid, x, y, even, even, light.astype(np.float32)), 0, 1)
    reach = grid.high if abs(np.sin(p.way)) > 0.7 else grid.wide
    return shown, *moved(p, 2 * reach)


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
        line = np.float32(grid.high * (-0.55 + 1.25 * index / ridges)) + np.float32(0.13 * grid.high) * crest
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


MOTIFS: dict[str, Motif] = {
    motif.__name__: motif
    for motif in (
        clouds, smoke, ink, waves, caustics, ripples, aurora, bokeh, particles, rain, snow, embers, stars, lights,
        swirl, marble, dunes, cells,
    )
}  # fmt: skip


def teach(motif: str, p: Params, grid: Grid, chance: Chance) -> Array:
    """A clip of a motif: (3, T, H, W); density 0 to 1, and flow."""
    density, across, down = MOTIFS[motif](grid, p, chance)
    clip = np.empty((3, grid.frames, grid.rows, grid.columns), np.float32)
    clip[0], clip[1], clip[2] = density, across, down
    if p.mirrored:
        half = grid.columns // 2
        clip[..., grid.columns - half :] = clip[..., :half][..., ::-1]
        clip[1, ..., grid.columns - half :] *= -1
    return clip


def blend(one: Array, other: Array) -> Array:
    """Two motifs in one clip: light over light, and the flow of what is brighter."""
    share = (one[0] + 0.05) / (one[0] + other[0] + 0.1)
    both = one * share + other * (1 - share)
    both[0] = 1 - (1 - one[0]) * (1 - 0.8 * other[0])
    return both
