"""Pictures drawn by programs: what a program is given, and how it is asked for.

Knows nothing about who wrote the program; whoever did, it runs in a sandbox.
"""

from fractions import Fraction

from pydantic import Field

from ..media import Frames, Frozen, Rate, Size

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
