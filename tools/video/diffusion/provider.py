"""video.generate: a shot in words becomes pictures of a local video diffusion model.

Knows requests, sessions and the encoder; the models' own wants are rows of families.toml.
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ...base import Cost, Device, Job
from ...errors import ToolFailed, ToolMissing
from ...media import seconds_of
from . import Generated, GenerateRequest
from .ask import Ask
from .chain import chained, evenly
from .drafts import Draft, draft_at
from .families import Family, Mode, family
from .intake import ask_of
from .loader import INDEX, inspected, installed
from .output import Reel, encoded, heard, moved, previewed
from .pool import Pool
from .presets import changed, devices, machine, presets
from .session import DRAFT_STEPS, Clip, Session
from .steps import Pixels, Watch

STEP_SECONDS = {"cuda": 1.2, "mps": 6.0, "cpu": 60.0}
"""A guess for the quote: wall seconds of one step of a five-second clip, until a card has been measured."""


class Diffusion:
    """video.generate.local.

    Options: folder, family, steps, guidance, call, devices, draft, control, depth, weights, preset, and what is changed
    in the preset: quantise, cache, compile, attention (docs/generating.md).
    """

    name = "video.generate.local"
    models: tuple[str, ...] = ()
    device: Device = "gpu"
    result = Generated

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options
        # Another model or number of steps pictures anew: what identifies them is part of the cache key.
        self.version = f"2-{_mark(options)}" if options.get("folder") else "2"
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
        read = ask_of(request, row, job, wanted, self._options.get("depth", ""))
        ask = replace(read, steps=self._steps(row), guidance=self._guidance(row))
        watch = Watch(job.progress, previewed(job), job.cancelled)
        clip = session.make(ask, watch)
        made = len(clip.pixels)
        if ask.mode == "ends":
            clip.pixels = evenly(clip.pixels, total)
        reel = Reel(job.scratch / "frames.rgb").fill(self._stretches(session, ask, clip, watch))
        licence, origin = clip.licence or row.licence, _origin(row, session.folder, clip, request)
        if row.still:
            video = moved(reel, request, job, licence, origin)
        else:
            rate = _spanning(reel.frames, total, request.rate) if ask.mode == "ends" else Fraction(row.rate)
            video = encoded(reel, rate, request, job, licence, origin)
        return Generated(
            video=video,
            sound=heard(clip.sound, clip.sound_rate, job, licence, f"sound of {row.title}") if request.sound else None,
            family=row.name,
            model=session.folder.name,
            preset=clip.preset,
            steps=clip.steps,
            seed=request.seed,
            memory=clip.memory,
            notes=tuple([*clip.notes, *_unmet(ask, row, made if ask.mode == "ends" else reel.frames)]),
        )

    def _stretches(self, session: Session, ask: Ask, clip: Clip, watch: Watch) -> Iterable[Pixels]:
        """The clip, and where it is too short and can be gone on from, what follows it."""
        row = session.family
        begins = row.image and (row.shared or ask.mode == "image")
        if ask.mode not in ("text", "image") or row.streams or len(clip.pixels) >= ask.frames or not begins:
            return (clip.pixels,)
        from PIL import Image

        def after(start: Pixels, more: int, number: int) -> Pixels:
            begun = replace(
                ask, mode="image", first=Image.fromarray(start), last=None, frames=more, seed=ask.seed + number
            )
            found = session.make(begun, watch)
            clip.notes += found.notes
            clip.preset, clip.memory = found.preset, max(clip.memory, found.memory)
            return found.pixels

        return chained(clip.pixels, ask.frames, after)

    def _opened(self) -> Session:
        """The session of the first device."""
        return self._pooled().session()

    def _pooled(self) -> Pool:
        with self._lock:
            if self._pool is None:
                self.ready()  # once: what is loaded does not change with its folder
                named = tuple(each.strip() for each in self._options.get("devices", "").split(",") if each.strip())
                self._pool = Pool(named or devices(), self._session)
            return self._pool

    def _session(self, device: str) -> Session:
        return Session(Path(self._options["folder"]), self.row(), machine(device), self._options, self._call())

    def can(self, mode: Mode) -> bool:
        """Whether the configured weights work in that mode."""
        return self.row().serves(inspected(Path(self._options["folder"]))[0], mode)

    def row(self) -> Family:
        """The family that is configured, or that the folder's class belongs to."""
        named = self._options.get("family", "")
        return family(named) if named else inspected(Path(self._options["folder"]))[1]

    def draft(self) -> Draft | None:
        """The LoRA that drafts are made by, where one is configured."""
        place = self._options.get("draft")
        return draft_at(Path(place), self.row())[0] if place else None

    def terms(self, request: GenerateRequest) -> Mapping[str, str]:
        """The licences of what makes the clip, by its name."""
        row, draft = self.row(), self.draft() if request.draft and request.lora else None
        return {row.title: row.licence} | ({draft.title: draft.licence} if draft else {})

    def _checked(self) -> None:
        try:
            _ = int(self._options.get("steps", 1)), float(self._options.get("guidance", 1)), self._call()
        except ValueError as error:
            hint = "Correct steps, guidance or call in reelwright.toml."
            raise ToolFailed(f"An option of {self.name} is no number or no JSON: {error}.", hint) from error
        changed(presets()[0], self._options)
        self.draft()

    def _call(self) -> dict[str, Any]:
        given: dict[str, Any] = json.loads(self._options.get("call", "{}"))
        return given

    def _told(self, row: Family, request: GenerateRequest) -> int:
        """The steps that are really taken."""
        if not request.draft:
            return self._steps(row)
        lora = self.draft() if request.lora else None
        return lora.steps if lora else max(1, round(self._steps(row) * DRAFT_STEPS))

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


def _spanning(made: int, total: int, rate: Fraction) -> Fraction:
    """The rate at which so many pictures begin and end with the clip."""
    return rate * max(1, made - 1) / max(1, total - 1)


def _unmet(ask: Ask, row: Family, made: int) -> list[str]:
    """What of the request this family leaves undone, in words."""
    notes = list[str]()
    if made < ask.frames and ask.mode != "still":
        if ask.mode == "ends":
            notes.append(f"{row.title} makes {made} frames between two pictures at most: they are slowed down")
        elif not row.still:
            notes.append(f"{row.title} makes {made} frames at most and cannot go on from a picture")
    if ask.reference is not None and not row.refers:
        notes.append(f"{row.title} takes no reference picture")
    return notes


def _origin(row: Family, folder: Path, clip: Clip, request: GenerateRequest) -> str:
    told = f"generated by {row.title} ({folder.name}, {row.licence})\nseed {request.seed}, preset {clip.preset}"
    return f"{told}, draft {clip.draft} ({clip.licence})" if clip.draft else told
