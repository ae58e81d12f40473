"""Alignment: when each word of a known text is spoken.

Knows nothing about captions or films. Three ways, the surest first: the voice said so itself, the known text was
forced onto the sound, or somebody listened and what was heard was matched to the text. Rates are never guessed.
"""

from typing import Literal

from pydantic import Field

from ..media import Asset, Frozen, Rate
from ..speech import Word

How = Literal["voice", "forced", "heard"]


class AlignRequest(Frozen):
    """A sound in which `text` is said. `language` is a BCP 47 tag."""

    audio: Asset
    text: str
    language: str = "en"


class Alignment(Frozen):
    """One word for every word of the text as it is written, in samples at `rate`."""

    words: tuple[Word, ...]
    rate: Rate
    how: How
    confidence: float = Field(ge=0, le=1)
    """How well sound and text agree: near 1 where this is what is said, low where it is something else."""
