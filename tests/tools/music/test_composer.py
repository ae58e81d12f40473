"""The composer as a provider: length, silence, peaks, loudness, determinism, odd requests."""

import wave
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed
from reelwright.tools.music import Mood, Music, MusicRequest
from reelwright.tools.music.composer import Composer

MOODS: tuple[Mood, ...] = get_args(Mood)


def samples(path: Path) -> NDArray[np.float64]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 48_000, 3)
        raw = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 3)
    wide = np.zeros((raw.shape[0], 4), np.uint8)
    wide[:, 1:] = raw
    return wide.view("<i4")[:, 0].reshape(-1, 2) / 2**31


def play(job: Job, **asked: object) -> tuple[Music, NDArray[np.float64]]:
    music = Composer().run(MusicRequest.model_validate({"frames": 240, "rate": Fraction(30), **asked}), job)
    return music, samples(job.path(music.audio.id))


@pytest.mark.parametrize("mood", MOODS)
def test_a_bed_is_exact_silent_at_the_end_and_never_clips(mood: Mood, job: Job) -> None:
    music, sound = play(job, mood=mood, frames=301, rate=Fraction(30_000, 1001))
    assert len(sound) == round(301 * 1001 / 30_000 * 48_000) == music.audio.frames
    assert not sound[-1].any()
    assert 0.2 < np.abs(sound).max() <= 10 ** (-3 / 20)
    assert np.abs(sound[:4800]).max() > 0.001, "it begins at once"


def test_the_same_seed_is_the_same_file_and_another_is_not(job: Job) -> None:
    first, again, other = (play(job, seed=seed)[0].audio.id for seed in (7, 7, 8))
    assert first == again != other


def test_moods_differ(job: Job) -> None:
    sounds = {mood: play(job, mood=mood)[1].sum(axis=1) for mood in MOODS}
    for left, right in combinations(sounds.values(), 2):
        assert abs(np.corrcoef(left, right)[0, 1]) < 0.3


@pytest.mark.parametrize("frames", [1, 2, 15, 30, 60, 75, 100])
def test_short_requests_are_one_ringing_chord_or_little_more(frames: int, job: Job) -> None:
    _, sound = play(job, frames=frames)
    assert len(sound) == frames * 1600
    assert not sound[-1].any()
    assert 0.05 < np.abs(sound).max() <= 10 ** (-3 / 20)


@pytest.mark.parametrize("frames", [0, 30 * 3601])
def test_no_length_and_endless_length_are_refused(frames: int, job: Job) -> None:
    with pytest.raises(ToolFailed, match="seconds long"):
        play(job, frames=frames)
