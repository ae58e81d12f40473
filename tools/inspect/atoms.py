"""The boxes ("atoms") of an MP4 file, read from their headers alone.

Knows nothing about streams or codecs; it never reads what is inside a box.
"""

import struct
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Atoms:
    """The top-level boxes in order, and whether the file ends before its last box does."""

    names: tuple[str, ...]
    cut_off: bool = False

    @property
    def faststart(self) -> bool:
        """True where the index stands before the media, so that playing can begin before the file is whole."""
        names = self.names
        return "moov" in names and ("mdat" not in names or names.index("moov") < names.index("mdat"))


def atoms(path: Path, most: int = 4096) -> Atoms:
    """Walk the top-level boxes; empty for a file that is not made of boxes."""
    length, place, names = path.stat().st_size, 0, list[str]()
    with path.open("rb") as file:
        while place + 8 <= length and len(names) < most:
            file.seek(place)
            size, kind = struct.unpack(">I4s", file.read(8))
            header = 8
            if size == 1:
                wide = file.read(8)
                size, header = (int.from_bytes(wide, "big"), 16) if len(wide) == 8 else (0, 8)
            elif size == 0:
                size = length - place
            if size < header or not kind.isascii() or not kind.decode("ascii").isprintable():
                return Atoms(tuple(names))
            names.append(kind.decode("ascii"))
            if place + size > length:
                return Atoms(tuple(names), cut_off=True)
            place += size
    return Atoms(tuple(names))
