"""Assembly by ffmpeg: a timeline becomes one filter graph and one encode, its sound mixed and levelled beforehand.

Knows nothing about scenes, shots or why a clip is where it is.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from .. import ffmpeg
from ..base import Cost, Device, Job
from ..errors import ToolFailed
from ..ffmpeg import Input
from ..fonts import family
from ..media import Asset
from ..timeline import Timeline
from . import AssembleRequest, Cut, Finish
from .captions import Captions, captions
from .loudness import Finished, finish
from .mix import Mixer
from .picture import Burned, Picture, compose

_NONE: Mapping[str, str] = MappingProxyType({})
_SECONDS = {"ultrafast": 0.5, "superfast": 0.7, "veryfast": 1.2, "faster": 1.8, "fast": 2.2, "medium": 2.8}
"""Wall seconds for a second of 1080x1920 at 30 frames on two busy cores."""


class Assembler:
    """`assemble.ffmpeg`. Option: threads, how many the encoder may use."""

    name = "assemble.ffmpeg"
    version = "4"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Cut

    def __init__(self, options: Mapping[str, str] = _NONE) -> None:
        # Every x264 thread holds frames of its own: more than eight buy little and cost a lot of memory.
        self._threads = int(options.get("threads", min(os.cpu_count() or 2, 8)))

    def ready(self) -> None:
        """ToolMissing if ffmpeg or the typefaces are not installed."""
        ffmpeg.binary()
        family()

    def quote(self, request: AssembleRequest) -> Cost:
        """By length, area and preset."""
        line = request.timeline
        pictures = line.frames * line.size.width * line.size.height / (30 * 1080 * 1920)
        return Cost(seconds=3 + pictures * _SECONDS.get(request.finish.preset, 5.0))

    def run(self, request: AssembleRequest, job: Job) -> Cut:
        """Mix, level, write captions, encode once, and check that every frame arrived."""
        line, order = request.timeline, request.finish
        assets = {asset.id: asset for asset in request.assets}
        paths = _paths(line, assets, job)
        words = captions(line, order)
        picture = _picture(line, assets, paths, words, job)
        mix = Mixer(line, paths, job.scratch, job.cancelled).mix()
        sound = finish(mix, order.loudness, order.peak, job.scratch, job.cancelled)
        job.progress(0.1)
        film = job.scratch / "film.mp4"
        self._encode(picture, sound, line, order, film, job)
        return Cut(
            video=job.save(
                film,
                "video",
                licence=_licences(assets),
                origin=self.name,
                frames=line.frames,
                rate=line.rate,
                size=line.size,
            ),
            loudness=sound.loudness,
            peak=sound.peak,
            srt=_text(job, words.srt, "captions.srt"),
            vtt=_text(job, words.vtt, "captions.vtt"),
            ass=_text(job, words.ass, "captions.ass") if words.ass else None,
            passes=sound.passes,
        )

    def _encode(self, picture: Picture, sound: Finished, line: Timeline, order: Finish, film: Path, job: Job) -> None:
        inputs = [*picture.inputs, Input(sound.path)]
        run = ffmpeg.encode(
            inputs,
            picture.graph,
            film,
            [*self._options(line, order), "-map", f"{len(picture.inputs)}:a"],
            frames=line.frames,
            progress=lambda part: job.progress(0.1 + 0.9 * part),
            cancelled=job.cancelled,
        )
        if run.frames != line.frames:
            film.unlink()
            raise ToolFailed(
                f"The film has {run.frames} frames and its timeline {line.frames}: a clip is shorter than it says.",
                "Run `reelwright resume` to make the damaged clips again.",
            )

    def _options(self, line: Timeline, order: Finish) -> list[str]:
        rate = f"{line.rate.numerator}/{line.rate.denominator}"
        colour = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
        return [
            *("-map", "[v]", "-c:v", "libx264", "-preset", order.preset, "-crf", str(order.crf)),
            *("-pix_fmt", "yuv420p", "-g", str(max(1, int(2 * line.rate))), "-threads", str(self._threads)),
            *("-fps_mode", "cfr", "-r", rate, *colour),
            *("-filter_complex_threads", str(min(self._threads, 2))),
            *("-c:a", "copy", "-movflags", "+faststart", "-map_metadata", "-1"),
        ]


def _paths(line: Timeline, assets: Mapping[str, Asset], job: Job) -> dict[str, Path]:
    used = {item.asset for track in line.tracks for item in track.items if item.type == "clip"}
    missing = used - assets.keys()
    if missing:
        raise ToolFailed(f"The timeline names {len(missing)} assets that did not come with it: {min(missing)[:12]}.")
    return {digest: job.path(digest) for digest in sorted(used)}


def _picture(
    line: Timeline, assets: Mapping[str, Asset], paths: Mapping[str, Path], words: Captions, job: Job
) -> Picture:
    part = words.sheet.stretch(0, line.frames)
    burned = Burned.write(part.script, part.lead, job.scratch) if part.script else None
    return compose(line, assets, paths, job.scratch, burned)


def _text(job: Job, text: str, name: str) -> Asset:
    path = job.scratch / name
    path.write_text(text, "utf-8")
    return job.save(path, "text", licence="the film's", origin="assemble.ffmpeg")


def _licences(assets: Mapping[str, Asset]) -> str:
    """Every licence in the film once; the ledger tells which is whose."""
    return "; ".join(sorted({asset.licence for asset in assets.values()})) or "unknown"
