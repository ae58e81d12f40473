"""One pass of a model: what is wanted, with the pictures that are given already read.

Knows no files and no pipelines.
"""

from dataclasses import dataclass
from typing import Any

from ...media import Size
from . import Kind
from .families import Mode


@dataclass(frozen=True)
class Map:
    """Pictures that a clip keeps to, as they came: `kind` is drawn from them when their size is known."""

    kind: Kind
    pictures: list[Any]
    drawn: bool = False
    weight: float = 1.0
    depth: str = ""
    """The ONNX file of a depth model; empty takes the prior."""


@dataclass(frozen=True)
class Ask:
    """One pass of a model, in its own sizes and lengths."""

    mode: Mode
    prompt: str
    negative: str
    size: Size
    """Of the film; the family's own size follows from it."""
    frames: int
    seed: int
    steps: int
    guidance: float
    draft: bool = False
    lora: bool = True
    first: Any = None
    last: Any = None
    source: Any = None
    strength: float = 0.8
    maps: tuple[Map, ...] = ()
    outpaint: bool = False
    reference: Any = None
