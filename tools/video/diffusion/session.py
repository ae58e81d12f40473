"""A loaded model that serves clip after clip: opened once, switched between modes, made smaller when memory ends.

Knows pipelines and presets; knows nothing about films, files or rates.
"""

import inspect
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ToolFailed
from ...media import Size
from .families import Family, Mode
from .loader import load, turned
from .presets import Machine, Preset, apply, tiers

Pixels = NDArray[np.uint8]
"""(N, H, W, 3)."""
DRAFT_STEPS, DRAFT_AREA = 0.4, 0.45
"""Of the steps and of the area that a draft takes."""


@dataclass(frozen=True)
class Ask:
    """One pass of a model, in its own sizes and lengths."""

    mode: Mode
    prompt: str
    negative: str
    size: Size
    """Of the film; the family's own size follows from it."""
    frames: int
    seed: int
    steps: int
    guidance: float
    draft: bool = False
    first: Any = None
    last: Any = None
    source: Any = None
    strength: float = 0.8


@dataclass
class Clip:
    """What a pass gave: pictures, and sound (channels, samples) at a rate where the family makes it."""

    pixels: Pixels
    sound: NDArray[np.float32] | None = None
    sound_rate: int = 0
    memory: int = 0
    preset: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass
class Watch:
    """What happens between steps: progress is told, a preview is shown, and a stop is heard."""

    progress: Callable[[float], None]
    preview: Callable[[Pixels], None]
    cancelled: Callable[[], bool]


class Session:
    """One model in one process. A lock keeps its clips one behind the other."""

    def __init__(self, folder: Path, family: Family, here: Machine, first: str, extra: Mapping[str, Any]) -> None:
        self.folder, self.family, self.here = folder, family, here
        self._tiers = list(tiers(family, here, first))
        self._extra = dict(extra)
        self._base: Any = None
        self._modes: dict[str, Any] = {}
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
                except (MemoryError, RuntimeError) as error:
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

        pipeline = self._opened(ask.mode)
        size = self.family.frame(ask.size, self.preset.area * (DRAFT_AREA if ask.draft else 1.0))
        generator = torch.Generator("cpu").manual_seed(ask.seed)
        given = self._arguments(pipeline, ask, size) | {"generator": generator, "output_type": "np"}
        given["callback_on_step_end"] = _between(given["num_inference_steps"], watch)
        given = {name: value for name, value in given.items() if name in _parameters(pipeline)}
        if self.here.device == "cuda":
            torch.cuda.reset_peak_memory_stats(self.here.place)
        with torch.inference_mode():
            output = pipeline(**given)
        if watch.cancelled():
            raise ToolFailed("The clip was cancelled.")
        memory = torch.cuda.max_memory_allocated(self.here.place) if self.here.device == "cuda" else 0
        clip = Clip(pictures(output), memory=memory)
        sound = getattr(output, "audio", None)
        if sound is not None:
            clip.sound = np.asarray(sound[0].float().cpu(), np.float32)
            clip.sound_rate = int(pipeline.vocoder.config.output_sampling_rate)
        return clip

    def _arguments(self, pipeline: Any, ask: Ask, size: Size) -> dict[str, Any]:
        given: dict[str, Any] = {
            "prompt": ask.prompt,
            "negative_prompt": ask.negative or None,
            "width": size.width,
            "height": size.height,
            "num_frames": self.family.length(ask.frames),
            "frame_rate": float(self.family.rate),
            "num_inference_steps": max(1, round(ask.steps * DRAFT_STEPS)) if ask.draft else ask.steps,
            "guidance_scale": ask.guidance,
        }
        if ask.first is not None:
            given["image"] = ask.first.resize((size.width, size.height))
        if ask.last is not None:
            given["last_image"] = ask.last.resize((size.width, size.height))
        if ask.source is not None:
            given |= {
                "video": [frame.resize((size.width, size.height)) for frame in ask.source],
                "strength": ask.strength,
            }
        return given | self._extra

    def _opened(self, mode: Mode) -> Any:
        if self._base is None:
            self._base = load(self.folder, self.here)
            apply(self._base, self.preset, self.here)
        if mode not in self._modes:
            self._modes[mode] = turned(self._base, self.family, mode)
        return self._modes[mode]

    def _shrink(self) -> None:
        import gc

        import torch

        del self._tiers[0]
        self._base, self._modes = None, {}
        gc.collect()
        if self.here.device == "cuda":
            torch.cuda.empty_cache()


def pictures(output: Any) -> Pixels:
    """The frames of a pipeline's answer, whatever it calls them."""
    found = getattr(output, "frames", None)
    if found is None:
        found = output.images
        values = np.asarray(found)
    else:
        values = np.asarray(found[0])
    levels: Pixels = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return levels


def _between(steps: int, watch: Watch) -> Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]:
    def after(running: Any, index: int, _time: Any, held: dict[str, Any]) -> dict[str, Any]:
        if watch.cancelled():
            running._interrupt = True
        watch.progress(min(1.0, (index + 1) / steps))
        latents = held.get("latents")
        if latents is not None and index % max(1, steps // 6) == 0:
            shown = thumbnail(latents)
            if shown is not None:
                watch.preview(shown)
        return held

    return after


def thumbnail(latents: Any) -> Pixels | None:
    """A rough picture of latents (B, C, T, H, W), their strongest directions as colours; None for packed tokens."""
    if latents.ndim != 5:
        return None
    frame = latents[0, :, latents.shape[2] // 2].float().cpu().numpy()
    channels, rows, columns = frame.shape
    if channels < 3:
        return None
    flat = frame.reshape(channels, -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(flat @ flat.T)
    seen = vectors[:, -3:].T @ flat
    low, high = seen.min(axis=1, keepdims=True), seen.max(axis=1, keepdims=True)
    levels: Pixels = np.rint((seen - low) / np.maximum(high - low, 1e-6) * 255).astype(np.uint8)
    return levels.reshape(3, rows, columns).transpose(1, 2, 0)[None]


def _parameters(pipeline: Any) -> set[str]:
    return set(inspect.signature(type(pipeline).__call__).parameters)


def _out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or "out of memory" in str(error).lower() or "can't allocate" in str(error)
