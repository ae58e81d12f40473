"""What can be measured on a picture: colours, light, crispness, calm areas, and a hash of how it looks.

Knows nothing about files or words: it sees RGB arrays.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from . import Area
from .vectors import Pixels

Plane = NDArray[np.float32]
_SHARE = 0.15
"""Part of a picture that a colour fills before it counts as one of its colours."""
_EVEN = 5.0
"""Mean step between neighbouring pixels, of 255, below which text reads well on an area."""
_CRISP = 150.0
"""Variance of the Laplacian that stands half way between blur and crisp, at 640 pixels across."""
_HUES = (
    (18, "red"),
    (42, "orange"),
    (68, "yellow"),
    (165, "green"),
    (255, "blue"),
    (290, "purple"),
    (340, "pink"),
    (361, "red"),
)
"""Where one colour's name ends on the circle, in degrees: Berlin and Kay's basic terms."""
NEAR = 10
"""Bits of 64 by which two hashes of one picture differ at most: scaled, recompressed, slightly cropped."""


def luma(pixels: Pixels) -> Plane:
    """Rec. 709 luma, 0 to 255."""
    grey: Plane = pixels.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return grey


def colours(pixels: Pixels) -> tuple[str, ...]:
    """Names of the colours that fill a good part of the picture, the largest first."""
    rows = _thinned(pixels).reshape(-1, 3).astype(np.float32) / np.float32(255)
    high, low = rows.max(axis=1), rows.min(axis=1)
    spread = high - low
    saturation = np.divide(spread, high, out=np.zeros_like(high), where=high > 0)
    hue = _hue(rows, high, spread)
    names = np.full(len(rows), "grey", "<U8")
    for end, name in reversed(_HUES):
        names[hue < end] = name
    names[(hue > 15) & (hue < 50) & (high < 0.6) & (saturation > 0.25)] = "brown"
    dull = saturation < 0.18
    names[dull] = "grey"
    names[dull & (high > 0.82)] = "white"
    names[high < 0.18] = "black"
    found, counts = np.unique(names, return_counts=True)
    order = sorted(zip(counts, found, strict=True), key=lambda row: (-row[0], row[1]))
    return tuple(str(name) for count, name in order if count >= _SHARE * len(rows))


def _hue(rows: Plane, high: Plane, spread: Plane) -> Plane:
    red, green, blue = rows.T
    safe = np.where(spread > 0, spread, 1)
    hue = np.where(
        high == red,
        (green - blue) / safe % 6,
        np.where(high == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    degrees: Plane = (hue * 60).astype(np.float32)
    return degrees


def brightness(pixels: Pixels) -> float:
    """Mean luma, 0 to 1."""
    return round(float(luma(_thinned(pixels)).mean()) / 255, 3)


def sharpness(pixels: Pixels) -> float:
    """0 for a blur, 1 for a crisp picture: variance of the Laplacian, bent so that it never ends."""
    grey = luma(pixels)
    edges = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    variance = float(edges.var()) if edges.size else 0.0
    return round(variance / (variance + _CRISP), 3)


def calm(pixels: Pixels) -> tuple[Area, ...]:
    """Thirds of the picture in which little happens."""
    grey = luma(pixels)
    height, width = grey.shape
    if height < 6 or width < 6:
        return ()
    across = np.abs(np.diff(grey, axis=1))[:-1]
    down = np.abs(np.diff(grey, axis=0))[:, :-1]
    busy = across + down
    tall, wide = height // 3, width // 3
    areas: dict[Area, Plane] = {
        "top": busy[:tall],
        "bottom": busy[-tall:],
        "left": busy[:, :wide],
        "right": busy[:, -wide:],
        "centre": busy[tall:-tall, wide:-wide],
    }
    return tuple(name for name, part in areas.items() if part.size and float(part.mean()) < _EVEN)


def looks(pixels: Pixels) -> str:
    """A perceptual hash of 64 bits (Zauner 2010): the signs of a small picture's lowest cosine waves, in hex."""
    waves = _waves()
    block = (waves @ _small(luma(pixels), 32) @ waves.T).ravel()
    # The first wave is the picture's light, which a hash must not see.
    bits = block > np.median(block[1:])
    bits[0] = False
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def apart(one: str, other: str) -> int:
    """Bits by which two hashes differ; 64 where one is missing."""
    return (int(one, 16) ^ int(other, 16)).bit_count() if one and other else 64


@cache
def _waves() -> Plane:
    at = np.arange(32)
    waves: Plane = np.cos(np.pi / 32 * (at[None, :] + 0.5) * np.arange(8)[:, None]).astype(np.float32)
    return waves


def _small(grey: Plane, side: int) -> Plane:
    """Means over a grid: no resampling library decides what the hash is."""
    rows = np.linspace(0, grey.shape[0], side + 1).astype(int)
    columns = np.linspace(0, grey.shape[1], side + 1).astype(int)
    rows, columns = np.minimum(rows[:-1], grey.shape[0] - 1), np.minimum(columns[:-1], grey.shape[1] - 1)
    if grey.shape[0] < side or grey.shape[1] < side:
        taken: Plane = grey[rows][:, columns]
        return taken
    sums = np.add.reduceat(np.add.reduceat(grey, rows, axis=0), columns, axis=1)
    tall = np.diff([*rows, grey.shape[0]])[:, None]
    wide = np.diff([*columns, grey.shape[1]])[None, :]
    mean: Plane = (sums / (tall * wide)).astype(np.float32)
    return mean


def _thinned(pixels: Pixels) -> Pixels:
    step = max(1, min(pixels.shape[0], pixels.shape[1]) // 96)
    return pixels[::step, ::step]
