"""Duck music under speech: a gain curve known before a sample is played.

Knows levels and times; knows nothing about captions, pictures or where the music came from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

ATTACK, RELEASE = 0.15, 0.5
"""Seconds down before the first word, and up again after the last (criteria.md, "voice over music")."""
UNDER = 15.0
"""dB that the music lies under the speech while somebody speaks."""
DEPTH = 8.0
"""dB that it comes up by when nobody does."""
FADE_IN, FADE_OUT = 0.05, 1.2
_SILENCE = -90.0
_BLOCK = 48_000


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


def rendered(
    points: Sequence[tuple[int, float]], length: int, rate: int, gain_db: float, channels: int = 2
) -> Iterator[bytes]:
    """The curve as float samples for every channel, with fades at the film's ends."""
    import numpy as np

    x, y = np.array([point[0] for point in points]), np.array([point[1] for point in points])
    for start in range(0, length, _BLOCK):
        at = np.arange(start, min(start + _BLOCK, length))
        gains = 10 ** ((np.interp(at, x, y) + gain_db) / 20) * _ends(at, length, rate)
        yield np.repeat(gains.astype("<f4"), channels).tobytes()


def _ends(at: "np.ndarray", length: int, rate: int) -> "np.ndarray":
    """From silence and back into it, with a sine's smoothness."""
    import numpy as np

    rise = np.clip(at / (FADE_IN * rate), 0, 1)
    fall = np.clip((length - 1 - at) / (min(FADE_OUT, length / rate / 4) * rate), 0, 1)
    shaped: np.ndarray = np.sin(rise * np.pi / 2) * np.sin(fall * np.pi / 2) ** 2
    return shaped
