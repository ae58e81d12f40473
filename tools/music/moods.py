"""The seven moods as data: tempo, mode, harmony, instruments, patterns and how they are mixed.

Knows nothing about a film's length or about sound: it is the composer's taste, written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import Mood

Phrase = tuple[str, ...]
"""Four bars of harmony, one entry a bar; an entry of two numerals splits its bar."""


@dataclass(frozen=True)
class Part:
    """An instrument with its level in dB, the reverb it sends, and the energy from which on it plays."""

    voice: str
    level: float
    send: float = 0.2
    enters: float = 0.0


@dataclass(frozen=True)
class Style:
    """What one mood is made of. Patterns are looked up by name in rhythms.py."""

    tempo: tuple[float, float]
    mode: str
    tonics: tuple[int, ...]
    verses: tuple[Phrase, ...]
    lifts: tuple[Phrase, ...]
    cadences: tuple[tuple[str, str], ...]
    pad: Part
    comp: Part
    bass: Part
    motif: Part
    figures: tuple[str, ...]
    walk: str
    kit: str = ""
    drums: Part = Part("kit", -8.0, 0.08, 0.45)
    pad_range: tuple[int, int] = (53, 74)
    comp_range: tuple[int, int] = (57, 79)
    motif_range: tuple[int, int] = (69, 86)
    swing: float = 0.0
    pump: float = 0.0
    echo: float = 0.0
    """Level of the motif's dotted echo, 0 for none."""
    human: float = 0.008
    """Seconds that a player is early or late, one standard deviation."""
    space: float = 1.8
    """Seconds the room rings."""
    air: float = 0.0
    """dB of shelf above 6 kHz."""


_CALM = Style(
    tempo=(64, 76),
    mode="major",
    tonics=(0, 2, 3, 5, 10),
    verses=(
        ("Iadd9", "V/3", "vi7", "IVmaj7"),
        ("Imaj7", "iii7", "IVmaj7", "Vsus4"),
        ("Iadd9", "vi7", "IVadd9", "Vsus4"),
    ),
    lifts=(("IVmaj7", "I/3", "ii7", "Vsus4"), ("vi7", "IVmaj7", "I/3", "Vsus4")),
    cadences=(("IVadd9", "Vsus4 V"), ("ii7", "V7sus4 V")),
    pad=Part("warm", -8.0, 0.5),
    comp=Part("felt", -2.0, 0.4, 0.1),
    bass=Part("sub", -4.0, 0.0, 0.4),
    motif=Part("felt", -1.0, 0.5, 0.5),
    figures=("broken", "rocking", "rolled"),
    walk="long",
    comp_range=(52, 76),
    motif_range=(67, 81),
    human=0.014,
    space=2.6,
    air=1.0,
)
_WARM = Style(
    tempo=(84, 96),
    mode="major",
    tonics=(0, 2, 4, 5, 7, 9),
    verses=(
        ("Iadd9", "V/3", "vi7", "IVadd9"),
        ("I", "IVadd9", "vi7", "V"),
        ("I", "iii7", "IVadd9", "Vsus4"),
    ),
    lifts=(("vi7", "IVadd9", "I/3", "V"), ("IVadd9", "I/3", "ii7", "V")),
    cadences=(("IVadd9", "Vsus4 V"), ("ii7", "V")),
    pad=Part("warm", -9.0, 0.35),
    comp=Part("guitar", 1.0, 0.22, 0.1),
    bass=Part("round", -4.0, 0.0, 0.35),
    motif=Part("felt", -1.5, 0.35, 0.5),
    figures=("picking", "rocking", "travis"),
    walk="steady",
    kit="brush",
    drums=Part("kit", -5.0, 0.1, 0.5),
    comp_range=(52, 76),
    motif_range=(69, 84),
    human=0.009,
    space=1.9,
    air=1.0,
)
_BRIGHT = Style(
    tempo=(108, 118),
    mode="major",
    tonics=(0, 2, 4, 7, 9),
    verses=(("I", "V", "vi", "IV"), ("Iadd9", "IV", "vi7", "V"), ("I", "vi7", "IV", "V")),
    lifts=(("IV", "V", "vi", "I/3"), ("ii7", "IV", "I", "V")),
    cadences=(("IV", "V7"), ("ii7", "V7")),
    pad=Part("glass", -11.0, 0.35),
    comp=Part("pluck", 2.0, 0.2),
    bass=Part("round", -4.0, 0.0, 0.35),
    motif=Part("bell", -4.0, 0.4, 0.5),
    figures=("sparkle", "offbeat", "climb"),
    walk="bounce",
    kit="pop",
    drums=Part("kit", -4.0, 0.08, 0.4),
    comp_range=(60, 81),
    motif_range=(74, 91),
    echo=0.3,
    human=0.004,
    space=1.4,
    air=2.0,
)
_DRIVING = Style(
    tempo=(120, 128),
    mode="minor",
    tonics=(2, 4, 6, 9, 11),
    verses=(("i", "VI", "iv", "V"), ("i", "VII", "VI", "V"), ("iadd9", "iv", "i/5", "V")),
    lifts=(("VI", "VII", "i", "i/3"), ("iv", "i/5", "VI", "V")),
    cadences=(("VI", "V"), ("iv", "V")),
    pad=Part("strings", -12.0, 0.3),
    comp=Part("synth", 0.0, 0.15),
    bass=Part("pulse", -5.0, 0.0, 0.3),
    motif=Part("lead", -7.0, 0.35, 0.6),
    figures=("sixteen", "syncopated", "gallop"),
    walk="eighths",
    kit="club",
    drums=Part("kit", -4.0, 0.05, 0.4),
    comp_range=(55, 79),
    motif_range=(69, 86),
    pump=0.45,
    echo=0.35,
    human=0.002,
    space=1.5,
    air=1.5,
)
_DARK = Style(
    tempo=(58, 68),
    mode="minor",
    tonics=(0, 2, 3, 7, 9),
    verses=(("iadd9", "VI", "iv", "i/5"), ("i", "iv", "VI", "v"), ("iadd9", "bII", "iv", "i")),
    lifts=(("VI", "iv", "i/5", "Vsus4"), ("iv", "VImaj7", "iadd9", "V")),
    cadences=(("iv", "Vsus4 V"), ("VI", "V")),
    pad=Part("murk", -7.0, 0.5),
    comp=Part("felt", 0.0, 0.6, 0.3),
    bass=Part("sub", -3.0, 0.0),
    motif=Part("vibes", -2.0, 0.7, 0.5),
    figures=("tolling", "sparse"),
    walk="drone",
    pad_range=(48, 69),
    comp_range=(48, 72),
    motif_range=(62, 77),
    echo=0.3,
    human=0.015,
    space=3.2,
    air=-1.5,
)
_PLAYFUL = Style(
    tempo=(100, 112),
    mode="major",
    tonics=(0, 5, 7, 9, 10),
    verses=(("I", "vi7", "ii7", "V7"), ("I", "IV", "I/3", "V7"), ("I6", "VI7", "ii7", "V7")),
    lifts=(("IV", "I/3", "II7", "V7"), ("IV", "iv", "I/5", "V7")),
    cadences=(("ii7", "V7"), ("IV", "V7")),
    pad=Part("glass", -16.0, 0.3, 0.5),
    comp=Part("pizz", 3.0, 0.18),
    bass=Part("upright", -2.0, 0.03, 0.25),
    motif=Part("marimba", 0.0, 0.25, 0.2),
    figures=("oompah", "hop", "skip"),
    walk="two",
    kit="snaps",
    drums=Part("kit", -4.0, 0.12, 0.35),
    comp_range=(59, 83),
    motif_range=(67, 84),
    swing=0.11,
    human=0.006,
    space=1.1,
    air=1.5,
)
_EPIC = Style(
    tempo=(80, 92),
    mode="minor",
    tonics=(0, 2, 4, 7, 9),
    verses=(("i", "VI", "iv", "v"), ("i", "VII", "i/3", "V"), ("i", "v", "i/3", "iv")),
    lifts=(("VI", "i/5", "iv", "V"), ("VI", "VII", "i", "i/3"), ("iv", "VI", "i/5", "V")),
    cadences=(("VI", "Vsus4 V"), ("iv", "Vsus4 V")),
    pad=Part("strings", -7.0, 0.45),
    comp=Part("spiccato", 2.0, 0.3, 0.2),
    bass=Part("cello", -3.0, 0.1, 0.3),
    motif=Part("horn", -1.5, 0.5, 0.55),
    figures=("ostinato", "threes", "march"),
    walk="pedal",
    kit="taiko",
    drums=Part("kit", -2.0, 0.3, 0.4),
    comp_range=(52, 76),
    motif_range=(60, 77),
    human=0.007,
    space=2.8,
    air=0.5,
)
STYLES: Mapping[Mood, Style] = MappingProxyType(
    {
        "calm": _CALM,
        "warm": _WARM,
        "bright": _BRIGHT,
        "driving": _DRIVING,
        "dark": _DARK,
        "playful": _PLAYFUL,
        "epic": _EPIC,
    }
)
# A chord may be swapped for one that does the same work, so that a phrase that returns is not a copy.
SUBSTITUTES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "major": {
            "V": ("Vsus4", "V/3", "iii7"),
            "V7": ("V7sus4", "V/3"),
            "Vsus4": ("V7sus4", "V/3"),
            "vi": ("vi7", "I/3", "IVmaj7"),
            "vi7": ("vi", "I/3", "IVadd9"),
            "IV": ("ii7", "IVadd9", "IV/3"),
            "IVadd9": ("ii7", "IVmaj7", "IV/3"),
            "IVmaj7": ("ii7", "IVadd9"),
            "ii7": ("IV", "ii"),
            "iii7": ("I/3", "V/3"),
            "I/3": ("I", "iii7"),
        },
        "minor": {
            "V": ("Vsus4", "V/3", "V7"),
            "Vsus4": ("V7sus4", "V"),
            "VI": ("VImaj7", "iv7"),
            "VII": ("VIIsus4", "v", "VII/3"),
            "iv": ("iv7", "VI", "iv/3"),
            "v": ("V", "v7"),
            "i/5": ("i", "iv"),
            "i/3": ("i", "i/5"),
        },
    }
)
