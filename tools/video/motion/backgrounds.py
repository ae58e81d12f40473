"""Motion backgrounds: a motif painted small in 16 bits, and the filter that makes it a picture.

Knows nothing about text or shots; the renderer pours `blocks` into ffmpeg and puts `graph` behind them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import tau

import numpy as np

from ...errors import ToolFailed
from ...media import Size, frames_of
from .motifs import MOTIFS, flow
from .motifs.canvas import Canvas, Field, Painter, Planes, limits
from .motifs.glass import Etcher, Glass, Plane
from .styles import Palette

_TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
FLOWING = 8.0
"""Seconds that a generated field's loop lasts: calm behind words."""
_KEEP = 64 * 1024**2
"""Bytes of painted frames that a repeating loop may hold."""


@dataclass(frozen=True)
class Backdrop:
    """Raw frames and what to do with them.

    The input is `-f rawvideo -pix_fmt {pix_fmt} -video_size {width}x{height} -framerate {rate}`; `graph` turns it into
    the asked size at yuv420p, BT.709, limited range. `blocks` yields whole frames, once; `frame` draws any one.
    """

    width: int
    height: int
    pix_fmt: str
    loop_frames: int
    graph: str
    blocks: Iterator[bytes]
    frame: Callable[[int], bytes]


def motifs() -> tuple[str, ...]:
    """Names of all motifs."""
    return tuple(MOTIFS)


def backdrop(
    motif: str, palette: Palette, size: Size, rate: Fraction, frames: int, seed: int, grain: float = 5.0
) -> Backdrop:
    """`frames` of a motif. The same arguments give the same bytes; frame `loop_frames` equals frame 0.

    Args:
        grain: strength of the standing grain in 8-bit levels; it also keeps dark gradients from banding.
    """
    if motif not in MOTIFS:
        raise ToolFailed(f"There is no background named {motif!r}.", f"Choose one of: {', '.join(motifs())}.")
    chosen = MOTIFS[motif]
    width, height = _small(size, chosen.shrink)
    paint = chosen.paint(Canvas(size=size, width=width, height=height, palette=palette, seed=seed))
    loop = max(2, frames_of(chosen.seconds, rate))
    graph = _graph(size, grain, seed)
    if chosen.etch is None:
        kind, draw = _soft(paint)
    else:
        glass = Glass(Canvas(size=size, width=size.width, height=size.height, palette=palette, seed=seed))
        kind, draw = "yuv420p", _sharp(paint, glass, chosen.etch(glass), (width, height))
        graph = _glazed(size, (width, height), limits(palette), grain, seed)
        width, height = size.width, size.height + height
    return Backdrop(
        width=width,
        height=height,
        pix_fmt=kind,
        loop_frames=loop,
        graph=graph,
        blocks=_loop(draw, loop, frames),
        frame=lambda at: draw(tau * (at % loop) / loop),
    )


def flowing(
    field: Field, palette: Palette, size: Size, rate: Fraction, frames: int, seed: int, grain: float = 5.0
) -> Backdrop:
    """`frames` of a generated motion field (3, T, H, W), in the palette's colours; its loop lasts FLOWING seconds."""
    width, height = _small(size, 6)
    canvas = Canvas(size=size, width=width, height=height, palette=palette, seed=seed)
    kind, draw = _soft(flow.painter(field, canvas))
    loop = max(2, frames_of(FLOWING, rate))
    return Backdrop(
        width=width,
        height=height,
        pix_fmt=kind,
        loop_frames=loop,
        graph=_graph(size, grain, seed),
        blocks=_loop(draw, loop, frames),
        frame=lambda at: draw(tau * (at % loop) / loop),
    )


def _small(size: Size, shrink: int) -> tuple[int, int]:
    width, height = (max(16, 2 * round(side / shrink / 2)) for side in (size.width, size.height))
    return width, height


def _loop(draw: Callable[[float], bytes], loop: int, frames: int) -> Iterator[bytes]:
    kept: dict[int, bytes] = {}
    for frame in range(frames):
        at = frame % loop
        block = kept.get(at) or draw(tau * at / loop)
        if frames > loop and len(block) * loop <= _KEEP:
            kept[at] = block
        yield block


def _soft(paint: Painter) -> tuple[str, Callable[[float], bytes]]:
    luma, blue, _ = paint(0.0)
    return ("yuv444p16le" if luma.shape == blue.shape else "yuv420p16le"), lambda turn: _pack(paint(turn))


def _sharp(paint: Painter, glass: Glass, etch: Etcher, small: tuple[int, int]) -> Callable[[float], bytes]:
    # One raw picture carries both: the glass at full size, and under it the painting, small, in its left corner.
    tall, wide = glass.canvas.height, glass.canvas.width
    width, height = small
    rows = tall + height
    raw = np.zeros(rows * wide * 3 // 2, np.uint8)
    ends = 0, rows * wide, rows * wide * 5 // 4, rows * wide * 3 // 2
    whole = [raw[ends[at] : ends[at + 1]].reshape(-1, wide // (2 if at else 1)) for at in range(3)]
    glass.now = [plane[: still.shape[0]] for plane, still in zip(whole, glass.plate, strict=True)]
    scatter = np.random.default_rng(glass.canvas.seed).random((height, width), np.float32)

    def draw(turn: float) -> bytes:
        glass.clean()
        etch(turn)
        luma, blue, red = paint(turn)
        _lower(whole[0], tall, luma * np.float32(219) + np.float32(16) + scatter)
        for plane, values in ((1, blue), (2, red)):
            coarse = values[::2, ::2] if values.shape == luma.shape else values
            _lower(whole[plane], tall // 2, coarse * np.float32(224) + np.float32(16) + scatter[::2, ::2])
        return raw.tobytes()

    return draw


def _lower(plane: Plane, top: int, values: Field) -> None:
    plane[top : top + values.shape[0], : values.shape[1]] = values.astype(np.uint8)


def _pack(planes: Planes) -> bytes:
    blocks = []
    for plane, reach in zip(planes, (219, 224, 224), strict=True):
        level = plane * np.float32(reach * 256)
        level += np.float32(16 * 256 + 0.5)
        blocks.append(level.astype("<u2").tobytes())
    return b"".join(blocks)


def _graph(size: Size, grain: float, seed: int) -> str:
    return f"{_TAGS},{_scale(size)},{_finish(grain, seed)}"


def _glazed(size: Size, small: tuple[int, int], luma: tuple[int, int], grain: float, seed: int) -> str:
    # Labels are fine inside one chain: the caller puts its own before and behind.
    wide, tall = small
    return (
        f"{_TAGS},split=2[rw_whole][rw_low];"
        f"[rw_whole]crop={size.width}:{size.height}:0:0[rw_glass];"
        f"[rw_low]crop={wide}:{tall}:0:{size.height},{_scale(size)}[rw_paint];"
        f"[rw_paint][rw_glass]blend=all_mode=grainmerge,"
        f"limiter=min={luma[0]}:max={luma[1]}:planes=1,{_finish(grain, seed)}"
    )


def _scale(size: Size) -> str:
    matrix = "in_color_matrix=bt709:out_color_matrix=bt709:in_range=tv:out_range=tv"
    return f"scale={size.width}:{size.height}:flags=bicubic:{matrix},format=yuv420p"


def _finish(grain: float, seed: int) -> str:
    noise = f"noise=c0s={round(grain)}:c0_seed={seed % 99991}," if round(grain) else ""
    return f"{noise}setsar=1,{_TAGS}"
