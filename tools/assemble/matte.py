"""The matte: a film on black and the same on white tell what of it is transparent, and its colours there.

Knows nothing about tracks, captions or blends: whatever lies on a gap is seen through where the two differ.
"""

from collections.abc import Callable
from pathlib import Path

from .. import ffmpeg
from ..conform import EXACT
from ..ffmpeg import Input
from .filters import BT709
from .picture import Picture

# Luma 16 is black and 235 white; a level beside them is rounding.
_SEEN = "if(lte(y-x,1),255,if(gte(y-x,218),0,255-(y-x)*255/219))"


def keyed(
    on: Callable[[str], Picture], scratch: Path, frames: int, cancelled: Callable[[], bool] | None = None
) -> Picture:
    """A graph whose [v] has straight alpha, of the picture on a colour that `on` composes."""
    files = []
    for colour in ("black", "white"):
        path, picture = scratch / f"on-{colour}.mkv", on(colour)
        options = [*EXACT, "-frames:v", str(frames)]
        ffmpeg.encode(picture.inputs, picture.graph, path, options, cancelled=cancelled)
        files.append(Input(path))
    chains = [
        "[0:v]split[k0][k1]",
        "[k1]extractplanes=y[k2]",
        "[1:v]extractplanes=y[k3]",
        f"[k2][k3]lut2=c0='{_SEEN}'[k4]",
        f"[k0][k4]alphamerge,setparams=alpha_mode=premultiplied,unpremultiply=inplace=1,{BT709}[v]",
    ]
    return Picture(files, chains)
