"""A preview that grows: takes become fragments for an HLS playlist by copying, with their stretch of the voice.

Knows takes and frames; knows nothing about shots, or about who watches.
"""

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..errors import ToolFailed
from ..ffmpeg import Input, encode

_HERTZ, _PACKET = 48000, 1024
"""AAC: samples a second, and samples a packet."""
_PARENTS = {b"moov", b"trak", b"mdia", b"moof", b"traf"}
_FRAGMENTS = "+frag_keyframe+empty_moov+default_base_moof+frag_discont"


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
    whole = f"apad,atrim=end_sample={math.ceil(frames * _HERTZ / rate) + 2 * _PACKET}[v]"
    mixed = f"{joined}amix=inputs={len(lines)}:normalize=0,{whole}"
    options = ["-map", "[v]", "-c:a", "aac", "-b:a", "96k", "-ac", "1"]
    encode([Input(line.path) for line in lines], ";".join([*parts, mixed]), output, options)


def fragment(take: Path, voice: Path | None, place: Stretch, scratch: Path) -> tuple[bytes, bytes]:
    """The take's stretch as an initialisation segment and a media segment, timed on the film's clock.

    Takes have no B-frames and a key frame on their frame `handle`, so a copy begins and ends on the frame.
    Parameter sets travel in the stream as well: takes of different makers follow one another.

    Raises:
        Refused, ToolError: the take cannot be copied.
    """
    begin, length = Fraction(place.start) / place.rate, Fraction(place.frames) / place.rate
    inputs = [Input(take, ("-ss", _seconds(Fraction(place.handle) / place.rate)))]
    options = ["-map", "0:v:0", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-frames:v", str(place.frames)]
    if voice is not None:
        inputs.append(Input(voice, ("-ss", _seconds(begin))))
        options += ["-map", "1:a:0"]
    options += ["-t", _seconds(length), "-map_metadata", "-1", "-fflags", "+bitexact", "-write_btrt", "0"]
    output = scratch / f"{take.name[:16]}-{place.start}.mp4"
    try:
        encode(inputs, "", output, [*options, "-movflags", _FRAGMENTS])
        data = bytearray(output.read_bytes())
    finally:
        output.unlink(missing_ok=True)
    return _split(data, begin)


def _seconds(time: Fraction) -> str:
    """Rounded up: a seek that lands before the key frame would begin at the one before it."""
    return f"{math.ceil(time * 1_000_000) / 1_000_000:.6f}"


def _split(data: bytearray, begin: Fraction) -> tuple[bytes, bytes]:
    """What stands before the first fragment, and the fragments with their clocks set to the film's."""
    clocks = _clocks(data)
    head, body = bytearray(), bytearray()
    for kind, at, end in _boxes(data, 0, len(data)):
        if kind == b"moof":
            _set_clocks(data, at, end, clocks, begin)
        if kind in {b"moof", b"mdat"}:
            body += data[at:end]
        elif kind in {b"ftyp", b"moov"}:
            head += data[at:end]
    if not body:
        raise ToolFailed("A take holds no picture to preview.")
    return bytes(head), bytes(body)


def _boxes(data: bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        size = struct.unpack_from(">Q", data, at + 8)[0] if size == 1 else size or end - at
        yield bytes(kind), at, at + size
        at += size


def _inside(data: bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """All boxes within, parents first."""
    for kind, first, last in _boxes(data, at, end):
        yield kind, first, last
        if kind in _PARENTS:
            yield from _inside(data, first + 8, last)


def _clocks(data: bytearray) -> dict[int, tuple[int, int]]:
    """By track number: ticks a second, and the ticks that its units begin on (a sound begins with a packet)."""
    found, track = dict[int, tuple[int, int]](), 0
    for kind, at, _ in _inside(data, 0, len(data)):
        wide = kind in {b"tkhd", b"mdhd"} and data[at + 8] == 1
        if kind == b"tkhd":
            track = struct.unpack_from(">I", data, at + (28 if wide else 20))[0]
        elif kind == b"mdhd":
            found[track] = struct.unpack_from(">I", data, at + (28 if wide else 20))[0], 1
        elif kind == b"hdlr" and data[at + 16 : at + 20] == b"soun":
            found[track] = found[track][0], _PACKET
    return found


def _set_clocks(data: bytearray, at: int, end: int, clocks: dict[int, tuple[int, int]], begin: Fraction) -> None:
    """Set each file's clock, which starts at zero, to the film's; a sound begins with the packet that sounds."""
    track = 0
    for kind, place, _ in _inside(data, at, end):
        if kind == b"tfhd":
            track = struct.unpack_from(">I", data, place + 12)[0]
        elif kind == b"tfdt":
            scale, unit = clocks[track]
            base = int(begin * scale / unit) * unit if unit > 1 else round(begin * scale)
            layout = ">Q" if data[place + 8] == 1 else ">I"
            struct.pack_into(layout, data, place + 12, struct.unpack_from(layout, data, place + 12)[0] + base)


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
