"""MP4 boxes: where the samples of a file lie, and the headers of fragments made of them.

Knows the container as our own takes and voices use it (one track, no reordered frames); knows nothing about films.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ..errors import ToolFailed

_PARENTS = frozenset((b"trak", b"mdia", b"minf", b"stbl"))
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_KEY, _OTHER = 0x02000000, 0x01010000
"""Sample flags: needs no other, and needs others."""


@dataclass(frozen=True)
class Track:
    """The one track of a file: ticks a second and a sample, how to decode it, and where each sample lies."""

    path: Path
    sound: bool
    scale: int
    step: int
    description: bytes
    frame: bytes
    places: tuple[int, ...]
    sizes: tuple[int, ...]
    keys: frozenset[int] | None
    """Numbers of the key frames; None where every sample is one."""

    def parameters(self) -> bytes:
        """H.264's parameter sets as they stand in a stream, from its description."""
        at, found = self.description.find(b"avcC") + 9, b""
        if at < 9:
            return found
        for mask in (31, 255):
            count, at = self.description[at] & mask, at + 1
            for _ in range(count):
                (size,) = struct.unpack_from(">H", self.description, at)
                found += struct.pack(">I", size) + self.description[at + 2 : at + 2 + size]
                at += 2 + size
        return found


@dataclass(frozen=True)
class Part:
    """Samples `first` to `last` (exclusive) of a track, which begin at `time` in its ticks."""

    track: Track
    first: int
    last: int
    time: int
    prefix: bytes = b""
    """What is put before the first sample."""

    def sizes(self) -> list[int]:
        """Bytes of each sample as it is written."""
        first, *rest = self.track.sizes[self.first : self.last]
        return [first + len(self.prefix), *rest]

    def runs(self) -> Iterator[tuple[int, int]]:
        """Places and lengths of the stretches of the file that hold the samples, neighbours joined."""
        begin = end = self.track.places[self.first]
        for number in range(self.first, self.last):
            if self.track.places[number] != end:
                yield begin, end - begin
                begin = end = self.track.places[number]
            end += self.track.sizes[number]
        yield begin, end - begin


def read(path: Path) -> Track:
    """The track of an MP4 file; ToolFailed where it is none that can be cut without decoding."""
    try:
        boxes = dict(_inside(_index(path)))
        steps = _table(boxes[b"stts"], 2)
        if boxes.get(b"ctts") or len({step for _, step in steps[:-1]}) > 1:
            raise ToolFailed("A take with reordered or uneven frames cannot be cut without decoding.")
        header, media = boxes[b"tkhd"], boxes[b"mdhd"]
        sizes = _sizes(boxes[b"stsz"])
        return Track(
            path=path,
            sound=boxes[b"hdlr"][8:12] == b"soun",
            scale=struct.unpack_from(">I", media, 20 if media[0] else 12)[0],
            step=steps[0][1],
            description=_plain(boxes[b"stsd"]),
            frame=header[-8:],
            places=_places(boxes, sizes),
            sizes=sizes,
            keys=frozenset(number - 1 for (number,) in _table(boxes[b"stss"], 1)) if b"stss" in boxes else None,
        )
    except (struct.error, IndexError, KeyError) as error:
        raise ToolFailed(f"{path.name[:12]} is not an MP4 file that can be cut.") from error


def _plain(description: bytes) -> bytes:
    """Without the bit rate, in which two takes of one maker differ: they share their initialisation then."""
    at = description.find(b"btrt")
    return description if at < 0 else description[:at] + b"free" + bytes(12) + description[at + 16 :]


def _index(path: Path) -> bytes:
    with path.open("rb") as stream:
        while len(head := stream.read(8)) == 8:
            size, kind = struct.unpack(">I4s", head)
            size -= 8
            if size == -7:
                size = struct.unpack(">Q", stream.read(8))[0] - 16
            if kind == b"moov":
                return stream.read(size)
            stream.seek(size, 1)
    raise KeyError("moov")


def _inside(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        inner = data[at + 8 : at + size]
        yield kind, inner
        if kind in _PARENTS:
            yield from _inside(inner)
        at += max(size, 8)


def _table(box: bytes, columns: int) -> list[tuple[int, ...]]:
    (count,) = struct.unpack_from(">I", box, 4)
    return list(struct.iter_unpack(f">{columns}I", box[8 : 8 + 4 * columns * count]))


def _sizes(box: bytes) -> tuple[int, ...]:
    same, count = struct.unpack_from(">II", box, 4)
    return (same,) * count if same else struct.unpack_from(f">{count}I", box, 12)


def _places(boxes: Mapping[bytes, bytes], sizes: Sequence[int]) -> tuple[int, ...]:
    """Where each sample begins: chunks one after another, samples within a chunk one after another."""
    wide = b"co64" in boxes
    (count,) = struct.unpack_from(">I", boxes[b"co64" if wide else b"stco"], 4)
    chunks = struct.unpack_from(f">{count}{'Q' if wide else 'I'}", boxes[b"co64" if wide else b"stco"], 8)
    runs = [(first, each) for first, each, _ in _table(boxes[b"stsc"], 3)]
    found: list[int] = []
    for (first, each), (following, _) in zip(runs, [*runs[1:], (count + 1, 0)], strict=True):
        for chunk in chunks[first - 1 : following - 1]:
            here = sizes[len(found) : len(found) + each]
            found += accumulate(here[:-1], initial=chunk)
    return tuple(found[: len(sizes)])


def _box(kind: bytes, *parts: bytes) -> bytes:
    inner = b"".join(parts)
    return struct.pack(">I4s", len(inner) + 8, kind) + inner


def _full(kind: bytes, flags: int, *parts: bytes, version: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def initialisation(tracks: Sequence[Track]) -> bytes:
    """What a player needs before any fragment of these tracks: how to decode them."""
    head = struct.pack(">4I", 0, 0, 1000, 0) + struct.pack(">IHHII", 0x10000, 0x100, 0, 0, 0) + _MATRIX + bytes(24)
    traks = [_trak(number, track) for number, track in enumerate(tracks, 1)]
    extends = [_full(b"trex", 0, struct.pack(">5I", number, 1, 0, 0, 0)) for number in range(1, len(tracks) + 1)]
    film = _box(
        b"moov",
        _full(b"mvhd", 0, head, struct.pack(">I", len(tracks) + 1)),
        *traks,
        _box(b"mvex", *extends),
    )
    return _box(b"ftyp", b"iso5", struct.pack(">I", 512), b"iso5iso6mp41") + film


def _trak(number: int, track: Track) -> bytes:
    volume = struct.pack(">HHHH", 0, 0, 0x100 if track.sound else 0, 0)
    kind, name = (b"soun", b"sound") if track.sound else (b"vide", b"picture")
    empty = [_full(name, 0, bytes(4)) for name in (b"stts", b"stsc", b"stco")]
    place = _full(b"dref", 0, struct.pack(">I", 1), _full(b"url ", 1))
    return _box(
        b"trak",
        _full(b"tkhd", 3, struct.pack(">5I", 0, 0, number, 0, 0), bytes(8), volume, _MATRIX, track.frame),
        _box(
            b"mdia",
            _full(b"mdhd", 0, struct.pack(">4IHH", 0, 0, track.scale, 0, 0x55C4, 0)),
            _full(b"hdlr", 0, bytes(4), kind, bytes(12), name, b"\0"),
            _box(
                b"minf",
                _full(b"smhd", 0, bytes(4)) if track.sound else _full(b"vmhd", 1, bytes(8)),
                _box(b"dinf", place),
                _box(b"stbl", _box(b"stsd", track.description), *empty, _full(b"stsz", 0, bytes(8))),
            ),
        ),
    )


def header(parts: Sequence[Part]) -> bytes:
    """What stands before the samples of these parts, which follow one part after another."""
    lengths = [sum(part.sizes()) for part in parts]
    size = len(_moof(parts, [0] * len(parts)))
    begins = list(accumulate(lengths[:-1], initial=size + 8))
    return _moof(parts, begins) + struct.pack(">I4s", sum(lengths) + 8, b"mdat")


def _moof(parts: Sequence[Part], begins: Sequence[int]) -> bytes:
    trafs = [_traf(number, part, begin) for number, (part, begin) in enumerate(zip(parts, begins, strict=True), 1)]
    return _box(b"moof", _full(b"mfhd", 0, struct.pack(">I", 1)), *trafs)


def _traf(number: int, part: Part, begin: int) -> bytes:
    keys = part.track.keys
    flags = [_KEY if keys is None or place in keys else _OTHER for place in range(part.first, part.last)]
    rows = b"".join(struct.pack(">II", size, flag) for size, flag in zip(part.sizes(), flags, strict=True))
    return _box(
        b"traf",
        _full(b"tfhd", 0x020008, struct.pack(">II", number, part.track.step)),
        _full(b"tfdt", 0, struct.pack(">Q", part.time), version=1),
        _full(b"trun", 0x000601, struct.pack(">Ii", len(flags), begin), rows),
    )
