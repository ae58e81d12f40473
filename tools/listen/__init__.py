"""Listening: a sound becomes words.

Knows nothing about what should have been said.
"""

from ..media import Asset, Frozen
from ..speech import Word


class ListenRequest(Frozen):
    """A sound file to transcribe. `language` empty means detect."""

    audio: Asset
    language: str = "en"


def primary(language: str) -> str:
    """The language of a BCP 47 tag without its region: en for en-GB."""
    return language.lower().replace("_", "-").split("-")[0]


class Transcript(Frozen):
    """What was heard: words in samples at 16 kHz."""

    text: str
    words: tuple[Word, ...]
    language: str
