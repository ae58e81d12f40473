"""The mixing desk: notes are laid into blocks, given a room and an equaliser, and handed on as stereo samples.

Knows nothing about harmony or files; a long piece never stands in memory as a whole.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .instruments import RATE, Band, Sound
from .parts import Note
from .score import Score, dice

DELAY = 2048
"""Samples that the linear-phase equaliser holds everything back; render() takes them off again."""
_SPECTRUM = 2**19
"""Length of the longest Fourier transform: about 11 s."""
# Decibels at Hz. The bed stays lean where mud gathers and airy where a voice lives.
CURVE = (
    (25, -24),
    (38, -6),
    (50, -1),
    (60, 0),
    (140, 0),
    (280, -2.5),
    (700, -1.5),
    (1600, -2.5),
    (3000, -0.5),
    (4500, 1.5),
    (9000, 4),
)


def render(score: Score) -> Iterator[Sound]:
    """The piece in blocks of (2, n), exactly as long as its form says, before loudness and fades."""
    total = round(score.form.seconds * RATE)
    impulses = _impulses(score)
    span = 2 ** int(np.ceil(np.log2(total + 2 * impulses.shape[-1])))
    span = min(span, _SPECTRUM)
    step = span - impulses.shape[-1]
    filters = np.fft.rfft(impulses, span)
    skip, left = DELAY, total
    tail = np.zeros((2, span), np.float32)
    for dry, wet in _blocks(score, total + DELAY, step):
        spectrum = np.fft.rfft(dry, span) * filters[0] + np.fft.rfft(wet, span) * filters[1]
        mixed: Sound = np.fft.irfft(spectrum, span).astype(np.float32, copy=False)
        mixed += tail
        tail[:, : span - step] = mixed[:, step:]
        tail[:, span - step :] = 0
        ready = mixed[:, skip : min(step, skip + left)]
        skip, left = 0, left - ready.shape[1]
        yield ready


def _blocks(score: Score, total: int, step: int) -> Iterator[tuple[Sound, Sound]]:
    """Dry and wet samples block by block; what a note plays beyond its block waits for the next."""
    band = Band()
    waiting: list[tuple[int, Sound, Note]] = []
    notes = list(score.notes)
    for start in range(0, total, step):
        dry, wet = np.zeros((2, step), np.float32), np.zeros((2, step), np.float32)
        while notes and notes[0].at * RATE < start + step:
            note = notes.pop(0)
            waiting.append((round(note.at * RATE), _sounding(score, note, band), note))
        for at, sound, note in waiting:
            _lay(dry, wet, sound, at - start, note.send)
        waiting = [(at, sound, note) for at, sound, note in waiting if at + sound.shape[1] > start + step]
        yield dry, wet


def _lay(dry: Sound, wet: Sound, sound: Sound, at: int, send: float) -> None:
    skipped = max(-at, 0)
    part = sound[:, skipped : dry.shape[1] - at]
    at = max(at, 0)
    dry[:, at : at + part.shape[1]] += part
    if send:
        wet[:, at : at + part.shape[1]] += np.float32(send) * part


def _sounding(score: Score, note: Note, band: Band) -> Sound:
    sound = band.tone(note.voice, note.pitch, note.length)
    angle = (note.pan + 1) * np.pi / 4
    sides = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * np.float32(note.level * np.sqrt(2))
    stereo = np.atleast_2d(sound) * sides
    if score.style.pump and note.voice == score.style.pad.voice:
        stereo *= _pump(score, note, stereo.shape[1])
    return stereo


def _pump(score: Score, note: Note, count: int) -> Sound:
    """The pad gives way to the kick on every beat, and swells back."""
    beat = score.form.beat
    first = max(int(np.ceil(note.at / beat - 1e-6)), 0) - 1
    time = np.arange(count) / RATE + note.at - first * beat
    since = (time % beat) / beat
    dip = np.exp(-since * 4.0) * np.minimum(since * 30, 1.0)
    return (1 - score.style.pump * dip).astype(np.float32)


def _impulses(score: Score) -> Sound:
    """Two pairs of impulse responses: the equaliser alone, and the room through the equaliser."""
    equaliser = _equaliser(score.style.air)
    room = _room(score.style.space, dice(score.mood, "room"))
    length = -(-(room.shape[1] + equaliser.size) // 4800) * 4800
    spectrum = np.fft.rfft(equaliser, length)
    through = np.fft.irfft(np.fft.rfft(room, length) * spectrum, length)
    direct = np.zeros((2, length))
    direct[:, : equaliser.size] = equaliser
    return np.stack([direct, through]).astype(np.float32)


def _equaliser(air: float) -> NDArray[np.float64]:
    """A linear-phase filter of the curve, DELAY samples late."""
    hertz = np.fft.rfftfreq(2 * DELAY, 1 / RATE)
    points = [*CURVE, (14_000, 3.5 + air), (20_000, air)]
    decibels = np.interp(np.log(np.maximum(hertz, 1)), np.log([at for at, _ in points]), [gain for _, gain in points])
    response = np.fft.irfft(10 ** (decibels / 20) * (hertz > 5), 2 * DELAY)
    late: NDArray[np.float64] = np.roll(response, DELAY) * np.hanning(2 * DELAY)
    return late


def _room(seconds: float, luck: np.random.Generator) -> NDArray[np.float64]:
    """A room of noise: low notes are kept out, high ones die first, the sides differ."""
    count = int((seconds + 0.03) * 10 + 1) * RATE // 10
    time = np.arange(count) / RATE
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    noise = np.fft.rfft(luck.standard_normal((2, count)))
    room = np.zeros((2, count))
    edges: Sequence[tuple[float, float, float]] = (
        (180, 600, 0.9),
        (600, 1800, 1.0),
        (1800, 5000, 0.75),
        (5000, 12_000, 0.45),
    )
    for low, high, share in edges:
        skirt = 1 / np.sqrt((1 + (low / np.maximum(hertz, 1)) ** 6) * (1 + (hertz / high) ** 6))
        room += np.fft.irfft(noise * skirt, count) * np.exp(-6.9 * time / (seconds * share))
    room *= np.minimum(np.maximum(time - 0.018, 0) / 0.012, 1.0)
    room *= np.minimum((count / RATE - time) / 0.05, 1.0)
    for side, (delay, gain) in (
        (s, tap) for s in (0, 1) for tap in ((0.013 + 0.004 * s, 1.6), (0.027 - 0.005 * s, 1.2))
    ):
        room[side, int(delay * RATE)] += gain * np.abs(room).max()
    scaled: NDArray[np.float64] = room / np.sqrt((room**2).sum(axis=1).mean())
    return scaled
