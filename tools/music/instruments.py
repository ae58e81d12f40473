"""The tones: struck and plucked strings and bars by partials, held strings and pads by wavetables.

Knows nothing about scores or mixing: a voice, a pitch and a length go in, samples come out.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from . import drums

RATE = 48_000
Sound = NDArray[np.float32]
"""Samples of one channel, (n,), or of two, (2, n)."""
_TABLE = 13
"""Bits of a wavetable's length: 8192 samples keep its steps 70 dB down."""


@dataclass(frozen=True)
class Struck:
    """A string or bar that rings once: partials that die, the high ones first.

    `ring` is seconds to -60 dB of the fundamental at middle C; `damping` how much sooner each partial dies;
    `body` the frequency in Hz above which the strike puts little in.
    """

    ratios: tuple[float, ...]
    weights: tuple[float, ...]
    ring: float
    damping: float
    body: float
    attack: float = 0.003
    release: float = 0.12
    stiff: float = 0.0
    twin: float = 0.0
    """Cents between two strings of one note."""
    knock: float = 0.0
    """Level of the hammer's or finger's noise."""
    tremolo: float = 0.0


@dataclass(frozen=True)
class Held:
    """Strings, pads and blown tones: detuned wavetables between a dark and a bright one, that open and close."""

    dark: float
    """Hz above which the closed tone falls off."""
    bright: float
    slope: float = 1.0
    """How the harmonics fall, as a power of their number."""
    voices: int = 3
    """Detuned copies a side."""
    detune: float = 7.0
    """Cents from the middle copy to the outer."""
    attack: float = 0.4
    release: float = 0.5
    vibrato: float = 0.0
    """Cents."""
    decay: float = 0.0
    """Seconds in which a plucked one closes again; 0 swells and stays."""
    odd: float = 1.0
    """Level of the even harmonics."""
    breath: float = 0.0
    """Level of the bow's or breath's air."""


def _string(count: int, spot: float, slope: float) -> tuple[float, ...]:
    """Partials of a string plucked at `spot` of its length."""
    return tuple(abs(np.sin(np.pi * n * spot)) / n**slope + 0.002 for n in range(1, count + 1))


def _series(count: int) -> tuple[float, ...]:
    return tuple(float(n) for n in range(1, count + 1))


VOICES: Mapping[str, Struck | Held] = MappingProxyType(
    {
        "felt": Struck(_series(14), _string(14, 0.12, 1.0), 7.0, 0.18, 1700, 0.006, 0.25, 0.0004, 1.4, 0.05),
        "guitar": Struck(_series(18), _string(18, 0.19, 1.0), 3.2, 0.16, 4500, 0.002, 0.1, 0.00008, 0.0, 0.03),
        "pluck": Struck(_series(16), _string(16, 0.31, 0.8), 1.3, 0.4, 5500, 0.002, 0.06, 0.0, 5.0),
        "pizz": Struck(_series(12), _string(12, 0.15, 1.1), 0.75, 0.3, 3200, 0.003, 0.06, 0.0, 0.0, 0.06),
        "upright": Struck(_series(10), _string(10, 0.2, 1.2), 1.3, 0.25, 900, 0.006, 0.07, 0.0001, 0.0, 0.04),
        "marimba": Struck((1.0, 3.93, 9.5), (1.0, 0.28, 0.06), 1.3, 0.8, 3000, 0.002, 0.1, 0.0, 0.0, 0.08),
        "vibes": Struck((1.0, 4.0, 10.0), (1.0, 0.16, 0.03), 6.0, 0.5, 2500, 0.003, 0.4, 0.0, 2.0, 0.0, 0.25),
        "bell": Struck(
            (1.0, 2.0, 3.0, 4.2, 6.1), (1.0, 0.3, 0.12, 0.1, 0.04), 2.6, 0.6, 5000, 0.002, 0.3, 0.0, 3.0, 0.02
        ),
        "sub": Struck((1.0, 2.0, 3.0, 4.0), (1.0, 0.42, 0.2, 0.07), 14.0, 0.25, 400, 0.025, 0.15),
        "round": Struck(_series(7), (1.0, 0.55, 0.34, 0.16, 0.09, 0.05, 0.03), 6.0, 0.45, 600, 0.008, 0.06),
        "warm": Held(650, 2600, 1.1, 3, 8, 0.7, 0.9, breath=0.03),
        "glass": Held(1200, 5500, 1.3, 2, 6, 0.35, 0.6, odd=0.35, breath=0.02),
        "murk": Held(320, 1500, 0.9, 3, 11, 1.4, 1.6, breath=0.035),
        "strings": Held(1500, 6000, 1.0, 4, 12, 0.35, 0.5, vibrato=5, breath=0.02),
        "spiccato": Held(700, 4500, 1.0, 3, 8, 0.012, 0.12, decay=0.16),
        "cello": Held(350, 1300, 1.0, 2, 5, 0.08, 0.3, vibrato=3),
        "horn": Held(420, 1700, 0.9, 2, 4, 0.09, 0.3, vibrato=4),
        "synth": Held(500, 4200, 0.9, 2, 7, 0.004, 0.06, decay=0.11),
        "lead": Held(700, 2600, 1.0, 2, 8, 0.02, 0.25, vibrato=6, odd=0.5),
        "pulse": Held(180, 1100, 0.9, 2, 3, 0.004, 0.05, decay=0.14),
    }
)


class Band:
    """Plays notes, and keeps what it has played while there is room, since pieces repeat their pitches."""

    def __init__(self, room: int = 96 * 2**20) -> None:
        self._kept: dict[tuple[str, int, int], Sound] = {}
        self._room = room

    def tone(self, voice: str, pitch: int, length: float) -> Sound:
        """A note at level 1.0, with its release after `length` seconds."""
        ticks = max(round(length * 100), 1)
        held = isinstance(VOICES.get(voice), Held)
        key = (voice, pitch, ticks if held or voice == "swell" else 0)
        if key not in self._kept:
            self._keep(key, self._make(voice, pitch, ticks / 100))
        sound = self._kept[key]
        spec = VOICES.get(voice)
        return _damped(sound, length, spec.release) if isinstance(spec, Struck) else sound

    def _make(self, voice: str, pitch: int, length: float) -> Sound:
        spec = VOICES.get(voice)
        luck = _luck(voice, pitch)
        if spec is None:
            return drums.hit(voice, pitch, length, luck)
        frequency = 440.0 * 2 ** ((pitch - 69) / 12)
        return struck(spec, frequency, luck) if isinstance(spec, Struck) else held(spec, frequency, length, luck)

    def _keep(self, key: tuple[str, int, int], sound: Sound) -> None:
        while self._kept and self._room - sound.nbytes < 0:
            self._room += self._kept.pop(next(iter(self._kept))).nbytes
        self._room -= sound.nbytes
        self._kept[key] = sound


def _luck(voice: str, pitch: int) -> np.random.Generator:
    digest = hashlib.sha256(f"{voice}/{pitch}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def struck(spec: Struck, frequency: float, luck: np.random.Generator) -> Sound:
    """One ringing note, as long as it can be heard (at most 5 s)."""
    ring = spec.ring * (261.6 / frequency) ** 0.55
    count = int(min(ring * 0.9, 5.0) * RATE)
    time = np.arange(count, dtype=np.float32) / np.float32(RATE)
    sound = np.zeros(count, np.float32)
    for ratio, weight in zip(spec.ratios, spec.weights, strict=True):
        partial = frequency * ratio * np.sqrt(1 + spec.stiff * ratio * ratio)
        if partial > 16_000:
            break
        weight = weight * np.exp(-frequency * (ratio - 1) / spec.body)
        alive = min(int(RATE * ring * 1.1 / (1 + spec.damping * (ratio - 1))), count)
        fall = np.float32(-6.9 * (1 + spec.damping * (ratio - 1)) / ring)
        wave = _sine(partial, alive, luck.random()) * np.float32(1.0 if not spec.twin else 0.5)
        if spec.twin:
            wave += _sine(partial * 2 ** (spec.twin / 1200), alive, luck.random()) * np.float32(0.5)
        sound[:alive] += np.float32(weight) * wave * np.exp(fall * time[:alive])
    if spec.tremolo:
        sound *= 1 - np.float32(spec.tremolo) * (0.5 - 0.5 * np.cos(np.float32(2 * np.pi * 4.6) * time))
    sound *= np.float32(0.3 / np.abs(sound).max())
    if spec.knock:
        noise = drums.band(luck, 0.05, frequency * 0.8, max(frequency * 5, 5000.0))
        sound[: noise.size] += np.float32(0.3 * spec.knock) * noise
    return _eased(sound, spec.attack, 0.05)


def _sine(frequency: float, count: int, phase: float) -> Sound:
    # Phases count in 32-bit turns that wrap by themselves; a table is ten times faster than the function.
    turns = np.arange(count, dtype=np.uint32) * _stride(frequency) + np.uint32(int(phase * 2**32))
    wave: Sound = _circle()[turns >> np.uint32(16)]
    return wave


@cache
def _circle() -> Sound:
    circle: Sound = np.sin(np.arange(2**16) * (2 * np.pi / 2**16)).astype(np.float32)
    return circle


def _stride(frequency: float) -> np.uint32:
    return np.uint32(round(frequency / RATE * 2**32))


def held(spec: Held, frequency: float, length: float, luck: np.random.Generator) -> Sound:
    """A note of `length` seconds and its release, in stereo."""
    count = int((length + spec.release) * RATE)
    opening = _opening(spec, count, length)
    dark, bright = _table(spec, frequency, spec.dark), _table(spec, frequency, spec.bright)
    sound = np.zeros((2, count), np.float32)
    sway = _sway(spec, count, luck)
    for side in (0, 1):
        closed, opened = np.zeros(count, np.float32), np.zeros(count, np.float32)
        for voice in range(spec.voices):
            spread = (voice - (spec.voices - 1) / 2) / max(spec.voices - 1, 1) * 2
            cents = spec.detune * (spread + (0.17 if side else -0.17)) + luck.normal(0, 0.6)
            index = _index(frequency * 2 ** (cents / 1200), count, luck, sway)
            closed += dark[index]
            opened += bright[index]
        sound[side] = closed + opening * (opened - closed)
        if spec.breath:
            level = np.float32(spec.breath * np.sqrt(spec.voices))
            sound[side] += level * np.resize(np.roll(drums.air(), luck.integers(4 * RATE)), count)
    sound *= _envelope(spec, count, length) * np.float32(0.12 / np.sqrt(spec.voices))
    return sound


def _index(
    frequency: float, count: int, luck: np.random.Generator, sway: NDArray[np.float64] | None
) -> NDArray[np.uint32]:
    phase = np.arange(count, dtype=np.uint32) * _stride(frequency) + np.uint32(luck.integers(2**32))
    if sway is not None:
        phase += (sway * (frequency * 2**32)).astype(np.int64).astype(np.uint32)
    return phase >> np.uint32(32 - _TABLE)


def _sway(spec: Held, count: int, luck: np.random.Generator) -> NDArray[np.float64] | None:
    """Vibrato as seconds of phase, growing over the note's first second."""
    if not spec.vibrato:
        return None
    speed = luck.uniform(4.6, 5.4)
    time = np.arange(count) / RATE
    depth = (2 ** (spec.vibrato / 1200) - 1) / (2 * np.pi * speed)
    sway: NDArray[np.float64] = depth * np.minimum(time / 0.8, 1.0) * np.sin(2 * np.pi * speed * time)
    return sway


def _table(spec: Held, frequency: float, cutoff: float) -> Sound:
    """One period, its harmonics falling by the slope and a soft low-pass in Hz; RMS 1 over both cutoffs alike."""
    highest = max(int(min(15_000, spec.bright * 5) / frequency), 1)
    number = np.arange(1, highest + 1)
    plain = number.astype(float) ** -spec.slope * np.where(number % 2 == 0, spec.odd, 1.0)
    level = plain / np.sqrt(1 + (number * frequency / cutoff) ** 4)
    spectrum = np.zeros(2 ** (_TABLE - 1) + 1, complex)
    phases = _luck("phases", 0).random(highest)
    spectrum[1 : highest + 1] = level * np.exp(2j * np.pi * phases)
    wave = np.fft.irfft(spectrum, 2**_TABLE)
    table: Sound = (wave / np.sqrt((wave**2).mean()) * (1.0 if cutoff == spec.bright else 0.9)).astype(np.float32)
    return table


def _opening(spec: Held, count: int, length: float) -> Sound:
    """How far the filter is open: a plucked one snaps shut, a held one breathes."""
    time = np.arange(count, dtype=np.float32) / np.float32(RATE)
    if spec.decay:
        opening: Sound = np.exp(-time / np.float32(spec.decay))
    else:
        rise = np.minimum(time / np.float32(max(spec.attack * 2.5, 0.2)), 1.0)
        opening = np.float32(0.75) * rise * np.exp(-time / np.float32(max(length, 2.0) * 1.5))
    return opening


def _envelope(spec: Held, count: int, length: float) -> Sound:
    envelope = np.ones(count, np.float32)
    rise = min(int(spec.attack * RATE), max(int(length * 0.6 * RATE), 48))
    envelope[:rise] = _half(rise)
    if spec.decay:
        envelope *= 0.35 + 0.65 * np.exp(-np.arange(count, dtype=np.float32) / np.float32(RATE * spec.decay * 2.5))
    fall = min(int(spec.release * RATE), count)
    envelope[count - fall :] *= _half(fall)[::-1]
    return envelope


def _half(count: int) -> Sound:
    """Half a cosine from 0 to 1: no corner to click on."""
    curve: Sound = (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, max(count, 1)))).astype(np.float32)
    return curve


def _damped(sound: Sound, length: float, release: float) -> Sound:
    """The hand that stops a ringing note."""
    end = int((length + release) * RATE)
    if end >= sound.size:
        return sound
    cut = sound[:end].copy()
    fall = min(int(release * RATE), end)
    cut[end - fall :] *= _half(fall)[::-1]
    return cut


def _eased(sound: Sound, attack: float, release: float) -> Sound:
    rise, fall = int(attack * RATE), int(release * RATE)
    sound[:rise] *= _half(rise)
    sound[sound.size - fall :] *= _half(fall)[::-1]
    return sound
