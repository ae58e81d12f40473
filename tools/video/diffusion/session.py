"""A loaded model that serves clip after clip: opened once, switched between modes, made smaller when memory ends.

Knows pipelines and presets; knows nothing about films, files or rates.
"""

import inspect
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ToolFailed
from .ask import Ask
from .calls import arguments, drawn_on, parameters
from .canvas import covered_pixels
from .chain import anchored
from .drafts import AREA, STEPS, Draft, add, draft_at, drafting
from .families import Family, Mode
from .loader import load, turned
from .presets import Machine, Preset, apply, changed, tiers
from .steps import Pixels, Watch, between, counted

FAILURES = (MemoryError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, ImportError)
"""What pipelines raise where memory ends, or where they cannot do what they are called with."""


@dataclass
class Clip:
    """What a pass gave: pictures, and sound (channels, samples) at a rate where the family makes it."""

    pixels: Pixels
    sound: NDArray[np.float32] | None = None
    sound_rate: int = 0
    memory: int = 0
    preset: str = ""
    steps: int = 0
    draft: str = ""
    """The name of the LoRA that made it in so few steps."""
    licence: str = ""
    notes: list[str] = field(default_factory=list)


class Session:
    """One model in one process. A lock keeps its clips one behind the other."""

    def __init__(
        self, folder: Path, family: Family, here: Machine, options: Mapping[str, str], extra: Mapping[str, Any]
    ) -> None:
        self.folder, self.family, self.here = folder, family, here
        self._options = options
        found = [changed(each, options) for each in tiers(family, here, options.get("preset", ""))]
        self._tiers = [each.model_copy(update={"tiling": each.tiling or family.always_tiled}) for each in found]
        self._extra = dict(extra)
        self._base: Any = None
        self._draft: Draft | None = None
        self._modes: dict[str, Any] = {}
        self._running: Any = None
        self._lock = threading.Lock()

    @property
    def preset(self) -> Preset:
        """The tier in use."""
        return self._tiers[0]

    def make(self, ask: Ask, watch: Watch) -> Clip:
        """Generate; where memory ends the next smaller preset takes over, until none is left.

        Raises:
            ToolFailed: even the smallest ran out of memory, it was cancelled, or the pipeline failed.
        """
        notes: list[str] = []
        with self._lock:
            while True:
                try:
                    clip = self._once(ask, watch)
                except FAILURES as error:
                    if not _out_of_memory(error):
                        raise ToolFailed(
                            f"{self.family.title} failed: {error}", "Try another family or size."
                        ) from error
                    if len(self._tiers) == 1:
                        raise ToolFailed(
                            f"{self.family.title} runs out of memory even in its smallest preset.",
                            "Ask for a shorter or smaller clip, or choose a smaller family.",
                        ) from error
                    notes.append(f"out of memory with the preset {self.preset.name}, so {self._tiers[1].name} was used")
                    self._shrink()
                    continue
                clip.notes = [*notes, *clip.notes]
                clip.preset = self.preset.name
                return clip

    def _once(self, ask: Ask, watch: Watch) -> Clip:
        import torch

        pipeline = self._running = self._opened(ask.mode)
        draft = self._draft if ask.draft and ask.lora else None
        ask = _shortened(ask, draft)
        size = self.family.frame(ask.size, self.preset.area * (AREA if ask.draft else 1.0))
        canvas = drawn_on(self.family, ask, size)
        extra = {**(draft.call if draft else {}), **self._extra}
        given = arguments(self.family, pipeline, ask, size, canvas, extra)
        given |= {"generator": torch.Generator("cpu").manual_seed(ask.seed), "output_type": "np"}
        if self.here.device == "cuda":
            torch.cuda.reset_peak_memory_stats(self.here.place)
        with ExitStack() as around:
            around.enter_context(drafting(pipeline, draft))
            around.enter_context(torch.inference_mode())
            if "callback_on_step_end" in parameters(pipeline):
                given["callback_on_step_end"] = between(ask.steps, watch)
            else:
                around.enter_context(counted(pipeline, ask.steps, watch))
            _guide(pipeline, ask.guidance)
            output = pipeline(**given)
        if watch.cancelled():
            raise ToolFailed("The clip was cancelled.")
        clip = Clip(_finished(pictures(output), ask), steps=ask.steps)
        if canvas is not None:
            clip.pixels = canvas.restored(clip.pixels)
        if draft is not None:
            clip.draft, clip.licence = draft.name, draft.licence
        if self.here.device == "cuda":
            clip.memory = torch.cuda.max_memory_allocated(self.here.place)
        _hear(clip, output, pipeline)
        return clip

    def _opened(self, mode: Mode) -> Any:
        if self._base is None:
            weights = self._options.get("weights", "")
            self._base = load(self.folder, self.here, Path(weights).expanduser() if weights else None)
            if self._options.get("draft"):
                self._draft, paths = draft_at(Path(self._options["draft"]), self.family)
                add(self._base, self._draft, paths)
            apply(self._base, self.preset, self.here, self._moment)
        if mode not in self._modes:
            beside = self._options.get("control", "")
            self._modes[mode] = turned(self._base, self.family, mode, self.here, beside)
        return self._modes[mode]

    def _moment(self) -> int:
        return int(self._running.current_timestep)

    def _shrink(self) -> None:
        import gc

        import torch

        del self._tiers[0]
        self._base, self._running, self._modes = None, None, {}
        gc.collect()
        if self.here.device == "cuda":
            torch.cuda.empty_cache()


def _shortened(ask: Ask, draft: Draft | None) -> Ask:
    """A draft's own steps and guidance: its LoRA's, or a part of the steps."""
    if draft is not None:
        return replace(ask, steps=draft.steps, guidance=draft.guidance)
    return replace(ask, steps=max(1, round(ask.steps * STEPS))) if ask.draft else ask


def _guide(pipeline: Any, guidance: float) -> None:
    """Some pipelines hold their guidance instead of being called with it."""
    guider = getattr(pipeline, "guider", None)
    if guider is not None and "guidance_scale" in inspect.signature(type(guider).__init__).parameters:
        pipeline.guider = guider.new(guidance_scale=guidance)


def _finished(pixels: Pixels, ask: Ask) -> Pixels:
    """Begun and ended on exactly the pictures that were given."""
    if ask.mode not in ("image", "ends", "control") or ask.first is None or len(pixels) < 2:
        return pixels
    shape = pixels.shape[1:3]
    first = covered_pixels(ask.first, shape)
    return anchored(pixels, first, covered_pixels(ask.last, shape) if ask.mode == "ends" else None)


def _hear(clip: Clip, output: Any, pipeline: Any) -> None:
    sound = getattr(output, "audio", None)
    if sound is not None:
        clip.sound = np.asarray(sound[0].float().cpu(), np.float32)
        clip.sound_rate = int(pipeline.vocoder.config.output_sampling_rate)


def pictures(output: Any) -> Pixels:
    """The frames of a pipeline's answer, whatever it calls them."""
    found = getattr(output, "frames", None)
    values = np.asarray(output.images if found is None else found[0])
    levels: Pixels = np.empty(values.shape, np.uint8)
    for frame, made in zip(levels, values, strict=True):  # one by one: a whole clip's copies are gigabytes of floats
        np.rint(np.clip(made, 0, 1) * 255, out=frame, casting="unsafe")
    return levels


def _out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or "out of memory" in str(error).lower() or "can't allocate" in str(error)
