"""Brands: a palette derived from one colour, the colours of a picture, and a style sheet in somebody's own typefaces.

Knows nothing about brand files: a brand arrives as a value. Lightness and hue are OKLab's, contrast is WCAG's.
"""

from math import atan2, cos, hypot, sin, tau
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ... import ffmpeg, fonts
from .. import Brand
from .styles import Palette, Sheet, contrast

_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
_GROUNDS = ("ground", "shade", "glow", "tint", "panel")
_PLAN = {
    # role: lightness and the most chroma on dark and on light grounds, and the turn of the hue.
    "ground": ((0.25, 0.075), (0.93, 0.030), 0.0),
    "shade": ((0.16, 0.050), (0.88, 0.045), 0.0),
    "glow": ((0.41, 0.120), (0.98, 0.015), 0.0),
    "tint": ((0.37, 0.110), (0.90, 0.050), 0.12),
    "panel": ((0.31, 0.080), (0.97, 0.015), 0.0),
    "ink": ((0.985, 0.010), (0.20, 0.030), 0.0),
    "muted": ((0.87, 0.035), (0.40, 0.045), 0.0),
    "accent": ((0.82, 0.170), (0.48, 0.190), 0.0),
    "accent2": ((0.82, 0.140), (0.46, 0.140), 0.40),
}


_HUES, _APART = 24, 4
"""Hues that are told apart, and how many of them lie between a main colour and an accent: 60 degrees."""
_TELLS = 0.08
"""An accent has at least this part of the main colour's weight: less is a stray."""
_SIDE = 128
_NEIGHBOUR = 0.4
"""Radians of hue between two colours of one ground: further apart they fight."""


def branded(sheet: Sheet, brand: Brand) -> Sheet:
    """The sheet in the brand's typefaces; ToolMissing where a family is not installed."""
    faces = {}
    for role, family in (("display", brand.display), ("text", brand.text)):
        if family:
            face = getattr(sheet, role)
            fonts.family(family, face.weight)
            faces[role] = face.model_copy(update={"family": family})
    return sheet.model_copy(update=faces)


def derived(colour: str, accent: str = "", *, light: bool = False, name: str = "brand") -> Palette:
    """A whole palette from one colour: its hue everywhere, and every role as readable as in our own palettes.

    >>> palette = derived("#0057B8")
    >>> contrast(palette.ink, palette.glow) >= 7
    True
    """
    _, chroma, hue = _polar(colour)
    roles = {}
    for role, (dark, bright, turn) in _PLAN.items():
        lightness, most = bright if light else dark
        roles[role] = _hex(lightness, min(chroma * 1.2, most), hue + turn * tau)
    own = _polar(accent or colour)
    target = (_PLAN["accent"][1] if light else _PLAN["accent"][0])[0]
    roles["accent"] = (accent or colour).upper() if abs(own[0] - target) < 0.12 else _hex(target, own[1], own[2])
    for role, least in (("ink", 7.05), ("muted", 4.6), ("accent", 3.1), ("accent2", 3.1)):
        roles[role] = _readable(roles[role], [roles[each] for each in _GROUNDS], least, 1 if not light else -1)
    return Palette(name=name, **roles)


def bright(palette: Palette) -> Palette:
    """The palette turned round: its accent is the ground, its deepest shade the words; for a shot that breaks the row.

    >>> from .styles import sheet
    >>> turned = bright(sheet("clean").palettes[0])
    >>> turned.dark, contrast(turned.ink, turned.glow) >= 7
    (False, True)
    """
    if not palette.dark:
        return palette
    _, chroma, hue = _polar(palette.accent)
    apart = (_polar(palette.accent2)[2] - hue + tau / 2) % tau - tau / 2
    near = hue + max(-_NEIGHBOUR, min(_NEIGHBOUR, apart))
    roles = {
        "ground": _hex(0.85, min(chroma, 0.17), hue),
        "shade": _hex(0.80, min(chroma, 0.17), hue),
        "glow": _hex(0.92, min(chroma, 0.12), hue),
        "tint": _hex(0.84, min(chroma, 0.15), near),
        "panel": _hex(0.94, min(chroma, 0.08), hue),
        "ink": palette.shade,
        "muted": _hex(0.36, 0.05, hue),
        "accent": _hex(0.42, 0.16, _polar(palette.tint)[2]),
        "accent2": _hex(0.40, 0.12, _polar(palette.glow)[2]),
    }
    for role, least in (("ink", 7.05), ("muted", 5.4), ("accent", 5.6), ("accent2", 4.6)):
        roles[role] = _readable(roles[role], [roles[each] for each in _GROUNDS], least, -1)
    return Palette(name=f"{palette.name}, bright", **roles)


def _readable(colour: str, grounds: list[str], least: float, way: int) -> str:
    """The colour, lightened or darkened until it reads on every ground."""
    lightness, chroma, hue = _polar(colour)
    while min(contrast(colour, ground) for ground in grounds) < least and 0 < lightness < 1:
        lightness += 0.01 * way
        colour = _hex(lightness, chroma * 0.99, hue)
    return colour


def colour_of(pixels: NDArray[np.uint8]) -> str:
    """The colour a picture is remembered by: its most frequent strong hue. `pixels` are RGB, (…, 3)."""
    return pair_of(pixels)[0]


def pair_of(pixels: NDArray[np.uint8]) -> tuple[str, str]:
    """The two colours a picture is remembered by: its strongest hue, and one well apart from it; empty if none is."""
    flat = pixels.reshape(-1, 3)
    lab = _lab(flat[:: max(1, len(flat) // 20000)] / 255.0)
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.arctan2(lab[:, 2], lab[:, 1])
    weight = np.clip(chroma - 0.02, 0, 0.25) * (1 - np.abs(2 * np.clip(lab[:, 0], 0, 1) - 1.1) * 0.6)
    if float(weight.sum()) <= 0:
        return _hex(float(lab[:, 0].mean()), 0.0, 0.0), ""
    place = (hue / tau * _HUES).round().astype(int) % _HUES
    heaps = np.bincount(place, weights=weight, minlength=_HUES)
    heaps = heaps + 0.5 * (np.roll(heaps, 1) + np.roll(heaps, -1))
    first = int(heaps.argmax())
    apart = np.abs((np.arange(_HUES) - first + _HUES // 2) % _HUES - _HUES // 2)
    others = np.where(apart >= _APART, heaps, 0.0)
    second = _mean(lab, weight, place, int(others.argmax())) if others.max() >= _TELLS * heaps.max() else ""
    return _mean(lab, weight, place, first), second


def _mean(lab: NDArray[np.float64], weight: NDArray[np.float64], place: NDArray[np.int_], hue: int) -> str:
    near = np.abs((place - hue + _HUES // 2) % _HUES - _HUES // 2) <= 1
    share = weight * near
    lightness, a, b = (float((lab[:, axis] * share).sum() / share.sum()) for axis in range(3))
    return _hex(lightness, hypot(a, b), atan2(b, a))


def pixels_of(picture: Path) -> NDArray[np.uint8]:
    """A picture at the size at which its colours are told, RGB; a clear ground counts as black, which has no hue."""
    options = ["-map", "[v]", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    raw = b"".join(ffmpeg.decode(ffmpeg.Input(picture), f"[0:v:0]scale={_SIDE}:{_SIDE}:flags=area[v]", options))
    return np.frombuffer(raw[: _SIDE * _SIDE * 3], np.uint8).reshape(-1, 3)


def _lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    found: NDArray[np.float64] = np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T
    return found


def _polar(colour: str) -> tuple[float, float, float]:
    rgb = np.array([[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]])
    lightness, a, b = (float(part) for part in _lab(rgb)[0])
    return lightness, hypot(a, b), atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour, its chroma lowered until the screen can show it."""
    while True:
        lab = np.array([lightness, chroma * cos(hue), chroma * sin(hue)])
        linear = np.linalg.inv(_TO_LMS) @ (np.linalg.inv(_TO_LAB) @ lab) ** 3
        if chroma < 0.002 or (linear.min() >= -0.001 and linear.max() <= 1.001):
            break
        chroma *= 0.95
    linear = np.clip(linear, 0, 1)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(part) * 255):02X}" for part in rgb)
