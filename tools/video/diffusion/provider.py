"""video.generate: a shot in words becomes pictures of a local video diffusion model.

Knows requests, sessions and the encoder; the models' own wants are rows of families.toml.
"""

import hashlib
import json
import threading
import wave
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ...base import Cost, Device, Job
from ...conform import TAGS, TAKE
from ...errors import Refused, ToolFailed, ToolMissing
from ...ffmpeg import Input, decode, encode, probe
from ...media import Asset, seconds_of
from .. import FootageRequest
from ..footage import Footage
from . import Generated, GenerateRequest
from .chain import chained
from .families import Family, Mode, family
from .loader import INDEX, inspected, installed
from .pool import Pool
from .presets import devices, machine
from .session import DRAFT_STEPS, Ask, Clip, Pixels, Session, Watch

STEP_SECONDS = {"cuda": 1.2, "mps": 6.0, "cpu": 60.0}
"""A guess for the quote: wall seconds of one step of a five-second clip, until a card has been measured."""


class Diffusion:
    """video.generate.local. Options: folder, family, preset, steps, guidance, call, devices (docs/generating.md)."""

    name = "video.generate.local"
    models: tuple[str, ...] = ()
    device: Device = "gpu"
    result = Generated

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options
        # Another model or number of steps pictures anew: what identifies them is part of the cache key.
        self.version = f"1-{_mark(options)}" if options.get("folder") else "1"
        self._pool: Pool | None = None
        self._lock = threading.Lock()

    def ready(self) -> None:
        """Torch and a model are here, or ToolMissing."""
        installed()
        if not self._options.get("folder"):
            raise ToolMissing(
                "No local video model is configured.",
                'Download one of a family that `reelwright doctor` lists and set [tools."video.generate.local"] '
                "folder in reelwright.toml.",
            )
        inspected(Path(self._options["folder"]))
        self._checked()

    def quote(self, request: GenerateRequest) -> Cost:
        """Seconds by steps and length; a guess."""
        row = self.row()
        passes = max(1.0, seconds_of(request.frames + 2 * request.handle, request.rate) * row.rate / row.longest)
        return Cost(seconds=passes * self._told(row, request) * STEP_SECONDS[machine().device])

    def run(self, request: GenerateRequest, job: Job) -> Generated:
        """Generate, chain, fit and encode.

        Raises:
            ToolMissing: torch or the model is not here.
            Refused: the model holds pickles or code.
            ToolFailed: the model failed, or cannot work from what was given; or it was cancelled.
        """
        self.ready()
        with self._pooled().taken() as session:
            return self._made(session, request, job)

    def _made(self, session: Session, request: GenerateRequest, job: Job) -> Generated:
        row = session.family
        if request.family and request.family != row.name:
            raise ToolMissing(
                f"{request.family} is not the model that is configured ({row.name}).", "Change its folder."
            )
        total = request.frames + 2 * request.handle
        wanted = row.frames_for(Fraction(total) / request.rate)
        watch = Watch(job.progress, lambda seen: _preview(seen, job), job.cancelled)
        clip = self._clip(session, request, job, wanted, watch)
        made_by = _origin(row, session.folder, clip, request)
        fitted = _moved if row.still else _encoded
        video = fitted(clip.pixels, row, request, job, made_by)
        return Generated(
            video=video,
            sound=_sound(clip, row, job) if request.sound else None,
            family=row.name,
            model=session.folder.name,
            preset=clip.preset,
            steps=self._told(row, request),
            seed=request.seed,
            memory=clip.memory,
            notes=tuple(clip.notes),
        )

    def _clip(self, session: Session, request: GenerateRequest, job: Job, wanted: int, watch: Watch) -> Clip:
        row = session.family
        mode = _mode(request, row)
        first, last = (_picture(job, asset) for asset in (request.first, request.last))
        source = _frames(job, request.source, row) if request.source else None
        ask = Ask(
            mode=mode, prompt=request.prompt, negative=request.negative, size=request.size, frames=wanted,
            seed=request.seed, steps=self._steps(row), guidance=self._guidance(row), draft=request.draft,
            first=first, last=last, source=source, strength=request.strength,
        )  # fmt: skip
        clip = session.make(ask, watch)
        if mode in ("still", "video", "ends") or row.streams or len(clip.pixels) >= wanted:
            return clip
        return self._longer(session, ask, clip, wanted, watch)

    def _longer(self, session: Session, ask: Ask, clip: Clip, wanted: int, watch: Watch) -> Clip:
        row = session.family
        if not (row.image and (row.shared or ask.mode == "image")):
            clip.notes.append(f"{row.title} makes {len(clip.pixels)} frames at most and cannot go on from a picture")
            return clip
        from PIL import Image

        def after(start: Pixels, more: int, number: int) -> Pixels:
            begun = Ask(
                **(
                    vars(ask)
                    | {"mode": "image", "first": Image.fromarray(start), "frames": more, "seed": ask.seed + number}
                )
            )
            found = session.make(begun, watch)
            return found.pixels

        clip.pixels = chained(clip.pixels, wanted, after)
        return clip

    def _opened(self) -> Session:
        """The session of the first device."""
        self.ready()
        return self._pooled().session()

    def _pooled(self) -> Pool:
        with self._lock:
            if self._pool is None:
                named = tuple(each.strip() for each in self._options.get("devices", "").split(",") if each.strip())
                self._pool = Pool(named or devices(), self._session)
            return self._pool

    def _session(self, device: str) -> Session:
        folder, first = Path(self._options["folder"]), self._options.get("preset", "")
        return Session(folder, self.row(), machine(device), first, self._call())

    def can(self, mode: Mode) -> bool:
        """Whether the configured weights work in that mode."""
        held, row = inspected(Path(self._options["folder"]))[0], self.row()
        wanted = row.pipeline(mode)
        return bool(wanted) and (wanted == held or row.shared)

    def row(self) -> Family:
        """The family that is configured, or that the folder's class belongs to."""
        named = self._options.get("family", "")
        return family(named) if named else inspected(Path(self._options["folder"]))[1]

    def _checked(self) -> None:
        try:
            _ = int(self._options.get("steps", 1)), float(self._options.get("guidance", 1)), self._call()
        except ValueError as error:
            hint = "Correct steps, guidance or call in reelwright.toml."
            raise ToolFailed(f"An option of {self.name} is no number or no JSON: {error}.", hint) from error

    def _call(self) -> dict[str, Any]:
        given: dict[str, Any] = json.loads(self._options.get("call", "{}"))
        return given

    def _told(self, row: Family, request: GenerateRequest) -> int:
        """The steps that are really taken."""
        return max(1, round(self._steps(row) * DRAFT_STEPS)) if request.draft else self._steps(row)

    def _steps(self, row: Family) -> int:
        return int(self._options.get("steps", row.steps))

    def _guidance(self, row: Family) -> float:
        return float(self._options.get("guidance", row.guidance))


def _mark(options: Mapping[str, str]) -> str:
    """What identifies the model: its options, its index, each file's size; hashing gigabytes takes too long."""
    folder = Path(options["folder"])
    index = folder / INDEX
    rows = [json.dumps(dict(options), sort_keys=True), index.read_text("utf-8", "replace") if index.is_file() else ""]
    rows += [f"{path.relative_to(folder)} {path.stat().st_size}" for path in sorted(folder.rglob("*.safetensors"))]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def _mode(request: GenerateRequest, row: Family) -> Mode:
    if row.still:
        return "still"
    if request.source is not None:
        return "video"
    if request.first is not None and request.last is not None and row.ends:
        return "ends"
    if request.first is not None:
        return "image"
    if not row.text:
        raise ToolFailed(f"{row.title} needs a first picture.", "Give the shot a picture, or choose another family.")
    return "text"


def _picture(job: Job, asset: Asset | None) -> Any:
    """The first frame of an asset as RGB, or None."""
    if asset is None:
        return None
    frames = _rgb(job, asset, "trim=end_frame=1")
    return frames[0]


def _frames(job: Job, asset: Asset, row: Family) -> list[Any]:
    frames = _rgb(job, asset, f"fps={row.rate}")
    return frames[: row.length(len(frames))] or frames


def _rgb(job: Job, asset: Asset, chain: str) -> list[Any]:
    from PIL import Image

    path = job.path(asset.id)
    stream = probe(path).video
    if stream is None:
        raise Refused(f"{asset.origin or asset.id[:12]} holds no picture.", "Use a clip or a still.")
    raw = b"".join(decode(Input(path), f"[0:v:0]{chain},format=rgb24[v]", ["-map", "[v]", "-f", "rawvideo"]))
    shape = (-1, stream.height, stream.width, 3)
    return [Image.fromarray(frame) for frame in np.frombuffer(raw, np.uint8).reshape(shape)]


def _preview(seen: Pixels, job: Job) -> None:
    from PIL import Image

    path = job.scratch / "preview.png"
    Image.fromarray(seen[0]).resize((seen.shape[2] * 4, seen.shape[1] * 4)).save(path)
    job.preview(job.save(path, "image", licence="CC0-1.0", origin="a preview of a clip that is being generated"))


def _encoded(pixels: Pixels, row: Family, request: GenerateRequest, job: Job, origin: str) -> Asset:
    """The clip at the film's size and rate: covered by crop, frames between frames blended, the last one held."""
    total, size = request.frames + 2 * request.handle, request.size
    height, width = pixels.shape[1:3]
    cover = (
        f"scale={size.width}:{size.height}:force_original_aspect_ratio=increase:flags=lanczos:out_color_matrix=bt709"
    )
    rate = "framerate" if request.rate > row.rate else "fps"
    chain = (
        f"{rate}=fps={request.rate},tpad=stop=-1:stop_mode=clone,trim=end_frame={total},{cover}:out_range=tv,"
        f"crop={size.width}:{size.height},setsar=1,{TAGS}"
    )
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{width}x{height}", "-framerate", str(row.rate)]
    output = job.scratch / "generated.mp4"
    encode(
        [Input(None, raw, raw=True)],
        f"[0:v]{chain}[v]",
        output,
        [*TAKE, "-r", str(request.rate), "-force_key_frames", f"expr:eq(n,{request.handle})"],
        feed=_bytes(pixels),
        frames=total,
        cancelled=job.cancelled,
    )
    return job.save(output, "video", licence=row.licence, origin=origin, frames=total, rate=request.rate, size=size)


def _moved(pixels: Pixels, row: Family, request: GenerateRequest, job: Job, origin: str) -> Asset:
    """A still that the camera pushes into or passes by, as a person's own would be."""
    from PIL import Image

    path = job.scratch / "still.png"
    Image.fromarray(pixels[0]).save(path)
    still = job.save(path, "image", licence=row.licence, origin=origin)
    footage = FootageRequest(
        asset=still, size=request.size, rate=request.rate, frames=request.frames, handle=request.handle,
        seed=request.seed,
    )  # fmt: skip
    return Footage().run(footage, job).video


def _bytes(pixels: Pixels) -> Iterator[bytes]:
    for frame in pixels:
        yield frame.tobytes()


def _origin(row: Family, folder: Path, clip: Clip, request: GenerateRequest) -> str:
    return f"generated by {row.title} ({folder.name}, {row.licence})\nseed {request.seed}, preset {clip.preset}"


def _sound(clip: Clip, row: Family, job: Job) -> Asset | None:
    """The family's own sound as a WAV."""
    if clip.sound is None:
        return None
    channels, samples = clip.sound.shape
    path = job.scratch / "sound.wav"
    levels = np.rint(np.clip(clip.sound.T, -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(clip.sound_rate)
        out.writeframes(levels.tobytes())
    return job.save(
        path,
        "audio",
        licence=row.licence,
        origin=f"sound of {row.title}",
        frames=samples,
        rate=Fraction(clip.sound_rate),
    )
