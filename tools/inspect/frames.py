"""The picture of a film: one decode, each frame made small, and of each what all picture checks need.

Knows nothing about what is a fault: light, flash, bars and shots judge what was seen.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ffmpeg import Input, decode
from ..probe import Probe

Plane = NDArray[np.uint8]
Thumbs = NDArray[np.uint8]

SHORT = 180
"""Pixels on the shorter side of the small frames."""
BLOCK = 10
"""Pixels of a small frame that one pixel of a thumb averages."""
_DARK = 25
"""blackdetect's pix_th of 0.10 on luma of full range."""
_STILL_MEAN, _STILL_BLOCK = 0.6, 5.0
"""A frame stands still when it differs by less than a key frame does from its like, over all and in every block."""
_SAMPLES = 192


@dataclass
class Picture:
    """What was seen: a thumb (rows, columns, RGB) of every frame, black and still frames, some small frames whole."""

    thumbs: Thumbs
    black: NDArray[np.bool_]
    """Frames of which 98 % is black."""
    still: list[tuple[int, int]]
    """Stretches of equal frames, the end exclusive."""
    samples: dict[int, Plane] = field(default_factory=dict)
    """Luma by frame number, evenly spread."""
    step: float = 1 / 30
    """Seconds a frame lasts."""
    start: float = 0.0

    @property
    def frames(self) -> int:
        """How many were decoded."""
        return len(self.thumbs)

    @cached_property
    def light(self) -> NDArray[np.float32]:
        """Mean luma of every frame."""
        return luminance(self.thumbs.mean(axis=(1, 2), dtype=np.float32))

    def time(self, frame: int) -> float:
        """Seconds at which a frame begins."""
        return self.start + frame * self.step


def shape_of(probe: Probe) -> tuple[int, int]:
    """Rows and columns of the thumbs: about 18 on the shorter side."""
    video = probe.video
    assert video is not None
    scale = SHORT / min(video.width, video.height)
    rows, columns = (max(round(side * scale / BLOCK), 2) for side in (video.height, video.width))
    return min(rows, 4 * SHORT // BLOCK), min(columns, 4 * SHORT // BLOCK)


def watch(
    path: Path,
    probe: Probe,
    *,
    extra: tuple[str, Sequence[str]] | None = None,
    follow: Sequence[Callable[[Plane], None]] = (),
    progress: Callable[[float], None] | None = None,
) -> Picture | None:
    """Decode the first picture stream once; None where there is none.

    Args:
        extra: a filter chain over [more] ending in [extra], and an output for it, fed by the same decode.
        follow: are shown the luma of every small frame in turn.
    """
    video = probe.video
    if video is None or not video.frames:
        return None
    rows, columns = shape_of(probe)
    small = f"scale={columns * BLOCK}:{rows * BLOCK}:flags=area,format=gbrp[small]"
    graph, options = f"[0:v:0]{small}", []
    if extra:
        graph, options = f"[0:v:0]split[less][more];[less]{small};{extra[0]}", list(extra[1])
    options += ["-map", "[small]", "-fps_mode", "passthrough", "-f", "rawvideo"]
    eye = _Eye(rows, columns, follow)
    shape = (3, rows * BLOCK, columns * BLOCK)
    for number, planes in enumerate(_planes(decode(Input(path), graph, options), shape)):
        eye.see(planes)
        if progress and number % 30 == 0:
            progress(min(number / video.frames, 1.0))
    picture = eye.picture()
    length = video.end - video.start
    picture.step = float(1 / video.rate) if video.steady or length <= 0 else length / max(picture.frames, 1)
    picture.start = video.start
    return picture


def _planes(chunks: Iterable[bytes], shape: tuple[int, int, int]) -> Iterator[Plane]:
    size, store = shape[0] * shape[1] * shape[2], bytearray()
    for chunk in chunks:
        store += chunk
        whole = len(store) // size
        if whole:
            block = np.frombuffer(bytes(store[: whole * size]), np.uint8)
            del store[: whole * size]
            yield from block.reshape(whole, *shape)


class _Eye:
    """Takes frames one by one and keeps the little that is needed of each."""

    def __init__(self, rows: int, columns: int, follow: Sequence[Callable[[Plane], None]]) -> None:
        self._rows, self._columns, self._follow = rows, columns, follow
        self._thumbs: list[Thumbs] = []
        self._black: list[bool] = []
        self._still: list[tuple[int, int]] = []
        self._held: NDArray[np.int16] | None = None
        self._since = 0
        self._samples: dict[int, Plane] = {}
        self._stride = 1

    def see(self, planes: Plane) -> None:
        """One frame as planes G, B, R."""
        number = len(self._thumbs)
        green, blue, red = (plane.astype(np.uint16) for plane in planes)
        luma = ((red * 54 + green * 183 + blue * 19) >> 8).astype(np.uint8)
        averages = (blocks(planes[[2, 0, 1]]) + BLOCK * BLOCK // 2) // (BLOCK * BLOCK)
        self._thumbs.append(averages.astype(np.uint8).transpose(1, 2, 0))
        self._black.append(float(np.count_nonzero(luma <= _DARK)) >= 0.98 * luma.size)
        self._hold(luma.astype(np.int16), number)
        for show in self._follow:
            show(luma)
        if number % self._stride == 0:
            self._samples[number] = luma
            if len(self._samples) > _SAMPLES:
                self._stride *= 2
                self._samples = {at: kept for at, kept in self._samples.items() if at % self._stride == 0}

    def _hold(self, luma: NDArray[np.int16], number: int) -> None:
        """Compare with the last frame that moved, as freezedetect does: slow drift adds up and counts as motion."""
        if self._held is not None:
            apart = np.abs(luma - self._held)
            if apart.mean() < _STILL_MEAN and int(blocks(apart).max()) < _STILL_BLOCK * BLOCK * BLOCK:
                return
            self._close(number)
        self._held, self._since = luma, number

    def _close(self, number: int) -> None:
        if number - self._since > 1:
            self._still.append((self._since, number))

    def picture(self) -> Picture:
        """Everything seen so far."""
        self._close(len(self._thumbs))
        empty = np.zeros((0, self._rows, self._columns, 3), np.uint8)
        thumbs = np.stack(self._thumbs) if self._thumbs else empty
        return Picture(thumbs, np.array(self._black, bool), self._still, self._samples)


def blocks(planes: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
    """Sums over blocks of the last two axes. No matrix product: BLAS would spin all cores over such small ones."""
    *rest, rows, columns = planes.shape
    down = planes.reshape(*rest, rows // BLOCK, BLOCK, columns).sum(axis=-2, dtype=np.int32)
    sums: NDArray[np.int32] = down.reshape(*rest, rows // BLOCK, columns // BLOCK, BLOCK).sum(axis=-1)
    return sums


def luminance(rgb: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """BT.709 weights over the last axis."""
    mixed: NDArray[np.float32] = (0.2126 * rgb[..., 0] + 0.7152 * rgb[..., 1] + 0.0722 * rgb[..., 2]).astype(np.float32)
    return mixed
