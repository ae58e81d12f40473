"""The registry of families: rows of data, and the rules that follow from them.

Knows sizes, rates and lengths; loads no model and no torch.
"""

import tomllib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Literal

from pydantic import Field

from ...errors import ToolFailed
from ...media import Frozen, Size
from . import Kind

Mode = Literal["text", "image", "ends", "video", "control", "still"]
"""From words alone, from a first picture, between two, from a clip, along a map or around a source, or one picture."""
Style = Literal["tags", "sentence", "paragraph"]
Value = bool | int | float | str | tuple[int, ...]


class Condition(Frozen):
    """How a pipeline takes a picture at a frame: its class, and what that calls the two."""

    kind: str
    picture: str
    at: str
    every: int = 1
    """Frames to one step of `at`."""


class Family(Frozen):
    """One family: pipeline classes by mode, and what its models want."""

    name: str
    title: str
    text: str = ""
    image: str = ""
    ends: str = ""
    video: str = ""
    control: str = ""
    still: str = ""
    base: str = ""
    """Another class whose folders hold these weights; it is not called itself."""
    shared: bool = False
    """One set of weights serves words and pictures."""
    canvas: bool = False
    """Pictures are handed over as a clip with a mask: what is white in the mask is made."""
    condition: Condition | None = None
    beside: str = ""
    """The class of a model that a map needs beside the family's own; its folder is the `control` option."""
    controls: tuple[Kind, ...] = ()
    refers: bool = False
    """It takes a reference picture."""
    sound: bool = False
    streams: bool = False
    """It makes long clips itself."""
    rule: int = Field(ge=1)
    """A clip has rule * k + 1 frames (rule 1: any number)."""
    whole: int = 0
    """The only length it makes, where it makes but one."""
    multiple: int = Field(ge=1)
    rate: int = Field(ge=1)
    longest: int = Field(ge=1)
    sizes: tuple[str, ...] = Field(min_length=1)
    steps: int = Field(ge=1)
    guidance: float
    memory: float
    """GB of graphics memory that it wants in half precision without tricks."""
    licence: str
    repo: str = ""
    style: Style
    words: int
    names: dict[str, str] = Field(default_factory=dict)
    """Arguments that its pipelines call otherwise than most do."""
    parts: dict[str, float] = Field(default_factory=dict)
    """Arguments that are a part of the steps, in rising order."""
    always_tiled: bool = False
    """Its pictures are decoded in tiles or not at all."""
    call: dict[str, Value] = Field(default_factory=dict)
    """Arguments that only its pipelines have."""

    def pipeline(self, mode: Mode) -> str:
        """The class for a mode, or nothing."""
        found: str = getattr(self, mode)
        return found

    def classes(self) -> set[str]:
        """Every class that a folder of its weights may name."""
        return {self.text, self.image, self.ends, self.video, self.control, self.still, self.base} - {""}

    def serves(self, held: str, mode: Mode) -> bool:
        """Whether weights that were saved for the class `held` work in a mode.

        >>> row = family("wan21-14b")
        >>> row.serves("WanPipeline", "video"), row.serves("WanPipeline", "image")
        (True, False)
        """
        wanted = self.pipeline(mode)
        plain = held in (self.text, self.base)
        return bool(wanted) and (wanted == held or self.shared or (plain and mode in ("text", "video", "control")))

    def length(self, frames: int) -> int:
        """The shortest clip that holds `frames`, at most the longest.

        >>> family("wan21-1b").length(30), family("ltx-video").length(30), family("wan21-1b").length(500)
        (33, 33, 81)
        """
        if self.whole:
            return self.whole
        wanted = min(frames, self.longest)
        if self.rule == 1:
            return wanted
        snapped = ceil(max(wanted - 1, 0) / self.rule) * self.rule + 1
        return snapped if snapped <= self.longest else snapped - self.rule

    def frame(self, size: Size, part: float = 1.0) -> Size:
        """The size to generate for a film of `size`: the native area, the film's shape, snapped to the multiple.

        Args:
            part: of the native area, for drafts.
        """
        shape = size.width / size.height
        natives = [_parsed(each) for each in self.sizes]
        native = min(natives, key=lambda each: abs(each.width / each.height - shape))
        area = min(native.width * native.height * part, size.width * size.height * 1.3)
        width, height = (area * shape) ** 0.5, (area / shape) ** 0.5
        return Size(width=_snapped(width, self.multiple), height=_snapped(height, self.multiple))

    def frames_for(self, seconds: Fraction) -> int:
        """Native frames that cover so many seconds."""
        return max(1, ceil(seconds * self.rate) + 1)


def _parsed(text: str) -> Size:
    width, height = text.split("x")
    return Size(width=int(width), height=int(height))


def _snapped(side: float, multiple: int) -> int:
    step = multiple if multiple % 2 == 0 else 2 * multiple
    return max(step, round(side / step) * step)


@cache
def families() -> dict[str, Family]:
    """All rows by name."""
    rows = tomllib.loads((files(__package__) / "families.toml").read_text("utf-8"))
    return {name: Family(name=name, **row) for name, row in rows.items()}


def family(name: str) -> Family:
    """The row of that name.

    Raises:
        ToolFailed: there is none; the hint lists those that there are.
    """
    found = families().get(name)
    if found is None:
        raise ToolFailed(
            f"There is no family of video models named {name!r}.", f"Choose one of: {', '.join(families())}."
        )
    return found


def family_of(pipeline: str) -> Family:
    """The family whose class a folder's model_index.json names; of several with the same class the smallest.

    Raises:
        ToolFailed: no row has that class.
    """
    fitting = [row for row in families().values() if pipeline in row.classes()]
    if not fitting:
        raise ToolFailed(
            f"{pipeline!r} is no pipeline that we know to drive.",
            "Use a model of a family that `reelwright doctor` lists.",
        )
    return min(fitting, key=lambda row: row.memory)


def unable(row: Family, mode: Mode) -> ToolFailed:
    """The error of a family that is asked for what it, or its weights, cannot do; the hint lists those that can."""
    others: Iterable[str] = (each.name for each in families().values() if each.pipeline(mode))
    told = {
        "text": "work from words alone",
        "image": "begin from a picture",
        "ends": "end on a given picture",
        "video": "change a clip",
        "control": "follow a map, a mask or a shape",
        "still": "make a still",
    }[mode]
    return ToolFailed(
        f"{row.title} cannot {told} with these weights.",
        f"Give the shot something else, or use weights made for it; families that can: {', '.join(others)}.",
    )
