"""The teacher: eighteen motifs as motion fields, drawn by formulas, exactly periodic in time, at any aspect.

Knows grids and parameters; knows nothing about words or networks. A field has three channels: density, and the flow
across and down in half short sides a loop.
"""

import numpy as np
from grid import Array, Chance, Grid, Motif, Params
from surfaces import aurora, caustics, cells, clouds, dunes, ink, marble, ripples, smoke, swirl, waves
from things import bokeh, embers, lights, particles, rain, snow, stars

MOTIFS: dict[str, Motif] = {
    motif.__name__: motif
    for motif in (
        clouds, smoke, ink, waves, caustics, ripples, aurora, bokeh, particles, rain, snow, embers, stars, lights,
        swirl, marble, dunes, cells,
    )
}  # fmt: skip


def teach(motif: str, p: Params, grid: Grid, chance: Chance) -> Array:
    """A clip of a motif: (3, T, H, W); density 0 to 1, and flow."""
    density, across, down = MOTIFS[motif](grid, p, chance)
    clip = np.empty((3, grid.frames, grid.rows, grid.columns), np.float32)
    clip[0], clip[1], clip[2] = density, across, down
    if p.mirrored:
        half = grid.columns // 2
        clip[..., grid.columns - half :] = clip[..., :half][..., ::-1]
        clip[1, ..., grid.columns - half :] *= -1
    return clip


def blend(one: Array, other: Array) -> Array:
    """Two motifs in one clip: light over light, and the flow of what is brighter."""
    share = (one[0] + 0.05) / (one[0] + other[0] + 0.1)
    both = one * share + other * (1 - share)
    both[0] = 1 - (1 - one[0]) * (1 - 0.8 * other[0])
    return both
