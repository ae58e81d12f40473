"""What is claimed is what is heard: key by chroma, tempo by onsets, and no seam where blocks meet."""

from typing import Protocol, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools.music import Mood, Music, mix
from reelwright.tools.music.score import compose
from reelwright.tools.music.theory import NAMES

Samples = NDArray[np.float64]


class Play(Protocol):
    def __call__(self, **asked: object) -> tuple[Music, Samples]: ...


# How often each degree sounds in a key (Temperley's profiles of the Kostka-Payne corpus).
MAJOR = (0.748, 0.06, 0.488, 0.082, 0.67, 0.46, 0.096, 0.715, 0.104, 0.366, 0.057, 0.4)
MINOR = (0.712, 0.084, 0.474, 0.618, 0.049, 0.46, 0.105, 0.747, 0.404, 0.067, 0.133, 0.33)


def heard_key(sound: Samples) -> str:
    size = 16_384
    hertz = np.fft.rfftfreq(size, 1 / 48_000)
    range_ = (hertz > 50) & (hertz < 2000)
    classes = (np.round(12 * np.log2(hertz[range_] / 440)) + 9).astype(int) % 12
    chroma = np.zeros(12)
    for at in range(0, len(sound) - size, size // 2):
        spectrum = np.abs(np.fft.rfft(sound[at : at + size].sum(axis=1) * np.hanning(size)))[range_]
        chroma += np.sqrt(np.bincount(classes, spectrum**2, 12))
    fits = {
        f"{NAMES[tonic]} {mode}": np.corrcoef(chroma, np.roll(profile, tonic))[0, 1]
        for tonic in range(12)
        for mode, profile in (("major", MAJOR), ("minor", MINOR))
    }
    return max(fits, key=lambda key: float(fits[key]))


def heard_tempo(sound: Samples, near: float) -> tuple[float, float]:
    """The tempo within 6 % of `near` on whose eighths the onsets fall best, and how well (0 to 1)."""
    size, hop = 2048, 240
    mono = sound.sum(axis=1).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(mono, size)[::hop]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1))[:, :400]
    level = np.log1p(spectrum / np.percentile(spectrum, 90) * 3)
    rise = np.maximum(level[4:] - level[:-4], 0).sum(axis=1)
    rise = rise / np.median(rise) - 1
    peaks = np.flatnonzero(
        (rise[1:-1] >= rise[:-2]) & (rise[1:-1] > rise[2:]) & (rise[1:-1] > max(np.quantile(rise, 0.8), 0))
    )
    strength, time = rise[peaks + 1], (peaks + 1) * hop / 48_000
    tempos = near * np.linspace(0.94, 1.06, 481)
    pulse = np.abs((strength[:, None] * np.exp(4j * np.pi * time[:, None] * tempos / 60)).sum(axis=0)) / strength.sum()
    best = int(pulse.argmax())
    return float(tempos[best]), float(pulse[best])


@pytest.mark.parametrize("mood", get_args(Mood))
def test_key_and_tempo_are_heard_as_claimed(mood: Mood, play: Play) -> None:
    music, sound = play(mood=mood, frames=24 * 24, rate=24, seed=3)
    assert heard_key(sound) == music.key
    tempo, certainty = heard_tempo(sound, music.tempo)
    assert tempo == pytest.approx(music.tempo, rel=0.01)
    assert certainty > 0.1


def test_blocks_meet_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    score = compose("dark", 1, 8)
    monkeypatch.setattr(mix, "_SPECTRUM", 2**21)
    whole = np.concatenate(list(mix.render(score)), axis=1)
    monkeypatch.setattr(mix, "_SPECTRUM", 2**18)
    blocks = list(mix.render(score))
    assert len(blocks) > 3
    assert np.abs(np.concatenate(blocks, axis=1) - whole).max() < 1e-5 * np.abs(whole).max()


@pytest.mark.parametrize("mood", ["calm", "dark"])
def test_nothing_clicks_in_a_piece_without_drums(mood: Mood, play: Play) -> None:
    _, sound = play(mood=mood, frames=600)
    # A click is a step that the music around it does not explain: compare second differences with their neighbours.
    bend = np.abs(np.diff(sound.sum(axis=1), 2))
    loudest = bend[: bend.size // 480 * 480].reshape(-1, 480)
    around = np.sqrt((loudest**2).mean(axis=1)) + 1e-5
    assert (loudest.max(axis=1) / around).max() < 12
