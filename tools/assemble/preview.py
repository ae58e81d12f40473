"""A preview that grows: takes become fragments for an HLS playlist by copying, with their stretch of the voice.

Knows takes and frames; knows nothing about shots, or about who watches.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..errors import ToolFailed
from ..ffmpeg import Input, encode
from . import boxes

_HERTZ, _PACKET = 24000, 1024
"""AAC: samples a second, which is what voices have, and samples a packet."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Spoken:
    """A voice recording, and the frame of the film on which it begins."""

    path: Path
    start: int


@dataclass(frozen=True)
class Stretch:
    """Where a take stands: its frame `handle` is the film's frame `start`, and `frames` of it are shown."""

    start: int
    frames: int
    handle: int
    rate: Fraction


def speak(lines: Sequence[Spoken], frames: int, rate: Fraction, output: Path) -> None:
    """The voices of a whole film as one AAC track (.m4a): encoded once, so that no shot's sound begins with a gap."""
    parts = []
    for number, line in enumerate(lines):
        late = f"adelay={round(line.start * _HERTZ / rate)}S"
        parts.append(f"[{number}:a]aresample={_HERTZ},aformat=channel_layouts=mono,{late}[a{number}]")
    joined = "".join(f"[a{number}]" for number in range(len(lines)))
    whole = f"apad,atrim=end_sample={math.ceil(frames * _HERTZ / rate) + 3 * _PACKET}[v]"
    mixed = f"{joined}amix=inputs={len(lines)}:normalize=0,{whole}"
    options = ["-map", "[v]", "-c:a", "aac", "-aac_coder", "fast", "-b:a", "80k", "-ac", "1"]
    encode([Input(line.path) for line in lines], ";".join([*parts, mixed]), output, options)


def fragment(take: Path, voice: Path | None, place: Stretch, output: Path) -> bytes:
    """Write the take's stretch as a media segment on the film's clock; returns its initialisation segment.

    Takes have no reordered frames and a key frame on their frame `handle`, so bytes can be copied as they lie.
    Parameter sets travel in the stream as well: takes of different makers follow one another.

    Raises:
        ToolFailed: the take cannot be cut there without decoding it.
    """
    picture, begin = boxes.read(take), Fraction(place.start) / place.rate
    last = place.handle + place.frames
    if (picture.keys is not None and place.handle not in picture.keys) or last > len(picture.sizes):
        raise ToolFailed(f"The take has no key frame at {place.handle}, or ends before {last}.")
    parts = [boxes.Part(picture, place.handle, last, round(begin * picture.scale), picture.parameters())]
    if voice is not None:
        parts.append(_stretch_of(boxes.read(voice), begin, Fraction(place.start + place.frames) / place.rate))
    with output.open("wb") as stream:
        stream.write(boxes.header(parts))
        for part in parts:
            stream.write(part.prefix)
            with part.track.path.open("rb") as source:
                for at, length in part.runs():
                    source.seek(at)
                    for done in range(0, length, _CHUNK):
                        stream.write(source.read(min(_CHUNK, length - done)))
    return boxes.initialisation([part.track for part in parts])


def _stretch_of(voice: boxes.Track, begin: Fraction, end: Fraction) -> boxes.Part:
    """From the packet that sounds at the beginning to the one before that which sounds at the end.

    A packet is heard one packet after it is fed: the first of the file only fills the decoder.
    """
    first, last = (int(time * voice.scale / voice.step) for time in (begin, end))
    return boxes.Part(voice, first + 1, last + 1, first * voice.step)


@dataclass(frozen=True)
class Listed:
    """A shot in the playlist; without a file it is one that could not be made."""

    name: str
    frames: int
    init: str = ""
    file: str = ""


def playlist(shots: Sequence[Listed], rate: Fraction, longest: int, complete: bool) -> str:
    """The playlist of these shots in order: an event that grows, and ends when it is complete."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{max(math.ceil(longest / rate), 1)}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-INDEPENDENT-SEGMENTS"]
    init, broken = "", False
    for shot in shots:
        if not shot.file:
            lines.append(f"# {shot.name} could not be made: {float(shot.frames / rate):.3f} s are skipped")
            broken = True
            continue
        if init and (broken or init != shot.init):
            lines.append("#EXT-X-DISCONTINUITY")
        if init != shot.init:
            lines.append(f'#EXT-X-MAP:URI="{shot.init}"')
        lines += [f"#EXTINF:{float(shot.frames / rate):.6f},", shot.file]
        init, broken = shot.init, False
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if complete else [])]) + "\n"
