"""What a motif paints on: coordinates, a palette as video colours, chance by seed, and a loop.

Knows nothing about any motif, nor about ffmpeg.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import pi

import numpy as np
from numpy.typing import NDArray

from ....media import Size
from ..styles import Palette, Role, contrast

Field = NDArray[np.float32]
Planes = tuple[Field, Field, Field]
"""Luma and the two chroma planes, 0 to 1 at full range; chroma may have half the width and height."""
Painter = Callable[[float], Planes]
"""From the turn of the loop (0 to 2 pi) to a frame. All motion must be periodic in the turn."""

FLOOR = 5.4
"""Contrast that every colour of a canvas keeps to the ink: 4.5 and room for grain and rounding."""
_GRAIN = 4
"""Luma levels that grain may add."""


@dataclass(frozen=True)
class Canvas:
    """A picture of `width` x `height` low-resolution pixels that will be scaled up to `size`."""

    size: Size
    width: int
    height: int
    palette: Palette
    seed: int

    @cached_property
    def chance(self) -> np.random.Generator:
        """Random numbers that depend on nothing but the seed."""
        return np.random.default_rng(self.seed)

    @cached_property
    def x(self) -> Field:
        """Columns, in units of the frame's short side, 0 in the middle; shape (1, width)."""
        short = min(self.size.width, self.size.height)
        at = (np.arange(self.width) + 0.5) / self.width - 0.5
        return (at * self.size.width / short).astype(np.float32)[None, :]

    @cached_property
    def y(self) -> Field:
        """Rows, like `x`; shape (height, 1)."""
        short = min(self.size.width, self.size.height)
        at = (np.arange(self.height) + 0.5) / self.height - 0.5
        return (at * self.size.height / short).astype(np.float32)[:, None]

    @cached_property
    def wide(self) -> float:
        """Half the frame's width in units of its short side."""
        return self.size.width / min(self.size.width, self.size.height) / 2

    @cached_property
    def high(self) -> float:
        """Half the frame's height in units of its short side."""
        return self.size.height / min(self.size.width, self.size.height) / 2

    def colour(self, role: Role, amount: float = 1.0) -> Field:
        """The role's colour as Y, Cb, Cr, mixed `amount` into the ground and held readable behind the ink."""
        return video_colour(readable(self.palette, role, amount))


@cache
def readable(palette: Palette, role: Role, amount: float = 1.0) -> tuple[float, float, float]:
    """The role mixed into the ground as far as `amount` and the ink's contrast allow; RGB 0 to 1."""
    ground, target = _rgb(palette.ground), _rgb(getattr(palette, role))
    while amount > 0:
        mixed = _mix(ground, target, amount)
        if contrast(palette.ink, _hex(mixed)) >= FLOOR:
            return mixed
        amount -= 0.01
    return ground


@cache
def limits(palette: Palette) -> tuple[int, int]:
    """The darkest and the brightest 8-bit luma on which the ink still reads, whatever lights fall together."""
    roles: tuple[Role, ...] = ("accent", "accent2", "glow", "tint")
    lumas = [float(video_colour(readable(palette, role))[0]) for role in roles]
    if palette.dark:
        # The darkest of the colours at the limit: a strong hue is more luminous than its luma tells.
        lit = [luma for role, luma in zip(roles, lumas, strict=True) if role.startswith("accent")]
        return 16, round(16 + 219 * max(min(lit), lumas[2], lumas[3])) - _GRAIN
    return round(16 + 219 * min(lumas)) + _GRAIN, 235


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _mix(a: Sequence[float], b: Sequence[float], amount: float) -> tuple[float, float, float]:
    red, green, blue = (one + (other - one) * amount for one, other in zip(a, b, strict=True))
    return red, green, blue


def _hex(rgb: Sequence[float]) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in rgb)


def video_colour(rgb: Sequence[float]) -> Field:
    """BT.709 Y, Cb, Cr of an RGB colour: Y 0 to 1, chroma around 0.5."""
    red, green, blue = rgb
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.array([luma, (blue - luma) / 1.8556 + 0.5, (red - luma) / 1.5748 + 0.5], np.float32)


def blend(base: Planes, colour: Field, amount: Field) -> Planes:
    """`colour` laid over `base` with an opacity a pixel."""
    luma, blue, red = (plane + (part - plane) * amount for plane, part in zip(base, colour, strict=True))
    return luma, blue, red


def flat(canvas: Canvas, colour: Field) -> Planes:
    """A canvas full of one colour."""
    luma, blue, red = (np.full((canvas.height, canvas.width), part, np.float32) for part in colour)
    return luma, blue, red


def smooth(low: float, high: float, value: Field) -> Field:
    """0 below `low`, 1 above `high`, and an S between (Hermite)."""
    part: Field = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return part * part * (3 - 2 * part)


def turns(chance: np.random.Generator, count: int) -> Field:
    """Random phases, 0 to 2 pi."""
    return chance.uniform(0, 2 * pi, count).astype(np.float32)
