"""Curves for plots: loudness, luminance and shots over time, thinned to some hundred points.

Knows nothing about verdicts.
"""

from collections.abc import Sequence

import numpy as np

from . import Curves, Span
from .frames import Picture
from .sound import Sound

MOST = 600
"""Points of a curve."""
_FLOOR = -70.0


def curves_of(sound: Sound | None, picture: Picture | None, shots: Sequence[tuple[int, int]]) -> Curves:
    """What was measured over time; empty where there is no sound or no picture."""
    loud = [(moment.time, moment.loudness) for moment in sound.curve] if sound else []
    light = [(picture.time(at), float(level)) for at, level in enumerate(picture.light)] if picture else []
    return Curves(
        loudness=_thin([(time, max(level, _FLOOR) if level == level else _FLOOR) for time, level in loud], 1),
        luminance=_thin(light, 2),
        shots=tuple(Span(start=picture.time(first), end=picture.time(last)) for first, last in shots)
        if picture
        else (),
    )


def _thin(points: Sequence[tuple[float, float]], digits: int) -> tuple[tuple[float, float], ...]:
    """Means over equal stretches."""
    if not points:
        return ()
    parts = np.array_split(np.array(points), min(len(points), MOST))
    return tuple((round(float(part[0, 0]), 3), round(float(part[:, 1].mean()), digits)) for part in parts)
