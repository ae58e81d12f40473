"""Motion fields: a text becomes density and flow over one loop, at low resolution, by a diffusion model of our own.

Knows nothing about colours or words on screen; the motion renderer paints a field with the film's palette.
"""

from typing import Literal

from pydantic import Field

from ...media import Asset, Frozen, Size
from ...video import TextBox


class FieldRequest(Frozen):
    """A moving background in words. Numbers go from 0 to 1; None leaves them to the words."""

    prompt: str = Field(min_length=1, max_length=500)
    size: Size
    """Of the film: only its shape counts."""
    steps: Literal[12, 16, 24] = 16
    """Frames of the field in one loop."""
    speed: float | None = Field(default=None, ge=0, le=1)
    scale: float | None = Field(default=None, ge=0, le=1)
    density: float | None = Field(default=None, ge=0, le=1)
    calm: tuple[TextBox, ...] = ()
    """Where words will stand: little moves there."""
    follows: Asset | None = None
    """A field whose last moment this one begins with."""
    preset: Literal["quick", "final"] = "quick"
    """Few steps of the distilled network, or many guided ones of its teacher."""
    seed: int = 0


class MotionField(Frozen):
    """A loop as a picture of 16-bit grey: the density of every frame above the next, then flow across, then down."""

    clip: Asset
