"""The registry of families: rows of data, and the rules that follow from them.

Knows sizes, rates and lengths; loads no model and no torch.
"""

import tomllib
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Literal

from pydantic import Field

from ...errors import ToolFailed
from ...media import Frozen, Size

Mode = Literal["text", "image", "ends", "video", "still"]
"""From words alone, from a first picture, between two pictures, from a clip, or one picture."""
Style = Literal["tags", "sentence", "paragraph"]


class Family(Frozen):
    """One family: pipeline classes by mode, and what its models want."""

    name: str
    title: str
    text: str = ""
    image: str = ""
    ends: str = ""
    video: str = ""
    still: str = ""
    shared: bool = False
    """One set of weights serves words and pictures."""
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

    def pipeline(self, mode: Mode) -> str:
        """The class for a mode, or nothing."""
        return {"text": self.text, "image": self.image, "ends": self.ends, "video": self.video, "still": self.still}[
            mode
        ]

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
    fitting = [
        row
        for row in families().values()
        if pipeline in (row.text, row.image, row.ends, row.video, row.still) and pipeline
    ]
    if not fitting:
        raise ToolFailed(
            f"{pipeline!r} is no pipeline that we know to drive.",
            "Use a model of a family that `reelwright doctor` lists.",
        )
    return min(fitting, key=lambda row: row.memory)
