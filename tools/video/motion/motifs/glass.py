"""A glass before the backdrop, at full resolution: what is sharp is etched on it, as a difference to what is behind.

Knows nothing about motifs; 128 is clear, as ffmpeg's grainmerge wants it.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from math import floor

import numpy as np
from numpy.typing import NDArray

from .canvas import Canvas, Field

Plane = NDArray[np.uint8]
Etcher = Callable[[float], None]
"""From the turn of the loop to a freshly etched glass. The glass is clean (its plate) when it is called."""

CLEAR = 128


class Glass:
    """Three planes of the frame's size, chroma halved. `plate` is what stands still, `now` the present frame."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        tall, wide = canvas.height, canvas.width
        shapes = (tall, wide), (tall // 2, wide // 2), (tall // 2, wide // 2)
        self.plate: list[Plane] = [np.full(shape, CLEAR, np.uint8) for shape in shapes]
        self.now: list[Plane] = [plane.copy() for plane in self.plate]

    @property
    def unit(self) -> int:
        """Pixels in the frame's short side."""
        return min(self.canvas.width, self.canvas.height)

    def clean(self) -> None:
        """Wipe the glass back to its plate."""
        for plane, still in zip(self.now, self.plate, strict=True):
            np.copyto(plane, still)

    def difference(self, colour: Field, amount: float = 1.0) -> Field:
        """What to add to the ground to come `amount` of the way to a colour, in 8-bit levels of Y, Cb, Cr."""
        step = (colour - self.canvas.colour("ground")) * np.array([219, 224, 224], np.float32)
        return (step * np.float32(amount)).astype(np.float32)

    @cached_property
    def _scatter(self) -> Field:
        # Half a level of noise, so that a wide soft sprite of few levels has no rings.
        noise = np.random.default_rng(self.canvas.seed).random((256, 256), np.float32)
        return np.tile(noise, (3, 3))

    def stamp(self, left: int, top: int, mask: Field, levels: Field, still: bool = False) -> None:
        """Add a mask (even sides, 0 to 1) times `levels` with its corner at even (left, top); clipped to the frame."""
        self.stamps([(left, top)], mask[None], levels[None], still)

    def stamps(self, corners: Sequence[tuple[int, int]], masks: Field, levels: Field, still: bool = False) -> None:
        """Many masks of one size at once: shapes (count, side, side) and (count, 3)."""
        planes = self.plate if still else self.now
        coarse = (masks[:, ::2, ::2] + masks[:, 1::2, 1::2]) * np.float32(0.5)
        for plane, shapes in enumerate((masks, coarse, coarse)):
            step = 2 if plane else 1
            if plane and np.abs(levels[:, plane]).max() < 0.5:
                continue
            steps = self._steps(shapes, levels[:, plane])
            for (left, top), patch in zip(corners, steps, strict=True):
                _add(planes[plane], left // step, top // step, patch)

    def _steps(self, masks: Field, level: Field) -> Plane:
        tall, wide = masks.shape[1:]
        scatter = self._scatter
        if tall > scatter.shape[0] or wide > scatter.shape[1]:
            scatter = np.tile(scatter, (tall // scatter.shape[0] + 1, wide // scatter.shape[1] + 1))
        steps = masks * level[:, None, None]
        steps += scatter[:tall, :wide]
        # The floor of x + noise rounds to x on average; a signed difference added modulo 256 is what we want.
        whole: Plane = np.floor(steps, out=steps).astype(np.int8).view(np.uint8)
        return whole


def _add(target: Plane, left: int, top: int, patch: Plane) -> None:
    tall, wide = patch.shape
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + wide, target.shape[1]), min(top + tall, target.shape[0])
    if x1 > x0 and y1 > y0:
        target[y0:y1, x0:x1] += patch[y0 - top : y1 - top, x0 - left : x1 - left]


def corner(at: float, radius: float) -> tuple[int, float]:
    """The even pixel where a patch of `radius` round `at` begins, and where its centre lies in it."""
    begin = 2 * floor((at - radius) / 2)
    return begin, at - begin
