"""Curves of movement: how far along something is at a moment, from 0 to 1.

Knows nothing about what moves.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

Curve = Callable[[float], float]


def out_cubic(part: float) -> float:
    """Fast, then settling."""
    return 1 - (1 - part) ** 3


def out_quint(part: float) -> float:
    """Very fast, then settling for long."""
    return 1 - (1 - part) ** 5


def out_expo(part: float) -> float:
    """A snap with a long tail."""
    return 1.0 if part >= 1 else 1 - 2.0 ** (-10 * part)


def out_back(part: float) -> float:
    """Past the goal by a tenth, and back."""
    return 1 + 2.70158 * (part - 1) ** 3 + 1.70158 * (part - 1) ** 2


def in_cubic(part: float) -> float:
    """Slow, then away: for exits."""
    return part**3


def in_out_cubic(part: float) -> float:
    """Slow at both ends."""
    return 4 * part**3 if part < 0.5 else 1 - (-2 * part + 2) ** 3 / 2


def in_out_sine(part: float) -> float:
    """Gentle at both ends."""
    return 0.5 - math.cos(math.pi * part) / 2


CURVES: Mapping[str, Curve] = MappingProxyType(
    {
        "out-cubic": out_cubic,
        "out-quint": out_quint,
        "out-expo": out_expo,
        "out-back": out_back,
        "in-cubic": in_cubic,
        "in-out-cubic": in_out_cubic,
        "in-out-sine": in_out_sine,
    }
)
