"""Motifs by name: each is one function from a canvas to its painter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import soft
from .canvas import Canvas, Painter


@dataclass(frozen=True)
class Motif:
    """How a background is painted: at `1 / shrink` of the frame, looping after `seconds`."""

    paint: Callable[[Canvas], Painter]
    shrink: int = 8
    seconds: float = 8.0


MOTIFS: Mapping[str, Motif] = MappingProxyType(
    {
        "mesh": Motif(soft.mesh),
        "waves": Motif(soft.waves, shrink=3),
    }
)
