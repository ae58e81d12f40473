"""The code renderer: a program's frames become a mezzanine.

Knows how a sandbox meets an encoder; knows nothing about what is drawn.
"""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from .. import ffmpeg, fonts
from ..base import Cost, Device, Job
from ..conform import TAGS, TAKE
from ..media import Size, seconds_of
from ..profiles import profile_for
from ..video import Picture
from ..video.motion import styles
from . import CodeRequest, ProgramFailed
from .sandbox import Limits, ready, run

HERE = Path(__file__).parent
LARGEST = 1280
"""Pixels along the longer side that a program draws; the encoder scales the rest."""
CAPTIONED = 0.8
"""Part of the safe height that is above the captions."""
LEAST = 0.6
"""Mean step between frames half a second apart, in levels of 255, below which nothing moves."""


class Code:
    """video.code: Python programs in bubblewrap, drawn by resvg or numpy."""

    name = "video.code"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Picture

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._limits = Limits(seconds=int(options.get("seconds", 120)))

    def ready(self) -> None:
        """Bubblewrap runs here, or ToolMissing."""
        ready()

    def quote(self, request: CodeRequest) -> Cost:
        """About real time at 720p."""
        return Cost(seconds=1 + 1.2 * seconds_of(request.frames + 2 * request.handle, request.rate))

    def run(self, request: CodeRequest, job: Job) -> Picture:
        """Draw and encode.

        Raises:
            ProgramFailed: the program failed, drew too little or drew what stands still; the message is for its author.
        """
        size, total = _drawn(request.size), request.frames + 2 * request.handle
        output = job.scratch / "picture.mp4"
        files = {"reel.py": HERE / "reel.py"}
        face = fonts.family(styles.sheet(request.style).display.family, 600)
        files["face.ttf"] = face.path
        task = json.dumps(_task(request, size, face.family)).encode()
        limits = self._limits.model_copy(update={"output": size.width * size.height * 3 * total})
        frames = _frames(run(HERE / "driver.py", files, task, limits, cancelled=job.cancelled), size, total, request)
        raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", str(size), "-framerate", str(request.rate)]
        scale = f"scale={request.size.width}:{request.size.height}:flags=lanczos:out_color_matrix=bt709:out_range=tv"
        keys = ["-g", "30", "-force_key_frames", f"expr:eq(n,{request.handle})"]  # a live preview copies from there
        ffmpeg.encode(
            [ffmpeg.Input(None, raw, raw=True)],
            f"[0:v]{scale},{TAGS}[v]",
            output,
            [*TAKE, *keys, "-frames:v", str(total)],
            feed=frames,
            frames=total,
            progress=job.progress,
            cancelled=job.cancelled,
        )
        asset = job.save(
            output,
            "video",
            licence="CC0-1.0",
            origin="drawn by a program of ours in a sandbox",
            frames=total,
            rate=request.rate,
            size=request.size,
        )
        return Picture(video=asset)


def _task(request: CodeRequest, size: Size, family: str) -> dict[str, Any]:
    sheet = styles.sheet(request.style)
    palette = next((each for each in sheet.palettes if each.name == request.palette), None)
    palette = palette or styles.palette(sheet, request.seed)
    unit = 1000 / min(size.width, size.height)
    safe = profile_for(request.size).safe_box(request.size)
    roles = ("ground", "shade", "ink", "muted", "accent", "accent2")
    scene = {
        "width": size.width * unit,
        "height": size.height * unit,
        "seconds": seconds_of(request.frames, request.rate),
        "rate": float(Fraction(request.rate)),
        "seed": request.seed,
        "floor": safe.bottom * unit * size.height / request.size.height * (CAPTIONED if request.captioned else 1),
        "words": request.words,
        "pixels": (max(size.width // 4, 1), max(size.height // 4, 1)),
    } | {role: getattr(palette, role) for role in roles}
    limits = Limits()
    return {
        "program": request.program,
        "scene": scene,
        "width": size.width,
        "height": size.height,
        "first": -request.handle,
        "last": request.frames + request.handle,
        "fonts": ["/code/face.ttf"],
        "family": family,
        "limits": {"memory": limits.memory, "seconds": limits.seconds, "file": limits.file},
    }


def _drawn(size: Size) -> Size:
    """What is drawn for a film of this size: at most 1280 pixels along the longer side."""
    part = min(LARGEST / max(size.width, size.height), 1.0)
    return Size(width=round(size.width * part / 2) * 2, height=round(size.height * part / 2) * 2)


def _frames(chunks: Iterator[bytes], size: Size, total: int, request: CodeRequest) -> Iterator[bytes]:
    """The chunks as whole frames, looked at on their way."""
    length, kept, count = size.width * size.height * 3, b"", 0
    every, before, moved, contrast = max(round(request.rate / 2), 1), None, 0.0, 0.0
    for chunk in chunks:
        kept += chunk
        while len(kept) >= length:
            frame, kept = kept[:length], kept[length:]
            if count % every == 0:
                seen = np.frombuffer(frame, np.uint8).reshape(size.height, size.width, 3)[::8, ::8].astype(np.float32)
                moved = moved if before is None else max(moved, float(np.abs(seen - before).mean()))
                contrast, before = max(contrast, float(seen.std(axis=(0, 1)).max())), seen
            count += 1
            yield frame
    if count < total:
        raise ProgramFailed(f"The program drew {count} of {total} frames.", "Correct it.")
    if contrast < 2:
        raise ProgramFailed("The program drew an empty picture: one colour all over.", "Draw something.")
    if moved < LEAST:
        raise ProgramFailed("The program's picture stands still.", "Let it move with t.")
