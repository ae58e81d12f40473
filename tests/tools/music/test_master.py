"""Mastering on sounds whose numbers are known."""

import wave
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools.music.instruments import RATE
from reelwright.tools.music.master import CEILING, _power, integrated, master


def test_a_standard_tone_measures_what_the_standard_says() -> None:
    time = np.arange(5 * RATE) / RATE
    tone = (10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    measured = integrated(_power(np.stack([tone, tone])))
    assert measured == pytest.approx(-23.0, abs=0.1), "EBU Tech 3341, case 1"


def test_a_lone_spike_is_limited_and_the_rest_left_alone(tmp_path: Path) -> None:
    time = np.arange(4 * RATE) / RATE
    sound = np.tile((0.1 * np.sin(2 * np.pi * 220 * time)).astype(np.float32), (2, 1))
    sound[:, 2 * RATE] = 4.0
    output = tmp_path / "out.wav"
    blocks = [sound[:, :50_001], sound[:, 50_001:]]
    master(blocks, tmp_path / "raw", output, 4 * RATE, 4800, np.random.default_rng(1))
    with wave.open(str(output)) as file:
        raw = np.frombuffer(file.readframes(4 * RATE), np.uint8).reshape(-1, 3)
    wide = np.zeros((raw.shape[0], 4), np.uint8)
    wide[:, 1:] = raw
    heard = wide.view("<i4")[:, 0].reshape(-1, 2) / 2**31
    assert np.abs(heard).max() <= CEILING
    before, far = np.abs(heard[RATE : RATE + 4800]).max(), np.abs(heard[3 * RATE : 3 * RATE + 4800]).max()
    assert before == pytest.approx(far, rel=1e-3)
    assert not (tmp_path / "raw").exists()


def test_silence_stays_silent(tmp_path: Path) -> None:
    assert integrated(np.zeros(50)) is None
    output = tmp_path / "out.wav"
    master([np.zeros((2, RATE), np.float32)], tmp_path / "raw", output, RATE, 10, np.random.default_rng(1))
    assert output.stat().st_size == 44 + RATE * 6
