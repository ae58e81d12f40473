"""A person made of Piper, who speaks in frames with noise and pauses; and a talk to speak into."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from reelwright import Brief, Settings
from reelwright.agent.talk import Heard, Reply
from reelwright.agent.talk.booth import Booth, packed, resampled
from reelwright.agent.talk.draft import Draft
from reelwright.agent.talk.partner import FilmPartner
from reelwright.agent.talk.session import BYTES, FRAME, Session
from reelwright.agent.talk.studios import Studios
from reelwright.tools.listen.vad import RATE, Samples
from reelwright.tools.media import Size
from reelwright.tools.models import Models
from reelwright.tools.speech.server import server_for
from reelwright.tools.speech.sound import read_wav

SMALL = Brief(text="film", seconds=5.0, size=Size(width=270, height=480), rate=12)


class Chat:
    """A talk over text, line by line."""

    def __init__(self, partner: FilmPartner) -> None:
        self.partner = partner

    def open(self) -> str:
        return said(self.partner.open())

    def tell(self, *lines: str, confidence: float = 1.0) -> str:
        """The answer to the last of the lines."""
        told = ""
        for line in lines:
            told = said(self.partner.hear(Heard(text=line, confidence=confidence)))
        return told

    def wait(self, until: Callable[[], bool] = lambda: False) -> str:
        """What is told until nothing is being made, or until something is so."""
        told, end = "", time.monotonic() + 120
        while self.partner.busy and not until() and time.monotonic() < end:
            told += " " + said(self.partner.tick())
            time.sleep(0.02)
        return told


def said(replies: tuple[Reply, ...]) -> str:
    return " ".join(reply.text for reply in replies)


@pytest.fixture(scope="session")
def small() -> Brief:
    return SMALL


@pytest.fixture
def chat(tmp_path: Path, settings: Settings) -> Callable[..., Chat]:
    """A talk over text in a folder of its own, about a small film; keywords are what is known already."""

    def start(folder: Path | None = None, **known: object) -> Chat:
        studios = Studios(folder or tmp_path / "film", settings)
        return Chat(FilmPartner(studios, SMALL, Draft.model_validate(known)))

    return start


@pytest.fixture(scope="session")
def models(settings: Settings) -> Models:
    return Models.installed(settings.cache)


@pytest.fixture(scope="session")
def voice(models: Models) -> Callable[[str], Samples]:
    """A person's voice: Piper at another pace than ours, softer, each sentence spoken once a run."""
    server, spoken = server_for(models.path("piper-joe") / "en_US-joe-medium.onnx"), dict[str, Samples]()

    def speak(text: str) -> Samples:
        if text not in spoken:
            sound = read_wav(server.speak(text, 1.25)[0])
            spoken[text] = resampled(sound.samples, sound.rate, RATE) * np.float32(0.5)
        return spoken[text]

    return speak


@dataclass
class Line:
    """A line to a session: what is spoken into it, and what came back."""

    session: Session
    noise: float = 0.003
    heard: list[Heard] = field(default_factory=list)
    told: list[Reply] = field(default_factory=list)
    partials: list[str] = field(default_factory=list)
    played: bytearray = field(default_factory=bytearray)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def play(self, sound: Samples) -> bytes:
        """Speak into the session in frames of 20 ms; what it played meanwhile."""
        whole = np.concatenate([sound, np.zeros(-len(sound) % FRAME, np.float32)])
        noisy = whole + self.random.normal(0, self.noise, len(whole)).astype(np.float32)
        frames = packed(noisy.astype(np.float32))
        out = b"".join(self.session.feed(frames[at : at + BYTES]) for at in range(0, len(frames), BYTES))
        self.played += out
        return out

    def quiet(self, seconds: float) -> bytes:
        return self.play(np.zeros(round(seconds * RATE), np.float32))

    def listen(self) -> bytes:
        """Say nothing until the session has said all."""
        out = self.quiet(1.0)
        while self.session.speaking:
            out += self.quiet(0.2)
        return out

    def turn(self, see: Heard | Reply) -> None:
        (self.heard if isinstance(see, Heard) else self.told).append(see)  # type: ignore[arg-type]


@pytest.fixture
def line(chat: Callable[..., Chat]) -> Callable[..., Line]:
    """A session over sound; keywords are what the partner knows already."""

    def start(partner: FilmPartner | None = None, **known: object) -> Line:
        partner = partner or chat(**known).partner
        booth = Booth(partner.studio())
        booth.ready()
        made = Line(Session(partner, booth))
        made.session = Session(partner, booth, partial=made.partials.append, seen=made.turn)
        return made

    return start
