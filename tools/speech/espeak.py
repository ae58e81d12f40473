"""espeak-ng: a robotic voice for more than a hundred languages, from the system.

Knows nothing about pronunciation of its own.
"""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from ..errors import Declined
from . import Voice
from .system import SystemVoice

_RATE = 150
"""Words a minute at pace 1.0."""
_PITCH, _PER_SEMITONE = 50, 5
"""espeak-ng's -p: its middle, and the step that moves its base frequency by about a semitone."""


class EspeakNg(SystemVoice):
    """speech.espeak-ng: the voice whose language tag fits best."""

    name = "speech.espeak-ng"
    program = "espeak-ng"

    def voices(self) -> tuple[Voice, ...]:
        """One for each language, by its tag; none where the program is not here."""
        tags = sorted(_voices()) if shutil.which(self.program) else []
        return tuple(Voice(name=f"espeak-{tag}", language=tag, provider=self.name, natural=False) for tag in tags)

    def voice(self, language: str) -> str:
        """The voice for a BCP 47 tag: exactly that one, else its shorter forms."""
        known = _voices()
        parts = ("cmn" if language.lower() == "zh" else language.lower().replace("_", "-")).split("-")
        if parts[0] == "zh":
            parts[0] = "cmn"
        if parts == ["en"]:
            parts = ["en", "us"]
        for length in range(len(parts), 0, -1):
            tag = "-".join(parts[:length])
            if tag in known:
                return tag
        close = sorted(tag for tag in known if tag.split("-")[0] == parts[0])
        if close:
            return close[0]
        raise Declined(f"espeak-ng has no voice for {language!r}.", "The words will be shown, not spoken.")

    def command(self, voice: str, pace: float, pitch: float, wav: Path) -> list[str]:
        """Text by standard input, without markup."""
        speed, tone = str(round(_RATE * pace)), str(round(min(max(_PITCH + _PER_SEMITONE * pitch, 0), 99)))
        return ["espeak-ng", "-v", voice, "-s", speed, "-p", tone, "-b", "1", "--stdin", "-w", str(wav)]


@cache
def _voices() -> frozenset[str]:
    """Language tags of `espeak-ng --voices`: the second column."""
    listing = subprocess.run(["espeak-ng", "--voices"], capture_output=True, text=True, timeout=30, check=True).stdout
    return frozenset(line.split()[1] for line in listing.splitlines()[1:] if len(line.split()) > 1)
