"""Voices of Microsoft Edge, in the cloud and without a key, by edge-tts in a process of its own (it is LGPL and GPL).

Knows nothing about scripts. It is asked only for a voice by name: nothing leaves this machine unasked.
"""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ValidationError

from .. import ffmpeg
from ..base import Cost, Device, Job
from ..errors import Declined, ToolBusy, ToolFailed, ToolMissing
from . import Speech, SpeechRequest, Voice, Word
from .delivery import Credit, Engine, Part, Uttered, deliver, no_clone
from .estimate import Span
from .sound import read_wav
from .system import tokens_of

NAMES = {
    "female": "en-US-AriaNeural en-US-JennyNeural en-US-EmmaMultilingualNeural en-GB-SoniaNeural en-AU-NatashaNeural "
    "de-DE-KatjaNeural fr-FR-DeniseNeural es-ES-ElviraNeural es-MX-DaliaNeural it-IT-ElsaNeural pt-BR-FranciscaNeural "
    "ja-JP-NanamiNeural zh-CN-XiaoxiaoNeural ko-KR-SunHiNeural hi-IN-SwaraNeural ar-SA-ZariyahNeural "
    "ru-RU-SvetlanaNeural nl-NL-ColetteNeural pl-PL-ZofiaNeural tr-TR-EmelNeural uk-UA-PolinaNeural sv-SE-SofieNeural",
    "male": "en-US-GuyNeural en-US-AndrewMultilingualNeural en-GB-RyanNeural de-DE-ConradNeural fr-FR-HenriNeural "
    "es-ES-AlvaroNeural es-MX-JorgeNeural it-IT-DiegoNeural pt-BR-AntonioNeural ja-JP-KeitaNeural zh-CN-YunxiNeural "
    "ko-KR-InJoonNeural hi-IN-MadhurNeural ar-SA-HamedNeural ru-RU-DmitryNeural",
}
"""Some of its voices; the option `voices` names others, as `edge-tts --list-voices` does."""
_TICKS = 10_000_000
_PATIENCE = 90.0
_LONGEST = 1500
_CHILD = """
import asyncio, json, sys
import edge_tts, edge_tts.communicate
asked = json.load(sys.stdin)
if asked["url"]:
    edge_tts.communicate.WSS_URL = asked["url"]
async def speak():
    voice = edge_tts.Communicate(asked["text"], asked["voice"], rate=asked["rate"], boundary="WordBoundary")
    words = []
    with open(asked["out"], "wb") as out:
        async for piece in voice.stream():
            if piece["type"] == "audio":
                out.write(piece["data"])
            else:
                words.append([piece["text"], piece["offset"], piece["duration"]])
    print(json.dumps({"words": words}))
asyncio.run(speak())
"""


class _Told(BaseModel):
    words: tuple[tuple[str, float, float], ...]


class Edge:
    """speech.edge. Options: voices (names with commas), url (another server that speaks Edge's protocol)."""

    name = "speech.edge"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "net"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._url = options.get("url", "")
        self._genders = {name: gender for gender, names in NAMES.items() for name in names.split()}
        self._genders |= {name.strip(): "" for name in options.get("voices", "").split(",") if name.strip()}

    def ready(self) -> None:
        """Raise ToolMissing unless edge-tts is installed; it is found, not imported."""
        if importlib.util.find_spec("edge_tts") is None:
            raise ToolMissing("edge-tts is not installed.", "Install it: pip install 'reelwright[edge]'.")

    def voices(self) -> tuple[Voice, ...]:
        """By name; the language is in it."""
        return tuple(
            Voice(name=name, language=_language(name), provider=self.name, gender=gender, local=False)
            for name, gender in self._genders.items()
        )

    def quote(self, request: SpeechRequest) -> Cost:
        """It costs no money."""
        return Cost(seconds=3 + 0.05 * len(request.text.split()))

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        """Speak the line, with the word times it tells."""
        if request.voice not in self._genders:
            raise Declined(f"Edge has no voice called {request.voice!r} here.", "See `reelwright voices`.")
        no_clone(request, "Edge")
        self.ready()

        def utter(part: Part, pace: float) -> Uttered:
            return self._speak(part, request, pace, job.scratch)

        credit = Credit("the provider's terms", f"spoken by Microsoft Edge's {request.voice}")
        return deliver(request, tokens_of(request), job, utter, Engine(longest=_LONGEST), credit)

    def _speak(self, part: Part, request: SpeechRequest, pace: float, folder: Path) -> Uttered:
        mp3, wav = folder / "edge.mp3", folder / "edge.wav"
        written = part.worded(request.lexicon)
        asked = {
            "text": " ".join(written),
            "voice": request.voice,
            "rate": f"{round((pace - 1) * 100):+d}%",
            "url": self._url,
            "out": str(mp3),
        }
        told = _told(asked)
        ffmpeg.encode([ffmpeg.Input(mp3)], "", wav, ["-map", "0:a:0", "-ac", "1", "-c:a", "pcm_s16le"])
        sound = read_wav(wav)
        heard = tuple(
            Word(
                text=text,
                start=round(offset / _TICKS * sound.rate),
                end=round((offset + duration) / _TICKS * sound.rate),
            )
            for text, offset, duration in told.words
        )
        return Uttered(sound, _spans(written, [token.said for token in part.tokens], heard, len(sound.samples)))


def _told(asked: Mapping[str, str]) -> _Told:
    command = [sys.executable, "-P", "-c", _CHILD]
    try:
        done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise ToolBusy(f"Edge took longer than {_PATIENCE:.0f} s.", "It will be tried again.") from error
    tail = done.stderr.decode("utf-8", "replace").strip().splitlines()
    if done.returncode:
        last = tail[-1][:300] if tail else f"exit code {done.returncode}"
        if re.match(r"(aiohttp\.|OSError|ConnectionError|TimeoutError|asyncio\.)", last):
            raise ToolBusy(f"Edge does not answer: {last}", "It will be tried again.")
        raise ToolFailed(f"Edge could not say this line: {last}", "Try another voice.")
    try:
        return _Told.model_validate_json(done.stdout)
    except ValidationError as error:
        raise ToolFailed("edge-tts answers in a form we do not know.", "Install edge-tts 7.") from error


def _spans(written: Sequence[str], said: Sequence[str], heard: Sequence[Word], length: int) -> list[Span] | None:
    """Edge's words, which are cut otherwise than ours, as spans of ours; None where they do not fit."""
    from ..align.placing import place

    found = place([" ".join(written)], heard, length).places[0]
    if found is None:
        return None
    counts = [len(word.split()) for word in written]
    spans: list[Span] = []
    at = 0
    for count, phrase in zip(counts, said, strict=True):
        group = found.words[at : at + count]
        at += count
        spans.append((group[0].start, group[-1].end) if phrase and group else None)
    return spans


def _language(name: str) -> str:
    """en-us of en-US-AriaNeural."""
    return "-".join(name.split("-")[:2]).lower()
