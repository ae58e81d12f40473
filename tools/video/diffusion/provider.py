"""video.generate: a shot in words becomes pictures of a local video diffusion model.

Knows options, folders and the queue; clips.py carries requests out, families.toml has the models' own wants.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...base import Cost, Device, Job
from ...errors import ToolFailed, ToolMissing
from ...media import seconds_of
from . import Generated, GenerateRequest
from .families import Family, Mode, family
from .loader import INDEX, inspected, installed
from .presets import changed, devices, machine, presets

if TYPE_CHECKING:  # who only looks at the tool waits for nothing that runs it
    from .drafts import Draft
    from .pool import Pool
    from .session import Session

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
        self._held: tuple[str, Family] | None = None
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
        self._inspected()
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
        from .clips import generated

        with self._pooled().taken() as session:
            row = session.family
            if request.family and request.family != row.name:
                raise ToolMissing(
                    f"{request.family} is not the model that is configured ({row.name}).", "Change its folder."
                )
            depth = self._options.get("depth", "")
            return generated(session, request, job, self._steps(row), self._guidance(row), depth)

    def _opened(self) -> "Session":
        """The session of the first device."""
        return self._pooled().session()

    def _pooled(self) -> "Pool":
        from .pool import Pool

        with self._lock:
            if self._pool is None:
                self.ready()  # once: what is loaded does not change with its folder
                named = tuple(each.strip() for each in self._options.get("devices", "").split(",") if each.strip())
                self._pool = Pool(named or devices(), self._session)
            return self._pool

    def _session(self, device: str) -> "Session":
        from .session import Session

        return Session(Path(self._options["folder"]), self.row(), machine(device), self._options, self._call())

    def can(self, mode: Mode) -> bool:
        """Whether the configured weights work in that mode."""
        return self.row().serves(self._inspected()[0], mode)

    def row(self) -> Family:
        """The family that is configured, or that the folder's class belongs to."""
        named = self._options.get("family", "")
        return family(named) if named else self._inspected()[1]

    def _inspected(self) -> tuple[str, Family]:
        """The folder's class and family: many ask for every shot, and it is opened once; loading looks again."""
        if self._held is None:
            self._held = inspected(Path(self._options["folder"]))
        return self._held

    def draft(self) -> "Draft | None":
        """The LoRA that drafts are made by, where one is configured."""
        from .drafts import draft_at

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
        from .drafts import STEPS

        if not request.draft:
            return self._steps(row)
        lora = self.draft() if request.lora else None
        return lora.steps if lora else max(1, round(self._steps(row) * STEPS))

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
