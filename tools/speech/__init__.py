"""Speech: a text becomes a voice with word times.

Knows nothing about scripts or speakers' parts: one text, one voice, one file.
"""

from pydantic import Field

from ..media import Asset, Frames, Frozen


class SpeechRequest(Frozen):
    """One line to be spoken. `language` is a BCP 47 tag; `pace` 1.0 is the voice's own speed, 1.2 is faster."""

    text: str
    language: str = "en"
    voice: str = ""
    pace: float = Field(default=1.0, gt=0.4, lt=2.5)
    lexicon: tuple[tuple[str, str], ...] = ()
    """Words as they are written, and as they are to be said: ("Nguyen", "win")."""


class Voice(Frozen):
    """A voice that can be asked for by name."""

    name: str
    language: str
    """BCP 47, in lower case."""
    provider: str
    gender: str = ""
    local: bool = True
    """False where the text leaves this machine."""


class Word(Frozen):
    """A spoken word in samples of its asset, `end` exclusive. The text is the script's, punctuation and all."""

    text: str
    start: Frames
    end: Frames


class Speech(Frozen):
    """The sound of a line (mono WAV) and when each word is said."""

    audio: Asset
    words: tuple[Word, ...]
    exact: bool = True
    """False where the times are estimated, not measured."""
    natural: bool = True
    """False for a voice of the last resort, which people hear to be a machine."""
