"""Weather: rain, snow and embers, etched on the glass in depths, the nearer the larger and the faster.

Knows nothing about what shines behind them.
"""

from dataclasses import dataclass
from math import ceil, pi

import numpy as np

from .canvas import Field, turns
from .glass import Etcher, Glass
from .points import calm, motes, scattered


@dataclass(frozen=True)
class Fall:
    """One depth: how many, how large (in short sides), how often they cross the frame a loop, how strong."""

    count: int
    size: float
    times: int
    amount: float


def rain(glass: Glass) -> Etcher:
    """Slanted threads of rain in three depths."""
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    slant = float(chance.choice([-1, 1]) * chance.uniform(0.10, 0.16))
    bright = glass.difference(canvas.colour("ink", 0.5))
    pale = glass.difference(canvas.colour("accent2")) if canvas.palette.dark else bright * np.float32(0.6)
    falls = (Fall(90, 0.06, 6, 0.8), Fall(48, 0.11, 8, 1.2), Fall(16, 0.20, 11, 1.6))
    sheets = []
    for fall in falls:
        streak = _streak(fall.size * unit, slant, max(1.0, unit * 0.0014 * (1 + fall.size * 8)))
        x, start = chance.random(fall.count), chance.random(fall.count)
        level = np.where(chance.random(fall.count)[:, None] < 0.8, bright, pale) * fall.amount
        level *= chance.uniform(0.5, 1.0, (fall.count, 1))
        sheets.append((fall, streak, x, start, level.astype(np.float32)))

    def etch(turn: float) -> None:
        for fall, streak, x, start, level in sheets:
            tall, wide = streak.shape
            life = (turn / (2 * pi) * fall.times + start) % 1.0
            # A new column for every fall, the same ones in every loop.
            lap = np.floor(turn / (2 * pi) * fall.times + start) % fall.times
            column = (x + 0.618 * lap) % 1.0
            top = life * (canvas.height + 2 * tall) - 1.5 * tall
            left = column * (canvas.width * 1.3) - 0.15 * canvas.width + slant * (top - canvas.height / 2) - wide / 2
            corners = _even(left, top)
            glass.stamps(corners, np.broadcast_to(streak, (fall.count, tall, wide)), level)

    return etch


def _streak(length: float, slant: float, thick: float) -> Field:
    """A slanted line, bright at its lower end."""
    tall = 2 * ceil(length / 2)
    wide = 2 * ceil((abs(slant) * tall + 2 * thick + 4) / 2)
    down = np.arange(tall, dtype=np.float32)[:, None]
    middle = wide / 2 + slant * (down - tall / 2)
    away = np.abs(np.arange(wide, dtype=np.float32)[None, :] + np.float32(0.5) - middle)
    part = down / tall
    shine = part**1.5 * np.clip((1 - part) * 12, 0, 1)
    mask: Field = (np.clip(thick / 2 + 0.5 - away, 0, 1) * shine).astype(np.float32)
    return mask


def _even(left: Field, top: Field) -> list[tuple[int, int]]:
    return [(2 * int(one // 2), 2 * int(other // 2)) for one, other in zip(left, top, strict=True)]


def snow(glass: Glass) -> Etcher:
    """Flakes that sway as they sink; the nearest are large, soft and few."""
    falls = (Fall(110, 0.0028, 1, 1.6), Fall(56, 0.0050, 1, 1.6), Fall(22, 0.0095, 2, 1.1), Fall(6, 0.022, 2, 0.6))
    # On a light ground snow is what is lighter still: dark specks would be dirt.
    tones = ("ink", "ink", "accent2") if glass.canvas.palette.dark else ("glow", "glow", "panel")
    return _drift(glass, falls, up=False, tones=tones, sway=0.035, flicker=0.1)


def embers(glass: Glass) -> Etcher:
    """Sparks that rise from below, waver and go out."""
    falls = (Fall(90, 0.0020, 1, 1.6), Fall(50, 0.0034, 2, 1.5), Fall(18, 0.0058, 2, 1.2), Fall(5, 0.014, 3, 0.6))
    return _drift(glass, falls, up=True, tones=("accent", "accent", "accent2"), sway=0.05, flicker=0.35)


def _drift(
    glass: Glass, falls: tuple[Fall, ...], *, up: bool, tones: tuple[str, ...], sway: float, flicker: float
) -> Etcher:
    canvas, unit = glass.canvas, glass.unit
    chance = canvas.chance
    shoals = []
    for fall in falls:
        homes = scattered(glass, fall.count)
        size = np.asarray(chance.uniform(0.7, 1.35, fall.count) * fall.size * unit, np.float32)
        shine = chance.uniform(0.55, 1.0, fall.count) * fall.amount
        roles = chance.choice(tones, fall.count)
        amount = 0.8 if "ink" in tones else 1.6 if "glow" in tones else 1.0
        level = np.stack([glass.difference(canvas.colour(role, amount)) for role in roles]) * shine[:, None]
        shoals.append((fall, homes, size, level, chance.random(fall.count), turns(chance, fall.count)))
    margin = 0.08 * canvas.height

    def etch(turn: float) -> None:
        for fall, homes, size, level, start, phase in shoals:
            life = (turn / (2 * pi) * fall.times + start) % 1.0
            lap = np.floor(turn / (2 * pi) * fall.times + start) % fall.times
            part = 1 - life if up else life
            y = part * (canvas.height + 2 * margin) - margin
            x = (homes[:, 0] + lap * 0.618 * canvas.width) % (canvas.width * 1.1) - 0.05 * canvas.width
            x = x + sway * unit * (np.sin(2 * pi * life * 2 + phase) + 0.5 * np.sin(turn * 3 + 2 * phase))
            glow = np.clip(life * 8, 0, 1) * np.clip((1 - life) * (2.2 if up else 8), 0, 1)
            glow = glow * (1 - flicker + flicker * np.sin(turn * 9 + 5 * phase))
            quiet = calm(canvas.width, canvas.height, x, y)
            corners, masks = motes(np.asarray(x, np.float32), np.asarray(y, np.float32), size)
            glass.stamps(corners, masks, (level * (glow * quiet)[:, None]).astype(np.float32))

    return etch
