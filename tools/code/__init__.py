"""Pictures drawn by programs: what a program is given, and how it is asked for.

Knows nothing about who wrote the program; whoever did, it runs in a sandbox.
"""

from fractions import Fraction

from pydantic import Field

from ..errors import Declined
from ..media import Asset, Frames, Frozen, Rate, Size


class ProgramFailed(Declined):
    """A program is at fault, not the sandbox: its author may mend it by the message, and nothing is degraded."""


LONGEST = 20_000
"""Characters of a program."""


class CodeRequest(Frozen):
    """A shot drawn by a Python program against the API in reel.py: `draw(scene, t)` returns SVG or an array.

    The asset is `handle + frames + handle` long; `t` is 0 at the shot's first frame, so handles reach outside.
    """

    program: str = Field(min_length=1, max_length=LONGEST)
    size: Size
    rate: Rate = Fraction(30)
    frames: int = Field(gt=0)
    handle: Frames = 0
    seed: int = 0
    style: str = "clean"
    palette: str = ""
    """A palette's name; empty draws one of the style's by seed."""
    captioned: bool = True
    """Keep the caption band free."""
    words: str = ""
    """What the program may write on the picture: a headline, or nothing."""


class AskRequest(Frozen):
    """A question about a film, answered by a Python program that defines `answer(film)`; see Footage in asker.py."""

    film: Asset
    program: str = Field(min_length=1, max_length=LONGEST)
    asked: str = ""
    """The question in words, for programs that look for some of them."""
    samples: int = Field(default=96, ge=1, le=600)
    """Frames that are looked at, evenly spread."""
    width: int = Field(default=320, ge=16, le=1280)
    """Columns of a frame."""


class Found(Frozen):
    """What a program answered, as JSON, and the pictures that it shows."""

    answer: str
    pictures: tuple[Asset, ...] = ()
