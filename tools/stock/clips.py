"""A clip in shots: where it cuts, how much it moves, and a key frame of each.

Knows nothing about indexes. The clip is decoded by the ffmpeg door; PySceneDetect sees the small frames that come out.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from .. import ffmpeg
from ..conform import Shape, even
from ..errors import ToolMissing
from ..media import Frames, Frozen
from ..probe import VideoStream
from .look import Plane, luma
from .vectors import Pixels

SEEN = Fraction(12)
"""Pictures a second that are looked at: a cut is found to a twelfth of a second."""
_WIDE = 128
_KEY = 640
"""Pixels across of a key frame."""
LONGEST = 20.0
"""Seconds of a segment: a longer take is parted, so that a moment in it can be found."""
SHORTEST = 0.6
"""Seconds below which a shot is no footage."""
_DARK = 0.02
"""Mean luma below which a shot is black leader."""


class Stretch(Frozen):
    """One shot of a clip, in frames at `SEEN`; the curve has a value for every half second."""

    start: Frames
    frames: Frames
    curve: tuple[int, ...]
    key: Frames
    """The steadiest moment."""

    @property
    def motion(self) -> float:
        """Mean of the curve, 0 to 1."""
        return round(sum(self.curve) / len(self.curve) / 1000, 4) if self.curve else 0.0


def stretches(path: Path, stream: VideoStream) -> list[Stretch]:
    """The shots of a clip; none where every picture is black."""
    cuts, steps, lights = _watched(path, stream)
    last = len(lights)
    edges = [0, *[cut for cut in cuts if 0 < cut < last], last]
    rows = []
    for first, end in pairwise(edges):
        parts = max(1, -int(-(end - first) // (LONGEST * float(SEEN))))
        marks = np.linspace(first, end, parts + 1).astype(int)
        rows += [_stretch(int(a), int(b), steps, lights) for a, b in pairwise(marks) if b > a]
    return [row for row in rows if row is not None]


def _stretch(first: int, end: int, steps: Sequence[float], lights: Sequence[float]) -> Stretch | None:
    # The frames beside a cut may hold a little of the other shot.
    first, end = first + (first > 0), end - (end < len(lights))
    if (end - first) / SEEN < SHORTEST and first + end != len(lights):
        return None
    if end <= first or float(np.mean(lights[first:end])) < _DARK:
        return None
    half = int(SEEN / 2)
    inner = steps[first + 1 : end] or [0.0]
    curve = tuple(min(1000, round(1000 * float(np.mean(inner[at : at + half])))) for at in range(0, len(inner), half))
    return Stretch(start=first, frames=end - first, curve=curve, key=steadiest(first, end, curve))


def steadiest(first: int, end: int, curve: Sequence[int]) -> int:
    """The middle of the quietest half second that is not at either end."""
    half = int(SEEN / 2)
    inner = range(len(curve) // 4, max(len(curve) // 4 + 1, len(curve) - len(curve) // 4))
    quietest = min(inner, key=lambda at: (curve[at], abs(2 * at - len(curve))))
    return min(end - 1, first + quietest * half + half // 2)


def _watched(path: Path, stream: VideoStream) -> tuple[list[int], list[float], list[float]]:
    """Cuts, the mean change from the frame before (0 to 1), and the mean luma, frame by frame."""
    try:
        from scenedetect import AdaptiveDetector, FrameTimecode
    except ImportError as error:
        raise ToolMissing("PySceneDetect is not installed.", "Install it: pip install 'reelwright[stock]'.") from error
    detector = AdaptiveDetector(min_scene_len=int(SHORTEST * SEEN))
    cuts: list[int] = []
    steps: list[float] = []
    lights: list[float] = []
    before: Plane | None = None
    for number, frame in enumerate(_frames(path, stream)):
        found = detector.process_frame(FrameTimecode(number, float(SEEN)), np.ascontiguousarray(frame[..., ::-1]))
        cuts += [cut.frame_num for cut in found]
        grey = luma(frame)
        steps.append(0.0 if before is None else float(np.abs(grey - before).mean()) / 255)
        lights.append(float(grey.mean()) / 255)
        before = grey
    return sorted(set(cuts)), steps, lights


def _frames(path: Path, stream: VideoStream) -> Iterator[Pixels]:
    shape = Shape(_WIDE, max(16, even(_WIDE * stream.height / max(stream.width, 1))))
    # Every other picture is enough to see a cut, and the loop filter to see a face is not needed at this size.
    given = ffmpeg.Input(path, ("-skip_frame", "noref", "-skip_loop_filter", "all"))
    graph = f"[0:v:0]fps={SEEN},scale={shape}:flags=area,format=rgb24[v]"
    area = shape.width * shape.height * 3
    rest = b""
    for chunk in ffmpeg.decode(given, graph, ["-map", "[v]", "-f", "rawvideo"]):
        rest += chunk
        while len(rest) >= area:
            yield np.frombuffer(rest[:area], np.uint8).reshape(shape.height, shape.width, 3)
            rest = rest[area:]


def picture(path: Path, stream: VideoStream, seconds: float = 0.0, options: Sequence[str] = ()) -> Pixels:
    """One frame, at most 640 pixels across; an array without rows where there is none."""
    scale = min(1.0, _KEY / max(stream.width, stream.height, 1))
    shape = Shape(max(2, even(stream.width * scale)), max(2, even(stream.height * scale)))
    seek = ("-ss", f"{seconds:.3f}") if seconds else ()
    graph = f"[0:v:0]trim=end_frame=1,scale={shape}:flags=area,format=rgb24[v]"
    raw = b"".join(
        ffmpeg.decode(ffmpeg.Input(path, (*options, *seek)), graph, ["-map", "[v]", "-frames:v", "1", "-f", "rawvideo"])
    )
    area = shape.width * shape.height * 3
    rows = shape.height if len(raw) >= area else 0
    return np.frombuffer(raw[: rows * shape.width * 3], np.uint8).reshape(rows, shape.width, 3)
