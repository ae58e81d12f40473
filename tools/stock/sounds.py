"""Music and effects by ear: tempo, key, loudness, and the mood that they add up to.

Knows nothing about indexes. A minute of it is heard, which is enough to tell; the mood is a rule of thumb over tempo,
mode, loudness and how bright it sounds.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import ffmpeg, meter
from ..music import Mood
from ..probe import AudioStream

_RATE = 11025
_HOP, _WINDOW = 256, 1024
_HEARD = 60
"""Seconds."""
_MUSIC = 8.0
"""Seconds below which a sound is an effect, which has neither tempo nor key."""
_SLOW, _FAST = 60.0, 190.0
_KEYS = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""Krumhansl and Kessler 1982: how much each tone belongs to a key."""
_STEADY = 0.12
"""Autocorrelation of onsets below which nothing beats."""
Samples = NDArray[np.float32]


def hear(path: Path, stream: AudioStream) -> dict[str, Any]:
    """Fields of a Segment: tempo, key, mood and loudness, where they can be told."""
    samples = _samples(path)
    if len(samples) < _WINDOW:
        return {}
    level = _loudness(path)
    found: dict[str, Any] = {"loudness": round(level, 1) if level > -70 else None}
    if stream.end < _MUSIC:
        return found
    power = _spectra(samples)
    beat, key, minor = tempo(power), *key_of(samples)
    return found | {"tempo": beat, "key": key, "mood": mood(beat, minor, level, _bright(power))}


def _samples(path: Path) -> Samples:
    graph = f"[0:a:0]atrim=end={_HEARD},aresample={_RATE},aformat=sample_fmts=flt:channel_layouts=mono[a]"
    raw = b"".join(ffmpeg.decode(ffmpeg.Input(path), graph, ["-map", "[a]", "-f", "f32le"]))
    return np.frombuffer(raw[: len(raw) // 4 * 4], np.float32)


def _loudness(path: Path) -> float:
    graph = f"[0:a:0]atrim=end={_HEARD},aresample={meter.RATE},aformat=sample_fmts=flt:channel_layouts=stereo[a]"
    raw = b"".join(ffmpeg.decode(ffmpeg.Input(path), graph, ["-map", "[a]", "-f", "f32le"]))
    return meter.read([np.frombuffer(raw[: len(raw) // 8 * 8], np.float32).reshape(-1, 2)]).loudness


def _spectra(samples: Samples, window: int = _WINDOW, hop: int = _HOP) -> Samples:
    """(frames, bins) of magnitude."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, window)[::hop]
    rows: Samples = np.abs(np.fft.rfft(frames * np.hanning(window).astype(np.float32), axis=1)).astype(np.float32)
    return rows


def tempo(power: Samples) -> float | None:
    """Beats a minute by the autocorrelation of onsets; None where nothing beats."""
    onsets = np.maximum(np.diff(np.log1p(power), axis=0), 0).sum(axis=1)
    onsets = onsets - np.convolve(onsets, np.ones(43) / 43, "same")
    if len(onsets) < 256 or float(onsets.std()) == 0:
        return None
    wave = np.fft.irfft(np.abs(np.fft.rfft(onsets, 2 * len(onsets))) ** 2)[: len(onsets)]
    lags = np.arange(int(60 * _RATE / _HOP / _FAST), int(60 * _RATE / _HOP / _SLOW) + 1)
    lags = lags[lags < len(wave) // 2]
    if not len(lags) or wave[0] <= 0:
        return None
    strength = wave[lags] / wave[0]
    beats = 60 * _RATE / _HOP / lags
    # People tap near 120 (Parncutt 1994): of a beat and its double, the one that is nearer.
    best = int((strength * np.exp(-0.5 * (np.log2(beats / 120) / 0.9) ** 2)).argmax())
    return round(60 * _RATE / _HOP / _exact(wave, int(lags[best])), 1) if strength[best] >= _STEADY else None


def _exact(wave: NDArray[np.float64], lag: int) -> float:
    """A beat in steps, told by the fourth one after it: a step is a fortieth of a beat."""
    for beats in (4, 2, 1):
        around = np.arange(beats * lag - beats, beats * lag + beats + 1)
        if around[-1] < len(wave) // 2:
            return float(around[wave[around].argmax()]) / beats
    return float(lag)


def key_of(samples: Samples) -> tuple[str, bool]:
    """The key by the tones that sound longest, and whether it is a minor one; empty where there are none."""
    window = 4096
    if len(samples) < window:
        return "", False
    power = _spectra(samples, window, window)
    pitch = np.fft.rfftfreq(window, 1 / _RATE)
    heard = (pitch > 65) & (pitch < 2000)
    tone = np.round(12 * np.log2(pitch[heard] / 440)).astype(int) % 12
    chroma = np.bincount((tone + 9) % 12, weights=power[:, heard].sum(axis=0), minlength=12)
    if chroma.std() < 0.05 * max(float(chroma.mean()), 1e-9):
        return "", False
    fits = [
        (float(np.corrcoef(np.roll(profile, at), chroma)[0, 1]), at, minor)
        for minor, profile in ((False, _MAJOR), (True, _MINOR))
        for at in range(12)
    ]
    _, at, minor = max(fits)
    return f"{_KEYS[at]} {'minor' if minor else 'major'}", minor


def _bright(power: Samples) -> float:
    """Centre of the spectrum in Hz."""
    pitch = np.fft.rfftfreq(_WINDOW, 1 / _RATE)
    whole = float(power.sum())
    return float((power.sum(axis=0) * pitch).sum() / whole) if whole else 0.0


def mood(beat: float | None, minor: bool, level: float, bright: float) -> Mood:
    """The nearest of the composer's seven moods."""
    pace = beat or 0.0
    if minor:
        return "epic" if level > -16 and pace >= 90 else "driving" if pace >= 120 else "dark"
    if pace >= 128:
        return "driving" if level > -18 else "playful"
    if pace >= 100:
        return "bright" if bright > 900 else "playful" if level < -20 else "warm"
    return "calm" if level < -20 or not pace else "warm"
