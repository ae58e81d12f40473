"""The motion renderer: one ffmpeg run from a card to a mezzanine.

Knows how background, text and encoder meet; knows nothing about any one layout, motif or style.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from ... import ffmpeg, fonts
from ...base import Cost, Device, Job
from ...media import seconds_of
from .. import MotionRequest, Picture
from ..fields import strip
from ..fields.painting import flowing
from . import styles
from .ass import document, filter_path
from .backgrounds import Backdrop, backdrop
from .brand import branded, bright, derived
from .layouts import layout
from .motifs.canvas import Field
from .stage import Stage

_GOP = 30
_LICENCE = "CC0-1.0"


class Motion:
    """video.motion: backgrounds in numpy, type and icons in libass, x264."""

    name = "video.motion"
    version = "4"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Picture

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._threads = options.get("threads", "2")

    def ready(self) -> None:
        """The fonts and the text shaper are installed, or ToolMissing."""
        fonts.family("Inter", 500)

    def quote(self, request: MotionRequest) -> Cost:
        """About a fifth of real time at 1080p for each core."""
        pixels = request.size.width * request.size.height / (1080 * 1920)
        return Cost(seconds=0.5 + 0.5 * pixels * seconds_of(request.frames + 2 * request.handle, request.rate))

    def run(self, request: MotionRequest, job: Job) -> Picture:
        """Compose, render, and say where the text stands."""
        stage = compose(request)
        field = strip.read(job.path(request.field.id).read_bytes()) if request.field else None
        back, source, words = setting(request, stage, job.scratch, field)
        output = job.scratch / "picture.mp4"
        sign = _sign(request, stage)
        logo = [ffmpeg.Input(job.path(request.brand.logo.id))] if sign and request.brand and request.brand.logo else []
        ffmpeg.encode(
            [source, *logo],
            f"[0:v]{back.graph},{words}{sign}[v]",
            output,
            self._options(stage.total, request.handle),
            feed=back.blocks,
            frames=stage.total,
            progress=job.progress,
            cancelled=job.cancelled,
        )
        asset = job.save(
            output,
            "video",
            licence=_LICENCE,
            origin=f"Reelwright motion graphics: {request.layout} on {_ground(request)}; {_credits(stage)}",
            frames=stage.total,
            rate=request.rate,
            size=request.size,
        )
        return Picture(video=asset, boxes=tuple(stage.boxes))

    def _options(self, frames: int, handle: int) -> list[str]:
        codec = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p"]
        tags = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"]
        ends = ["-frames:v", str(frames), "-threads", self._threads, "-an"]
        # A live preview copies the stream from the shot's first frame on: it has to be a key frame.
        keys = ["-g", str(_GOP), "-force_key_frames", f"expr:eq(n,{handle})"]
        return ["-map", "[v]", *codec, *keys, *tags, *ends]


def _ground(request: MotionRequest) -> str:
    return request.field.origin if request.field else request.motif


def _credits(stage: Stage) -> str:
    families = sorted({stage.sheet.display.family, stage.sheet.text.family})
    return f"fonts {', '.join(families)} and Noto (OFL 1.1), icons Lucide (ISC)"


def setting(
    request: MotionRequest, stage: Stage, scratch: Path, field: Field | None = None
) -> tuple[Backdrop, ffmpeg.Input, str]:
    """The background of a composed stage, the input that takes its frames, and the filter that sets the words.

    Args:
        field: (3, T, H, W), shown in place of the motif.
    """
    motif = flowing(field) if field is not None else request.motif
    back = backdrop(motif, stage.palette, request.size, request.rate, stage.total, request.seed, stage.sheet.grain)
    font = stage.text.face
    script = scratch / "layers.ass"
    script.write_text(document(request.size, request.rate, font.family, stage.layers), "utf-8")
    folder = fonts.fonts_dir({*stage.faces, font})
    raw = ["-f", "rawvideo", "-pix_fmt", back.pix_fmt, "-video_size", f"{back.width}x{back.height}"]
    source = ffmpeg.Input(None, [*raw, "-framerate", str(Fraction(request.rate))], raw=True)
    return back, source, f"ass={filter_path(script)}:fontsdir={filter_path(folder)}"


def _sign(request: MotionRequest, stage: Stage) -> str:
    """The filters that lay a brand's logo over title and end cards, in the corner that the stage keeps free."""
    place = stage.sign
    if place is None:
        return ""
    rate, fade = request.rate, stage.seconds(0.4)
    begin, end = stage.first, min(stage.last, stage.total)
    leave = "" if request.final else f",fade=out:{end - stage.leaving}:{stage.leaving}:alpha=1"
    return (
        f"[words];[1:v]scale={round(place.width)}:{round(place.height)}:force_original_aspect_ratio=decrease:"
        f"flags=lanczos,format=rgba,loop=-1:1,fps={rate},trim=end_frame={stage.total},"
        f"fade=in:{begin}:{fade}:alpha=1{leave}[logo];"
        f"[words][logo]overlay={round(place.left)}:{round(place.top)}:shortest=1"
    )


def compose(request: MotionRequest) -> Stage:
    """The stage with the request's card laid out on it."""
    sheet = styles.sheet(request.style)
    named = (each for each in sheet.palettes if each.name == request.palette)
    palette = next(named, None) or styles.palette(sheet, request.seed)
    if request.brand:
        sheet = branded(sheet, request.brand)
        if request.brand.colour:
            palette = derived(request.brand.colour, request.brand.accent, light=request.brand.light)
    stage = Stage(request, sheet, bright(palette) if request.bright else palette)
    layout(request.layout)(stage, request.card)
    return stage
