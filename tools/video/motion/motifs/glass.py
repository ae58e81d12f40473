"""A glass before the backdrop, at full resolution: what is sharp is etched on it, as a difference to what is behind.

Knows nothing about motifs; 128 is clear, as ffmpeg's grainmerge wants it.
"""

from collections.abc import Callable
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
        planes = self.plate if still else self.now
        tall, wide = mask.shape
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + wide, self.canvas.width), min(top + tall, self.canvas.height)
        if x1 <= x0 or y1 <= y0:
            return
        cut = mask[y0 - top : y1 - top, x0 - left : x1 - left]
        _add(planes[0][y0:y1, x0:x1], cut, levels[0], self._scatter)
        if abs(levels[1]) + abs(levels[2]) < 1:
            return
        coarse = (cut[::2, ::2] + cut[1::2, ::2] + cut[::2, 1::2] + cut[1::2, 1::2]) * np.float32(0.25)
        for plane in (1, 2):
            _add(planes[plane][y0 // 2 : y1 // 2, x0 // 2 : x1 // 2], coarse, levels[plane], self._scatter)


def _add(target: Plane, mask: Field, level: float, scatter: Field) -> None:
    tall, wide = mask.shape
    if tall > scatter.shape[0] or wide > scatter.shape[1]:
        scatter = np.tile(scatter, (tall // scatter.shape[0] + 1, wide // scatter.shape[1] + 1))
    step = mask * np.float32(level)
    step += scatter[:tall, :wide]
    # Adding modulo 256 is adding a signed difference; floor of x + noise rounds to x on average.
    target += np.floor(step, out=step).astype(np.int16).astype(np.uint8)


def corner(at: float, radius: float) -> tuple[int, float]:
    """The even pixel where a patch of `radius` round `at` begins, and where its centre lies in it."""
    begin = 2 * floor((at - radius) / 2)
    return begin, at - begin
