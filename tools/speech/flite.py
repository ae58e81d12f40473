"""flite: a small English voice from the system.

Knows nothing about other languages.
"""

from pathlib import Path

from ..errors import Declined
from . import Voice
from .system import SystemVoice

_STRETCH = 1.1
"""flite's slt reads 180 words a minute by herself."""
_TONE = 167.0
"""Hertz: slt's own mean pitch."""


class Flite(SystemVoice):
    """speech.flite: English by the slt voice."""

    name = "speech.flite"
    program = "flite"

    def voices(self) -> tuple[Voice, ...]:
        """Slt."""
        return (Voice(name="slt", language="en-us", provider=self.name, gender="female", natural=False),)

    def voice(self, language: str) -> str:
        """Slt, for English."""
        if language.lower().split("-")[0] != "en":
            raise Declined(f"flite has no voice for {language!r}.", "espeak-ng may have one.")
        return "slt"

    def command(self, voice: str, pace: float, pitch: float, wav: Path) -> list[str]:
        """Flite reads the file that it is told to; a lone dash would be a file of that name."""
        return [
            *("flite", "-voice", voice, "--setf", f"duration_stretch={_STRETCH / pace:.3f}"),
            *("--setf", f"int_f0_target_mean={_TONE * 2 ** (pitch / 12):.1f}"),
            *("-f", "/dev/stdin", "-o", str(wav.resolve())),
        ]
