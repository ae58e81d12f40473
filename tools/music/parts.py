"""The players: pad, plucked part, bass, drums and motif, each writing its notes for one bar.

Knows nothing about sound, nor about a film's length: bars come in, notes go out, both in beats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .drums import TUNED
from .form import BAR, Form, Section
from .moods import Part, Style
from .rhythms import CELLS, FIGURES, KITS, SHAPES, WALKS
from .theory import Chord, Key, ladder, lead, near

STRENGTHS = {"X": 1.0, "x": 0.65, "o": 0.35}
PLACES = {"shaker": 0.3, "hat": -0.25, "rim": -0.3, "snap": 0.2, "tom": 0.35, "taiko": -0.15}
"""Where the drums stand, -1 left to 1 right."""


@dataclass(frozen=True)
class Note:
    """One note of one voice. `at` and `length` are beats while the score is written, seconds once it is performed."""

    voice: str
    pitch: int
    at: float
    length: float
    level: float
    pan: float = 0.0
    send: float = 0.0
    human: bool = True


@dataclass(frozen=True)
class Bar:
    """A bar: its first beat, its chords as (offset, beats, chord), and where it stands in its section."""

    start: int
    beats: int
    chords: tuple[tuple[float, float, Chord], ...]
    section: Section
    nth: int

    @property
    def energy(self) -> float:
        """The section's, with an intro that grows."""
        growing = self.section.name == "intro" and self.nth * 2 >= self.section.bars
        return self.section.energy + (0.15 if growing else 0.0)

    @property
    def last(self) -> bool:
        """True for the last bar of its section."""
        return self.nth == self.section.bars - 1

    def chord_at(self, beat: float) -> Chord:
        """The chord that sounds `beat` beats into the bar."""
        return next(chord for offset, _, chord in reversed(self.chords) if offset <= beat + 1e-9)


@dataclass(frozen=True)
class Motif:
    """A rhythm over two bars and the scale steps between its notes."""

    cell: tuple[tuple[float, float], ...]
    shape: tuple[int, ...]
    start: int

    @classmethod
    def invent(cls, luck: np.random.Generator) -> "Motif":
        """One motif for the piece."""
        return cls(
            CELLS[int(luck.integers(len(CELLS)))],
            SHAPES[int(luck.integers(len(SHAPES)))],
            int(luck.integers(-1, 3)),
        )


class Parts:
    """Writes the parts bar after bar; it remembers only the last voicing."""

    def __init__(self, style: Style, key: Key, motif: Motif, luck: np.random.Generator) -> None:
        self.style = style
        self.key = key
        self.motif = motif
        self.luck = luck
        self._voicing: tuple[int, ...] = ()
        self._sang = round(sum(style.motif_range) / 2)
        self._figures = [style.figures[index] for index in luck.permutation(len(style.figures))]

    def bar(self, bar: Bar, following: Sequence[Bar]) -> Iterator[Note]:
        """Every note of a bar. `following` holds the next bar, if there is one."""
        yield from self._pad(bar)
        if bar.energy >= self.style.comp.enters:
            yield from self._comp(bar)
        if bar.energy >= self.style.bass.enters:
            yield from self._bass(bar)
        if self.style.kit:
            yield from self._drums(bar, following)
        if bar.energy >= self.style.motif.enters and bar.nth % 2 == 0 and following:
            yield from self._statement(bar, following[0])

    def final(self, tonic: Chord, form: Form) -> Iterator[Note]:
        """The last chord, rolled, with everything that plays; it rings to the end."""
        style, at = self.style, float(form.beats)
        length = (form.seconds - form.final) / form.beat
        tones = tonic.tones[:3]
        for pitch in lead(self._voicing, Chord("", tones, tonic.bass), *style.pad_range):
            yield _note(style.pad, pitch, at, length, 0.9, human=False)
        rungs = ladder(tones, near(tonic.bass, style.comp_range[0], 40, 72), style.comp_range[1] + 2)[:6]
        for nth, pitch in enumerate(rungs):
            # Rolled upwards a little, as a hand does, and quicker where the piece is shorter.
            offset = nth * min(0.045 / form.beat, length / 12)
            yield _note(style.comp, pitch, at + offset, length - offset, 0.85 - 0.06 * nth, 0.12 * (nth - 2), False)
        yield _note(style.bass, self._low(tonic.bass), at, length, 0.95, human=False)
        if form.beats:
            # The melody comes home by the shortest way.
            top = near(tonic.tones[0], self._sang, *style.motif_range)
            yield _note(style.motif, top, at, length, 0.7, 0.1, False)
        if style.kit and form.beats:
            for voice, level in (("crash", 0.5), ("kick" if style.kit != "taiko" else "boom", 0.7)):
                yield Note(
                    voice, self._skin(voice, 0), at, length, _gain(style.drums) * level, 0.0, style.drums.send, False
                )

    def _pad(self, bar: Bar) -> Iterator[Note]:
        strength = 0.7 + 0.3 * bar.energy
        for offset, beats, chord in bar.chords:
            self._voicing = lead(self._voicing, chord, *self.style.pad_range)
            if bar.energy < self.style.pad.enters:
                continue
            for pitch in self._voicing:
                # A little overlap: the next chord rises while this one falls.
                yield _note(self.style.pad, pitch, bar.start + offset, beats + 0.12, strength, human=False)

    def _comp(self, bar: Bar) -> Iterator[Note]:
        order = bar.section.order + bar.nth // 8
        figure = FIGURES[self._figures[order % len(self._figures)]]
        quiet = 0.55 + 0.45 * bar.energy
        thin = bar.section.name in ("break", "intro")
        for step, rung, length, strength in figure:
            beat = step / 4
            weak = strength < 0.6
            dropped = weak and (thin or self.luck.random() < (0.3 if bar.nth % 4 == 3 else 0.1))
            if beat >= bar.beats or dropped:
                continue
            rungs = ladder(bar.chord_at(beat).clear, *self.style.comp_range)
            lift = 1 if bar.section.name == "lift" or (bar.nth % 4 == 3 and step >= 12) else 0
            pitch = rungs[min(rung + lift, len(rungs) - 1)]
            yield _note(
                self.style.comp,
                pitch,
                bar.start + beat,
                length / 4,
                strength * quiet,
                (0.38, -0.3, 0.22, -0.42)[rung % 4],
            )

    def _bass(self, bar: Bar) -> Iterator[Note]:
        walks = WALKS[self.style.walk]
        walk = walks[0 if bar.energy < 0.75 and bar.nth % 4 != 3 else len(walks) - 1]
        if bar.section.name in ("break", "intro"):
            walk = WALKS["long"][0]
        for step, rung, length, strength in walk:
            beat = step / 4
            if beat >= bar.beats:
                continue
            room = min(length / 4, bar.beats - beat)
            root = self._low(bar.chord_at(beat).bass)
            yield _note(self.style.bass, self._rung(bar.chord_at(beat), root, rung), bar.start + beat, room, strength)
        yield from self._changes(bar, walk[0][2])

    def _changes(self, bar: Bar, first: int) -> Iterator[Note]:
        """A bar of two chords needs its second root, where the walk rests on one note."""
        for offset, beats, chord in bar.chords[1:]:
            if first >= 8:
                yield _note(self.style.bass, self._low(chord.bass), bar.start + offset, beats, 0.85)

    def _rung(self, chord: Chord, root: int, rung: int) -> int:
        if rung == 1 and len(chord.tones) > 2:
            return near(chord.tones[2], root + 2, root - 7, root + 11)
        return root + 12 if rung == 2 else root

    def _low(self, pitch_class: int) -> int:
        return near(pitch_class, 38, 32, 45)

    def _drums(self, bar: Bar, following: Sequence[Bar]) -> Iterator[Note]:
        part, kit = self.style.drums, KITS[self.style.kit]
        if bar.energy >= part.enters:
            for voice, rows in kit.items():
                row = rows[1 if bar.energy >= 0.75 else 0]
                filling = bar.last and voice in ("kick", "taiko")
                for step, mark in enumerate(row[: bar.beats * 4]):
                    if mark == "." or (filling and step >= 12):
                        continue
                    strength = STRENGTHS[mark] * (0.75 + 0.25 * bar.energy) * _gain(part)
                    yield Note(
                        voice,
                        self._skin(voice, bar.nth * 5 + step),
                        bar.start + step / 4,
                        1.0,
                        strength,
                        PLACES.get(voice, 0.0),
                        part.send,
                        human=voice != "kick",
                    )
        rising = bool(following) and following[0].section.energy > bar.energy + 0.1
        if bar.last and rising and bar.beats == BAR:
            yield Note("swell", 60, float(bar.start), float(bar.beats), _gain(part) * 0.3, 0.0, part.send, False)
        if bar.nth == 0 and bar.section.energy >= 0.75 and bar.section.order:
            yield Note("crash", 60, float(bar.start), 8.0, _gain(part) * 0.4, 0.0, part.send, False)

    def _skin(self, voice: str, turn: int) -> int:
        """Skins are tuned to the tonic; a shaker never sounds twice alike, four strokes take turns."""
        if voice in TUNED:
            return near(self.key.tonic, TUNED[voice], TUNED[voice] - 6, TUNED[voice] + 5)
        return 60 + turn % 4

    def _statement(self, bar: Bar, following: Bar) -> Iterator[Note]:
        """The motif over two bars; every other time it is answered by its mirror, or rests."""
        answering = bar.nth % 4 == 2
        lifted = bar.section.name in ("lift", "close")
        if following.section is not bar.section or following.beats < BAR:
            return
        if answering and not lifted and self.luck.random() < 0.5:
            return
        turn = -1 if answering else 1
        low, high = self.style.motif_range
        pitch = near(
            bar.chords[0][2].tones[1], (low + high) / 2 + self.motif.start * 2 + (2 if lifted else 0), low, high
        )
        for nth, (beat, beats) in enumerate(self.motif.cell):
            where, inside = (bar, beat) if beat < BAR else (following, beat - BAR)
            if nth:
                pitch = self._step(
                    pitch, turn * self.motif.shape[(nth - 1) % len(self.motif.shape)], where.chord_at(inside)
                )
            if beats >= 1.5 or inside in (0, 2):
                pitch = _settle(pitch, where.chord_at(inside), low, high)
            yield from self._sung(pitch, bar.start + beat, beats, 0.9 if nth == 0 else 0.75)

    def _sung(self, pitch: int, at: float, beats: float, strength: float) -> Iterator[Note]:
        part, self._sang = self.style.motif, pitch
        yield _note(part, pitch, at, beats, strength, 0.12)
        if self.style.echo:
            yield _note(part, pitch, at + 0.75, beats, strength * self.style.echo, -0.5)
            yield _note(part, pitch, at + 1.5, beats, strength * self.style.echo * 0.45, 0.55)

    def _step(self, pitch: int, steps: int, chord: Chord) -> int:
        """Along the scale, bent to the chord where the chord leaves the key."""
        foreign = set(chord.tones) - set(self.key.scale)
        scale = {tone for tone in self.key.scale if not any((tone - out) % 12 in (1, 11) for out in foreign)}
        low, high = self.style.motif_range
        notes = ladder(tuple(scale | foreign), low, high)
        nearest = min(range(len(notes)), key=lambda index: abs(notes[index] - pitch))
        target = nearest + steps
        if not 0 <= target < len(notes):
            target = nearest - steps
        return notes[min(max(target, 0), len(notes) - 1)]


def _settle(pitch: int, chord: Chord, low: int, high: int) -> int:
    notes = ladder(chord.tones, low, high)
    return min(notes, key=lambda note: (abs(note - pitch), note))


def _gain(part: Part) -> float:
    return float(10 ** (part.level / 20))


def _note(
    part: Part, pitch: int, at: float, length: float, strength: float, pan: float = 0.0, human: bool = True
) -> Note:
    return Note(part.voice, pitch, float(at), float(length), strength * _gain(part), pan, part.send, human)
