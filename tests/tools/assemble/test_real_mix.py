"""A real mix: spoken lines, composed music and effects, judged by its stems and by somebody who only hears the film."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools import meter
from reelwright.tools.assemble.loudness import finish
from reelwright.tools.assemble.mix import Mixer
from reelwright.tools.assemble.stems import stems
from reelwright.tools.base import Job
from reelwright.tools.effects import UNDER, EffectRequest, laid
from reelwright.tools.effects.synth import Synth
from reelwright.tools.inspect import Span
from reelwright.tools.inspect.balance import balance_check, stems_of
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.media import Asset, Size
from reelwright.tools.models import Models
from reelwright.tools.music import MusicRequest
from reelwright.tools.music.composer import Composer
from reelwright.tools.profiles import profiles
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.piper import Piper
from reelwright.tools.timeline import Clip, Gap, Item, Timeline, Track

RATE = Fraction(30)
LINES = (
    "A single jar of honey starts with about two million flowers.",
    "So the next time you taste honey, thank a flower, and the bee that found it.",
)


@pytest.fixture
def studio(tmp_path: Path, shelf: AssetStore) -> Job:
    scratch = tmp_path / "studio"
    scratch.mkdir()
    return Job(scratch, shelf, Models.installed(tmp_path / "cache"))


@pytest.fixture
def film(studio: Job) -> Mixer:
    """Two lines with a cut between them, over music that drives."""
    items: list[Item] = [Gap(frames=20)]
    at, cut = 20, 0
    for text in LINES:
        audio = Piper().run(SpeechRequest(text=text), studio).audio
        assert audio.frames is not None
        assert audio.rate is not None
        frames = round(audio.frames / audio.rate * RATE)
        items += [Clip(asset=audio.id, frames=frames, name=text), Gap(frames=15)]
        at, cut = at + frames + 15, cut or at + frames + 5
    music = Composer().run(MusicRequest(frames=at, rate=RATE, mood="driving"), studio).audio
    effect = Synth().run(EffectRequest(kind="sweep", rate=RATE), studio)
    tracks = (
        Track(kind="video", items=(Gap(frames=at),)),
        Track(kind="voice", items=tuple(items)),
        Track(kind="music", items=(Clip(asset=music.id, frames=at),)),
        laid([(cut, effect)], at),
    )
    line = Timeline(rate=RATE, size=Size(width=64, height=64), tracks=tracks)
    sounds = {item.asset for track in tracks for item in track.items if item.type == "clip"}
    return Mixer(line, {sound: studio.path(sound) for sound in sounds}, studio.scratch)


def test_every_word_is_understood_and_everything_else_lies_under_it(studio: Job, film: Mixer) -> None:
    sound = finish(film.mix(), -14, -1, studio.scratch)
    assert sound.loudness == pytest.approx(-14, abs=0.5)
    assert sound.peak <= -1.0
    assert sound.passes == 1
    parts = stems(film, sound, studio.scratch)
    speech = [Span(start=span.start / meter.RATE, end=span.end / meter.RATE) for span in film.speech]
    judge = balance_check(stems_of(parts["voice"], parts["music"]), speech, profiles()["shorts"])
    assert judge.verdict == "pass", judge.value
    effects = meter.read(film.blocks(("effects",))).powers
    loudest = -0.691 + 10 * np.log10(np.convolve(effects, np.full(200, 1 / 200), "valid").max())
    said = meter.over(meter.read(film.blocks(("voice",))).powers, [(0, 10**6)])
    assert 14 <= said - loudest <= 20
    assert said - loudest == pytest.approx(UNDER, abs=1.5)
    assert word_error_rate(" ".join(LINES), heard(studio, sound.path)) <= 0.08


def heard(studio: Job, path: Path) -> str:
    audio: Asset = studio.save(path, "audio", licence="CC0", origin="test")
    return FasterWhisper().run(ListenRequest(audio=audio), studio).text
