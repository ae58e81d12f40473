"""Motion backgrounds: a motif painted small in 16 bits, and the filter that makes it a picture.

Knows nothing about text or shots; the renderer pours `blocks` into ffmpeg and puts `graph` behind them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import tau

import numpy as np

from ...errors import ToolFailed
from ...media import Size, frames_of
from .motifs import MOTIFS
from .motifs.canvas import Canvas, Planes
from .styles import Palette

_KEEP = 64 * 1024**2
"""Bytes of painted frames that a repeating loop may hold."""


@dataclass(frozen=True)
class Backdrop:
    """Raw frames and what to do with them.

    The input is `-f rawvideo -pix_fmt {pix_fmt} -video_size {width}x{height} -framerate {rate}`; `graph` turns it into
    the asked size at yuv420p, BT.709, limited range. `blocks` yields whole frames, once.
    """

    width: int
    height: int
    pix_fmt: str
    loop_frames: int
    graph: str
    blocks: Iterator[bytes]


def motifs() -> tuple[str, ...]:
    """Names of all motifs."""
    return tuple(MOTIFS)


def backdrop(
    motif: str, palette: Palette, size: Size, rate: Fraction, frames: int, seed: int, grain: float = 3.0
) -> Backdrop:
    """`frames` of a motif. The same arguments give the same bytes; frame `loop_frames` equals frame 0.

    Args:
        grain: strength of the standing grain in 8-bit levels; it also keeps dark gradients from banding.
    """
    if motif not in MOTIFS:
        raise ToolFailed(f"There is no background named {motif!r}.", f"Choose one of: {', '.join(motifs())}.")
    chosen = MOTIFS[motif]
    width, height = (max(16, 2 * round(side / chosen.shrink / 2)) for side in (size.width, size.height))
    canvas = Canvas(size=size, width=width, height=height, palette=palette, seed=seed)
    paint = chosen.paint(canvas)
    loop = max(2, frames_of(chosen.seconds, rate))
    first = _pack(paint(0.0))

    def blocks() -> Iterator[bytes]:
        kept: dict[int, bytes] = {0: first}
        for frame in range(frames):
            at = frame % loop
            block = kept.get(at) or _pack(paint(tau * at / loop))
            if frames > loop and len(block) * loop <= _KEEP:
                kept[at] = block
            yield block

    halved = len(first) < width * height * 6
    return Backdrop(
        width=width,
        height=height,
        pix_fmt="yuv420p16le" if halved else "yuv444p16le",
        loop_frames=loop,
        graph=_graph(size, grain, seed),
        blocks=blocks(),
    )


def _pack(planes: Planes) -> bytes:
    luma, blue, red = planes
    parts = [luma * np.float32(219 * 257) + np.float32(16 * 257)]
    parts += [plane * np.float32(224 * 257) + np.float32(16 * 257) for plane in (blue, red)]
    return b"".join((part + np.float32(0.5)).astype("<u2").tobytes() for part in parts)


def _graph(size: Size, grain: float, seed: int) -> str:
    tags = "colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
    scale = (
        f"scale={size.width}:{size.height}:flags=bicubic:in_color_matrix=bt709:out_color_matrix=bt709"
        ":in_range=tv:out_range=tv,format=yuv420p"
    )
    noise = f",noise=c0s={round(grain)}:c0_seed={seed % 99991}" if round(grain) else ""
    return f"setparams={tags},{scale}{noise},setsar=1,setparams={tags}"
