"""Last resorts: the voices of the system's own flite and espeak-ng, robotic but understood.

Knows nothing about scripts. The text goes in by standard input or a file, never through a shell or as an option.
"""

import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ..base import Cost, Device, Job
from ..errors import Declined, ToolBusy, ToolFailed, ToolMissing
from . import Speech, SpeechRequest, Voice
from .delivery import Credit, Engine, Part, Uttered, deliver, no_clone
from .sound import read_wav
from .spoken import Token, bare, speakable, spoken

_SECONDS = 60


class SystemVoice(ABC):
    """A program on PATH that turns text into a WAV; word times are estimated from its pauses."""

    name: str
    program: str
    version = "2"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Raise ToolMissing unless the program is on PATH."""
        if shutil.which(self.program) is None:
            raise ToolMissing(f"{self.program} is not installed.", f"Install it: apt-get install {self.program}.")

    def quote(self, request: SpeechRequest) -> Cost:
        """These voices take a hundredth of the time it takes to say."""
        return Cost(seconds=0.2 + 0.01 * len(request.text.split()))

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        """Speak the line."""
        self.ready()
        asked = {voice.name: voice.language for voice in self.voices()}
        if request.voice and request.voice not in asked:
            raise Declined(f"{self.program} has no voice called {request.voice!r}.", "See `reelwright voices`.")
        no_clone(request, self.program)
        voice = self.voice(asked.get(request.voice, request.language))
        wav = job.scratch / f"{self.program}.wav"

        def utter(part: Part, pace: float) -> Uttered:
            self._speak(self.command(voice, pace, request.pitch, wav), part.said)
            return Uttered(read_wav(wav))

        credit = Credit("CC0-1.0", f"spoken by {self.program} ({voice})", natural=False)
        return deliver(request, tokens_of(request), job, utter, Engine(pitches=True), credit)

    @abstractmethod
    def voices(self) -> tuple[Voice, ...]:
        """What can be asked for by name."""

    @abstractmethod
    def voice(self, language: str) -> str:
        """The program's voice for a BCP 47 tag; ToolMissing if it has none."""

    @abstractmethod
    def command(self, voice: str, pace: float, pitch: float, wav: Path) -> list[str]:
        """The words that make it read standard input and write `wav`."""

    def _speak(self, command: list[str], text: str) -> None:
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise ToolBusy(f"{self.program} took longer than {_SECONDS} s.", "It will be tried again.") from error
        if done.returncode:
            tail = done.stderr.decode("utf-8", "replace").strip()[-200:]
            raise ToolFailed(f"{self.program} failed with exit code {done.returncode}: {tail}")


def tokens_of(request: SpeechRequest) -> tuple[Token, ...]:
    """English as a narrator says it; other languages as they are written, one token a word."""
    if request.language.lower().split("-")[0] == "en":
        tokens = spoken(request.text, request.lexicon)
        sayable = speakable(tokens)
    else:
        known = {written.casefold(): saying for written, saying in request.lexicon}
        tokens = tuple(
            Token(word, known.get(bare(word), word) if any(mark.isalnum() for mark in word) else "")
            for word in request.text.split()
        )
        sayable = any(token.said for token in tokens)
    if not sayable:
        raise Declined("There is nothing in this line that a voice can say.", "Write it in words.")
    return tokens
