"""What motifs are drawn with: coordinates, parameters, noise that loops, spots and things that cross the frame.

Knows no motif. Everything moves by whole cycles a loop, so that the last frame leads into the first.
"""

from collections.abc import Callable
from dataclasses import dataclass

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
"""Density, flow across and flow down, in half short sides a loop over FLOW."""
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


def floating(grid: Grid, p: Params, chance: Chance, count: int, drift: float) -> tuple[Array, Array, Array]:
    """Places (T, N) of things that go `drift` half sides towards `p.way` in a loop, and how far each is to be seen.

    A thing comes up, goes on and fades: so it may go any distance, not only whole laps.
    """
    age = (grid.turn[:, 0] / TAU + chance.uniform(0, 1, count)[None]) % 1.0
    across, down = ((chance.permutation(count) + chance.uniform(0.1, 0.9, count)) / count * 2 - 1 for _ in range(2))
    gone = drift * (age - 0.5)
    sway = 0.10 * p.turbulence * np.sin(grid.turn[:, 0] + chance.uniform(0, 6.3, count)[None])
    x = across * grid.wide * 1.1 + gone * np.cos(p.way) - sway * np.sin(p.way)
    y = down * grid.high * 1.1 + gone * np.sin(p.way) + sway * np.cos(p.way)
    return x.astype(np.float32), y.astype(np.float32), np.clip(2.0 * np.sin(np.pi * age), 0, 1).astype(np.float32)


def moved(p: Params, amount: float) -> tuple[float, float]:
    """A flow of one direction."""
    return amount * float(np.cos(p.way)) / FLOW, amount * float(np.sin(p.way)) / FLOW
