"""Listening: a sound becomes words.

Knows nothing about what should have been said.
"""

from ..media import Asset, Frozen
from ..speech import Word


class ListenRequest(Frozen):
    """A sound file to transcribe. `language` empty means detect."""

    audio: Asset
    language: str = "en"


class Transcript(Frozen):
    """What was heard: words in samples at 16 kHz."""

    text: str
    words: tuple[Word, ...]
    language: str
