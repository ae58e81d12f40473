"""Every provider that is installed goes through the one suite; so does a stranger's, which fails it."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.align import AlignRequest
from reelwright.tools.assemble import AssembleRequest, EncodeRequest
from reelwright.tools.base import Cost, Job
from reelwright.tools.code import AskRequest, CodeRequest
from reelwright.tools.code.skills import shipped, skill
from reelwright.tools.conformance import faults
from reelwright.tools.effects import EffectRequest
from reelwright.tools.inspect import InspectRequest, StillsRequest, TakeRequest, ThumbsRequest, View
from reelwright.tools.listen import ListenRequest
from reelwright.tools.media import Asset, Size
from reelwright.tools.models import Models
from reelwright.tools.music import Music, MusicRequest
from reelwright.tools.registry import (
    ALIGN,
    ASK,
    ASSEMBLE,
    CAPABILITIES,
    CODE,
    EFFECTS,
    ENCODE,
    FIELDS,
    FOOTAGE,
    GENERATE,
    INSPECT,
    LISTEN,
    LOOK,
    MOTION,
    MUSIC,
    SPEECH,
    STILLS,
    THUMBS,
    VISION,
    VOICEOVER,
    Capability,
    Registry,
)
from reelwright.tools.speech import SpeechRequest, Word
from reelwright.tools.speech.takes import RecordingRequest
from reelwright.tools.timeline import Clip, Timeline, Track
from reelwright.tools.video import Card, FootageRequest, MotionRequest
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.fields import FieldRequest
from reelwright.tools.vision import VisionRequest

SIZE, RATE = Size(width=288, height=512), Fraction(30)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job with models, whose shelf holds a short film with sound."""
    folder = tmp_path_factory.mktemp("bench")
    (folder / "scratch").mkdir()
    return Job(folder / "scratch", AssetStore(folder / "assets"), Models.installed(folder / "cache"))


@pytest.fixture(scope="session")
def clip(bench: Job) -> Asset:
    path = bench.scratch / "clip.mp4"
    picture = f"testsrc2=size={SIZE}:rate=30:duration=2,format=yuv420p[v];sine=440:duration=2:sample_rate=48000[a]"
    ffmpeg.encode([], picture, path, ["-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-c:a", "aac", "-shortest"])
    return bench.save(path, "video", licence="CC0-1.0", origin="test", frames=60, rate=RATE, size=SIZE)


@pytest.fixture(scope="session")
def requests(bench: Job, clip: Asset) -> dict[str, Callable[[], Any]]:
    timeline = Timeline(rate=RATE, size=SIZE, tracks=(Track(kind="video", items=(Clip(asset=clip.id, frames=60),)),))
    return {
        SPEECH.name: lambda: SpeechRequest(text="Two million flowers."),
        VOICEOVER.name: lambda: take(bench),
        MOTION.name: lambda: MotionRequest(size=SIZE, frames=20, handle=4, card=Card(headline="Thank a flower")),
        CODE.name: lambda: CodeRequest(program=skill("pendulums").program, size=SIZE, frames=20, handle=4),
        ASK.name: lambda: AskRequest(film=clip, program=shipped("questions")[0].program, samples=8),
        GENERATE.name: lambda: GenerateRequest(prompt="A boat.", size=SIZE, frames=20, handle=4),
        FIELDS.name: lambda: FieldRequest(prompt="ocean waves", size=SIZE, steps=12),
        FOOTAGE.name: lambda: FootageRequest(asset=clip, size=SIZE, frames=20, handle=4),
        MUSIC.name: lambda: MusicRequest(frames=60, rate=RATE),
        EFFECTS.name: lambda: EffectRequest(kind="whoosh", rate=RATE),
        ENCODE.name: lambda: EncodeRequest(timeline=timeline, assets=(clip,)),
        ASSEMBLE.name: lambda: AssembleRequest(timeline=timeline, assets=(clip,)),
        INSPECT.name: lambda: InspectRequest(film=clip),
        STILLS.name: lambda: StillsRequest(film=clip, seconds=(0.5, 1.0), width=144),
        THUMBS.name: lambda: ThumbsRequest(views=(View(asset=clip, seconds=(0.5, 1.0)),), count=1),
        LOOK.name: lambda: TakeRequest(take=clip),
        VISION.name: lambda: VisionRequest(images=(clip,), question="What does it show?"),
        LISTEN.name: lambda: ListenRequest(audio=clip),
        ALIGN.name: lambda: AlignRequest(audio=said(bench), text="Two million flowers."),
    }


def said(bench: Job) -> Asset:
    """A spoken line."""
    return Registry.installed().providers(SPEECH)[0].run(SpeechRequest(text="Two million flowers."), bench).audio


def take(bench: Job) -> RecordingRequest:
    """A line of a recording."""
    recording = said(bench)
    assert recording.frames is not None
    words = (Word(text="flowers", start=recording.frames // 3, end=recording.frames // 2),)
    return RecordingRequest(recording=recording, words=words, earliest=0, latest=recording.frames)


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda capability: capability.name)
def test_every_provider_conforms(
    capability: Capability[Any, Any], requests: dict[str, Callable[[], Any]], bench: Job
) -> None:
    for tool in Registry.installed().providers(capability):
        assert faults(tool, capability, requests[capability.name](), bench) == [], tool.name


class Careless:
    """A stranger's tool that forgets what the door needs."""

    name, version, device, result = "hum", "", "abacus", Music
    models: list[str] = []  # noqa: RUF012 - careless on purpose

    def ready(self) -> None: ...

    def quote(self, request: MusicRequest) -> Cost:
        return Cost()

    def run(self, request: MusicRequest, job: Job) -> Music:
        path = Path(job.scratch) / "hum.wav"
        path.write_bytes(b"hum")
        return Music(audio=job.save(path, "audio", licence="", origin=""), tempo=1, key="C")


def test_a_careless_tool_is_told_everything_at_once(bench: Job) -> None:
    tool: Any = Careless()
    found = " ".join(faults(tool, MUSIC, MusicRequest(frames=1, rate=RATE), bench))
    for fault in ("not capability.provider", "version", "limiter", "tuple", "licence", "samples"):
        assert fault in found
