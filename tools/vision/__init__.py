"""Vision: a question about pictures, and what a model answers.

Knows pictures and words; knows nothing about films or about why it is asked.
"""

from pydantic import Field

from ..media import Asset, Frozen


class VisionRequest(Frozen):
    """Pictures and a question about them. The answer is text; where a `shape` is given, JSON of that schema."""

    images: tuple[Asset, ...] = Field(min_length=1, max_length=16)
    question: str = Field(min_length=1, max_length=20_000)
    shape: str = ""
    """The JSON schema of the answer, as JSON; the question spells it out too."""
    tokens: int = Field(default=400, ge=1, le=4096)
    """The longest answer."""
    seed: int = 0


class VisionAnswer(Frozen):
    """What was said."""

    text: str
    model: str = ""
    """Which model said it."""
