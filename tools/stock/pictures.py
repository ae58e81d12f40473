"""The picture that stands for a segment: a still itself, a drawing drawn, a clip at its steadiest moment.

Knows nothing about indexes. Whatever a file's ending says, its first bytes decide how the ffmpeg door opens it.
"""

import tempfile
from pathlib import Path

from .. import ffmpeg
from ..errors import Refused
from ..probe import VideoStream
from . import Segment
from .clips import SEEN, picture, steadiest
from .vector import drawn
from .vectors import Pixels

_STILLS = ((b"\xff\xd8\xff", "jpeg_pipe"), (b"\x89PNG\r\n\x1a\n", "png_pipe"), (b"RIFF", "webp_pipe"))


def demuxer_of(head: bytes) -> str:
    """How ffmpeg opens a still that begins so; empty for what is none.

    >>> demuxer_of(b"RIFF....WEBP"), demuxer_of(b"RIFF....WAVE")
    ('webp_pipe', '')
    """
    found = next((demuxer for magic, demuxer in _STILLS if head.startswith(magic)), "")
    return "" if found == "webp_pipe" and head[8:12] != b"WEBP" else found


def still(path: Path, options: tuple[str, ...]) -> tuple[VideoStream, Pixels]:
    """A still's stream and its picture.

    Raises:
        Refused: it holds none, or only a part of one.
    """
    stream = ffmpeg.probe(path, options).video
    if stream is None:
        raise Refused("it holds no picture.", "Take it out.")
    # A still that breaks off is grey from there on: better no picture than half of one.
    pixels = picture(path, stream, options=(*options, "-err_detect", "explode"))
    if not len(pixels):
        raise Refused("its picture is incomplete.", "Copy it again from where it came.")
    return stream, pixels


def key_picture(path: Path, segment: Segment) -> Pixels:
    """What a segment's file shows of it, at most 640 pixels across.

    Raises:
        Refused: it is not the file that was indexed, or it cannot be read any more.
    """
    if segment.kind == "vector":
        with tempfile.TemporaryDirectory(prefix="reelwright-") as folder:
            target = Path(folder) / "drawing.png"
            drawn(path, target)
            return still(target, ("-f", "png_pipe"))[1]
    if segment.kind == "image":
        with path.open("rb") as stream:
            return still(path, ("-f", demuxer_of(stream.read(16)) or "png_pipe"))[1]
    found = ffmpeg.probe(path).video
    if found is None:
        raise Refused("it holds no picture.", "Take it out.")
    seen = max(1, int(segment.seconds * SEEN))
    at = float(segment.start / segment.rate) + steadiest(0, seen, segment.curve or (0,)) / float(SEEN)
    pixels = picture(path, found, at)
    return pixels if len(pixels) else picture(path, found, float(segment.start / segment.rate))
