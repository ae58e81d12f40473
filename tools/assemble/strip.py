"""Strips: where each clip's sound lies in the film, what it plays of its file, and how it comes and goes.

Knows samples and tracks; opens no file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ..meter import RATE, Samples, Series
from ..timeline import Clip, Segment, Track, segments

EDGE = 192
"""Samples of fade where a sound is cut hard: 4 ms, no click."""
COME, GO = round(0.05 * RATE), round(1.2 * RATE)
"""Samples over which music comes out of nothing, and goes into it."""


@dataclass(frozen=True)
class Fade:
    """A way between nothing and all in samples of the film; `first` to `last` tell which part of the way."""

    start: int
    end: int
    rising: bool
    first: float = 0.0
    last: float = 1.0

    def gains(self, at: Series) -> Series:
        """Equal power: what goes and what comes are together as loud as either."""
        way = self.first + (self.last - self.first) * np.clip((at - self.start) / max(self.end - self.start, 1), 0, 1)
        bent: Series = np.sin(way * np.pi / 2) if self.rising else np.cos(way * np.pi / 2)
        return bent


@dataclass(frozen=True)
class Strip:
    """One clip's sound in samples of the film, and the second of its file that it begins with."""

    clip: Clip
    kind: str
    start: int
    length: int
    second: Fraction
    fades: tuple[Fade, ...] = ()

    @property
    def end(self) -> int:
        """One sample beyond the last."""
        return self.start + self.length

    def shaped(self, sound: Samples, at: int) -> Samples:
        """`sound`, which lies at sample `at` of the film, under this strip's fades."""
        near = [fade for fade in self.fades if fade.start < at + len(sound) and at < fade.end]
        if not near:
            return sound
        gains = np.ones(len(sound))
        places = np.arange(at, at + len(sound), dtype=np.float64)
        for fade in near:
            gains *= fade.gains(places)
        return sound * gains[:, None].astype(np.float32)


def strips(tracks: Sequence[Track], rate: Fraction, length: int) -> list[Strip]:
    """The sounds of these tracks as far as the film goes."""
    laid = [strip for track in tracks for strip in _track(track, rate)]
    return [_within(strip, length) for strip in laid if strip.start < length]


@dataclass
class _Piece:
    """A clip while its segments are gathered, in frames; `retimed` is its first frame as retimed."""

    clip: Clip
    start: int
    end: int
    retimed: int
    rising: Segment | None = None
    falling: Segment | None = None


def _track(track: Track, rate: Fraction) -> list[Strip]:
    pieces: dict[int, _Piece] = {}
    for row in segments(track):
        if row.clip is not None:
            piece = pieces.setdefault(row.item, _Piece(row.clip, row.start, row.start, row.offset))
            piece.end = row.start + row.frames
            piece.falling = row if row.transition else None
        if row.over is not None:
            pieces[row.over_item] = _Piece(row.over, row.start, row.start + row.frames, row.over_offset, rising=row)
    joined = _joined([pieces[number] for number in sorted(pieces)])
    return [_strip(piece, joined, number, track.kind, rate) for number, piece in enumerate(joined)]


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Clips that go on where the one before ended, as after a split, are one sound: nobody hears such a join."""
    rows: list[_Piece] = []
    for piece in pieces:
        last = rows[-1] if rows else None
        if last and not last.falling and not piece.rising and _goes_on(last, piece):
            rows[-1] = replace(last, end=piece.end, falling=piece.falling)
        else:
            rows.append(piece)
    return rows


def _goes_on(last: _Piece, piece: _Piece) -> bool:
    def same(clip: Clip) -> tuple[str, Fraction, float]:
        return clip.asset, clip.speed, clip.gain_db

    shown = last.retimed + last.end - last.start
    return last.end == piece.start and same(last.clip) == same(piece.clip) and shown == piece.retimed


def _strip(piece: _Piece, pieces: list[_Piece], number: int, kind: str, rate: Fraction) -> Strip:
    def sample(frame: int) -> int:
        return round(frame * RATE / rate)

    start, end = sample(piece.start), sample(piece.end)
    before = number > 0 and pieces[number - 1].end >= piece.start
    after = number + 1 < len(pieces) and pieces[number + 1].start <= piece.end
    come = COME if kind == "music" and not before else EDGE
    go = min(GO, (end - start) // 4) if kind == "music" and not after else EDGE
    clip, shown = piece.clip, piece.retimed - piece.clip.offset + piece.clip.skip
    fades = (
        _change(piece.rising, True, sample) if piece.rising else Fade(start, start + min(come, end - start), True),
        _change(piece.falling, False, sample) if piece.falling else Fade(max(end - go, start), end, False),
    )
    second = max((clip.start + shown * clip.speed) / rate, Fraction(0))
    return Strip(clip, kind, start, end - start, second, fades)


def _change(row: Segment, rising: bool, sample: Callable[[int], int]) -> Fade:
    assert row.transition is not None
    whole = row.transition.whole or row.frames
    first = row.transition.first / whole
    return Fade(sample(row.start), sample(row.start + row.frames), rising, first, first + row.frames / whole)


def _within(strip: Strip, length: int) -> Strip:
    """A strip that plays beyond the film ends with it."""
    if strip.end <= length:
        return strip
    left = length - strip.start
    go = min(GO, left // 4) if strip.kind == "music" else EDGE
    kept = tuple(fade for fade in strip.fades if fade.rising or fade.start < length - go)
    return replace(strip, length=left, fades=(*kept, Fade(max(length - go, strip.start), length, False)))
