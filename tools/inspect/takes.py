"""inspect.take: one take by itself, from a few frames of one cheap decode: light, motion, sharpness, noise, and marks.

Knows pictures; knows nothing about films, lines or what a take should show.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ..base import Cost, Device, Job
from ..errors import Refused
from ..ffmpeg import Input, decode, probe
from ..probe import VideoStream
from . import TakeLook, TakeRequest
from .frames import luminance

Frames = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE = 360
"""Pixels of the shorter side that a take is looked at: enough to tell soft from sharp type."""
FEWEST, MOST = 3, 24
"""Frames of a take that are looked at; one with fewer key frames is decoded whole."""
COARSE = 16
"""Rows and columns of a mark: 256 bits tell pictures of one style apart, where 64 do not."""
GRID = 12
"""Rows and columns of the blocks by which two frames are compared."""


class Viewer:
    """inspect.take: key frames at 360 pixels."""

    name = "inspect.take"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = TakeLook

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Needs nothing but the core."""

    def quote(self, request: TakeRequest) -> Cost:
        """A start of ffmpeg and a few frames."""
        return Cost(seconds=0.3)

    def run(self, request: TakeRequest, job: Job) -> TakeLook:
        """Look. Raises Refused where nothing can be seen."""
        return look(job.path(request.take.id))


def look(path: Path) -> TakeLook:
    """What a take looks like; Refused where it cannot be read or holds no picture."""
    video = probe(path).video
    if video is None or not video.frames:
        raise Refused(f"{path.name} holds no picture.", "Give a film with a picture stream.")
    frames = list(_frames(path, video, ("-skip_frame", "nokey"), ""))
    if len(frames) < FEWEST:
        every = max((video.end - video.start) / FEWEST, 1e-3)
        frames = list(_frames(path, video, (), f"fps={1 / every * 2:.4f}:start_time={video.start:.4f},"))
    if not frames:
        raise Refused(f"No frame of {path.name} can be decoded.", "The file is damaged: make it again.")
    return judge(np.stack(frames))


def judge(frames: Frames) -> TakeLook:
    """The measures of some frames (n, rows, columns, RGB)."""
    luma = luminance(frames.astype(np.float32))
    low, high = np.percentile(luma, (1, 99), axis=(1, 2))
    spread = np.maximum(high - low, 8.0)
    across = np.abs(np.diff(luma, axis=2))[:, :-1] + np.abs(np.diff(luma, axis=1))[:, :, :-1]
    steep = np.percentile(across, 99.5, axis=(1, 2)) / spread
    blocks = _blocks(luma)
    steps = np.abs(np.diff(blocks, axis=0)) if len(frames) > 1 else np.zeros((1, GRID, GRID), np.float32)
    coarse = (frames[:, ::4, ::4] // 64).reshape(-1, 3) @ np.array([16, 4, 1], np.uint8)
    palette = np.bincount(coarse, minlength=64) / len(coarse)
    return TakeLook(
        black=float((np.percentile(luma, 98, axis=(1, 2)) <= 25).mean()),
        light=float(np.median(luma.mean(axis=(1, 2)))),
        burnt=float(np.median((luma >= 250).mean(axis=(1, 2)))),
        range=float(np.median(high - low)),
        moved=float(steps.mean(axis=(1, 2)).max()),
        stirred=float(steps.max()),
        sharp=float(steep.max()),
        smooth=float(np.median([_alike(each) for each in luma])),
        palette=tuple(round(float(part), 4) for part in palette),
        marks=tuple(_mark(each) for each in luma),
    )


def _blocks(luma: Floats) -> Floats:
    _, rows, columns = luma.shape
    small = luma[:, : rows // GRID * GRID, : columns // GRID * GRID]
    means: Floats = small.reshape(len(luma), GRID, rows // GRID, GRID, columns // GRID).mean(axis=(2, 4))
    return means


def _alike(luma: Floats) -> float:
    """Correlation of every pixel with its right neighbour; a picture of one colour is as smooth as can be."""
    left, right = luma[:, :-1] - luma.mean(), luma[:, 1:] - luma.mean()
    power = float((luma - luma.mean()).var())
    return float((left * right).mean()) / power if power > 1 else 1.0


def _mark(luma: Floats) -> str:
    """A hash by which pictures that look alike are near each other: where it gets brighter to the right."""
    rows, columns = luma.shape
    down = luma[: rows // COARSE * COARSE].reshape(COARSE, rows // COARSE, columns).mean(axis=1)
    wide = columns // (COARSE + 1)
    small = down[:, : wide * (COARSE + 1)].reshape(COARSE, COARSE + 1, wide).mean(axis=2)
    return np.packbits(small[:, 1:] > small[:, :-1] + 0.5).tobytes().hex()


def apart(one: str, other: str) -> int:
    """Bits by which two marks differ, of 256."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def unlike(one: Sequence[float], other: Sequence[float]) -> float:
    """How far two palettes are apart: 0 the same, 1 no colour in common."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2


def _frames(path: Path, video: VideoStream, options: Sequence[str], chain: str) -> Iterator[Frames]:
    scale = SIDE / min(video.width, video.height)
    width, height = (max(round(side * min(scale, 1.0)), GRID * 2) for side in (video.width, video.height))
    graph = f"[0:v:0]{chain}scale={width}:{height}:flags=area,format=rgb24[small]"
    rest = ["-map", "[small]", "-fps_mode", "passthrough", "-frames:v", str(MOST), "-f", "rawvideo"]
    store, length = bytearray(), width * height * 3
    for chunk in decode(Input(path, tuple(options)), graph, rest):
        store += chunk
        while len(store) >= length:
            yield np.frombuffer(bytes(store[:length]), np.uint8).reshape(height, width, 3)
            del store[:length]
