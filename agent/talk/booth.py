"""The booth: hears a turn and speaks a sentence with this machine's providers, and keeps both beside the talk.

Knows the door to the tools; knows nothing about turns or what is said. What was said never enters the user's cache.
"""

import re
import wave
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel

from ...tools.errors import ToolMissing
from ...tools.listen import ListenRequest
from ...tools.listen.turn import MODEL as TURN
from ...tools.listen.turn import TurnModel, hearable
from ...tools.listen.vad import MODEL as VAD
from ...tools.listen.vad import RATE, Detector, Samples
from ...tools.media import Asset
from ...tools.registry import LISTEN, SPEECH, Capability
from ...tools.speech import SpeechRequest
from ...tools.speech.sound import read_wav
from ..studio import Studio
from .transcript import FOLDER, RECORDINGS

Req = TypeVar("Req", bound=BaseModel)
Res = TypeVar("Res", bound=BaseModel)
PACE = 1.12
"""Talk is quicker than narration: 185 against 165 words a minute."""
_FOLDERS = re.compile(r"\S*/(?=\S)")


class Booth:
    """Ears and a voice for one talk."""

    def __init__(self, studio: Studio, *, language: str = "en", voice: str = "") -> None:
        """Ears and a voice that go through a talk's private studio."""
        self._door, self._place = studio.door, studio.folder.parent
        self._language, self._voice = language, voice
        self._turn: TurnModel | None = None

    def ready(self) -> None:
        """Raise ToolMissing, with the command that changes it, where this machine cannot listen or speak."""
        self._able(LISTEN)
        self._able(SPEECH)
        self._door.weights.path(VAD)
        if hearable():
            try:
                self._turn = TurnModel(self._door.weights.path(TURN))
            except ToolMissing:  # a rule of silence decides instead
                self._turn = None

    def detector(self) -> Detector:
        """A voice activity detector for one stream."""
        return Detector(self._door.weights.path(VAD))

    def over(self, turn: Samples) -> float | None:
        """How likely the turn is over; None where there is no model for it."""
        return self._turn.chance(turn) if self._turn else None

    def listen(self, samples: Samples) -> tuple[str, float]:
        """The words of a stretch of speech, and how sure we are of them."""
        path = self._place / "turn.wav"
        save(samples, path)
        asset = self._door.assets.add(path, lambda digest: _asset(digest, len(samples)))
        try:
            heard = self._door.call(
                LISTEN, ListenRequest(audio=asset, language=self._language, quick=True), stage="sound"
            ).result
        finally:
            self._door.assets.path(asset.id).unlink(missing_ok=True)
        return heard.text, heard.confidence

    def speak(self, text: str) -> Samples:
        """A sentence as sound at 16 kHz. Of a file only its name is said."""
        said = _FOLDERS.sub("", text)
        request = SpeechRequest(text=said, language=self._language, voice=self._voice, pace=PACE)
        speech = self._door.call(SPEECH, request, stage="sound").result
        sound = read_wav(self._door.assets.path(speech.audio.id))
        return resampled(sound.samples, sound.rate, RATE)

    def record(self, samples: Samples) -> str:
        """Keep the recording of a turn; its name in the project."""
        folder = self._place / RECORDINGS
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + sum(1 for _ in folder.glob("*.wav"))
        save(samples, folder / f"{number:04}.wav")
        return f"{FOLDER}/{RECORDINGS}/{number:04}.wav"

    def _able(self, capability: Capability[Req, Res]) -> None:
        missing = ToolMissing(f"Nothing here does {capability.name}.", "Install it: pip install 'reelwright[talk]'.")
        for tool in self._door.registry.providers(capability):
            try:
                tool.ready()
            except ToolMissing as error:
                missing = error
            else:
                return
        raise missing


def save(samples: Samples, path: Path) -> None:
    """A 16-bit mono WAV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(packed(samples))


def packed(samples: Samples) -> bytes:
    """Samples as 16-bit little-endian bytes."""
    return np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2").tobytes()


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """The sound at another rate, band-limited; for whole sentences, since it works on all of it at once."""
    if rate == wanted:
        return samples
    size = round(len(samples) * wanted / rate)
    spectrum = np.fft.rfft(samples)
    bins = min(len(spectrum), size // 2 + 1)
    return (np.fft.irfft(spectrum[:bins], size) * (size / len(samples))).astype(np.float32)


def _asset(digest: str, frames: int) -> Asset:
    return Asset(
        id=digest,
        kind="audio",
        format="wav",
        frames=frames,
        rate=Fraction(RATE),
        licence="own",
        origin="a person's turn",
    )
