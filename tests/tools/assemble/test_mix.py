"""The mix: music under the voice by as much as it should be, and the loudness that was asked for after AAC."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools import ffmpeg
from reelwright.tools.assemble.duck import DEPTH, FADE_OUT, UNDER, Span, curve, merged
from reelwright.tools.assemble.loudness import PASSES, finish
from reelwright.tools.assemble.mix import QUIET, RATE, Mixer, levels_in
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Clip, Gap, Item, Timeline, Track

Record = Callable[..., Asset]
SPEECH = "aevalsrc='0.25*sin(2*PI*(140+25*sin(4*t))*t)*(0.5+0.5*sin(15*t))+0.1*sin(2*PI*2300*t)*(0.5+0.5*sin(23*t))'"
MUSIC = "aevalsrc='0.3*sin(2*PI*220*t)+0.1*sin(2*PI*880*t)|0.3*sin(2*PI*277*t)'"
SIZE = Size(width=64, height=64)


def timeline(frames: int, **tracks: tuple[Item, ...]) -> Timeline:
    rows = [Track.model_validate({"kind": kind, "items": items}) for kind, items in tracks.items()]
    return Timeline(rate=Fraction(30), size=SIZE, tracks=(Track(kind="video", items=(Gap(frames=frames),)), *rows))


def mixer(job: Job, line: Timeline, *assets: Asset) -> Mixer:
    paths: Mapping[str, Path] = {asset.id: job.path(asset.id) for asset in assets}
    return Mixer(line, paths, job.scratch)


def samples(path: Path) -> np.ndarray:
    raw = b"".join(ffmpeg.decode(Input(path), "", ["-map", "0:a", "-f", "f32le", "-ac", "2", "-ar", str(RATE)]))
    return np.frombuffer(raw, "<f4").reshape(-1, 2)


def db(part: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(part**2) + 1e-12))


@pytest.fixture
def film(job: Job, record: Record) -> tuple[Timeline, Mixer]:
    """Ten seconds of music with two spoken lines, at 2 to 4 and 4.3 to 6 seconds."""
    voice, music = record(SPEECH, 2.0), record(MUSIC, 10.0)
    line = timeline(
        300,
        voice=(Gap(frames=60), Clip(asset=voice.id, frames=60), Gap(frames=9), Clip(asset=voice.id, frames=51)),
        music=(Clip(asset=music.id, frames=300),),
    )
    return line, mixer(job, line, voice, music)


def test_music_lies_15_db_under_the_speech_and_rises_again(film: tuple[Timeline, Mixer]) -> None:
    stems = film[1].stems()
    said = ffmpeg.measure([Input(stems["voice"])], "[0:a]ebur128[a]", ["-map", "[a]"])
    under = ffmpeg.measure([Input(stems["music"])], "[0:a]ebur128[a]", ["-map", "[a]"])
    spans = film[1].speech
    assert levels_in(said.log).over(spans) - levels_in(under.log).over(spans) == pytest.approx(UNDER, abs=1)
    music = samples(stems["music"])
    before, during, between, after = (
        db(music[round(first * RATE) : round(last * RATE)]) for first, last in ((1, 1.8), (2, 4), (4, 4.3), (6.6, 8))
    )
    assert before - during == pytest.approx(DEPTH, abs=0.3)
    assert after == pytest.approx(before, abs=0.3)
    assert between == pytest.approx(during, abs=0.3), "it pumps between sentences"


def test_the_stems_add_up_to_the_mix_and_it_is_as_long_as_the_picture(film: tuple[Timeline, Mixer]) -> None:
    mixed, stems = samples(film[1].mix().path), film[1].stems()
    assert len(mixed) == 10 * RATE
    assert np.abs(mixed - sum(samples(path) for path in stems.values())).max() < 1e-4


def test_the_voice_stays_where_it_was_laid(job: Job, record: Record) -> None:
    click = record("aevalsrc='if(between(t,0.5,0.502),0.9,0)'", 1.0)
    line = timeline(90, voice=(Gap(frames=31), Clip(asset=click.id, start=6, frames=20)))
    sound = finish(mixer(job, line, click).mix(), -14, -1, job.scratch)
    first = int(np.argmax(np.abs(samples(sound.path)[:, 0]) > 0.05))
    assert first == pytest.approx((31 + 15 - 6) / 30 * RATE, abs=60), "more than a millisecond off"


@pytest.mark.parametrize(
    "source",
    [
        SPEECH,
        "anoisesrc=a=0.9:seed=1",
        "aevalsrc='0.001*sin(2*PI*300*t)'",
        "aevalsrc='if(lt(mod(t,0.5),0.01),0.99*sin(2*PI*3000*t),0.02*sin(2*PI*300*t))'",
    ],
    ids=["speech", "loud noise", "a whisper", "hard clicks"],
)
def test_loudness_and_peak_are_reached_after_aac(job: Job, record: Record, source: str) -> None:
    tone = record(source, 6.0)
    sound = finish(
        mixer(job, timeline(180, voice=(Clip(asset=tone.id, frames=180),)), tone).mix(), -14, -1, job.scratch
    )
    assert sound.loudness == pytest.approx(-14, abs=0.5)
    assert sound.peak <= -1.0
    assert sound.passes <= PASSES


def test_a_silent_film_stays_silent(job: Job, record: Record) -> None:
    nothing = mixer(job, timeline(60)).mix()
    sound = finish(nothing, -14, -1, job.scratch)
    assert (nothing.loudness, sound.passes) == (QUIET, 1)
    assert np.abs(samples(sound.path)).max() < 1e-4
    quiet = record("aevalsrc='0.000001*sin(300*t)'", 2.0)
    mixed = mixer(job, timeline(60, music=(Clip(asset=quiet.id, frames=60),)), quiet).mix()
    assert np.abs(samples(finish(mixed, -14, -1, job.scratch).path)).max() < 0.01


def test_music_alone_plays_in_full_and_fades_out(job: Job, record: Record) -> None:
    music = record(MUSIC, 6.0)
    mixed = samples(mixer(job, timeline(180, music=(Clip(asset=music.id, frames=180),)), music).mix().path)
    source = samples(job.path(music.id))
    middle = slice(RATE, 4 * RATE)
    assert db(mixed[middle]) == pytest.approx(db(source[middle]), abs=0.1)
    assert db(mixed[-RATE // 20 :]) < db(mixed[middle]) - 30
    assert db(mixed[round(-FADE_OUT * RATE) - RATE : round(-FADE_OUT * RATE)]) == pytest.approx(
        db(mixed[middle]), abs=0.5
    )


@pytest.mark.parametrize("source", ["sine=f=300:r=8000", "anoisesrc=r=44100:seed=2,aformat=channel_layouts=5.1"])
def test_any_sound_is_brought_to_48_khz_stereo(job: Job, record: Record, source: str) -> None:
    head, comma, tail = source.partition(",")
    path = job.scratch / "odd.wav"
    ffmpeg.encode([], f"{head}:d=2{comma}{tail}[a]", path, ["-map", "[a]"])
    odd = job.save(path, "audio", licence="CC0", origin="test")
    mixed = samples(mixer(job, timeline(60, music=(Clip(asset=odd.id, frames=60),)), odd).mix().path)
    assert len(mixed) == 2 * RATE
    assert db(mixed[RATE // 2 : RATE]) > -40


def test_a_sound_shorter_than_its_clip_ends_in_silence(job: Job, record: Record) -> None:
    short = record("sine=f=300", 0.5)
    mixed = samples(
        mixer(job, timeline(60, effects=(Gap(frames=15), Clip(asset=short.id, frames=45))), short).mix().path
    )
    assert len(mixed) == 2 * RATE
    assert db(mixed[: RATE // 2 - 100]) < -80
    assert db(mixed[round(1.05 * RATE) :]) < -80
    assert db(mixed[round(0.6 * RATE) : round(0.9 * RATE)]) > -40


def test_joins_do_not_click(job: Job, record: Record) -> None:
    tone = record("sine=f=441", 1.0)
    items = (Clip(asset=tone.id, frames=10), Clip(asset=tone.id, start=7, frames=10), Gap(frames=10))
    mixed = samples(mixer(job, timeline(30, effects=items), tone).mix().path)[:, 0]
    loudest = np.abs(np.diff(mixed)).max()
    assert loudest <= 1.1 * np.abs(np.diff(mixed[1000:8000])).max()


SPANS = st.lists(
    st.builds(lambda start, length: Span(start, start + length), st.integers(0, 500_000), st.integers(1, 90_000)),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(SPANS)
def test_the_curve_is_down_wherever_somebody_speaks(spans: list[Span]) -> None:
    points = curve(spans, RATE)
    x, y = zip(*points, strict=True)
    assert list(x) == sorted(x)
    assert set(y) <= {0.0, -DEPTH}
    for span in spans:
        assert np.interp([span.start, (span.start + span.end) / 2, span.end], x, y) == pytest.approx(-DEPTH)


@given(SPANS)
@settings(deadline=None, max_examples=60)
def test_merged_spans_cover_the_same_and_lie_apart(spans: list[Span]) -> None:
    rows = merged(spans, 31_200)
    assert all(second.start - first.end >= 31_200 for first, second in pairwise(rows))
    assert all(any(row.start <= span.start and span.end <= row.end for row in rows) for span in spans)
