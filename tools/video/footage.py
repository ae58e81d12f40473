"""A person's own clip or still becomes a shot: cropped to fill, at the film's rate and in its colours.

Knows nothing about the film; foreign bytes are opened by the ffmpeg door alone, here once.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import floor
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from ..base import Cost, Device, Job
from ..camera import View
from ..conform import SMOOTH, TAGS, TAKE, Shape, covering, decoder, even, filled, fitted, flattened, inside
from ..errors import Refused
from ..ffmpeg import Input, decode, encode, probe
from ..media import Size
from ..probe import VideoStream
from ..timeline import Focus
from . import FootageRequest, Picture
from .depth import Pixels, nearness
from .faces import finder
from .parallax import COLUMNS, ROWS, passing, wanted
from .saliency import WIDE, Faces, focus

if TYPE_CHECKING:
    from PIL.Image import Image

_SLOWEST = Fraction(2)
"""A clip that is too short is stretched this far at most, then its last picture is held."""
_PUSH = 0.07
"""How far a still is pushed in, and a held clip, so that nothing stands frozen."""
_SLICE, _STRIP = 0.3, 0.36
"""Less of a picture than these parts, across and down, is not the picture: 16:9 upright keeps 0.316 of its width, where
something draws the eye; of a portrait laid down 0.316 would be a strip through a face."""
_WASTE = 0.04
"""A crop that leaves out less than this part of the picture stands in the middle."""


class Footage:
    """Provider of pictures from the person's own files."""

    name = "video.footage"
    version = "4"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Picture

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        # A YuNet model file; without one faces are found where OpenCV brings its own detector.
        self._faces = options.get("faces", "")
        # An ONNX depth model; without one what stands low in a picture counts as near.
        self._depth = options.get("depth", "")

    def ready(self) -> None:
        """Needs nothing beyond ffmpeg."""

    def quote(self, request: FootageRequest) -> Cost:
        """About four times real time for 1080p on one core."""
        area = request.size.width * request.size.height / (1920 * 1080)
        return Cost(seconds=0.5 + float(_length(request) / request.rate) * area)

    def run(self, request: FootageRequest, job: Job) -> Picture:
        """Fit the stretch; Refused, with the file's own name, where it cannot be read."""
        source = job.path(request.asset.id)
        output = job.scratch / f"footage-{request.asset.id[:12]}-{request.seed}-{request.start}.mp4"
        try:
            stream = probe(source).video
            if stream is None:
                raise Refused("it holds no picture.", "Use a clip or a still.")
            still = request.asset.kind == "image" or stream.frames <= 1
            find = finder(self._faces)
            if still:
                _still(request, job, source, stream, output, (find, self._depth))
            else:
                _clip(request, job, source, stream, output, find)
        except Refused as problem:
            name = request.asset.origin or request.asset.id[:12]
            raise Refused(f"{name} cannot be used: {problem.message}", problem.hint) from problem
        video = job.save(
            output,
            "video",
            licence=request.asset.licence,
            origin=request.asset.origin,
            frames=_length(request),
            rate=request.rate,
            size=request.size,
        )
        return Picture(video=video)


def _length(request: FootageRequest) -> int:
    return request.frames + 2 * request.handle


def _clip(
    request: FootageRequest, job: Job, source: Path, stream: VideoStream, output: Path, faces: Faces | None
) -> None:
    total, rate = _length(request), request.rate
    found = max(1, floor(Fraction(stream.end - stream.start) * rate + Fraction(1, 2)))
    low, high = request.within or (0, found)
    high = max(1, min(high, found))
    low = min(low, high - 1)
    # Where the stretch runs past the end, begin earlier; the handle before the first frame repeats it.
    begin = max(low, min(request.start - request.handle, high - total))
    lead = min(request.handle, max(0, low + request.handle - request.start)) if high - low >= total else 0
    stretch = max(Fraction(1), min(_SLOWEST, Fraction(total, high - begin)))
    frozen = total - lead - (high - begin) * stretch
    given = (*decoder(stream), *(("-ss", f"{float(begin / rate):.6f}") if begin else ()))
    given = (*given, *(("-t", f"{float((high - begin) / rate):.6f}") if request.within else ()))
    seconds = float((total - lead) / rate / stretch)
    view = View(_kept(Input(source, given), stream, request.size, seconds, float(rate * stretch), faces))
    chain = [
        SMOOTH,
        f"setpts=(PTS-STARTPTS)*{float(stretch):.6f}",
        f"{'framerate' if stretch > Fraction(11, 10) else 'fps'}=fps={rate}",
        *(flattened() if stream.alpha else ()),
        *filled(stream, request.size, view),
        f"tpad=start={lead}:start_mode=clone:stop=-1:stop_mode=clone",
        f"trim=end_frame={total}",
    ]
    if frozen > rate / 2:
        chain.append(_push(total))
    run = encode(
        [Input(source, given)],
        f"[0:v:0]{','.join(chain)},setsar=1,{TAGS}[v]",
        output,
        _kept_as(request),
        frames=total,
        progress=job.progress,
        cancelled=job.cancelled,
    )
    if run.frames < total:
        raise Refused("it breaks off before its first picture.", "Convert it to MP4 and try again.")


def _kept_as(request: FootageRequest) -> list[str]:
    """A key frame stands where the shot begins behind its handle: previews copy from there without decoding."""
    return [*TAKE, "-r", str(request.rate), "-force_key_frames", f"expr:eq(n,{request.handle})"]


def _kept(
    source: Input, stream: VideoStream, size: Size, seconds: float, rate: float, faces: Faces | None
) -> tuple[Focus, ...]:
    """What the crop keeps in view, by frames at `rate` seen in a stretch of `seconds`; nothing where little is cut."""
    whole = covering(stream, size)
    across = whole.width - size.width > whole.height - size.height
    part = size.width / whole.width if across else size.height / whole.height
    if part > 1 - _WASTE:
        return ()
    small = Shape(WIDE, even(WIDE * whole.height / whole.width))
    frames = f"fps=fps={rate:.6f},scale={small}:flags=area,format=rgb24,trim=end_frame={round(seconds * rate) + 1}"
    limit = (*source.options, "-t", f"{seconds:.3f}") if seconds else source.options
    raw = b"".join(decode(Input(source.path, limit), f"[0:v:0]{frames}[v]", ["-map", "[v]", "-f", "rawvideo"]))
    area = small.width * small.height * 3
    if len(raw) < area:
        return ()
    shape = len(raw) // area, small.height, small.width, 3
    return focus(np.frombuffer(raw[: shape[0] * area], np.uint8).reshape(shape), rate, part, across, faces)


def _push(total: int) -> str:
    near, far = (f"{_PUSH / 2:.4f}*{side}*on/{total}" for side in ("W", "H"))
    corners = f"x0={near}:y0={far}:x1=W-{near}:y1={far}:x2={near}:y2=H-{far}:x3=W-{near}:y3=H-{far}"
    return f"perspective={corners}:eval=frame"


def _still(
    request: FootageRequest, job: Job, source: Path, stream: VideoStream, output: Path, eyes: tuple[Faces | None, str]
) -> None:
    """A slow push, in or out, or a pass in which the near moves further: resampled plane by plane, between pixels."""
    size, total, rate = request.size, _length(request), request.rate
    faces, model = eyes
    whole, flat = _decoded(request, source, stream, faces)
    shot = ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", str(size), "-framerate", str(rate))
    encode(
        [Input(None, shot, raw=True)],
        f"[0:v]setsar=1,{TAGS}[v]",
        output,
        _kept_as(request),
        feed=_drift(whole, size, total, request.seed, model, solid=not flat),
        frames=total,
        progress=job.progress,
        cancelled=job.cancelled,
    )


def _decoded(
    request: FootageRequest, source: Path, stream: VideoStream, faces: Faces | None
) -> tuple[tuple[Size, bytes], bool]:
    """The still at a size that leaves room to move, as one yuv420p picture, and whether it lies flat on a ground."""
    room = Size(width=even(request.size.width * (1 + _PUSH)), height=even(request.size.height * (1 + _PUSH)))
    given = Input(source, ("-err_detect", "explode"))
    if stream.alpha:
        graph = _framed("trim=end_frame=1", inside(stream, _most(room)), room, request.ground)
    elif _too_long(stream, room):
        graph = f"[0:v:0]{','.join(('trim=end_frame=1', *fitted(stream, room, 'blur')))}[v]"
    else:
        view = View(_kept(given, stream, room, 0.0, 1.0, faces))
        graph = f"[0:v:0]{','.join(('trim=end_frame=1', *filled(stream, room, view)))}[v]"
    options = ["-map", "[v]", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p"]
    picture = b"".join(decode(given, graph, options))
    if len(picture) != room.width * room.height * 3 // 2:
        raise Refused("its picture is incomplete.", "Convert it to PNG or JPEG and try again.")
    return (room, picture), bool(stream.alpha) or _too_long(stream, room)


def _too_long(stream: VideoStream, room: Size) -> bool:
    """A panorama held upright, or a portrait laid down: cropped to fill it would lose what it shows.

    It stands whole before its own blurred self.
    """
    whole = covering(stream, room)
    return room.width < _SLICE * whole.width or room.height < _STRIP * whole.height


def _most(room: Size) -> Shape:
    # A cut-out is shown whole over the ground: cropping it would cut what it shows.
    return Shape(even(room.width * 0.84), even(room.height * 0.84))


def _framed(first: str, shape: Shape, room: Size, ground: str) -> str:
    inner = f"scale={shape}:flags=bicubic,setsar=1,format=rgba"
    base = f"color=c=0x{ground[1:]}:s={room}:r=1,format=gbrp,trim=end_frame=1"
    over = "overlay=(W-w)/2:(H-h)/2:format=gbrp:shortest=1"
    return f"{base}[g];[0:v:0]{first},{inner}[o];[g][o]{over},{_to_video()}[v]"


def _to_video() -> str:
    return "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"


def _drift(whole: tuple[Size, bytes], size: Size, total: int, seed: int, model: str, solid: bool) -> Iterator[bytes]:
    from PIL import Image

    room, picture = whole
    luma = room.width * room.height
    ends = 0, luma, luma * 5 // 4, luma * 3 // 2
    planes = [
        Image.frombytes("L", (room.width // step, room.height // step), picture[ends[at] : ends[at + 1]])
        for at, step in enumerate((1, 2, 2))
    ]
    push, passed = _way(room, size, seed), None
    if solid and wanted(seed, bool(model)):
        passed = passing(room, size, seed, nearness(_seen(planes), model, ROWS + 1, COLUMNS + 1))
    for frame in range(total):
        part = frame / max(total - 1, 1)
        parts = []
        cells = passed(part) if passed else []
        for step, plane in zip((1, 2, 2), planes, strict=True):
            target = size.width // step, size.height // step
            if cells:
                mesh = [([edge // step for edge in box], [edge / step for edge in quad]) for box, quad in cells]
                seen = plane.transform(target, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
            else:
                left, top, right, bottom = (edge / step for edge in push(part))
                seen = plane.resize(target, Image.Resampling.BICUBIC, box=(left, top, right, bottom))
            parts.append(seen.tobytes())
        yield b"".join(parts)


def _seen(planes: "list[Image]") -> Pixels:
    """The still as a depth model wants to see it: small, RGB."""
    from PIL import Image

    side = planes[1].size
    full = Image.merge("YCbCr", [plane.resize(side) for plane in planes]).convert("RGB")
    return np.asarray(full, np.uint8)


def _way(room: Size, size: Size, seed: int) -> Callable[[float], tuple[float, float, float, float]]:
    """The part of the room that is seen, from 0 to 1: a push in or out, ending or beginning a little off centre."""
    chance = Random(seed)
    inward = chance.random() < 0.6
    aside, above = chance.uniform(0.25, 0.75), chance.uniform(0.35, 0.65)

    def view(part: float) -> tuple[float, float, float, float]:
        near = part if inward else 1 - part
        width = room.width + (size.width - room.width) * near
        height = room.height + (size.height - room.height) * near
        left, top = (room.width - width) * aside, (room.height - height) * above
        return left, top, left + width, top + height

    return view
