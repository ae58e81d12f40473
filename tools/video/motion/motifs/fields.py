"""Fields that move in exact loops: fractal noise, colour ramps, and the light that drifts behind everything.

Knows nothing about any one motif.
"""

from collections.abc import Callable, Sequence
from math import cos, sin, tau

import numpy as np
from numpy.typing import NDArray

from .canvas import Canvas, Field, Planes, blend, flat, smooth, turns


class Swell:
    """Fractal noise that evolves and drifts, and is back where it began after one turn.

    Every wave of its spectrum turns a whole number of times a loop, so the loop closes exactly.

    Args:
        wave: length of the longest waves in units of the frame's short side.
        slope: how fast short waves fade; 1.2 is rocky, 2.5 is silk.
        drift: how far it travels a loop, right and down, in the same units.
        churn: how much it changes its form on the way.
    """

    def __init__(
        self,
        canvas: Canvas,
        wave: float,
        slope: float = 1.8,
        drift: tuple[float, float] = (0.0, 0.0),
        churn: float = 0.6,
        stretch: float = 1.0,
    ) -> None:
        # A torus larger than the frame, so that opposite edges do not echo each other.
        self._shape = canvas.height, canvas.width
        tall, wide = (_fit(int(side * 1.3)) for side in self._shape)
        unit = canvas.width / (2 * canvas.wide)  # pixels in one short side
        down = np.fft.fftfreq(tall)[:, None] * unit
        across = np.fft.rfftfreq(wide)[None, :] * unit
        pitch = np.hypot(across, down * stretch) * wave
        power = np.where(pitch > 0.3, np.maximum(pitch, 1.0) ** -slope * np.minimum(pitch, 1.0) ** 2, 0.0)
        shape = power.shape
        chance = canvas.chance
        weights = chance.normal(size=shape) + 1j * chance.normal(size=shape)
        spectrum = (weights * power).astype(np.complex64)
        spin = np.rint(chance.normal(0, churn, shape) - across * drift[0] - down * drift[1])
        self._lively = np.nonzero(power > power.max() * 1e-3)
        self._weights = spectrum[self._lively]
        low, high = int(spin.min()), int(spin.max())
        self._spins: Field = np.arange(low, high + 1, dtype=np.float32)
        self._spin: NDArray[np.intp] = (spin[self._lively] - low).astype(np.intp)
        self._spectrum = np.zeros(shape, np.complex64)
        self._torus = tall, wide
        self._gain = 1.0
        self._gain = 1.0 / max(float(np.std(self(0.0))), 1e-9)

    def __call__(self, turn: float) -> Field:
        """The field at `turn`: mean about 0, deviation about 1."""
        turned = np.exp(1j * self._spins * np.float32(turn)).astype(np.complex64)
        self._spectrum[self._lively] = self._weights * turned[self._spin]
        whole = np.fft.irfft2(self._spectrum, s=self._torus)
        part: Field = whole[: self._shape[0], : self._shape[1]].astype(np.float32) * np.float32(self._gain)
        return part


def _fit(count: int) -> int:
    # The next number of points whose prime factors are 2, 3 and 5: the transform is fast there.
    while True:
        rest = count
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1 and count % 2 == 0:
            return count
        count += 1


def ramp(colours: Sequence[Field]) -> Callable[[Field], Planes]:
    """Colours evenly spaced along 0 to 1, to be looked up by value; chroma comes at half size."""
    stops, index = np.linspace(0, 1, len(colours)), np.linspace(0, 1, 8192)
    table = [np.interp(index, stops, [colour[plane] for colour in colours]).astype(np.float32) for plane in range(3)]

    def look(value: Field) -> Planes:
        place = (np.clip(value, 0, 1) * np.float32(8191)).astype(np.uint16)
        coarse = place[::2, ::2]
        return table[0][place], table[1][coarse], table[2][coarse]

    return look


def haze(canvas: Canvas, strength: float = 1.0) -> Callable[[float], Planes]:
    """Light that travels over the ground: one large glow, one tinted, corners in the shade."""
    chance = canvas.chance
    phase = turns(chance, 3)
    side = 1.0 if chance.random() < 0.5 else -1.0
    base = flat(canvas, canvas.colour("ground"))
    corner = smooth(0.55, 1.5, np.hypot(canvas.x / canvas.wide, canvas.y / canvas.high))
    base = blend(base, canvas.colour("shade"), corner * np.float32(0.9))
    glow, tint = canvas.colour("glow"), canvas.colour("tint")

    def paint(turn: float) -> Planes:
        planes = base
        for each, colour, amount, reach, girth in ((0, glow, 0.95, 0.2, 0.75), (1, tint, 0.7, 0.28, 0.55)):
            way = -side if each else side
            x = canvas.x - way * canvas.wide * 0.62 - reach * cos(turn + phase[each])
            y = canvas.y + way * canvas.high * 0.5 - reach * sin(turn + phase[each])
            near: Field = np.exp(-(x * x + y * y) / np.float32(girth**2))
            planes = blend(planes, colour, near * np.float32(amount * strength))
        return planes

    return paint


def swing(turn: float, phase: float, times: int = 1) -> float:
    """A sine that closes with the loop."""
    return sin(times * turn + phase)


def cycle(turn: float, start: float, times: int = 1) -> float:
    """0 to 1, `times` a loop, beginning at `start`."""
    return (turn / tau * times + start) % 1.0
