"""How a piece fills its length: tempo, bars, sections, and the moment of the last chord.

Knows nothing about notes or instruments.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BAR = 4
"""Beats a bar."""
RINGS = tuple(1.5 + step / 20 for step in range(21))
"""Seconds that the last chord may ring."""
MIDDLE = (("verse", 0.6), ("lift", 0.8), ("verse", 0.65), ("break", 0.35), ("lift", 0.9))
"""Sections between the intro and the end, with their energy; they come round again in long pieces."""


@dataclass(frozen=True)
class Section:
    """A stretch of bars with one idea. `energy` decides which instruments play."""

    name: str
    start: int
    bars: int
    energy: float
    order: int

    @property
    def end(self) -> int:
        """The bar after its last."""
        return self.start + self.bars


@dataclass(frozen=True)
class Form:
    """Seconds a beat, beats before the last chord, and the sections that fill them."""

    seconds: float
    beat: float
    beats: int
    sections: tuple[Section, ...]

    @property
    def tempo(self) -> float:
        """Beats a minute."""
        return 60.0 / self.beat

    @property
    def final(self) -> float:
        """Second at which the last chord is struck."""
        return self.beats * self.beat

    @property
    def bars(self) -> int:
        """Bars before the last chord; the last may be half a one."""
        return math.ceil(self.beats / BAR)


def plan(seconds: float, tempo: tuple[float, float], wish: float, accents: Sequence[float] = ()) -> Form:
    """Fit whole bars into `seconds`, near the tempo `wish`, so that bar lines meet accents where they can.

    Args:
        tempo: the slowest and fastest beats a minute that suit the mood.
        accents: seconds at which the picture cuts.
    """
    if seconds < 2.4:
        return Form(seconds, 60.0 / wish, 0, ())
    beats, ring = min(_fits(seconds, tempo), key=lambda fit: _strain(fit, seconds, tempo, wish, accents))
    beat = (seconds - ring) / beats
    bars = math.ceil(beats / BAR)
    return Form(seconds, beat, beats, _sections(bars, beat * BAR, accents))


def _fits(seconds: float, tempo: tuple[float, float]) -> list[tuple[int, float]]:
    fits = []
    for ring in RINGS if seconds >= 5 else [seconds * share / 100 for share in range(38, 56, 3)]:
        fewest = max(int((seconds - ring) * tempo[0] / 60 * 0.9) // 2 * 2, 2)
        most = int((seconds - ring) * tempo[1] / 60 * 1.1) + 2
        fits += [(beats, ring) for beats in range(fewest, most + 1, 2)]
    return fits


def _strain(
    fit: tuple[int, float], seconds: float, tempo: tuple[float, float], wish: float, accents: Sequence[float]
) -> float:
    beats, ring = fit
    pace = 60 * beats / (seconds - ring)
    beyond = max(tempo[0] - pace, pace - tempo[1], 0.0) / wish
    odd = 0.06 if beats % BAR else (0.005 if beats % (2 * BAR) else 0.0)
    met = _met(accents, BAR * 60 / pace)
    return abs(math.log(pace / wish)) * 0.5 + beyond * 4 + odd + abs(ring - 2.0) * 0.01 - 0.05 * met


def _met(accents: Sequence[float], bar: float) -> float:
    if not accents:
        return 0.0
    misses = [abs(accent / bar - round(accent / bar)) * bar for accent in accents]
    return sum(1.0 for miss in misses if miss < 0.09) / len(misses)


def _sections(bars: int, bar: float, accents: Sequence[float]) -> tuple[Section, ...]:
    edges = _snap(_edges(bars), bars, bar, accents)
    spans = list(pairwise(edges))
    sections = []
    for order, (start, end) in enumerate(spans):
        name, energy = _role(order, len(spans))
        sections.append(Section(name, start, end - start, energy, order))
    return tuple(sections)


def _role(order: int, count: int) -> tuple[str, float]:
    if count == 1:
        return "close", 0.7
    if order == 0:
        return "intro", 0.3
    if order == count - 1:
        return "close", 0.85
    return MIDDLE[(order - 1) % len(MIDDLE)]


def _edges(bars: int) -> list[int]:
    """Bar numbers at which sections begin, and the end.

    >>> _edges(10), _edges(24)
    ([0, 2, 6, 10], [0, 4, 8, 16, 24])
    """
    if bars < 4:
        return [0, bars]
    intro = 2 if bars < 16 else 4
    length = 4 if bars < 20 else 8
    whole, left = divmod(bars - intro, length)
    if whole == 0:
        return [0, intro, bars]
    starts = [intro]
    if 0 < left <= 2 and length == 4:
        # A bar or two too many make the first section longer: the ear forgives that, not a stub.
        starts.append(intro + length + left)
    elif left:
        starts.append(intro + left)
    else:
        starts.append(intro + length)
    while starts[-1] < bars:
        starts.append(starts[-1] + length)
    return [0, *[start for start in starts if start < bars], bars]


def _snap(edges: list[int], bars: int, bar: float, accents: Sequence[float]) -> list[int]:
    def hit(edge: int) -> bool:
        return any(abs(edge * bar - accent) < 0.15 for accent in accents)

    snapped = [edges[0]]
    for edge, following in pairwise(edges[1:]):
        moved = next((at for at in (edge, edge - 1, edge + 1) if hit(at)), edge)
        roomy = moved - snapped[-1] >= 2 and following - moved >= 2
        snapped.append(moved if roomy else edge)
    return [*snapped, bars]
