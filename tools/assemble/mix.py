"""The mix: voices, music and effects become one float sound, the music under the voice. Audio only.

Knows nothing about pictures, captions or the loudness a platform wants (loudness.py).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from .. import meter
from ..meter import RATE, STEP, Readings, Samples
from ..timeline import Timeline
from . import balance
from .duck import Span, curve, gains, merged, spoken
from .loop import find, played
from .strip import Strip, strips
from .tape import BLOCK, Tape, record
from .voice import processed

STEMS = ("voice", "music", "effects")
_LONG = 2 * RATE
"""Samples from which on an effect is no accent any more but goes on under the speech."""
_RAN_OUT = RATE // 4
"""Samples that music may be short of its clip before it is played again."""


@dataclass(frozen=True)
class Mix:
    """Raw stereo float samples (tape.RAW) as long as the picture, and what was measured on the way."""

    path: Path
    length: int
    readings: Readings

    @property
    def loudness(self) -> float:
        """Integrated, in LUFS."""
        return self.readings.loudness

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        """The samples with their places."""
        return zip(range(0, self.length, BLOCK), Tape(self.path, self.length).blocks(), strict=True)


@dataclass(frozen=True)
class _Lane:
    """A strip on the desk: where its samples are, how far it is opened, and how deep speech ducks it."""

    strip: Strip
    tape: Tape
    gain: float = 0.0
    depth: float = 0.0


class Mixer:
    """Mixes one timeline in a scratch folder; `stems` are what the mix was summed from."""

    def __init__(
        self,
        timeline: Timeline,
        paths: Mapping[str, Path],
        scratch: Path,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._paths = paths
        self._scratch = scratch
        self._cancelled = cancelled
        self._length = round(timeline.frames * RATE / timeline.rate)
        tracks = [track for kind in STEMS for track in timeline.tracks_of(kind)]
        self._strips = strips(tracks, timeline.rate, self._length)

    def mix(self) -> Mix:
        """Everything heard, in one file."""
        path = self._scratch / "mix.f32"
        return Mix(path, self._length, meter.read(_kept(self.blocks(STEMS), path)))

    def stems(self) -> tuple[str, ...]:
        """Which of voice, music and effects the film has."""
        return tuple(name for name in STEMS if any(strip.kind == name for strip in self._strips))

    def blocks(self, kinds: Collection[str]) -> Iterator[Samples]:
        """These stems as they stand in the mix, added up; all of them are the mix."""
        lanes = [lane for lane in self._lanes if lane.strip.kind in kinds]
        points = curve(self.speech, RATE, 1.0)
        for at in range(0, self._length, BLOCK):
            total = np.zeros((min(BLOCK, self._length - at), 2), np.float32)
            for lane in lanes:
                _add(total, at, lane, points)
            yield total

    @cached_property
    def speech(self) -> list[Span]:
        """Where somebody speaks, in samples."""
        said = [
            span
            for lane, readings in self._voices
            for span in spoken(readings.powers, readings.loudness, lane.strip.start, STEP)
        ]
        return merged([Span(max(span.start, 0), min(span.end, self._length)) for span in said], 1)

    @cached_property
    def _lanes(self) -> list[_Lane]:
        voices = [replace(lane, gain=lane.gain + lane.strip.clip.gain_db) for lane, _ in self._voices]
        return [*voices, *self._music(), *self._effects()]

    @cached_property
    def _tapes(self) -> list[tuple[Strip, Tape]]:
        tapes = record(self._strips, self._paths, self._scratch, self._cancelled)
        return list(zip(self._strips, tapes, strict=True))

    @cached_property
    def _voices(self) -> list[tuple[_Lane, Readings]]:
        """The lines after their chain, together at balance.VOICE; a clip's own gain comes later, on top of that."""
        lines = self._of("voice")
        if not lines:
            return []
        raw = [meter.read(tape.blocks()).loudness for _, tape in lines]
        lifts = balance.even(raw, [strip.length for strip, _ in lines])
        lifted = [(tape, lift) for (_, tape), lift in zip(lines, lifts, strict=True)]
        tapes = processed(lifted, self._scratch, self._cancelled)
        heard = [meter.read(tape.blocks()) for tape in tapes]
        together = meter.integrated(np.concatenate([each.powers for each in heard]))
        gains_db = balance.settled(together, [each.loudness for each in heard])
        lanes = [_Lane(strip, tape, gain) for (strip, _), tape, gain in zip(lines, tapes, gains_db, strict=True)]
        return list(zip(lanes, heard, strict=True))

    def _music(self) -> list[_Lane]:
        """The bed: pieces from anywhere at one level, as far under the speech as criteria.md says."""
        lanes = [self._filled(strip, tape) for strip, tape in self._of("music")]
        if not lanes:
            return []
        heard = [meter.read(lane.tape.blocks()) for lane in lanes]
        even = balance.alike([each.loudness for each in heard], [lane.strip.length for lane in lanes])
        whole = np.zeros(self._length // STEP + 1)
        for lane, each, gain in zip(lanes, heard, even, strict=True):
            part = whole[lane.strip.start // STEP :]
            part[: each.powers.size] += each.powers[: part.size] * 10 ** (gain / 10)
        opened, depth = balance.bed(
            meter.integrated(whole), meter.over(whole, self._moments()), balance.VOICE if self.speech else None
        )
        return [
            replace(lane, gain=gain + opened + lane.strip.clip.gain_db, depth=depth)
            for lane, gain in zip(lanes, even, strict=True)
        ]

    def _effects(self) -> list[_Lane]:
        """Short sounds as they are; what goes on, such as a place's own sound, gives way to the speech too."""
        lanes = []
        found = self._of("effects")
        for strip, tape in found:
            lane = _Lane(strip, tape, strip.clip.gain_db)
            if self.speech and _goes_on(strip, [other for other, _ in found]):
                readings = meter.read(tape.blocks())
                gain = strip.clip.gain_db + balance.heard(readings.loudness + strip.clip.gain_db)
                under = meter.over(readings.powers, self._moments(strip.start))
                lane = replace(lane, gain=gain, depth=balance.way(under + gain))
            lanes.append(lane)
        return lanes

    def _filled(self, strip: Strip, tape: Tape) -> _Lane:
        """Music as long as its clip: where the file ends before, it is played on through a loop."""
        there = tape.sounding()
        if strip.length - there < _RAN_OUT or there < _RAN_OUT:
            return _Lane(strip, tape)
        sound = tape.read(0, there)
        path = self._scratch / f"loop-{strip.start}-{tape.start}.f32"
        with path.open("wb") as file:
            for piece in played(sound, find(sound), strip.length):
                file.write(piece.tobytes())
        return _Lane(strip, Tape(path, strip.length))

    def _of(self, kind: str) -> list[tuple[Strip, Tape]]:
        return [(strip, tape) for strip, tape in self._tapes if strip.kind == kind]

    def _moments(self, start: int = 0) -> list[tuple[int, int]]:
        """The speech in milliseconds of a sound that begins at sample `start`."""
        spans = [(span.start - start, span.end - start) for span in self.speech if span.end > start]
        return [(max(first, 0) // STEP, last // STEP) for first, last in spans]


def _goes_on(strip: Strip, others: Sequence[Strip]) -> bool:
    """Whether a sound is no accent: it is long itself, or it is one of several that follow each other without a gap."""
    return strip.length > _LONG or any(other.start == strip.end or other.end == strip.start for other in others)


def _add(total: Samples, at: int, lane: _Lane, points: Sequence[tuple[int, float]]) -> None:
    """Lay what plays from sample `at` on over `total`."""
    strip = lane.strip
    first, last = max(at, strip.start), min(at + len(total), strip.end)
    if first >= last:
        return
    sound = strip.shaped(lane.tape.read(first - strip.start, last - first), first)
    if lane.depth:
        steps = [(place, level * lane.depth) for place, level in points]
        # Between two milliseconds a straight line: nobody hears the difference, and powers cost.
        corners = np.arange(first, last + STEP, STEP, dtype=np.float64)
        factors = np.interp(np.arange(first, last), corners, gains(steps, corners, lane.gain))
        sound = sound * factors[:, None].astype(np.float32)
    else:
        sound = sound * np.float32(10 ** (lane.gain / 20))
    total[first - at : last - at] += sound


def _kept(blocks: Iterable[Samples], path: Path) -> Iterator[Samples]:
    """The blocks, written to a file as they pass."""
    with path.open("wb") as file:
        for block in blocks:
            file.write(block.tobytes())
            yield block
