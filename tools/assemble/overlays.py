"""Overlays: pictures that lie on the film, where they stand, how they are blended, how they come and go.

Knows nothing about files. The film is cut where a layer begins or ends, and layers are laid on those pieces alone:
where nothing lies on it the film passes untouched, and nothing waits in memory for its turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ..conform import Shape
from ..media import Size
from ..timeline import Direction, Place, Transition
from .filters import BT709, clocked, eased, ratio
from .transitions import Change, mask


@dataclass(frozen=True)
class Piece:
    """A labelled stream of the film's frames `start` to `end`."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class Layer:
    """A labelled stream of one shape that lies on the film's frames `start` to `end`."""

    label: str
    start: int
    end: int
    shape: Shape
    place: Place
    alpha: bool = False
    shift: tuple[str, str] = ("0", "0")
    """Pixels that it stands aside on its frame {n}."""

    def corner(self, size: Size) -> tuple[int, int]:
        """Left and top in a frame, even: chroma has half the pixels."""
        left, top = self.place.x * size.width - self.shape.width / 2, self.place.y * size.height - self.shape.height / 2
        return 2 * round(left / 2), 2 * round(top / 2)


def laid(film: Sequence[Piece], layers: Sequence[Layer], size: Size, rate: Fraction) -> tuple[list[str], list[str]]:
    """The labels of the film's pieces with all layers on them, in order, and the chains that make them."""
    rows: list[Piece | Layer] = [*film, *layers]
    marks = {frame for row in rows for frame in (row.start, row.end)}
    edges = {frame for layer in layers for frame in (layer.start, layer.end)}
    chains: list[str] = []
    parts: dict[tuple[str, int], str] = {}
    for row in rows:
        # Where no layer begins or ends the film need not be cut.
        inner = {mark for mark in (edges if isinstance(row, Piece) else marks) if row.start < mark < row.end}
        chains += _parted(row, [row.start, *sorted(inner), row.end], rate, parts)
    own = {row.label for row in film}
    labels: list[str] = []
    for start, base in sorted((start, label) for (whole, start), label in parts.items() if whole in own):
        label = base
        for depth, layer in enumerate(layers):
            if piece := parts.get((layer.label, start)):
                out = f"z{len(labels)}x{depth}"
                chains += _on(label, replace(layer, label=piece), start - layer.start, out, size, rate)
                label = out
        labels.append(label)
    return labels, chains


def _parted(row: Piece | Layer, marks: Sequence[int], rate: Fraction, parts: dict[tuple[str, int], str]) -> list[str]:
    """Cut a stream at the marks, and note what its parts are called."""
    if len(marks) == 2:
        parts[row.label, row.start] = row.label
        return []
    names = [f"{row.label}p{number}" for number in range(len(marks) - 1)]
    chains = [f"[{row.label}]split={len(names)}" + "".join(f"[{name}c]" for name in names)]
    for name, (first, last) in zip(names, pairwise(marks), strict=True):
        cut = f"trim=start_frame={first - row.start}:end_frame={last - row.start}"
        chains.append(f"[{name}c]{cut},{clocked(rate)}[{name}]")
        parts[row.label, first] = name
    return chains


def _on(base: str, layer: Layer, late: int, out: str, size: Size, rate: Fraction) -> list[str]:
    """A layer, `late` of whose frames are past, on a piece of the film."""
    if layer.place.blend != "normal":
        return _blended(base, layer, out, size)
    faint = _faint(layer.place.opacity)
    left, top = layer.corner(size)
    number = f"(round(t*{ratio(rate)})+{late})"
    across, along = (shift.format(n=number) for shift in layer.shift)
    over = f"overlay=x='{left}+{across}':y='{top}+{along}':format=yuv420:eof_action=endall,{BT709}"
    return [f"[{layer.label}]{faint}[{out}o]", f"[{base}][{out}o]{over}[{out}]"]


def _faint(opacity: float) -> str:
    return f"format=yuva420p,lut=a='val*{opacity:.4f}'" if opacity < 1 else "null"


def _blended(base: str, layer: Layer, out: str, size: Size) -> list[str]:
    """Light is blended in RGB, as editors do it, and only where the layer lies."""
    left, top = layer.corner(size)
    x, y = max(left, 0), max(top, 0)
    width, height = min(left + layer.shape.width, size.width) - x, min(top + layer.shape.height, size.height) - y
    if width <= 0 or height <= 0:
        return [f"[{layer.label}]nullsink", f"[{base}]null[{out}]"]
    rgb = f"{BT709},format=gbrp"
    back = f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{BT709}"
    chains = [
        f"[{base}]split[{out}a][{out}b]",
        f"[{out}a]crop={width}:{height}:{x}:{y},{rgb}[{out}c]",
        f"[{layer.label}]crop={width}:{height}:{x - left}:{y - top}"
        + (f",split[{out}d][{out}e]" if layer.alpha else f"[{out}d]"),
        f"[{out}d]{rgb}[{out}f]",
        f"[{out}c][{out}f]blend=all_mode={layer.place.blend},{back}[{out}g]",
    ]
    mixed = f"{out}g"
    if layer.alpha:
        chains += [f"[{out}e]alphaextract[{out}h]", f"[{out}g][{out}h]alphamerge[{out}i]"]
        mixed = f"{out}i"
    chains.append(f"[{mixed}]{_faint(layer.place.opacity)}[{out}j]")
    chains.append(f"[{out}b][{out}j]overlay=x={x}:y={y}:format=yuv420:eof_action=endall,{BT709}[{out}]")
    return chains


def changed(layer: Layer, transition: Transition, size: Size, rate: Fraction, coming: bool) -> tuple[Layer, list[str]]:
    """A layer on its way in or out: masks wipe it, slides and pushes carry it off the frame, all else fades it."""
    out = f"{layer.label}w"
    change = Change(transition, "", "", out, layer.shape, rate)
    if transition.kind in ("wipe", "circle"):
        return replace(layer, label=out, alpha=True), _wiped(layer.label, change, coming)
    if transition.kind in ("slide", "push") and layer.place.blend == "normal":
        return replace(layer, shift=_carried(layer, change, size, coming)), []
    length = f"{float(change.last / rate):.6f}"
    fade = f"setpts=N+{change.first},fade=t={'in' if coming else 'out'}:st=0:d={length}:alpha=1,{clocked(rate)}"
    return replace(layer, label=out, alpha=True), [f"[{layer.label}]format=yuva420p,{fade}[{out}]"]


def _wiped(label: str, change: Change, coming: bool) -> list[str]:
    out = change.out
    return [
        f"[{label}]format=yuva420p,split[{out}a][{out}b]",
        f"[{out}b]alphaextract[{out}c]",
        f"{mask(change)}{'' if coming else ',negate'}[{out}m]",
        f"[{out}c][{out}m]blend=all_mode=multiply[{out}d]",
        f"[{out}a][{out}d]alphamerge[{out}]",
    ]


def _carried(layer: Layer, change: Change, size: Size, coming: bool) -> tuple[str, str]:
    """How far aside it stands while it is carried in or out."""
    left, top = layer.corner(size)
    way = eased(change.part("{n}"))
    far = {
        "left": (size.width - left, left + layer.shape.width),
        "right": (left + layer.shape.width, size.width - left),
        "up": (size.height - top, top + layer.shape.height),
        "down": (top + layer.shape.height, size.height - top),
    }
    towards = change.transition.towards
    entry, leave = far[towards]
    sign = _SIGN[towards]
    moved = f"{-sign * entry}*(1-{way})" if coming else f"{sign * leave}*{way}"
    return (moved, "0") if towards in ("left", "right") else ("0", moved)


_SIGN: Mapping[Direction, int] = {"left": -1, "right": 1, "up": -1, "down": 1}
