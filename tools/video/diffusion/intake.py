"""What a model is given of a request's assets: their pictures, as RGB, no more of them than it takes.

Knows assets and decoding; knows nothing about pipelines.
"""

from typing import Any

import numpy as np

from ...base import Job
from ...errors import Refused, ToolFailed
from ...ffmpeg import Input, decode, probe
from ...media import Asset
from . import Control, GenerateRequest
from .ask import Ask, Map
from .families import Family, Mode, unable


def mode_of(request: GenerateRequest, row: Family) -> Mode:
    """How a family makes what is asked.

    Raises:
        ToolFailed: it cannot; the hint says which families can.
    """
    if request.controls or request.outpaint:
        _check_controls(request, row)
        return "control"
    if row.still:
        return "still"
    if request.source is not None:
        return _able("video", row)
    if request.last is not None:
        return _able("ends", row)
    if request.first is not None:
        return _able("image", row)
    if not row.text:
        raise ToolFailed(f"{row.title} needs a first picture.", "Give the shot a picture, or choose another family.")
    return "text"


def _able(mode: Mode, row: Family) -> Mode:
    if not row.pipeline(mode):
        raise unable(row, mode)
    return mode


def _check_controls(request: GenerateRequest, row: Family) -> None:
    _able("control", row)
    asked = {each.kind for each in request.controls} | ({"mask"} if request.outpaint else set())
    missing = sorted(asked - set(row.controls))
    if missing:
        known = ", ".join(row.controls) or "none"
        raise ToolFailed(
            f"{row.title} follows no {' or '.join(missing)} (it follows: {known}).",
            "Choose a family that does: docs/generating.md lists them.",
        )
    if len(request.controls) - sum(each.kind == "mask" for each in request.controls) > 1:
        raise ToolFailed("A clip follows one map at a time.", "Leave one of edge, depth and pose.")
    if request.source is not None and not row.canvas:
        raise ToolFailed(f"{row.title} follows a map, but keeps no source.", "Leave out the source.")


def ask_of(request: GenerateRequest, row: Family, job: Job, frames: int, depth: str = "", skip: int = 0) -> Ask:
    """A pass of a request, its pictures read; steps and guidance are the family's own.

    Args:
        skip: frames of the source and the maps that passes before it have had.
    """
    mode = mode_of(request, row)
    most = 1 if row.still else row.length(frames)
    return Ask(
        mode=mode,
        prompt=request.prompt,
        negative=request.negative,
        size=request.size,
        frames=frames,
        seed=request.seed,
        steps=row.steps,
        guidance=row.guidance,
        draft=request.draft,
        lora=request.lora,
        first=_read(job, request.first, row, 1, late=True)[-1] if request.first else None,
        last=_read(job, request.last, row, 1)[0] if request.last else None,
        source=_source(job, request, row, most, skip),
        strength=request.strength,
        maps=tuple(_map(job, each, row, most, depth, skip) for each in request.controls),
        outpaint=request.outpaint,
        reference=_read(job, request.reference, row, 1)[0] if request.reference else None,
    )


def _source(job: Job, request: GenerateRequest, row: Family, most: int, skip: int) -> list[Any] | None:
    if request.source is None:
        return None
    found = _read(job, request.source, row, most, skip=skip)
    whole = row.length(len(found))
    return [*found, *[found[-1]] * (whole - len(found))][:whole]


def _map(job: Job, control: Control, row: Family, most: int, depth: str, skip: int) -> Map:
    if control.kind == "pose" and not control.drawn:
        raise ToolFailed(
            "Poses are not read from pictures here.",
            "Give a clip of drawn skeletons as the control, with drawn = true.",
        )
    return Map(control.kind, _read(job, control.asset, row, most, skip=skip), control.drawn, control.weight, depth)


def _read(job: Job, asset: Asset, row: Family, most: int, *, late: bool = False, skip: int = 0) -> list[Any]:
    """The first pictures of an asset at the family's rate after `skip`, its last one held; or only the last one."""
    from PIL import Image

    path = job.path(asset.id)
    stream = probe(path).video
    if stream is None:
        raise Refused(f"{asset.origin or asset.id[:12]} holds no picture.", "Use a clip or a still.")
    if late:
        chain = f"trim=start_frame={max(0, (stream.frames or 1) - 1)}"
    elif most > 1 and (stream.frames or 1) > 1:
        held = "tpad=stop=-1:stop_mode=clone," if skip else ""
        chain = f"fps={row.rate},{held}trim=start_frame={skip}:end_frame={skip + most}"
    else:
        chain = "trim=end_frame=1"
    # From time 0: ffmpeg fills what lies before the first picture with copies of it.
    raw = b"".join(
        decode(Input(path), f"[0:v:0]{chain},setpts=PTS-STARTPTS,format=rgb24[v]", ["-map", "[v]", "-f", "rawvideo"])
    )
    frames = np.frombuffer(raw, np.uint8).reshape(-1, stream.height, stream.width, 3)
    if not len(frames):
        raise Refused(f"{asset.origin or asset.id[:12]} holds no picture.", "Use a clip or a still.")
    return [Image.fromarray(frame) for frame in frames]
