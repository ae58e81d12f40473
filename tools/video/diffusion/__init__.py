"""Generated pictures: what a video diffusion model is asked for, and what comes back.

Knows nothing about which family of models answers (families.toml), nor about scripts.
"""

from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, model_validator

from ...base import Priced
from ...media import Asset, Frames, Frozen, Rate, Size

Kind = Literal["edge", "depth", "pose", "mask"]


class Control(Frozen):
    """A clip or a picture whose outlines, depth, poses or white parts the generated clip keeps to."""

    kind: Kind
    asset: Asset
    drawn: bool = False
    """It is the map itself. Else edges and depth are read from it; poses and masks are always maps."""
    weight: float = Field(default=1.0, gt=0, le=2)


class GenerateRequest(Frozen):
    """A shot in words, with pictures to begin from, end on or follow where there are any.

    The asset is `handle + frames + handle` long at `rate`, cropped to `size`; what a family cannot make at that size,
    rate or length is snapped up to its rule, generated, and trimmed.
    """

    prompt: str = Field(min_length=1, max_length=4000)
    negative: str = ""
    size: Size
    rate: Rate = Fraction(30)
    frames: int = Field(gt=0)
    handle: Frames = 0
    seed: int = 0
    family: str = ""
    """A row of families.toml; empty takes the one that is configured."""
    first: Asset | None = None
    """The picture that the clip begins with; of a clip its last one, so that `first` and `last` may be two shots."""
    last: Asset | None = None
    """The picture that it ends on, for families that can; of a clip its first one."""
    source: Asset | None = None
    """A clip or a picture that is changed by the words, for families that can."""
    controls: tuple[Control, ...] = ()
    """What the clip keeps to. A mask needs a source: only what is white in it is made anew."""
    outpaint: bool = False
    """The source is shown whole, and what its shape leaves free of the film's is painted."""
    reference: Asset | None = None
    """A person, a thing or a look that the clip shows, for families that can."""
    strength: float = Field(default=0.8, gt=0, le=1)
    """How much of the source may change."""
    draft: bool = False
    """Half the picture, in few steps, by a draft's LoRA where one is configured: to judge by."""
    lora: bool = True
    """A draft may be made by that LoRA; else it takes fewer steps of the model's own."""
    sound: bool = False
    """Keep the family's own sound, where it makes one."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """What needs another field has it."""
        if self.source is None and (self.outpaint or any(each.kind == "mask" for each in self.controls)):
            raise ValueError("outpaint and a mask need a source")
        if self.last is not None and self.first is None:
            raise ValueError("a last picture needs a first one")
        return self


class Generated(Priced):
    """A finished clip, its own sound, what it cost and how it came to be, for the ledger."""

    video: Asset
    sound: Asset | None = None
    family: str
    model: str
    """The folder's or hub's name."""
    preset: str
    steps: int
    seed: int
    memory: int = 0
    """Bytes of graphics memory at the highest; 0 on a processor."""
    notes: tuple[str, ...] = ()
    """What was done differently from what was asked, in words."""
