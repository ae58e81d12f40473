"""A score: which notes are played when, written bar by bar from a form, a key and a mood.

Knows nothing about sound; the parts themselves are written in parts.py.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import Mood
from .form import BAR, Form, Section, plan
from .moods import STYLES, SUBSTITUTES, Phrase, Style
from .parts import Bar, Motif, Note, Parts
from .theory import Chord, Key, chord


@dataclass(frozen=True)
class Score:
    """Notes in seconds, in order, with the form and key they are written in."""

    mood: Mood
    style: Style
    key: Key
    form: Form
    bars: tuple[Bar, ...]
    notes: tuple[Note, ...]


def dice(*words: object) -> np.random.Generator:
    """A generator that only these words decide, on every machine and in every order of calls."""
    digest = hashlib.sha256("/".join(str(word) for word in words).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def compose(mood: Mood, seed: int, seconds: float, accents: Sequence[float] = ()) -> Score:
    """Write the piece."""
    style = STYLES[mood]
    luck = dice(mood, seed, "piece")
    key = Key(int(luck.choice(style.tonics)), style.mode)
    wish = float(luck.uniform(*style.tempo))
    form = plan(seconds, style.tempo, wish, accents)
    bars = tuple(_bars(style, key, form, luck))
    parts = Parts(style, key, Motif.invent(luck), luck)
    notes = [note for index, bar in enumerate(bars) for note in parts.bar(bar, bars[index + 1 : index + 2])]
    notes += parts.final(chord(_tonic(style), key), form)
    return Score(mood, style, key, form, bars, tuple(_perform(notes, style, form, dice(mood, seed, "hands"))))


def _tonic(style: Style) -> str:
    return "I" if style.mode == "major" else "i"


def _bars(style: Style, key: Key, form: Form, luck: np.random.Generator) -> Iterator[Bar]:
    verses = [style.verses[index] for index in luck.permutation(len(style.verses))]
    lifts = [style.lifts[index] for index in luck.permutation(len(style.lifts))]
    cadence = style.cadences[int(luck.integers(len(style.cadences)))]
    for section in form.sections:
        lifting = section.name == "lift"
        phrase = lifts[section.order // 2 % len(lifts)] if lifting else verses[section.order // 3 % len(verses)]
        for nth, entry in enumerate(_harmony(section, phrase, cadence, style, luck)):
            start = (section.start + nth) * BAR
            beats = min(BAR, form.beats - start)
            yield Bar(start, beats, tuple(_split(entry, beats, key)), section, nth)


def _harmony(
    section: Section, phrase: Phrase, cadence: tuple[str, str], style: Style, luck: np.random.Generator
) -> list[str]:
    entries: list[str] = []
    for nth in range(section.bars):
        last = nth == section.bars - 1
        entries.append(phrase[3] if last else phrase[nth % 4])
        # The phrase that comes back is told differently; its first chord stays, so that it is known again.
        if nth >= 4 and nth % 4 and luck.random() < 0.5:
            entries[-1] = str(luck.choice(SUBSTITUTES[style.mode].get(entries[-1], (entries[-1],))))
    if section.name == "close":
        kept = entries[: max(section.bars - 2, 0)] or [_tonic(style)][: section.bars - 1]
        entries = [*kept, *cadence][-section.bars :] if section.bars > 2 else [*kept, cadence[1]]
    return entries


def _split(entry: str, beats: int, key: Key) -> Iterator[tuple[float, float, Chord]]:
    numerals = entry.split()
    share = beats / len(numerals)
    for nth, numeral in enumerate(numerals):
        yield nth * share, share, chord(numeral, key)


def _perform(notes: Sequence[Note], style: Style, form: Form, hands: np.random.Generator) -> Iterator[Note]:
    """From beats to seconds: swing, a player's small lateness, and nothing beyond the end."""
    played = []
    for note in notes:
        late = float(np.clip(hands.normal(0, style.human), -2 * style.human, 2 * style.human)) if note.human else 0.0
        start = max(_swung(note.at, style.swing) * form.beat + late, 0.0)
        length = min(note.length * form.beat, form.seconds - start)
        touch = float(hands.uniform(0.9, 1.05)) if note.human else 1.0
        if length > 0:
            played.append(replace(note, at=start, length=length, level=note.level * touch))
    yield from sorted(played, key=lambda note: (note.at, note.voice, note.pitch))


def _swung(beat: float, swing: float) -> float:
    """Lean the off-beat eighths back by `swing` of a beat, and what lies between them with it.

    >>> _swung(1.5, 0.1), _swung(2.0, 0.1)
    (1.6, 2.0)
    """
    whole, part = divmod(beat, 1.0)
    leaned = part * (0.5 + swing) / 0.5 if part < 0.5 else 0.5 + swing + (part - 0.5) * (0.5 - swing) / 0.5
    return float(whole + leaned)
