"""Keys, chords by Roman numeral, and voice leading.

Knows nothing about moods, instruments or time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_TRIADS = {"": (0, 4, 7), "m": (0, 3, 7), "sus2": (0, 2, 7), "sus4": (0, 5, 7), "o": (0, 3, 6), "5": (0, 7)}
_ROMAN = re.compile(r"^(?P<flat>b?)(?P<numeral>[IViv]+)(?P<suffix>[a-z0-9]*)(?:/(?P<bass>[35]))?$")
_COLOURS = {"": (), "7": (10,), "maj7": (11,), "add9": (14,), "6": (9,), "9": (10, 14), "maj9": (11, 14)}


@dataclass(frozen=True)
class Key:
    """A tonic (0 is C) and a mode.

    >>> Key(9, "minor").name
    'A minor'
    """

    tonic: int
    mode: str

    @property
    def name(self) -> str:
        """As a musician says it."""
        return f"{NAMES[self.tonic % 12]} {self.mode}"

    @property
    def scale(self) -> tuple[int, ...]:
        """The pitch classes from the tonic upwards."""
        return tuple((self.tonic + step) % 12 for step in SCALES[self.mode])


@dataclass(frozen=True)
class Chord:
    """A chord as pitch classes: its tones from the root upwards, and the one in the bass."""

    numeral: str
    tones: tuple[int, ...]
    bass: int

    @property
    def clear(self) -> tuple[int, ...]:
        """Its tones without those that rub against an earlier one by a semitone: for figures that ring on.

        >>> Chord("Imaj7", (0, 4, 7, 11), 0).clear
        (0, 4, 7)
        """
        kept: tuple[int, ...] = ()
        for tone in self.tones:
            if not any((tone - other) % 12 in (1, 11) for other in kept):
                kept = (*kept, tone)
        return kept


@cache
def chord(numeral: str, key: Key) -> Chord:
    """Read a Roman numeral: case gives the triad, a suffix its colour, /3 or /5 the tone in the bass.

    >>> chord("V7", Key(0, "major")).tones
    (7, 11, 2, 5)
    >>> chord("I/3", Key(0, "major")).bass
    4
    """
    found = _ROMAN.match(numeral)
    if not found or found["numeral"].upper() not in NUMERALS:
        raise ValueError(f"{numeral!r} is not a Roman numeral that this composer reads")
    degree = NUMERALS.index(found["numeral"].upper())
    root = key.tonic + SCALES[key.mode][degree] - (1 if found["flat"] else 0)
    triad, colour = _quality(found["numeral"], found["suffix"])
    tones = tuple((root + step) % 12 for step in (*_TRIADS[triad], *_COLOURS[colour]))
    bass = {"3": tones[1], "5": tones[2]}.get(found["bass"] or "", tones[0])
    return Chord(numeral, tones, bass)


def _quality(numeral: str, suffix: str) -> tuple[str, str]:
    for name in ("sus2", "sus4", "o", "5"):
        if suffix.endswith(name):
            return name, suffix.removesuffix(name)
    return ("" if numeral.isupper() else "m"), suffix


def near(pitch_class: int, target: float, low: int, high: int) -> int:
    """The MIDI note of a pitch class nearest to `target` between `low` and `high`.

    >>> near(0, 61, 48, 72)
    60
    """
    fits = [note for note in range(low, high + 1) if note % 12 == pitch_class % 12]
    return min(fits, key=lambda note: (abs(note - target), note))


def lead(previous: Sequence[int], target: Chord, low: int, high: int, voices: int = 4) -> tuple[int, ...]:
    """Voice `target` between `low` and `high` so that every voice moves as little as it can.

    The third and any colour are kept, no semitone clash stands low down, and outer voices that move together in
    octaves or fifths cost extra.
    """
    wanted = set(target.tones)
    notes = [note for note in range(low, high + 1) if note % 12 in wanted]
    count = max(min(voices, len(notes)), 1)
    needed = wanted if len(wanted) <= count else wanted - {target.tones[2]}
    options = [option for option in combinations(notes, count) if _sounds(option, needed)]
    if not options:
        options = list(combinations(notes, count))
    return min(options, key=lambda option: _effort(previous, option, (low + high) / 2))


def _sounds(option: Sequence[int], needed: set[int]) -> bool:
    have = {note % 12 for note in option}
    gaps = [right - left for left, right in pairwise(option)]
    return len(have & needed) >= min(len(needed), len(option)) and all(gap >= 2 for gap in gaps) and max(gaps) <= 12


def _effort(previous: Sequence[int], option: Sequence[int], centre: float) -> tuple[float, tuple[int, ...]]:
    spread = abs(sum(option) / len(option) - centre) * 0.5
    muddy = sum(6.0 for left, right in pairwise(option) if right < 57 and right - left < 4)
    # A minor ninth is the one wide interval that still grates.
    muddy += sum(8.0 for left, right in combinations(option, 2) if right - left == 13)
    if len(previous) != len(option):
        return spread + muddy + abs(option[-1] - option[0] - 15) * 0.3, tuple(option)
    moves = [new - old for old, new in zip(previous, option, strict=True)]
    travel = sum(abs(move) + max(abs(move) - 4, 0) for move in moves)
    parallel = 4.0 if moves[0] == moves[-1] != 0 and (option[-1] - option[0]) % 12 in (0, 7) else 0.0
    return travel + spread + muddy + parallel, tuple(option)


def ladder(tones: Sequence[int], low: int, high: int) -> tuple[int, ...]:
    """Every note of a chord between two pitches, upwards, for arpeggios to climb.

    >>> ladder((0, 4, 7), 60, 72)
    (60, 64, 67, 72)
    """
    wanted = {tone % 12 for tone in tones}
    return tuple(note for note in range(low, high + 1) if note % 12 in wanted)
