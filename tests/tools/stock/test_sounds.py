"""Tempo, key, loudness and mood of music that is known."""

from pathlib import Path

import numpy as np
import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.music import MusicRequest
from reelwright.tools.music.composer import Composer
from reelwright.tools.stock.examine import Examiner, Origin
from reelwright.tools.stock.sounds import _samples, hear, key_of, mood

pytestmark = pytest.mark.media


def wav(path: Path, samples: np.ndarray[tuple[int], np.dtype[np.float64]], rate: int = 22050) -> Path:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32000).astype("<i2").tobytes())
    return path


def chord(
    pitches: tuple[float, ...], seconds: float = 12.0, rate: int = 22050
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    at = np.arange(int(seconds * rate)) / rate
    whole: np.ndarray[tuple[int], np.dtype[np.float64]] = sum(
        (np.sin(2 * np.pi * pitch * at) for pitch in pitches), np.zeros(len(at))
    )
    return whole * 0.2


@pytest.mark.parametrize("beats", [90, 120, 140])
def test_a_click_has_its_tempo(beats: int, tmp_path: Path) -> None:
    at = np.arange(15 * 22050) / 22050
    clicks = np.exp(-60 * (at % (60 / beats))) * np.sin(2 * np.pi * 880 * at)
    path = wav(tmp_path / "click.wav", clicks)
    stream = ffmpeg.probe(path).audio
    assert stream is not None
    assert hear(path, stream)["tempo"] == pytest.approx(beats, rel=0.02)


def test_chords_have_their_keys(tmp_path: Path) -> None:
    major = wav(tmp_path / "c.wav", chord((261.6, 329.6, 392.0, 523.3)))
    minor = wav(tmp_path / "a.wav", chord((220.0, 261.6, 329.6, 440.0)))
    assert key_of(_samples(major)) == ("C major", False)
    assert key_of(_samples(minor)) == ("A minor", True)


def test_an_effect_has_loudness_alone_and_silence_nothing(tmp_path: Path) -> None:
    (effect,) = Examiner().segments(
        wav(tmp_path / "door slam.wav", chord((440.0,), 1.0)), "0" * 64, "/door slam.wav", Origin()
    )
    assert (effect.kind, effect.name, effect.tempo, effect.key) == ("audio", "door slam", None, "")
    assert effect.loudness is not None
    assert effect.seconds == pytest.approx(1.0, abs=0.05)
    (silence,) = Examiner().segments(wav(tmp_path / "room.wav", chord((), 9.0)), "1" * 64, "/room.wav", Origin())
    assert (silence.loudness, silence.tempo) == (None, None)


def test_our_own_composer_is_heard_as_it_wrote(job: Job, shelf: AssetStore) -> None:
    music = Composer({}).run(MusicRequest(frames=450, rate=30, mood="driving", seed=1), job)
    path = shelf.path(music.audio.id)
    stream = ffmpeg.probe(path).audio
    assert stream is not None
    tempo = hear(path, stream)["tempo"]
    assert tempo is not None
    assert min(abs(tempo / music.tempo - factor) for factor in (0.5, 1, 2)) < 0.04


def test_moods_are_the_composers_own() -> None:
    assert mood(None, False, -30, 500) == "calm"
    assert mood(140, False, -10, 2000) == "driving"
    assert mood(70, True, -25, 400) == "dark"
