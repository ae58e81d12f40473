"""Loudness: what was asked for, and no true peak above the ceiling, on the encoded sound of any mix."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools import ffmpeg, meter
from reelwright.tools.assemble.limiter import applied, limited, needed, reductions
from reelwright.tools.assemble.loudness import AIM, PASSES, Finished, finish
from reelwright.tools.assemble.mix import Mixer
from reelwright.tools.assemble.tape import RAW
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset
from reelwright.tools.meter import QUIET, RATE, Readings, Samples
from reelwright.tools.timeline import Clip, Gap

Record = Callable[..., Asset]
Desk = Callable[..., Mixer]
SPEECH = "aevalsrc='0.25*sin(2*PI*(140+25*sin(4*t))*t)*(0.5+0.5*sin(15*t))+0.1*sin(2*PI*2300*t)*(0.5+0.5*sin(23*t))'"


def samples(path: Path) -> Samples:
    raw = b"".join(ffmpeg.decode(Input(path), "", ["-map", "0:a", "-ac", "2", "-c:a", "pcm_f32le", *RAW[:4]]))
    return np.frombuffer(raw, "<f4").reshape(-1, 2)


def judged(path: Path) -> tuple[float, float]:
    """ffmpeg's own meter on the encoded file."""
    log = ffmpeg.measure([Input(path)], "[0:a]ebur128=peak=true:framelog=quiet[a]", ["-map", "[a]"]).log
    summary = log.rpartition("Summary:")[2].split()
    return float(summary[summary.index("I:") + 1]), float(summary[summary.index("Peak:") + 1])


SOUNDS = {
    "speech": (SPEECH, "voice"),
    "loud noise": ("anoisesrc=a=0.9:seed=1", "voice"),
    "a whisper": ("aevalsrc='0.001*sin(2*PI*300*t)'", "voice"),
    "hard clicks": ("aevalsrc='if(lt(mod(t,0.5),0.01),0.99*sin(2*PI*3000*t),0.02*sin(2*PI*300*t))'", "voice"),
    "music": ("aevalsrc='0.3*sin(2*PI*220*t)+0.1*sin(2*PI*880*t)|0.3*sin(2*PI*277*t)'", "music"),
    "clipped": ("aevalsrc='clip(3*sin(2*PI*110*t)+2*sin(2*PI*173*t),-1,1)'", "effects"),
    "peaks between samples": (f"aevalsrc='0.9*sin(PI/2*t*{RATE}+PI/4)*(0.6+0.4*sin(9*t))'", "effects"),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_loudness_and_peak_are_reached_after_aac(job: Job, desk: Desk, record: Record, name: str) -> None:
    source, track = SOUNDS[name]
    film = desk(180, **{track: (Clip(asset=record(source, 6.0).id, frames=180),)})
    sound = finish(film.mix(), -14, -1, job.scratch)
    loudness, peak = judged(sound.path)
    assert (sound.loudness, sound.peak) == (loudness, peak)
    assert loudness == pytest.approx(-14, abs=0.5)
    assert peak <= -1.0
    assert sound.passes <= PASSES


@pytest.mark.parametrize("target", [-9, -16, -23])
def test_every_platforms_target_is_reached(job: Job, desk: Desk, record: Record, target: float) -> None:
    film = desk(90, voice=(Clip(asset=record(SPEECH, 3.0).id, frames=90),))
    sound = finish(film.mix(), target, -1, job.scratch)
    assert sound.loudness == pytest.approx(target, abs=0.5)
    assert sound.peak <= -1.0


def test_a_film_of_a_second_lands_too(job: Job, desk: Desk, record: Record) -> None:
    film = desk(30, voice=(Clip(asset=record(SPEECH, 1.0).id, frames=30),))
    sound = finish(film.mix(), -14, -1, job.scratch)
    assert sound.loudness == pytest.approx(-14, abs=0.5)
    assert sound.peak <= -1.0
    assert len(samples(sound.path)) == pytest.approx(RATE, abs=1024)


def test_a_film_of_two_frames_is_not_blown_up(job: Job, desk: Desk, record: Record) -> None:
    sound = finish(desk(2, voice=(Clip(asset=record(SPEECH, 1.0).id, frames=2),)).mix(), -14, -1, job.scratch)
    assert sound.peak <= -1.0
    assert sound.passes == 1


def test_a_silent_film_stays_silent(job: Job, desk: Desk, record: Record) -> None:
    nothing = desk(60).mix()
    sound = finish(nothing, -14, -1, job.scratch)
    assert (nothing.loudness, sound.passes) == (QUIET, 1)
    assert np.abs(samples(sound.path)).max() < 1e-4
    quiet = record("aevalsrc='0.000001*sin(300*t)'", 2.0)
    hardly = finish(desk(60, music=(Clip(asset=quiet.id, frames=60),)).mix(), -14, -1, job.scratch)
    assert np.abs(samples(hardly.path)).max() < 0.01


def test_one_click_in_silence_is_not_blown_up(job: Job, desk: Desk, record: Record) -> None:
    click = record("aevalsrc='if(between(t,0.5,0.501),0.9,0)'", 1.0)
    sound = finish(desk(90, effects=(Gap(frames=30), Clip(asset=click.id, frames=30))).mix(), -14, -1, job.scratch)
    assert sound.peak <= -1.0
    assert np.abs(samples(sound.path)[: RATE // 2]).max() < 0.01


def test_the_voice_stays_where_it_was_laid(job: Job, desk: Desk, record: Record) -> None:
    click = record("aevalsrc='if(between(t,0.5,0.502),0.9,0)'", 1.0)
    film = desk(90, voice=(Gap(frames=31), Clip(asset=click.id, start=6, frames=20)))
    sound = samples(finish(film.mix(), -14, -1, job.scratch).path)[:, 0]
    first = int(np.argmax(np.abs(sound) > 0.3 * np.abs(sound).max()))
    assert first == pytest.approx((31 + 15 - 6) / 30 * RATE, abs=60), "more than a millisecond off"


@pytest.mark.parametrize(("codec", "name"), [("aac", "aac"), ("opus", "opus"), ("pcm", "pcm_s24le")])
def test_other_containers_get_the_sound_they_carry(job: Job, desk: Desk, record: Record, codec: str, name: str) -> None:
    film = desk(60, voice=(Clip(asset=record(SPEECH, 2.0).id, frames=60),))
    sound: Finished = finish(film.mix(), -14, -1, job.scratch, codec=codec)  # type: ignore[arg-type]
    stream = ffmpeg.probe(sound.path).audio
    assert stream is not None
    assert (stream.codec, stream.rate, stream.channels) == (name, RATE, 2)
    assert sound.loudness == pytest.approx(-14, abs=0.5)
    assert sound.peak <= -1.0


def test_the_meter_reads_what_ffmpegs_reads(job: Job) -> None:
    for number, source in enumerate(("anoisesrc=a=0.2:seed=3:c=pink", SPEECH, "aevalsrc='0.5*sin(2*PI*997*t)|0'")):
        path = job.scratch / f"meter{number}.wav"
        options = ["-map", "[a]", "-ar", str(RATE), "-ac", "2", "-c:a", "pcm_f32le"]
        ffmpeg.encode([], f"{source}:d=5.03[a]", path, options)
        sound = samples(path)
        blocks = [sound[start : start + 10_007] for start in range(0, len(sound), 10_007)]
        readings = meter.read(blocks)
        loudness, peak = judged(path)
        assert readings.loudness == pytest.approx(loudness, abs=0.11)
        highest = meter.true_peaks(sound, np.arange(len(sound) // 48)).max()
        assert 20 * np.log10(highest) == pytest.approx(peak, abs=0.2)


def test_the_limiter_holds_every_peak_and_lets_go_slowly() -> None:
    peaks = np.full(1000, 0.2)
    peaks[[300, 301, 640]] = (1.0, 0.9, 2.0)
    off = reductions(peaks, 0, -6)
    assert (20 * np.log10(peaks) - off).max() <= -6 + 1e-6
    assert off[290] == 0
    assert off[640] > off[680] > 3
    assert np.abs(np.diff(off)).max() < 4


@pytest.mark.parametrize("hertz", [50, 110, 440])
def test_a_tone_under_the_limiter_stays_a_tone(hertz: int) -> None:
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)
    sound = np.stack([wave, wave], axis=1).astype(np.float32)
    levels = 6 - reductions(meter.read([sound]).peaks, 6, -6)
    limited_tone = applied(sound, 0, levels)[RATE // 4 : 3 * RATE // 4, 0]
    assert np.abs(limited_tone).max() <= 10 ** (-6 / 20) + 1e-4
    power = np.abs(np.fft.rfft(limited_tone * np.hanning(RATE // 2))) ** 2
    tone = power[hertz // 2 - 4 : hertz // 2 + 5].sum()
    assert (power.sum() - tone) / tone < 0.005**2, "half a percent of distortion"


def test_the_gain_is_told_without_touching_a_sample() -> None:
    luck = np.random.default_rng(5)
    peaks = 0.1 + 0.4 * luck.random(5000)
    readings = Readings(peaks**2, peaks)
    gain = needed(readings, -8, AIM, 30)
    assert limited(readings, gain, AIM) == pytest.approx(-8, abs=0.03)
    assert limited(readings, gain - 1, AIM) < -8
    assert needed(readings, 0, AIM, 12) == 12
