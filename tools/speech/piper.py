"""The voice: Piper, with word times from the phonemes it spoke.

Knows nothing about scripts. Deterministic: the same line is the same sound, bit for bit.
"""

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from ..base import Cost, Job
from ..errors import Declined, ToolFailed, ToolMissing
from . import Speech, SpeechRequest, Voice
from .delivery import Credit, Engine, Part, Uttered, deliver, no_clone
from .estimate import Span
from .matching import match
from .server import Phoneme, PiperServer, server_for
from .sound import Sound, read_wav
from .spoken import speakable, spoken

LENGTH = 1.42
"""Joe reads 210 words a minute by himself; at this length scale 165, a narrator's pace (criteria.md)."""
VOICE = "joe"
_FILE = "en_US-joe-medium.onnx"


class Piper:
    """speech.piper: English by the joe voice (public domain), on one or two cores, offline."""

    name = "speech.piper"
    version = "4"
    models = ("piper-joe",)
    device = "cpu"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Raise ToolMissing unless Piper and what its server needs are installed; they are found, not imported."""
        for module in ("piper", "flask", "onnx"):
            if importlib.util.find_spec(module) is None:
                raise ToolMissing(f"{module} is not installed.", "Install it: pip install 'reelwright[film]'.")

    def voices(self) -> tuple[Voice, ...]:
        """Joe."""
        return (Voice(name=VOICE, language="en-us", provider=self.name, gender="male"),)

    def quote(self, request: SpeechRequest) -> Cost:
        """About a tenth of the time it takes to say."""
        return Cost(seconds=1.5 + 0.04 * len(request.text.split()) / request.pace)

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        """Speak the line."""
        if request.voice not in {"", VOICE}:
            raise Declined(f"Piper has no voice called {request.voice!r} here.", "See `reelwright voices`.")
        if request.language.lower().split("-")[0] != "en":
            raise Declined(f"Piper has no voice for {request.language!r} here.", "Another voice may have one.")
        tokens = spoken(request.text, request.lexicon)
        if not speakable(tokens):
            raise ToolMissing("There is nothing in this line that an English voice can say.")
        no_clone(request, "Piper")
        server = server_for(job.model(self.models[0]) / _FILE)

        def utter(part: Part, pace: float) -> Uttered:
            wav, phonemes = self._speak(server, part.said, pace)
            whole = read_wav(wav)
            spans = _spans([token.said for token in part.tokens], phonemes, whole)
            return Uttered(whole, spans, tuple(_phones(phonemes, whole)) if spans else ())

        credit = Credit("CC0-1.0", "spoken by Piper with the en_US-joe-medium voice")
        return deliver(request, tokens, job, utter, Engine(), credit)

    def _speak(self, server: PiperServer, text: str, pace: float) -> tuple[bytes, tuple[Phoneme, ...]]:
        wav, phonemes = server.speak(text, LENGTH / pace)
        if len(wav) < 1000:
            raise ToolFailed(f"Piper said nothing for {text[:60]!r}.")
        return wav, phonemes


def _spans(said: Sequence[str], phonemes: Sequence[Phoneme], sound: Sound) -> list[Span] | None:
    """Where each phrase sounds, in samples; None where Piper's phonemes do not add up to its sound."""
    edges = [0.0]
    for phoneme in phonemes:
        edges.append(edges[-1] + phoneme.seconds)
    if abs(edges[-1] - sound.seconds) > 0.02:
        return None
    places = match(said, [phoneme.phoneme for phoneme in phonemes])
    if any(phrase and place is None for phrase, place in zip(said, places, strict=True)):
        return None
    at = [round(edge * sound.rate) for edge in edges]
    signs = [phoneme.phoneme for phoneme in phonemes]
    return [(at[_begin(signs, place[0])], at[place[1]]) if place else None for place in places]


def _phones(phonemes: Sequence[Phoneme], sound: Sound) -> Iterator[tuple[str, int, int]]:
    """The sounds of speech with their samples; marks and silences are none."""
    at = 0.0
    for phoneme in phonemes:
        start, at = at, at + phoneme.seconds
        if phoneme.phoneme.isalpha() and phoneme.phoneme not in "ˈˌ":
            yield phoneme.phoneme, round(start * sound.rate), round(at * sound.rate)


def _begin(signs: Sequence[str], first: int) -> int:
    """Where a word begins to sound. Piper counts its onset to the space before it, unless that space is a pause."""
    if first > 1 and signs[first - 1] == " " and signs[first - 2].isalpha():
        return first - 1
    return first
