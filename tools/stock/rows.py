"""A segment as a row of the catalogue: what filters ask for as numbers, and all of it packed small.

Knows nothing about tables or statements. Rows are packed one by one, so that one is read without its neighbours.
"""

import zlib
from collections.abc import Iterable, Sequence

from ..media import Frozen
from . import Segment

KINDS = ("video", "image", "audio", "vector")
STANDS = ("landscape", "portrait", "square")
COLOURS = ("black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")
"""Numbered by their places, here and in the files of blocks: append, never reorder."""
_STILL = frozenset({"image", "vector"})
_RAW = -15
"""Deflate without a header: six bytes a row."""
_KNOWN = (
    b"the and with in on at of a an is are two three man men woman women child children boy girl people person group "
    b"couple crowd standing sitting walking running holding looking wearing riding playing talking working smiling "
    b"young old white black red blue green yellow brown grey small large close up view from above behind front next to "
    b"near over under through into around city street road car cars bus train boat bridge building house window "
    b"room table chair kitchen office market park garden tree trees forest field grass flowers mountain mountains hill "
    b"river lake sea ocean beach waves water snow rain fog clouds sky sunset sunrise night day light sun dog cat horse "
    b"bird birds cow sheep hand hands face camera aerial drone footage background slow motion landscape "
    b"image/jpeg http://www.https://commons.wikimedia.org/wiki/File:https://www.pexels.com/photo/https://pixabay.com/"
    b'"guesses":[["valley",0.1],["seashore",0.2],["lakeside",0.3]],"tags":["","speech":"","author":"","url":"https://'
    b'"notes":"","captioner":"openai:gpt-"curve":[10,20,"tempo":120.0,"key":"C major","mood":"calm","loudness":-14.0,'
    b'"calm":["top","bottom","left","right","centre"],"people":0,"people":1,"people":2,"shot_size":"medium","shot_size":'
    b'"close","shot_size":"wide","brightness":0.4,"sharpness":0.5,"motion":0.0,"colours":["black","white","grey","brown"'
    b',"blue","green","red","orange"],"looks":"00","licence":"unknown"}"licence":"CC-BY-NC-4.0"}"licence":"CC-BY-SA-4.0"'
    b'}"licence":"CC-BY-4.0"}"licence":"CC0-1.0"}{"kind":"vector","place":"/home/{"kind":"audio","place":"/home/"rate":'
    b'"1000",.svg".wav".mp3".mov".png".jpg","width":1920,"height":1080,"name":"","caption":"","width":1080,"height":1920,'
    b'"width":3840,"height":2160,"rate":"30000/1001","rate":"24","rate":"30",{"kind":"image","place":"/{"kind":"video",'
    b'"place":"/.mp4","start":100,"frames":100,"width":1920,"height":1080,"caption":"a '
)
"""What rows are likely to hold, the likeliest last. Rows cannot be read without it: another one is another version."""


class FileRow(Frozen):
    """A file that was looked at: as it was then, and what was wrong with it."""

    place: str
    size: int
    changed: int
    """Its time stamp in nanoseconds."""
    file: str = ""
    """sha256 of its content."""
    recipe: str = ""
    """How it was looked at: another recipe looks again."""
    problem: str = ""


def looked(values: Sequence[object]) -> FileRow:
    """A file from its columns, in the order of its fields."""
    return FileRow.model_validate(dict(zip(FileRow.model_fields, values, strict=True)))


def facts(segment: Segment) -> tuple[int, int, float | None, int, int | None]:
    """Kind, how it stands, how long it lasts at most (none for a still), colours, people: as numbers."""
    return (
        KINDS.index(segment.kind),
        STANDS.index(segment.orientation),
        None if segment.kind in _STILL else segment.seconds,
        colour_bits(segment.colours),
        segment.people,
    )


def colour_bits(names: Iterable[str]) -> int:
    """A bit for each colour that has a number.

    >>> colour_bits(["white", "black", "teal"])
    3
    """
    return sum(1 << COLOURS.index(name) for name in set(names) if name in COLOURS)


def key_of(name: str) -> tuple[bytes, int] | None:
    """An id as half a digest and a number; None if it is none.

    >>> key_of(f"{'00' * 16}-75") == (bytes(16), 75), key_of("cliff.jpg")
    (True, None)
    """
    half, _, number = name.rpartition("-")
    if len(half) != 32 or not number.isdecimal() or len(number) > 18:
        return None
    try:
        return bytes.fromhex(half), int(number)
    except ValueError:
        return None


def packed(segment: Segment) -> bytes:
    """All but its digest and id."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, 7, zlib.Z_DEFAULT_STRATEGY, _KNOWN)
    return packer.compress(segment.model_dump_json(exclude_defaults=True, exclude={"id", "file"}).encode()) + (
        packer.flush()
    )


def unpacked(digest: bytes, number: int, data: bytes) -> Segment:
    """The segment again.

    Raises:
        zlib.error: the bytes are damaged.
        ValueError: they are no segment.
    """
    text = zlib.decompressobj(_RAW, _KNOWN).decompress(data).decode()
    file = digest.hex()
    return Segment.model_validate_json(f'{{"id":"{file[:32]}-{number}","file":"{file}",{text[1:]}')


def said(segment: Segment) -> Sequence[str]:
    """Its words by column of the full-text index: caption, name, tags, notes, speech."""
    return (segment.caption, segment.name, " ".join(segment.tags), segment.notes, segment.speech)
