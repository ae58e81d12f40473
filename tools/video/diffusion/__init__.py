"""Generated pictures: what a video diffusion model is asked for, and what comes back.

Knows nothing about which family of models answers (families.toml), nor about scripts.
"""

from fractions import Fraction

from pydantic import Field

from ...base import Priced
from ...media import Asset, Frames, Frozen, Rate, Size


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
    """The picture that the clip begins with."""
    last: Asset | None = None
    """The picture that it ends on, for families that can."""
    source: Asset | None = None
    """A clip that is changed by the words, for families that can."""
    strength: float = Field(default=0.8, gt=0, le=1)
    """How much of the source may change."""
    draft: bool = False
    """Fewer steps and a smaller picture, to judge by."""
    sound: bool = False
    """Keep the family's own sound, where it makes one."""


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
