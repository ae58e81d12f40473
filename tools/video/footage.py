"""A person's own clip or still becomes a shot: cropped to fill, at the film's rate and in its colours.

Knows nothing about the film; foreign bytes are opened by the ffmpeg door alone, here once.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import floor
from pathlib import Path
from random import Random
from types import MappingProxyType

from ..base import Cost, Device, Job
from ..errors import Refused
from ..ffmpeg import Input, decode, encode, probe
from ..media import Size
from ..probe import VideoStream
from . import FootageRequest, Picture

_TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
_X264 = ["-map", "[v]", "-an", "-sn", "-dn", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "10"]
_X264 += ["-pix_fmt", "yuv420p", "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709"]
_X264 += ["-color_trc", "bt709", "-map_metadata", "-1", "-fps_mode", "cfr"]
_SQUARE = ("scale=w='max(2,trunc(iw*sar/2)*2)':h='max(2,trunc(ih/2)*2)'", "setsar=1")
"""Square pixels and even sides. ffmpeg itself has turned the picture upright."""
_HDR = ("smpte2084", "arib-std-b67")
_SLOWEST = Fraction(2)
"""A clip that is too short is stretched this far at most, then its last picture is held."""
_PUSH = 0.07
"""How far a still is pushed in, and a held clip, so that nothing stands frozen."""
_ALPHA = ("rgba", "bgra", "argb", "abgr", "ya8", "ya16", "rgba64", "yuva", "gbrap", "pal8")


class Footage:
    """Provider of pictures from the person's own files."""

    name = "video.footage"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Picture

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

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
            (_still if still else _clip)(request, job, source, stream, output)
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


def _clip(request: FootageRequest, job: Job, source: Path, stream: VideoStream, output: Path) -> None:
    total, rate = _length(request), request.rate
    held = max(1, floor(Fraction(stream.end - stream.start) * rate + Fraction(1, 2)))
    # Where the stretch runs past the end, begin earlier; the handle before the first frame repeats it.
    begin = max(0, min(request.start - request.handle, held - total))
    lead = min(request.handle, max(0, request.handle - request.start)) if held >= total else 0
    stretch = max(Fraction(1), min(_SLOWEST, Fraction(total, held - begin)))
    frozen = total - lead - (held - begin) * stretch
    seek = float(begin / rate)
    chain = [
        "bwdif=mode=send_frame:deint=interlaced",
        f"setpts=(PTS-STARTPTS)*{float(stretch):.6f}",
        f"{'framerate' if stretch > Fraction(11, 10) else 'fps'}=fps={rate}",
        *_SQUARE,
        *_fill(request.size, stream),
        f"tpad=start={lead}:start_mode=clone:stop=-1:stop_mode=clone",
        f"trim=end_frame={total}",
    ]
    if frozen > rate / 2:
        chain.append(_push(total))
    graph = f"[0:v:0]{','.join(chain)},setsar=1,{_TAGS}[v]"
    given = ("-ss", f"{seek:.6f}") if begin else ()
    run = encode(
        [Input(source, given)],
        graph,
        output,
        [*_X264, "-r", str(rate)],
        frames=total,
        progress=job.progress,
        cancelled=job.cancelled,
    )
    if run.frames < total:
        raise Refused("it breaks off before its first picture.", "Convert it to MP4 and try again.")


def _fill(size: Size, stream: VideoStream) -> list[str]:
    """Cropped to fill, in the film's colours; high dynamic range is mapped after scaling, where it costs least."""
    if stream.transfer not in _HDR:
        return [_scaled(size, stream), f"crop={size.width}:{size.height}", "format=yuv420p"]
    chain = [
        _cover(size),
        f"crop={size.width}:{size.height}",
        "zscale=t=linear:npl=203",
        "format=gbrpf32le",
        "zscale=p=bt709",
    ]
    return [*chain, "tonemap=hable:desat=0", "zscale=t=bt709:m=bt709:r=tv:d=ordered", "format=yuv420p"]


def _cover(size: Size) -> str:
    shape = "force_original_aspect_ratio=increase:force_divisible_by=2:flags=bicubic+accurate_rnd"
    return f"scale={size.width}:{size.height}:{shape}"


def _scaled(size: Size, stream: VideoStream) -> str:
    # What says nothing about its matrix is BT.709 from HD upwards, as players take it.
    untagged = stream.matrix in {"", "unknown"} and stream.pixels.startswith("yuv") and stream.height >= 720
    given = ":in_color_matrix=bt709" if untagged else ""
    return f"{_cover(size)}{given}:out_color_matrix=bt709:out_range=tv"


def _push(total: int) -> str:
    near, far = (f"{_PUSH / 2:.4f}*{side}*on/{total}" for side in ("W", "H"))
    corners = f"x0={near}:y0={far}:x1=W-{near}:y1={far}:x2={near}:y2=H-{far}:x3=W-{near}:y3=H-{far}"
    return f"perspective={corners}:eval=frame"


def _still(request: FootageRequest, job: Job, source: Path, stream: VideoStream, output: Path) -> None:
    """A slow push, in or out, with a slight pan: resampled plane by plane at fractions of a pixel."""
    size, total, rate = request.size, _length(request), request.rate
    whole = _decoded(request, source, stream)
    shot = ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", str(size), "-framerate", str(rate))
    encode(
        [Input(None, shot, raw=True)],
        f"[0:v]setsar=1,{_TAGS}[v]",
        output,
        [*_X264, "-r", str(rate)],
        feed=_drift(whole, size, total, request.seed),
        frames=total,
        progress=job.progress,
        cancelled=job.cancelled,
    )


def _decoded(request: FootageRequest, source: Path, stream: VideoStream) -> tuple[Size, bytes]:
    """The still at a size that leaves room to move, as one yuv420p picture."""
    room = Size(width=_even(request.size.width * (1 + _PUSH)), height=_even(request.size.height * (1 + _PUSH)))
    first = ",".join(("trim=end_frame=1", *_SQUARE))
    if stream.pixels.startswith(_ALPHA):
        graph = _framed(first, room, request.ground)
    else:
        fill = ",".join(_fill(room, stream))
        graph = f"[0:v:0]{first},{fill}[v]"
    options = ["-map", "[v]", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p"]
    picture = b"".join(decode(Input(source, ("-err_detect", "explode")), graph, options))
    if len(picture) != room.width * room.height * 3 // 2:
        raise Refused("its picture is incomplete.", "Convert it to PNG or JPEG and try again.")
    return room, picture


def _framed(first: str, room: Size, ground: str) -> str:
    # A cut-out is shown whole over the ground: cropping it would cut what it shows.
    width, height = round(room.width * 0.84), round(room.height * 0.84)
    inside = f"scale={width}:{height}:force_original_aspect_ratio=decrease:flags=bicubic,format=rgba"
    base = f"color=c=0x{ground[1:]}:s={room}:r=1,format=gbrp,trim=end_frame=1"
    over = "overlay=(W-w)/2:(H-h)/2:format=gbrp:shortest=1"
    return f"{base}[g];[0:v:0]{first},{inside}[o];[g][o]{over},{_to_video()}[v]"


def _to_video() -> str:
    return "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"


def _even(side: float) -> int:
    return 2 * round(side / 2)


def _drift(whole: tuple[Size, bytes], size: Size, total: int, seed: int) -> Iterator[bytes]:
    from PIL import Image

    room, picture = whole
    luma = room.width * room.height
    ends = 0, luma, luma * 5 // 4, luma * 3 // 2
    planes = [
        Image.frombytes("L", (room.width // step, room.height // step), picture[ends[at] : ends[at + 1]])
        for at, step in enumerate((1, 2, 2))
    ]
    view = _way(room, size, seed)
    for frame in range(total):
        left, top, right, bottom = view(frame / max(total - 1, 1))
        parts = []
        for step, plane in zip((1, 2, 2), planes, strict=True):
            box = left / step, top / step, right / step, bottom / step
            target = size.width // step, size.height // step
            parts.append(plane.resize(target, Image.Resampling.BICUBIC, box=box).tobytes())
        yield b"".join(parts)


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
