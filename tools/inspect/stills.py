"""Stills out of a film: frames at given seconds, and a contact sheet.

Knows nothing about what the frames are for.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import Refused
from ..ffmpeg import Input, decode, probe
from ..probe import VideoStream

if TYPE_CHECKING:
    from PIL.Image import Image

_INK = (0, 0, 0)
_START = 20
"""Frames that could be decoded while one more ffmpeg starts."""


def frames_at(path: Path, seconds: Sequence[float], width: int = 320) -> list["Image"]:
    """The frames shown at these seconds, `width` pixels wide, in the order asked for; times are kept inside the film.

    Raises:
        Refused: the file cannot be read, or holds no picture.
    """
    from PIL import Image

    video = probe(path).video
    if video is None or not video.frames:
        raise Refused(f"{path.name} holds no picture.", "Give a film with a picture stream.")
    height = max(round(width * video.height / video.width), 1)
    rate = float(video.rate) if video.steady else video.frames / max(video.end - video.start, 1e-6)
    numbers = [min(max(int((second - video.start) * rate + 1e-6), 0), video.frames - 1) for second in seconds]
    wanted = sorted(set(numbers))
    if not wanted:
        return []
    found = _decoded(path, video, wanted, (width, height))
    pictures = {
        number: Image.frombytes("RGB", (width, height), data) for number, data in zip(wanted, found, strict=False)
    }
    if not pictures:
        raise Refused(f"No frame of {path.name} can be decoded.", "The file is damaged: export it again.")
    last = max(pictures)
    return [pictures.get(number, pictures[last]) for number in numbers]


def full_frame(path: Path, video: VideoStream, number: int) -> NDArray[np.uint8] | None:
    """One frame in its own size as (rows, columns, RGB); None where it cannot be decoded."""
    for data in _decoded(path, video, [number], (video.width, video.height)):
        return np.frombuffer(data, np.uint8).reshape(video.height, video.width, 3)
    return None


def contact_sheet(path: Path, columns: int = 5, rows: int = 4, width: int = 1200) -> "Image":
    """Frames evenly spread over the film on one sheet of `width` pixels, in reading order."""
    from PIL import Image

    known = probe(path)
    count, gap = columns * rows, max(width // 200, 2)
    cell = (width - gap * (columns + 1)) // columns
    start, end = (known.video.start, known.video.end) if known.video else (0.0, 0.0)
    stills = frames_at(path, [start + (end - start) * (n + 0.5) / count for n in range(count)], cell)
    tall = stills[0].height
    sheet = Image.new("RGB", (width, rows * (tall + gap) + gap), _INK)
    for number, still in enumerate(stills):
        row, column = divmod(number, columns)
        sheet.paste(still, (gap + column * (cell + gap), gap + row * (tall + gap)))
    return sheet


def _decoded(path: Path, video: VideoStream, wanted: Sequence[int], size: tuple[int, int]) -> Iterator[bytes]:
    """The frames by number, in order: by seeking where that decodes less, else in one decode up to the last of them."""
    rate = float(video.rate)
    if video.steady and len(wanted) * (video.gop * rate / 2 + _START) < wanted[-1]:
        for number in wanted:
            # Half a frame early, as times are rounded in the file; the frames before it are decoded and dropped.
            place = f"{max(number - 0.5, 0) / rate:.6f}"
            yield from _chosen(Input(path, ("-ss", place)), [0], size)
    else:
        yield from _chosen(Input(path), wanted, size)


def _chosen(source: Input, wanted: Sequence[int], size: tuple[int, int]) -> Iterator[bytes]:
    chain, (width, height) = "+".join(f"eq(n\\,{number})" for number in wanted), size
    graph = f"[0:v:0]select='{chain}',scale={width}:{height}:flags=area,format=rgb24[still]"
    options = ["-map", "[still]", "-fps_mode", "passthrough", "-frames:v", str(len(wanted)), "-f", "rawvideo"]
    store, length = bytearray(), width * height * 3
    for chunk in decode(source, graph, options):
        store += chunk
        while len(store) >= length:
            yield bytes(store[:length])
            del store[:length]
