"""Speech: a text becomes a voice with word times.

Knows nothing about scripts or speakers' parts: one text, one voice, one file.
"""

from pydantic import Field

from ..media import Asset, Frames, Frozen


class Pause(Frozen):
    """A silence inside a line: before its word number `before`, counted from 0 over the words split at white space."""

    before: int = Field(ge=0)
    seconds: float = Field(gt=0, le=5)


class SpeechRequest(Frozen):
    """One line to be spoken. `language` is a BCP 47 tag; `pace` 1.0 is the voice's own speed, 1.2 is faster."""

    text: str
    language: str = "en"
    voice: str = ""
    pace: float = Field(default=1.0, gt=0.4, lt=2.5)
    pitch: float = Field(default=0.0, ge=-6, le=6)
    """Semitones above the voice's own pitch."""
    style: str = ""
    """How it is said ("whispering", "like news"), for the voices that take directions; the others ignore it."""
    pauses: tuple[Pause, ...] = ()
    emphasis: tuple[int, ...] = ()
    """Numbers of the words that are stressed."""
    sample: Asset | None = None
    """A recording of the person whose voice is to be cloned, for the providers that can."""
    consent: str = ""
    """That person's consent in words; without it the policy lets no sample through."""
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
    natural: bool = True
    """False for a voice of the last resort."""


class Word(Frozen):
    """A spoken word in samples of its asset, `end` exclusive. The text is the script's, punctuation and all."""

    text: str
    start: Frames
    end: Frames


class Phone(Frozen):
    """One sound of speech, in the engine's own sign, in samples of its asset."""

    sign: str
    start: Frames
    end: Frames


class Speech(Frozen):
    """The sound of a line (mono WAV) and when each word is said."""

    audio: Asset
    words: tuple[Word, ...]
    phones: tuple[Phone, ...] = ()
    """When each sound is said, where the engine tells."""
    exact: bool = True
    """False where the times are estimated, not measured."""
    natural: bool = True
    """False for a voice of the last resort, which people hear to be a machine."""
