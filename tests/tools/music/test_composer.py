"""The composer as a provider: length, silence, peaks, loudness, determinism, odd requests."""

import re
import subprocess
import sys
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Protocol, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed
from reelwright.tools.music import Mood, Music, MusicRequest
from reelwright.tools.music.composer import Composer

MOODS: tuple[Mood, ...] = get_args(Mood)
CEILING = 10 ** (-3 / 20)
Samples = NDArray[np.float64]


class Play(Protocol):
    def __call__(self, **asked: object) -> tuple[Music, Samples]: ...


@pytest.mark.parametrize("mood", MOODS)
def test_a_bed_is_exact_silent_at_the_end_and_never_clips(mood: Mood, play: Play) -> None:
    music, sound = play(mood=mood, frames=301, rate=Fraction(30_000, 1001))
    assert len(sound) == round(301 * 1001 / 30_000 * 48_000) == music.audio.frames
    assert not sound[-1].any()
    assert 0.2 < np.abs(sound).max() <= CEILING
    assert np.abs(sound[:4800]).max() > 0.001, "it begins at once"
    ending = np.sqrt((sound[-12_000:] ** 2).mean())
    assert ending < 0.15 * np.sqrt((sound**2).mean()), "it has rung out"


def test_loudness_by_another_meter(play: Play, job: Job) -> None:
    music, _ = play(frames=300, mood="bright")
    heard = ffmpeg.measure([ffmpeg.Input(job.path(music.audio.id))], "[0:a]ebur128")
    integrated = [float(found) for found in re.findall(r"I:\s+(-?[\d.]+) LUFS", heard.log)][-1]
    assert -20 <= integrated <= -18


def test_the_same_seed_is_the_same_file_and_another_is_not(play: Play) -> None:
    first, again, other = (play(seed=seed)[0].audio.id for seed in (7, 7, 8))
    assert first == again != other


def test_moods_differ(play: Play) -> None:
    played = {mood: play(mood=mood) for mood in MOODS}
    for (_, left), (_, right) in combinations(played.values(), 2):
        assert abs(np.corrcoef(left.sum(axis=1), right.sum(axis=1))[0, 1]) < 0.3
    assert played["dark"][0].tempo < played["warm"][0].tempo < played["driving"][0].tempo
    assert {mood: music.key.split()[1] for mood, (music, _) in played.items()} == {
        "calm": "major",
        "warm": "major",
        "bright": "major",
        "driving": "minor",
        "dark": "minor",
        "playful": "major",
        "epic": "minor",
    }


@pytest.mark.parametrize("frames", [1, 2, 15, 30, 60, 75, 100])
def test_short_requests_are_one_ringing_chord_or_little_more(frames: int, play: Play) -> None:
    _, sound = play(frames=frames)
    assert len(sound) == frames * 1600
    assert not sound[-1].any()
    assert 0.05 < np.abs(sound).max() <= CEILING


@pytest.mark.parametrize("frames", [0, 30 * 3601])
def test_no_length_and_endless_length_are_refused(frames: int, play: Play) -> None:
    with pytest.raises(ToolFailed, match="seconds long"):
        play(frames=frames)


def test_it_can_be_cancelled_and_tells_how_far_it_is(job: Job) -> None:
    parts: list[float] = []
    job.progress = parts.append
    Composer().run(MusicRequest(frames=900, rate=Fraction(30)), job)
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    job.cancelled = lambda: True
    with pytest.raises(ToolFailed, match="cancelled"):
        Composer().run(MusicRequest(frames=60, rate=Fraction(30)), job)


TEN_MINUTES = """
import sys
from pathlib import Path
from reelwright.tools.music.master import master
from reelwright.tools.music.mix import render
from reelwright.tools.music.score import compose, dice
place = Path(sys.argv[1])
total = 600 * 48_000
master(render(compose("driving", 1, 600)), place / "raw", place / "out.wav", total, 48_000, dice("x"))
# ru_maxrss would count the parent that it was forked from; the high-water mark starts anew with exec.
high = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(high.split()[1]) // 1024, (place / "out.wav").stat().st_size)
"""


@pytest.mark.slow
def test_ten_minutes_stay_small_in_memory(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", TEN_MINUTES, tmp_path], cwd=tmp_path, capture_output=True, check=True)
    megabytes, size = (int(word) for word in done.stdout.split())
    assert size == 44 + 600 * 48_000 * 6
    assert megabytes < 400
