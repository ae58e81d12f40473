"""Motion backgrounds: a motif painted small in 16 bits, and the filter that makes it a picture.

Knows nothing about text or shots; the renderer pours `blocks` into ffmpeg and puts `graph` behind them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import tau

import numpy as np

from ...errors import ToolFailed
from ...media import Size, frames_of
from .motifs import MOTIFS, Motif
from .motifs.canvas import Canvas, Field, Painter, Planes, limits
from .motifs.glass import Etcher, Glass, Plane
from .styles import Palette

_TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
_KEEP = 64 * 1024**2
"""Bytes of painted frames that a repeating loop may hold."""
_LOOK, _PLACES, _STEADY = 384, 20, 0.8
"""Height of the frames at which a loop's steps are measured, how many of them, and the step it begins at against their
mean: less, since small frames tell the size of a step only roughly."""


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
    motif: str | Motif, palette: Palette, size: Size, rate: Fraction, frames: int, seed: int, grain: float = 5.0
) -> Backdrop:
    """`frames` of a motif. The same arguments give the same bytes; frame `loop_frames` equals frame 0.

    Args:
        motif: the name of one of ours, or another.
        grain: strength of the standing grain in 8-bit levels; it also keeps dark gradients from banding.
    """
    if isinstance(motif, str) and motif not in MOTIFS:
        raise ToolFailed(f"There is no background named {motif!r}.", f"Choose one of: {', '.join(motifs())}.")
    chosen = MOTIFS[motif] if isinstance(motif, str) else motif
    kind, draw, (width, height) = _drawn(chosen, palette, size, seed)
    loop = max(2, frames_of(chosen.seconds, rate))
    graph = _graph(size, grain, seed)
    if chosen.etch:
        graph = _glazed(size, (width, height), limits(palette), grain, seed)
        width, height = size.width, size.height + height
    small = Size(width=max(32, round(_LOOK * size.width / size.height / 2) * 2), height=_LOOK)
    calm = _calm(motif, palette, small, seed, loop) if isinstance(motif, str) else 0

    def frame(at: int) -> bytes:
        return draw(tau * ((at + calm) % loop) / loop)

    return Backdrop(
        width=width,
        height=height,
        pix_fmt=kind,
        loop_frames=loop,
        graph=graph,
        blocks=_loop(frame, loop, frames),
        frame=frame,
    )


def _drawn(
    chosen: Motif, palette: Palette, size: Size, seed: int
) -> tuple[str, Callable[[float], bytes], tuple[int, int]]:
    """What the bytes are, what draws them, and the painting's own size."""
    width, height = (max(16, 2 * round(side / chosen.shrink / 2)) for side in (size.width, size.height))
    paint = chosen.paint(Canvas(size=size, width=width, height=height, palette=palette, seed=seed))
    if chosen.etch is None:
        return *_soft(paint), (width, height)
    glass = Glass(Canvas(size=size, width=size.width, height=size.height, palette=palette, seed=seed))
    return "yuv420p", _sharp(paint, glass, chosen.etch(glass), (width, height)), (width, height)


@lru_cache(maxsize=64)
def _calm(motif: str, palette: Palette, size: Size, seed: int, loop: int) -> int:
    """Where the loop begins: at a step as large as most, so that nobody sees where it closes.

    Looked for on small frames of the same shape.
    """
    kind, draw, _ = _drawn(MOTIFS[motif], palette, size, seed)
    depth = np.dtype("<i2") if "16" in kind else np.dtype("u1")

    def seen(at: int) -> Field:
        return np.frombuffer(draw(tau * (at % loop) / loop), depth).astype(np.float32)

    places = sorted({step * loop // _PLACES for step in range(_PLACES)})
    steps = np.array([float(np.abs(seen(at) - seen(at - 1)).mean()) for at in places])
    return places[int(np.abs(steps - _STEADY * steps.mean()).argmin())]


def _loop(frame: Callable[[int], bytes], loop: int, frames: int) -> Iterator[bytes]:
    kept: dict[int, bytes] = {}
    for number in range(frames):
        at = number % loop
        block = kept.get(at) or frame(at)
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
