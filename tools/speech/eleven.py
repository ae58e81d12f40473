"""ElevenLabs: voices in the cloud that tell when each letter is said, and clone a voice from a sample with consent.

Knows nothing about scripts. It is asked only for a voice by name or for a clone: nothing leaves this machine unasked.
"""

import base64
import binascii
import http.client
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from ..base import Cost, Device, Job
from ..errors import Declined, Refused, ToolBusy, ToolFailed, ToolMissing
from . import Speech, SpeechRequest, Voice
from .delivery import Credit, Engine, Part, Uttered, deliver
from .estimate import Span
from .sound import Sound
from .spoken import Token
from .system import tokens_of

URL = "https://api.elevenlabs.io"
MODEL = "eleven_multilingual_v2"
VOICES = {
    "rachel": ("21m00Tcm4TlvDq8ikWAM", "female"),
    "sarah": ("EXAVITQu4vr4xnSDxMaL", "female"),
    "lily": ("pFZP5JQG7iQjIQuC4Bku", "female"),
    "george": ("JBFqnCBsd6RMkjVDRZzb", "male"),
    "brian": ("nPczCjzI2devNBz1zQrb", "male"),
    "daniel": ("onwK4e9ZLuTAKqWW03F9", "male"),
}
"""Voices that every account has (ElevenLabs' documentation); the option `voices` names others."""
RATE = 24_000
A_MILLION = 300.0
"""US dollars for a million letters, unless the option `price` says otherwise (list price beyond a plan's quota)."""
SLOWEST, FASTEST = 0.7, 1.2
"""What `speed` takes; the rest is stretched here."""
_PATIENCE = 60.0
_LONGEST = 2400
"""Letters in one request; the model takes 10,000, and shorter ones are cheaper to repeat."""


class _Times(BaseModel):
    model_config = ConfigDict(frozen=True)

    characters: tuple[str, ...]
    character_start_times_seconds: tuple[float, ...]
    character_end_times_seconds: tuple[float, ...]


class _Answer(BaseModel):
    audio_base64: str
    alignment: _Times | None = None


class _Known(BaseModel):
    voice_id: str
    name: str = ""


class _Shelf(BaseModel):
    voices: tuple[_Known, ...] = ()


class Eleven:
    """speech.elevenlabs.

    Options: key, voices (name=id with commas), model, price (US dollars for a million letters), base_url.
    """

    name = "speech.elevenlabs"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "net"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._key, self._url = options.get("key", ""), options.get("base_url", URL).rstrip("/")
        self._model = options.get("model", MODEL)
        self._price = float(options.get("price", A_MILLION))
        pairs = (part.partition("=") for part in options.get("voices", "").split(",") if "=" in part)
        self._named = {name: identity for name, (identity, _) in VOICES.items()}
        self._named |= {name.strip(): identity.strip() for name, _, identity in pairs}
        self._clones: dict[str, str] = {}
        self._cloning = threading.Lock()

    def ready(self) -> None:
        """Raise ToolMissing unless a key is set."""
        if not self._key:
            hint = 'Set key under [tools."speech.elevenlabs"] in reelwright.toml.'
            raise ToolMissing("No key for ElevenLabs is set.", hint)

    def voices(self) -> tuple[Voice, ...]:
        """Those that every account has, and those that were named; they speak any language."""
        return tuple(
            Voice(
                name=name,
                language="any",
                provider=self.name,
                gender=VOICES[name][1] if name in VOICES else "",
                local=False,
            )
            for name in self._named
        )

    def quote(self, request: SpeechRequest) -> Cost:
        """By the letter."""
        return Cost(money=len(request.text) * self._price / 1e6, seconds=2 + 0.05 * len(request.text.split()))

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        """Speak the line, with the times it tells."""
        if request.sample is None and request.voice not in self._named:
            raise Declined(f"ElevenLabs has no voice called {request.voice!r} here.", "See `reelwright voices`.")
        self.ready()
        voice = self._clone(request, job) if request.sample is not None else self._named[request.voice]

        def utter(part: Part, pace: float) -> Uttered:
            return self._speak(voice, part, request, pace)

        who = "a cloned voice" if request.sample is not None else f"the {request.voice} voice"
        credit = Credit("the provider's terms", f"spoken by ElevenLabs {self._model} with {who}")
        engine = Engine(longest=_LONGEST, slowest=SLOWEST, fastest=FASTEST)
        return deliver(request, tokens_of(request), job, utter, engine, credit)

    def _speak(self, voice: str, part: Part, request: SpeechRequest, pace: float) -> Uttered:
        written = part.worded(request.lexicon)
        body = {"text": " ".join(written), "model_id": self._model, "voice_settings": {"speed": round(pace, 3)}}
        path = f"/v1/text-to-speech/{urllib.parse.quote(voice)}/with-timestamps?output_format=pcm_{RATE}"
        raw = self._ask("POST", path, json.dumps(body).encode(), "application/json")
        try:
            answer = _Answer.model_validate_json(raw)
            samples = np.frombuffer(base64.b64decode(answer.audio_base64, validate=True), "<i2")
        except (ValidationError, binascii.Error, ValueError) as error:
            raise ToolFailed("ElevenLabs answers in a form we do not know.", "Try another voice.") from error
        if not samples.size:
            raise ToolFailed(f"ElevenLabs said nothing for {part.written[:60]!r}.", "Try another voice.")
        spans = _spans(part.tokens, written, answer.alignment) if answer.alignment else None
        return Uttered(Sound((samples / 32768).astype(np.float32), RATE), spans)

    def _clone(self, request: SpeechRequest, job: Job) -> str:
        """The account's voice made of this sample, made once: it has a name by which it is found again."""
        assert request.sample is not None
        if not request.consent.strip():
            raise Refused("No voice is cloned without the consent of the person it belongs to.", "Add --consent.")
        name = f"reelwright-{request.sample.id[:16]}"
        with self._cloning:
            if name not in self._clones:
                shelf = _Shelf.model_validate_json(self._ask("GET", "/v1/voices", None, ""))
                found = next((voice.voice_id for voice in shelf.voices if voice.name == name), "")
                self._clones[name] = found or self._add(name, job.path(request.sample.id).read_bytes(), request.consent)
            return self._clones[name]

    def _add(self, name: str, sample: bytes, consent: str) -> str:
        border = uuid.uuid4().hex
        fields = [("name", name), ("description", " ".join(consent.split())[:500])]
        part = f'--{border}\r\nContent-Disposition: form-data; name="{{}}"'
        parts = [f"{part.format(key)}\r\n\r\n{text}\r\n" for key, text in fields]
        file = f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="sample.wav"\r\n'
        head = "".join([*parts, file, "Content-Type: audio/wav\r\n\r\n"]).encode()
        body = head + sample + f"\r\n--{border}--\r\n".encode()
        kind = f"multipart/form-data; boundary={border}"
        return _Known.model_validate_json(self._ask("POST", "/v1/voices/add", body, kind)).voice_id

    def _ask(self, verb: str, path: str, body: bytes | None, kind: str) -> bytes:
        headers = {"xi-api-key": self._key} | ({"Content-Type": kind} if kind else {})
        asked = urllib.request.Request(self._url + path, body, headers, method=verb)
        try:
            with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:
                found: bytes = answer.read()
                return found
        except urllib.error.HTTPError as error:
            with error:
                raise _judged(error.code, error.read(2000).decode("utf-8", "replace")) from error
        except (OSError, http.client.HTTPException) as error:
            raise ToolBusy(f"ElevenLabs does not answer: {error}.", "It will be tried again.") from error


def _judged(status: int, told: str) -> Exception:
    """Who can act on an answer that is no success."""
    if status == 401:
        return ToolFailed("ElevenLabs does not know the key, or its quota is spent.", "Check key in reelwright.toml.")
    if status == 429 or status >= 500:
        return ToolBusy(f"ElevenLabs is busy (status {status}).", "It will be tried again.")
    return ToolFailed(f"ElevenLabs would not say this line (status {status}): {told[:200]}", "Try another voice.")


def _spans(tokens: Sequence[Token], written: Sequence[str], times: _Times) -> list[Span] | None:
    """Where each token is said, by the letters of its written form; None where the letters are not those we sent."""
    if "".join(times.characters) != " ".join(written) or not tokens:
        return None
    spans: list[Span] = []
    at = 0
    for token, word in zip(tokens, written, strict=True):
        heard = [index for index in range(at, at + len(word)) if times.characters[index].isalnum()]
        at += len(word) + 1
        if not heard or not token.said:
            spans.append(None)
            continue
        first, last = times.character_start_times_seconds[heard[0]], times.character_end_times_seconds[heard[-1]]
        spans.append((round(first * RATE), round(last * RATE)))
    return spans
