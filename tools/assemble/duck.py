"""Duck music under speech: a gain curve known before a sample is played.

Knows levels and times; knows nothing about captions, pictures or where the music came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..meter import QUIET, Series

ATTACK, RELEASE = 0.15, 0.5
"""Seconds down before the first word, and up again after the last (criteria.md, "voice over music")."""
UNDER = 15.0
"""dB that the music lies under the speech while somebody speaks."""
DEPTH = 8.0
"""dB that it comes up by when nobody does."""
_PAUSE = 40
"""Milliseconds over which speech is told from a pause."""
_FLOOR = 28.0
"""dB under the voice's own level, below which nobody speaks."""


@dataclass(frozen=True)
class Span:
    """A stretch in samples, `end` exclusive."""

    start: int
    end: int


def merged(spans: Sequence[Span], nearest: int) -> list[Span]:
    """Spans closer than `nearest` are one: a bed that pumps between sentences is worse than one that waits."""
    rows: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if rows and span.start - rows[-1].end < nearest:
            rows[-1] = Span(rows[-1].start, max(rows[-1].end, span.end))
        else:
            rows.append(span)
    return rows


def spoken(powers: Series, level: float, start: int, step: int) -> list[Span]:
    """Where in a voice that begins at sample `start` somebody speaks, by its power every `step` samples.

    A voice may pause for seconds inside one clip, and the music need not wait for the clip's end.
    """
    if not powers.size or level <= QUIET:
        return []
    smooth = np.convolve(powers, np.full(_PAUSE, 1 / _PAUSE), "same") if powers.size > _PAUSE else powers
    heard = -0.691 + 10 * np.log10(np.maximum(smooth, 1e-12)) > max(level - _FLOOR, QUIET)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], heard, [False]]).astype(np.int8)))
    return [
        Span(start + int(first) * step, start + int(last) * step)
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]


def curve(speech: Sequence[Span], rate: int, depth: float = DEPTH) -> list[tuple[int, float]]:
    """Points (sample, dB) of the music's gain: 0 while nobody speaks, -depth while somebody does.

    The way down ends where speech begins (it is known beforehand), the way up begins where speech ends.
    """
    attack, release = round(ATTACK * rate), round(RELEASE * rate)
    points: list[tuple[int, float]] = []
    for span in merged(speech, attack + release):
        if span.start > attack:
            points += [(span.start - attack, 0.0), (span.start, -depth)]
        else:
            points.append((min(span.start, 0), -depth))
        points += [(span.end, -depth), (span.end + release, 0.0)]
    return points or [(0, 0.0)]


def gains(points: Sequence[tuple[int, float]], places: Series, gain_db: float = 0.0) -> Series:
    """The curve at these samples, as factors."""
    levels = np.interp(places, [point[0] for point in points], [point[1] for point in points])
    factors: Series = 10 ** ((levels + gain_db) / 20)
    return factors
