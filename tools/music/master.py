"""Mastering: loudness by ITU-R BS.1770, gentle saturation, a limiter, the last fade, dither, and a WAV file.

Knows nothing about music; blocks of stereo samples come in, a finished file comes out.
"""

import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .instruments import RATE, Sound

LOUDNESS = -18.8
"""LUFS, integrated: a bed leaves its place in the mix to the editor, so it comes at one level."""
CEILING = 10 ** (-3.0 / 20)
"""Highest sample, -3 dBFS."""
FRAME = 48
"""Samples of one step of the limiter: a millisecond."""
LOOK = 12
"""Milliseconds that the limiter sees ahead and takes to let go."""
_STEP = RATE // 10


def master(blocks: Iterable[Sound], raw: Path, output: Path, total: int, fade: int, luck: np.random.Generator) -> None:
    """Write `output`, a stereo 24-bit WAV of exactly `total` samples that falls silent over its last `fade`.

    Args:
        raw: a scratch file, since gain and limiting need to have heard the whole piece.
    """
    powers: list[NDArray[np.float64]] = []
    peaks: list[Sound] = []
    left = np.zeros((2, 0), np.float32)
    with raw.open("wb") as stream:
        for block in _faded(blocks, total, fade):
            stream.write(np.ascontiguousarray(block.T).tobytes())
            whole = np.concatenate([left, block], axis=1)
            cut = whole.shape[1] // _STEP * _STEP
            powers.append(_power(whole[:, :cut]))
            peaks.append(_peaks(whole[:, :cut]))
            left = whole[:, cut:]
    peaks.append(_peaks(left))
    loudest = np.concatenate(peaks)
    gain = _gain(np.concatenate(powers), float(loudest.max(initial=0.0)))
    _write(raw, output, total, gain, _limits(_saturate(loudest * np.float32(gain))), luck)
    raw.unlink()


def integrated(power: NDArray[np.float64]) -> float | None:
    """LUFS from the weighted power of every tenth of a second, gated as BS.1770 says; None where nothing sounds."""
    if power.size < 4:
        return None
    windows = np.convolve(power, np.full(4, 0.25), "valid")
    level = -0.691 + 10 * np.log10(np.maximum(windows, 1e-12))
    loud = windows[level > -70]
    if not loud.size:
        return None
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(windows[level > max(gate, -70)].mean()))


def _power(sound: Sound) -> NDArray[np.float64]:
    """K-weighted power of both channels in steps of 100 ms."""
    if not sound.shape[1]:
        return np.zeros(0)
    length = 2 ** int(np.ceil(np.log2(sound.shape[1] + 4800)))
    weighted = np.fft.irfft(np.fft.rfft(sound, length) * _weighting(length), length)[:, : sound.shape[1]]
    steps = (weighted.astype(np.float64) ** 2).sum(axis=0).reshape(-1, _STEP)
    power: NDArray[np.float64] = steps.mean(axis=1)
    return power


def _weighting(length: int) -> NDArray[np.complex64]:
    """The two filters of BS.1770 at 48 kHz, as their answer at every frequency."""
    back = np.exp(-2j * np.pi * np.fft.rfftfreq(length))
    shelf = (1.53512485958697 - 2.69169618940638 * back + 1.19839281085285 * back**2) / (
        1 - 1.69065929318241 * back + 0.73248077421585 * back**2
    )
    high = (1 - 2 * back + back**2) / (1 - 1.99004745483398 * back + 0.99007225036621 * back**2)
    answer: NDArray[np.complex64] = (shelf * high).astype(np.complex64)
    return answer


def _gain(power: NDArray[np.float64], peak: float) -> float:
    loudness = integrated(power)
    if loudness is not None:
        return float(10 ** ((LOUDNESS - loudness) / 20))
    return CEILING * 0.5 / peak if peak > 0 else 1.0


def _saturate(sound: Sound) -> Sound:
    """Tape-like: the loudest bend a little, the rest stay straight."""
    bent: Sound = np.tanh(sound * np.float32(0.8)) / np.float32(0.8)
    return bent


def _peaks(sound: Sound) -> Sound:
    """The highest sample of every millisecond."""
    loudest = np.abs(sound).max(axis=0, initial=0.0)
    loudest = np.pad(loudest, (0, -loudest.size % FRAME))
    highest: Sound = loudest.reshape(-1, FRAME).max(axis=1)
    return highest


def _limits(peaks: Sound) -> Sound:
    """The limiter's gain for every millisecond: low before a peak comes, smooth, never above what the peak allows."""
    allowed = np.minimum(np.float32(CEILING * 0.999) / np.maximum(peaks, 1e-6), 1.0).astype(np.float32)
    reach = 2 * LOOK + 3
    padded = np.pad(allowed, reach // 2, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, reach).min(axis=1)
    window = np.hanning(2 * LOOK + 3)[1:-1]
    smooth = np.convolve(np.pad(lowest, LOOK, mode="edge"), window / window.sum(), "valid")
    return smooth.astype(np.float32)


def _faded(blocks: Iterable[Sound], total: int, fade: int) -> Iterator[Sound]:
    """A bend of cosine over the last `fade` samples, the very last of them silent; three milliseconds to begin."""
    at = 0
    for block in blocks:
        place = np.arange(at, at + block.shape[1])
        out = np.clip((total - 1 - place) / max(fade, 1), 0, 1)
        into = np.clip(place / min(144, max(total // 4, 1)), 0, 1)
        shape = (0.5 - 0.5 * np.cos(np.pi * out)) * into if out.size and (out[-1] < 1 or at < 144) else None
        at += block.shape[1]
        yield block if shape is None else block * shape.astype(np.float32)


def _write(raw: Path, output: Path, total: int, gain: float, limits: Sound, luck: np.random.Generator) -> None:
    times = (np.arange(limits.size) + 0.5) * FRAME
    step = 10 * RATE
    with raw.open("rb") as stream, wave.open(str(output), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(3)
        file.setframerate(RATE)
        for at in range(0, total, step):
            count = min(step, total - at)
            sound = np.frombuffer(stream.read(count * 8), np.float32).reshape(-1, 2)
            eased = np.interp(np.arange(at, at + count), times, limits).astype(np.float32)
            file.writeframesraw(
                _packed(_saturate(sound * np.float32(gain)) * eased[:, None], luck, at + count == total)
            )


def _packed(sound: Sound, luck: np.random.Generator, last: bool) -> bytes:
    """24-bit samples with triangular dither, which ends with the sound."""
    noise = luck.random(sound.shape, np.float32) - luck.random(sound.shape, np.float32)
    if last:
        noise[-480:] = 0
    scaled = np.rint(sound.astype(np.float64) * (2**23 - 1) + noise).astype("<i4")
    return np.ascontiguousarray(scaled).view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
