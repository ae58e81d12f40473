"""How a field is drawn from noise: Euler steps along the velocity, with guidance by words and by motion.

Knows a velocity as a function; knows nothing about which engine computes it. Time 0 is noise, 1 a field.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Velocity = Callable[[Array, Array, Array, Array, Array], Array]
"""(noisy, time, text, numbers, guide) to a velocity of noisy's shape (tools/video/fields/network.py)."""


@dataclass(frozen=True)
class Plan:
    """Steps, and how far the words lead beyond what the model would do without them.

    Args:
        motion: guidance against the prediction averaged over time (GenTron, Chen et al. 2023): above 1, more moves.
    """

    steps: int
    guidance: float = 1.0
    motion: float = 1.0
    bend: float = 1.0
    """Above 1, more of the steps are near the noise (the shift of flow matching samplers)."""


def noise(shape: tuple[int, ...], seed: int) -> Array:
    """The same numbers for every engine."""
    return np.random.default_rng(seed).standard_normal(shape, np.float32)


def times(plan: Plan) -> Array:
    """Steps + 1 times from 0 to 1."""
    even = np.linspace(0, 1, plan.steps + 1, dtype=np.float32)
    return (even / (even + plan.bend * (1 - even))).astype(np.float32)


def sample(
    velocity: Velocity,
    start: Array,
    text: Array,
    numbers: Array,
    guide: Array,
    plan: Plan,
    told: Callable[[int, Array], None] = lambda step, field: None,
) -> Array:
    """The coded field (B, 3, T, H, W).

    Args:
        told: called after every step with its number, from 1, and the field as it is guessed so far; may raise.
    """
    field, clock = start, times(plan)
    for step in range(plan.steps):
        now = np.full(len(field), clock[step], np.float32)
        speed = velocity(field, now, text, numbers, guide)
        if plan.guidance != 1:
            free = velocity(field, now, np.zeros_like(text), np.zeros_like(numbers), guide)
            speed = free + np.float32(plan.guidance) * (speed - free)
        if plan.motion != 1:
            still = speed.mean(axis=2, keepdims=True)
            speed = still + np.float32(plan.motion) * (speed - still)
        told(step + 1, field + speed * (1 - clock[step]))
        field = field + speed * (clock[step + 1] - clock[step])
    return field
