"""What music tests share: a piece played once, and its samples."""

import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools.base import Job
from reelwright.tools.music import Music, MusicRequest
from reelwright.tools.music.composer import Composer

Samples = NDArray[np.float64]
Play = Callable[..., tuple[Music, Samples]]


@pytest.fixture
def play(job: Job) -> Play:
    def played(**asked: object) -> tuple[Music, Samples]:
        request = MusicRequest.model_validate({"frames": 240, "rate": Fraction(30), **asked})
        music = Composer().run(request, job)
        return music, samples(job.path(music.audio.id))

    return played


def samples(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 48_000, 3)
        raw = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 3)
    wide = np.zeros((raw.shape[0], 4), np.uint8)
    wide[:, 1:] = raw
    return wide.view("<i4")[:, 0].reshape(-1, 2) / 2**31
