"""Any picture, brought to a film's size, rate and colours: filter text, and how the result is encoded.

Knows nothing about timelines, nor whose picture it is; ffmpeg itself has turned it upright.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from .camera import MIDDLE, View, cropped
from .media import Size
from .probe import VideoStream
from .timeline import Fit

TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
_TAGGED = ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
_PLAIN = ["-map", "[v]", "-an", "-sn", "-dn", "-map_metadata", "-1", "-fps_mode", "cfr"]
TAKE = [*_PLAIN, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p", *_TAGGED]
"""A mezzanine: as good as the eye needs, half the cost of delivery."""
EXACT = [*_PLAIN, "-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv420p", *_TAGGED]
"""Not a bit is lost: parts of a film that are made apart must meet."""
CLEAR = [*_PLAIN, "-c:v", "ffv1", "-level", "3", "-slices", "4", "-g", "1", "-pix_fmt", "yuva420p", *_TAGGED]
"""The same with transparency (matroska)."""
SMOOTH = "bwdif=mode=send_frame:deint=interlaced"
"""Interlaced frames become whole ones; others pass."""
_HDR = ("smpte2084", "arib-std-b67")
_SHARP = "flags=bicubic+accurate_rnd"


@dataclass(frozen=True)
class Shape:
    """Width and height in pixels of a picture on its way; any even numbers."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}:{self.height}"


def even(side: float) -> int:
    """The nearest even number, at least 2: 4:2:0 chroma needs it."""
    return max(2, 2 * round(side / 2))


def seen(stream: VideoStream) -> tuple[float, float]:
    """Width and height as shown: pixels made square."""
    return stream.width * float(stream.sar), float(stream.height)


def covering(stream: VideoStream, size: Size | Shape) -> Shape:
    """The smallest shape of the stream's that leaves nothing of `size` uncovered."""
    width, height = seen(stream)
    factor = max(size.width / width, size.height / height)
    return Shape(max(size.width, even(width * factor)), max(size.height, even(height * factor)))


def inside(stream: VideoStream, size: Size | Shape) -> Shape:
    """The largest shape of the stream's that `size` holds."""
    width, height = seen(stream)
    factor = min(size.width / width, size.height / height)
    return Shape(min(size.width, even(width * factor)), min(size.height, even(height * factor)))


def scaled(stream: VideoStream, shape: Size | Shape) -> list[str]:
    """To a shape of square pixels, in BT.709; high dynamic range keeps its own until `toned`."""
    sides = f"scale={shape.width}:{shape.height}:{_SHARP}"
    if stream.transfer in _HDR or stream.primaries == "bt2020":
        return [sides, "setsar=1"]
    # What says nothing about its matrix is BT.709 from HD upwards, as players take it.
    untagged = stream.matrix in {"", "unknown"} and stream.pixels.startswith("yuv") and stream.height >= 720
    given = ":in_color_matrix=bt709" if untagged else ""
    return [f"{sides}{given}:out_color_matrix=bt709:out_range=tv", "setsar=1"]


def toned(stream: VideoStream) -> list[str]:
    """High dynamic range and wide colour as BT.709 shows them; after scaling, where it costs least."""
    if stream.transfer not in _HDR and stream.primaries != "bt2020":
        return ["format=yuv420p"]
    # zscale converts nothing whose colours it does not know.
    known = f"setparams=color_primaries={stream.primaries or 'bt2020'}:colorspace={stream.matrix or 'bt2020nc'}"
    if stream.transfer not in _HDR:
        return [f"{known}:color_trc=bt709", "zscale=p=bt709:t=bt709:m=bt709:r=tv:d=ordered", "format=yuv420p"]
    light = ["zscale=t=linear:npl=203", "format=gbrpf32le", "zscale=p=bt709", "tonemap=hable:desat=0"]
    return [known, *light, "zscale=t=bt709:m=bt709:r=tv:d=ordered", "format=yuv420p"]


def filled(stream: VideoStream, size: Size | Shape, view: View = MIDDLE) -> list[str]:
    """Cropped to fill, around what the view keeps."""
    shape = covering(stream, size)
    cut = cropped(view, (shape.width, shape.height), (size.width, size.height))
    if view.steady(shape.width, shape.height, size.width, size.height):
        return [*scaled(stream, shape), *cut, *toned(stream)]
    return [*scaled(stream, shape), *toned(stream), *cut]


def fitted(stream: VideoStream, size: Size | Shape, fit: Fit, view: View = MIDDLE) -> list[str]:
    """Brought to `size` as asked; `blur` names labels, so it can stand once in a graph."""
    if fit == "fill":
        return filled(stream, size, view)
    shape = inside(stream, size)
    whole = [*scaled(stream, shape), *toned(stream)]
    if shape == Shape(size.width, size.height):
        return whole
    if fit == "letterbox":
        return [*whole, f"pad={size.width}:{size.height}:trunc((ow-iw)/4)*2:trunc((oh-ih)/4)*2"]
    # Blurred small, for a blur has nothing fine to lose.
    small = Shape(max(16, size.width // 8 * 2), max(16, size.height // 8 * 2))
    cover = f"scale={small}:force_original_aspect_ratio=increase,crop={small}"
    back = f"[back]{cover},gblur=sigma=8,scale={size.width}:{size.height}[behind]"
    return [*whole, f"split[back][front];{back};[behind][front]overlay=(W-w)/2:(H-h)/2:format=yuv420"]


def flattened() -> list[str]:
    """Transparent parts become black."""
    return ["format=gbrap", "premultiply=inplace=1", "format=gbrp"]


def paced(rate: Fraction, speed: Fraction, start: float) -> tuple[list[str], list[str]]:
    """Filters that bring a stream to `rate` at `speed`: those before it is scaled, those after it.

    Frame n then has the time n. Slow motion is blended, where it costs least: after scaling.
    """
    ratio = f"{rate.numerator}/{rate.denominator}"
    clock = f"(PTS-{start:.6f}/TB)*{speed.denominator}/{speed.numerator}"
    if speed < 1:
        return [f"setpts='{clock}'"], [f"framerate=fps={ratio}", f"settb={rate.denominator}/{rate.numerator}"]
    if speed == 1:
        return [f"setpts='{clock}'", f"fps=fps={ratio}:round=near"], []
    # Frame n shows what stands at n * speed: the last to come by then (and a clock may have rounded a little).
    return [f"setpts='{clock}-0.1/({ratio})/TB'", f"fps=fps={ratio}:round=up"], []


def held(stream: VideoStream, rate: Fraction, speed: Fraction = Fraction(1)) -> int:
    """Frames that a stream has at `rate` and `speed`."""
    seconds = Fraction(max(stream.end - stream.start, 0.0)).limit_denominator(1_000_000)
    return max(1, ceil(seconds * rate / speed - Fraction(1, 2)))


def decoder(stream: VideoStream) -> Sequence[str]:
    """Options before a file: ffmpeg's own VP9 decoder does not see transparency."""
    return ("-c:v", "libvpx-vp9" if stream.codec == "vp9" else "libvpx") if stream.alpha and _vpx(stream) else ()


def _vpx(stream: VideoStream) -> bool:
    return stream.codec in ("vp8", "vp9")
