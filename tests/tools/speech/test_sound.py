from pathlib import Path

import numpy as np
import pytest

from reelwright.tools.errors import ToolFailed
from reelwright.tools.speech.estimate import estimate, in_order
from reelwright.tools.speech.sound import SPEECH_RMS, Sound, cut, level, levels, read_wav, write_wav

RATE = 16000


def hum(seconds: float, amplitude: float = 0.1) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    wave: np.ndarray[tuple[int], np.dtype[np.float32]] = np.sin(np.arange(int(seconds * RATE), dtype=np.float32) * 0.3)
    return wave * np.float32(amplitude)


def quiet(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.zeros(int(seconds * RATE), np.float32)


@pytest.mark.parametrize("lead", [0.0, 0.02, 0.5])
def test_cut_leaves_a_fixed_silence_round_the_speech(lead: float) -> None:
    sound, start = cut(Sound(np.concatenate([quiet(lead), hum(1), quiet(0.4)]), RATE))
    assert sound.seconds == pytest.approx(1.2, abs=0.011)
    assert start / RATE == pytest.approx(lead - 0.08, abs=0.011)
    assert sound.samples[0] == 0


def test_level_is_the_same_for_loud_and_soft() -> None:
    for amplitude in (0.01, 0.9):
        sound = level(Sound(np.concatenate([quiet(0.5), hum(1, amplitude)]), RATE))
        assert levels(sound).max() == pytest.approx(SPEECH_RMS, abs=0.6)


def test_silence_stays_silence() -> None:
    silent = Sound(quiet(0.5), RATE)
    assert not level(silent).samples.any()
    assert not cut(silent)[0].samples.any()


def test_a_wav_comes_back(tmp_path: Path) -> None:
    write_wav(Sound(hum(0.1), RATE), tmp_path / "a.wav")
    back = read_wav(tmp_path / "a.wav")
    assert back.rate == RATE
    assert np.abs(back.samples - hum(0.1)).max() < 1e-4
    with pytest.raises(ToolFailed):
        read_wav(b"RIFF no")


def test_estimated_words_skip_the_pauses() -> None:
    sound = Sound(np.concatenate([quiet(0.1), hum(1), quiet(0.5), hum(1), quiet(0.1)]), RATE)
    words = in_order(["honey", "—", "hives"], estimate(sound, ["honey", "", "hives"]), len(sound.samples))
    edges = [edge / RATE for word in words for edge in (word.start, word.end)]
    assert edges == pytest.approx([0.1, 1.1, 1.1, 1.1, 1.6, 2.6], abs=0.03)
