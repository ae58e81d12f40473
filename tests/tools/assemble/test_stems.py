"""Stems: added up they are the mix, in 24 bits, and what was done to the film after that is written in them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble.loudness import finish
from reelwright.tools.assemble.mix import Mixer
from reelwright.tools.assemble.stems import stems
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset
from reelwright.tools.meter import RATE, Samples
from reelwright.tools.timeline import Clip, Gap

Record = Callable[..., Asset]
Desk = Callable[..., Mixer]
SPEECH = "aevalsrc='0.25*sin(2*PI*(140+25*sin(4*t))*t)*(0.5+0.5*sin(15*t))+0.1*sin(2*PI*2300*t)*(0.5+0.5*sin(23*t))'"


def samples(path: Path) -> Samples:
    raw = b"".join(ffmpeg.decode(Input(path), "", ["-map", "0:a", "-c:a", "pcm_f32le", "-f", "f32le"]))
    return np.frombuffer(raw, "<f4").reshape(-1, 2)


def comment(path: Path) -> str:
    log = ffmpeg.measure([Input(path)], "", ["-map", "0:a", "-c", "copy"]).log
    return next(line for line in log.splitlines() if "comment" in line.lower())


@pytest.fixture
def film(desk: Desk, record: Record) -> Mixer:
    voice, music, hit = record(SPEECH, 2.0), record("sine=f=330", 4.0), record("sine=f=90", 0.5)
    return desk(
        120,
        voice=(Gap(frames=30), Clip(asset=voice.id, frames=60)),
        music=(Clip(asset=music.id, frames=120),),
        effects=(Gap(frames=85), Clip(asset=hit.id, frames=15)),
    )


def test_stems_are_24_bit_flac_and_add_up_to_the_mix(job: Job, film: Mixer) -> None:
    mix = film.mix()
    sound = finish(mix, -14, -1, job.scratch)
    paths = stems(film, sound, job.scratch)
    assert list(paths) == ["voice", "music", "effects"]
    total = sum(samples(path) for path in paths.values())
    assert isinstance(total, np.ndarray)
    whole = np.concatenate([block for _, block in mix.blocks()])
    assert len(total) == 4 * RATE
    assert np.abs(total - whole).max() < 4 / 2**23
    for path in paths.values():
        assert f"{sound.gain:+.2f} dB and a limiter at {sound.limit:.1f} dBTP" in comment(path)
        assert "24 bit" in ffmpeg.measure([Input(path)], "", ["-map", "0:a", "-c", "copy"]).log


def test_a_film_has_the_stems_it_has(job: Job, desk: Desk, record: Record) -> None:
    quiet = desk(30, music=(Clip(asset=record("sine=f=330", 1.0).id, frames=30),))
    assert list(stems(quiet, None, job.scratch)) == ["music"]
    assert stems(desk(30), None, job.scratch) == {}


def test_stems_too_loud_for_flac_are_lowered_together_and_say_so(job: Job, desk: Desk, record: Record) -> None:
    loud = record("aevalsrc='0.9*sin(600*t)|0.9*sin(600*t)'", 1.0)
    film = desk(30, effects=(Clip(asset=loud.id, frames=30, gain_db=9),))
    path = stems(film, None, job.scratch)["effects"]
    assert np.abs(samples(path)).max() <= 0.981
    assert "lowered by 8.2" in comment(path)
