"""Motifs by name: each is one function from a canvas to its painter, and a row in the table below."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import cells, fields, fluid, hills, lines, night, paper, points, soft, weather
from .canvas import Canvas, Painter
from .glass import Etcher, Glass


@dataclass(frozen=True)
class Motif:
    """How a background is made: painted at `1 / shrink` of the frame, with sharp things on a glass before it."""

    paint: Callable[[Canvas], Painter]
    shrink: int = 8
    seconds: float = 8.0
    """Length of the loop."""
    etch: Callable[[Glass], Etcher] | None = None


MOTIFS: Mapping[str, Motif] = MappingProxyType(
    {
        "mesh": Motif(soft.mesh),
        "waves": Motif(hills.waves, shrink=2),
        "clouds": Motif(hills.clouds, shrink=2, seconds=10.0),
        "aurora": Motif(soft.aurora, shrink=5),
        "silk": Motif(soft.silk, shrink=6, seconds=10.0),
        "honeycomb": Motif(cells.honeycomb, shrink=2),
        "contours": Motif(cells.contours, shrink=2, seconds=10.0),
        "bokeh": Motif(fields.haze, shrink=15, seconds=10.0, etch=points.bokeh),
        "particles": Motif(soft.beam, shrink=12, seconds=9.0, etch=points.particles),
        "grid": Motif(fields.haze, shrink=15, seconds=8.0, etch=lines.grid),
        "rain": Motif(soft.beam, shrink=12, seconds=6.0, etch=weather.rain),
        "snow": Motif(fields.haze, shrink=15, seconds=10.0, etch=weather.snow),
        "embers": Motif(soft.hearth, shrink=15, seconds=8.0, etch=weather.embers),
        "starfield": Motif(night.sky, shrink=10, seconds=12.0, etch=night.stars),
        "city": Motif(night.dusk, shrink=2, seconds=10.0, etch=night.lights),
        "ink": Motif(fluid.ink, shrink=5, seconds=10.0),
        "caustics": Motif(fluid.caustics, shrink=4, seconds=8.0),
        "paper": Motif(paper.leaves, shrink=10, seconds=8.0, etch=paper.tooth),
    }
)
