"""Animated previews: a film small enough to put anywhere, as GIF with a palette of its own or as WebP.

Knows nothing about timelines; a film in full size is the encoders' matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from .. import ffmpeg
from ..ffmpeg import Input
from ..media import Size
from . import EncodeRequest
from .encoders import Encoder

_SIDE = 480
"""Pixels of the longer side at most."""
_RATE = Fraction(25, 2)
"""Frames a second at most: eight hundredths each, as GIF counts time."""
_PALETTE = "palettegen=max_colors=256:stats_mode=diff"
_DITHER = "paletteuse=dither=bayer:bayer_scale=3:diff_mode=rectangle"


@dataclass(frozen=True)
class Shown:
    """What came out."""

    frames: int
    rate: Fraction
    size: Size


def _smaller(size: Size) -> Size:
    part = min(1.0, _SIDE / max(size.width, size.height))
    return Size(width=max(16, 2 * round(size.width * part / 2)), height=max(16, 2 * round(size.height * part / 2)))


def animate(
    inputs: Sequence[Input],
    graph: str,
    label: str,
    path: Path,
    row: Encoder,
    request: EncodeRequest,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Shown:
    """Write a preview of what the graph's `label` shows."""
    line = request.timeline
    rate, size = min(line.rate, _RATE), _smaller(line.size)
    graph += f";[{label}]fps={rate.numerator}/{rate.denominator},scale={size}:flags=lanczos[o]"
    frames = int((request.frames or line.frames - request.skip) * rate / line.rate)

    def write(target: Path, words: list[str]) -> Shown:
        options = ["-map", "[o]", *words]
        run = ffmpeg.encode(inputs, graph, target, options, frames=frames, progress=progress, cancelled=cancelled)
        return Shown(run.frames, rate, size)

    if row.file != "gif":
        shown = write(path, ["-c:v", row.name, *row.words, "-pix_fmt", row.pixels])
        return replace(shown, frames=_pictures(path))
    # A palette is known when the last frame was seen: the frames wait on disk, small and whole, not in memory.
    waiting, palette = path.with_suffix(".mkv"), path.with_suffix(".png")
    try:
        shown = write(waiting, ["-c:v", "ffv1", "-pix_fmt", "yuv420p"])
        one = ["-map", "[o]", "-frames:v", "1", "-update", "1"]
        ffmpeg.encode([Input(waiting)], f"[0:v]{_PALETTE}[o]", palette, one, cancelled=cancelled)
        both = [Input(waiting), Input(palette)]
        ffmpeg.encode(both, f"[0:v][1:v]{_DITHER}[o]", path, ["-map", "[o]", "-loop", "0"], cancelled=cancelled)
    finally:
        waiting.unlink(missing_ok=True)
        palette.unlink(missing_ok=True)
    return shown


def _pictures(path: Path) -> int:
    """Pictures of an animated WebP: to ffmpeg all of it is one packet."""
    count = 0
    with path.open("rb") as stream:
        stream.seek(12)
        while len(head := stream.read(8)) == 8:
            count += head[:4] == b"ANMF"
            length = int.from_bytes(head[4:], "little")
            stream.seek(length + length % 2, 1)
    return count
