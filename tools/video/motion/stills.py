"""Single frames of a motion shot, as a viewer will see them: for a gallery, a review page, a golden frame.

Knows nothing about encoding; what it draws is what the renderer draws.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ... import ffmpeg
from .. import MotionRequest
from .ass import LETTERS
from .motifs.canvas import Field
from .renderer import compose, setting

Pixels = NDArray[np.uint8]
"""RGB: (frames, height, width, 3)."""


def frames(
    request: MotionRequest,
    start: int,
    count: int,
    scratch: Path,
    *,
    words: bool = True,
    text: bool = True,
    field: Field | None = None,
) -> Pixels:
    """`count` frames from the frame `start` of the asset on.

    Args:
        words: False draws the background alone.
        text: False leaves out the letters and keeps panels, bars and icons.
        field: (3, T, H, W), shown in place of the motif.
    """
    stage = compose(request)
    if not text:
        stage.layers = [layer for layer in stage.layers if layer.depth != LETTERS]
    back, source, letters = setting(request, stage, scratch, field)
    shifted = f"setpts=PTS+{Fraction(start) / request.rate}/TB"
    graph = f"[0:v]{back.graph},{shifted}{',' + letters if words else ''},format=rgb24[v]"
    output = scratch / "frames.rgb"
    feed = (back.frame(start + at) for at in range(count))
    options = ["-map", "[v]", "-fps_mode", "passthrough", "-c:v", "rawvideo", "-f", "rawvideo"]
    ffmpeg.encode([source], graph, output, options, feed=feed)
    size = request.size
    return np.fromfile(output, np.uint8).reshape(count, size.height, size.width, 3)


def still(request: MotionRequest, at: int, scratch: Path) -> Pixels:
    """One frame: (height, width, 3)."""
    picture: Pixels = frames(request, at, 1, scratch)[0]
    return picture


def clip(request: MotionRequest, output: Path, scratch: Path) -> None:
    """The whole shot as a small MP4 that a browser plays in a loop."""
    stage = compose(request)
    back, source, letters = setting(request, stage, scratch)
    codec = ["-c:v", "libx264", "-preset", "fast", "-crf", "23", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    options = ["-map", "[v]", *codec, "-threads", "2", "-an"]
    ffmpeg.encode([source], f"[0:v]{back.graph},{letters}[v]", output, options, feed=back.blocks)
