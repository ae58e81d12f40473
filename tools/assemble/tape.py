"""Tapes: the sound of strips read from any file, as stereo samples. Audio only.

Knows nothing about levels or where a strip lies in the film.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np

from .. import ffmpeg
from ..errors import Refused, ToolFailed
from ..ffmpeg import Input
from ..meter import RATE, Samples
from .strip import Strip

RAW = ("-f", "f32le", "-ar", str(RATE), "-ch_layout", "stereo")
"""How samples of ours come to ffmpeg by a pipe."""
BLOCK = 4 * RATE
_WIDTH = 8
"""Bytes of a stereo sample."""
_AT_ONCE = 64
"""Files open at a time: each takes two threads, and their stacks count against the memory ffmpeg may have."""
_NOTHING = 1e-5
"""-100 dBFS."""
_FAR = 20
"""Seconds into a file from which on it is not read from its beginning."""
_FLOAT = ("-map", "[out]", "-c:a", "pcm_f32le", "-f", "f32le")
# Silence where the file's sound begins later than its picture or has holes; 5.1 comes down as ITU-R BS.775 says:
# centre and surrounds 3 dB lower, no LFE, and in float nothing clips.
_OPEN = f"aresample={RATE}:ochl=stereo:osf=fltp:async=1:first_pts=0:clev=0.7071:slev=0.7071:lfe_mix_level=0"
_INPUT = re.compile(r"^Input #(\d+),", re.M)
_MONO = re.compile(r"Stream #\d+:\d+.*?: Audio: .*? Hz, (?:mono|1 channels)")
_HINT = "Convert its sound to WAV, or leave the clip out."


@dataclass(frozen=True)
class Tape:
    """A stretch of raw stereo float samples in a file."""

    path: Path
    length: int
    start: int = 0
    gain: float = 1.0
    """What its samples are multiplied with when they are read."""

    def read(self, start: int, count: int) -> Samples:
        """`count` samples from its sample `start` on, silence beyond its end."""
        there = max(min(count, self.length - start), 0)
        sound = np.fromfile(self.path, "<f4", there * 2, offset=(self.start + start) * _WIDTH).reshape(-1, 2)
        if self.gain != 1:
            sound *= np.float32(self.gain)
        return np.pad(sound, ((0, count - len(sound)), (0, 0))) if len(sound) < count else sound

    def sounding(self) -> int:
        """Samples until it falls silent for good, as a file does that ends before its clip."""
        end = self.length
        while end > 0:
            start = max(end - BLOCK, 0)
            heard = np.flatnonzero(np.abs(self.read(start, end - start)).max(axis=1) > _NOTHING)
            if heard.size:
                return start + int(heard[-1]) + 1
            end = start
        return 0

    def blocks(self) -> Iterator[Samples]:
        """All of it."""
        for start in range(0, self.length, BLOCK):
            yield self.read(start, min(BLOCK, self.length - start))


def record(
    strips: Sequence[Strip], paths: Mapping[str, Path], scratch: Path, cancelled: Callable[[], bool] | None = None
) -> list[Tape]:
    """Read the sound of all strips, each as long as it lies in the film.

    Raises:
        Refused: a clip's file has no sound, or cannot be read; the clip is named.
    """
    tapes: list[Tape] = []
    for first in range(0, len(strips), _AT_ONCE):
        part = strips[first : first + _AT_ONCE]
        tapes += _recorded(part, paths, scratch / f"tape-{first}.f32", cancelled)
    return tapes


def _recorded(
    strips: Sequence[Strip], paths: Mapping[str, Path], path: Path, cancelled: Callable[[], bool] | None
) -> list[Tape]:
    # Pictures are not even taken out of their file; a decoder of sound needs no threads.
    inputs = [Input(paths[strip.clip.asset], ("-vn", "-sn", "-dn", "-threads", "1", *_seek(strip))) for strip in strips]
    chains = [f"[{number}:a:0]{_chain(strip)}[s{number}]" for number, strip in enumerate(strips)]
    ends = "".join(f"[s{number}]" for number in range(len(strips)))
    graph = ";".join([*chains, f"{ends}concat=n={len(strips)}:v=0:a=1[out]"])
    try:
        log = ffmpeg.encode(inputs, graph, path, (*_FLOAT, "-filter_complex_threads", "1"), cancelled=cancelled).log
    except (Refused, ToolFailed) as error:
        _blame(strips, paths)
        raise error
    *starts, end = accumulate((strip.length for strip in strips), initial=0)
    if path.stat().st_size != end * _WIDTH:
        _blame(strips, paths)
        raise ToolFailed("The sound of a clip came out at another length than its clip.", _HINT)
    rows = zip(strips, starts, _gains(log, len(strips)), strict=True)
    return [Tape(path, strip.length, start, gain) for strip, start, gain in rows]


def _seek(strip: Strip) -> tuple[str, ...]:
    """Far into a long file: a whole second before, so that decoders have settled when the clip begins."""
    return ("-ss", str(_sought(strip))) if _sought(strip) else ()


def _sought(strip: Strip) -> int:
    return int(strip.second) - 2 if strip.second > _FAR else 0


def _chain(strip: Strip) -> str:
    start, speed = round((strip.second - _sought(strip)) * RATE), strip.clip.speed
    # Half a second more for the stretch to look ahead.
    needed = strip.length if speed == 1 else round(strip.length * speed) + RATE // 2
    cut = f"{_OPEN},atrim=start_sample={start}:end_sample={start + needed},asetpts=N/SR/TB"
    stretch = "" if speed == 1 else f",{_stretch(speed, strip.kind)},asetpts=N/SR/TB"
    # The format once more: an empty stream must still come as silence.
    exact = f"aformat=sample_fmts=fltp:sample_rates={RATE}:channel_layouts=stereo"
    return f"{cut}{stretch},{exact},apad=whole_len={strip.length},atrim=end_sample={strip.length}"


def _stretch(speed: Fraction, kind: str) -> str:
    """Faster or slower at the same pitch: a voice by its own periods, what has many pitches at once by its phases."""
    if kind != "voice" and _rubberband():
        # Its other ways with transients (measured on a tone) break up what is held.
        return f"rubberband=tempo={float(speed):.9f}:transients=smooth"
    steps = []
    while speed < Fraction(1, 2):
        steps.append(Fraction(1, 2))
        speed *= 2
    return ",".join(f"atempo={float(step):.9f}" for step in [*steps, speed])


@cache
def _rubberband() -> bool:
    """Whether this ffmpeg can stretch with Rubber Band."""
    with suppress(ToolFailed, Refused):
        ffmpeg.measure([], "anullsrc=r=48000:d=0.01,rubberband=tempo=1.5[out]", ["-map", "[out]"])
        return True
    return False


def _gains(log: str, count: int) -> list[float]:
    """A mono file comes to both sides 3 dB lower, which is made up for."""
    heads = log.split("Stream mapping:", 1)[0]
    places = [*_INPUT.finditer(heads)]
    ends = [place.start() for place in places[1:]] + [len(heads)]
    mono = {int(place[1]) for place, end in zip(places, ends, strict=True) if _MONO.search(heads, place.start(), end)}
    return [2**0.5 if number in mono else 1.0 for number in range(count)]


def _blame(strips: Sequence[Strip], paths: Mapping[str, Path]) -> None:
    """Find the clip that cannot be heard, now that something went wrong."""
    for strip in {strip.clip.asset: strip for strip in strips}.values():
        path = paths[strip.clip.asset]
        name = f"clip {strip.clip.name or path.name} on the {strip.kind} track"
        try:
            sound = ffmpeg.probe(path).audio
        except Refused as error:
            raise Refused(f"The sound of {name} cannot be read. {error.message}", _HINT) from error
        if sound is None:
            raise Refused(f"The {name} has no sound: {path.name} holds no audio stream.", _HINT)
        if sound.channels > 8:
            raise Refused(f"The {name} has {sound.channels} channels.", "Mix it down to stereo or 5.1 first.")
