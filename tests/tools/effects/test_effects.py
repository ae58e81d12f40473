"""Effects: the loudest moment on its frame, one level, no clicks, and the same seed is the same sound."""

from fractions import Fraction
from typing import get_args

import numpy as np
import pytest

from reelwright.tools import ffmpeg, meter
from reelwright.tools.base import Job
from reelwright.tools.effects import UNDER, Effect, EffectKind, EffectRequest, laid
from reelwright.tools.effects.synth import LEVEL, Synth
from reelwright.tools.ffmpeg import Input
from reelwright.tools.meter import RATE, Samples

KINDS = get_args(EffectKind)
FILM = Fraction(30)


def made(job: Job, kind: str, seed: int = 0, rate: Fraction = FILM) -> Effect:
    return Synth().run(EffectRequest.model_validate({"kind": kind, "rate": rate, "seed": seed}), job)


def samples(job: Job, effect: Effect) -> Samples:
    raw = b"".join(ffmpeg.decode(Input(job.path(effect.audio.id)), "", ["-map", "0:a", "-f", "f32le"]))
    return np.frombuffer(raw, "<f4").reshape(-1, 2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rate", [FILM, Fraction(24000, 1001)])
def test_the_loudest_moment_falls_on_a_frame(job: Job, kind: str, rate: Fraction) -> None:
    effect = made(job, kind, rate=rate)
    sound = samples(job, effect)
    energy = np.convolve((sound**2).sum(axis=1), np.hanning(1920), "same")
    assert np.argmax(energy) / RATE == pytest.approx(float(effect.peak / rate), abs=0.04)
    assert effect.audio.frames == len(sound) <= 1.2 * RATE
    assert 0 <= effect.frames - len(sound) * rate / RATE < 1


@pytest.mark.parametrize("kind", KINDS)
def test_effects_have_one_level_and_neither_clip_nor_click(job: Job, kind: str) -> None:
    sound = samples(job, made(job, kind, seed=3))
    powers = np.pad(meter.read([sound]).powers, 200)
    loudest = -0.691 + 10 * np.log10(np.convolve(powers, np.full(200, 1 / 200), "valid").max())
    assert loudest == pytest.approx(LEVEL, abs=0.3)
    assert np.abs(sound).max() < 0.75
    assert np.abs(sound[[0, -1]]).max() < 1e-3
    assert np.abs(sound.mean(axis=0)).max() < 0.01


def test_the_same_seed_is_the_same_sound_and_another_is_not(job: Job) -> None:
    first, again, other = (made(job, "whoosh", seed) for seed in (1, 1, 2))
    assert first == again
    assert first.audio.id != other.audio.id


def test_each_peak_is_laid_on_its_cut(job: Job) -> None:
    whoosh, riser = made(job, "whoosh"), made(job, "riser")
    track = laid([(90, riser), (40, whoosh)], 120)
    assert track.kind == "effects"
    places, at = [], 0
    for item in track.items:
        if item.type == "clip":
            places.append((at - item.start, item.gain_db))
        at += item.frames if item.type != "transition" else 0
    assert places == [(40 - whoosh.peak, -UNDER), (90 - riser.peak, -UNDER)]
    assert at <= 120


def test_effects_that_crowd_each_other_stay_in_order_and_in_the_film(job: Job) -> None:
    sweep = made(job, "sweep")
    track = laid([(frame, sweep) for frame in (0, 5, 8, 50, 118, 500, -3)], 120)
    assert track.frames <= 120
    at = 0
    for item in track.items:
        if item.type == "clip":
            assert item.start + item.frames <= sweep.frames
            assert at - item.start + sweep.peak in (0, 5, 8, 50, 118)
        at += item.frames if item.type != "transition" else 0
