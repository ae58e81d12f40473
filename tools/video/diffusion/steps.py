"""Between two steps of a model: progress is told, a preview is shown, and a stop is heard.

Knows pipelines' callbacks and schedulers; knows nothing about requests.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ToolFailed

Pixels = NDArray[np.uint8]
"""(N, H, W, 3)."""
SHOWN = 6
"""Previews of a clip, about."""


@dataclass
class Watch:
    """Who is told of progress and shown previews, and whether the clip is still wanted."""

    progress: Callable[[float], None]
    preview: Callable[[Pixels], None]
    cancelled: Callable[[], bool]


def between(steps: int, watch: Watch) -> Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]:
    """The callback of a pipeline that takes one."""

    def after(running: Any, index: int, _time: Any, held: dict[str, Any]) -> dict[str, Any]:
        if watch.cancelled():
            running._interrupt = True
        _tell(index + 1, steps, held.get("latents"), watch)
        return held

    return after


@contextmanager
def counted(pipeline: Any, steps: int, watch: Watch) -> Iterator[None]:
    """For a pipeline that takes no callback: its scheduler's steps are counted, and a stop ends it between two.

    Raises:
        ToolFailed: it was cancelled.
    """
    scheduler = pipeline.scheduler
    real, done = scheduler.step, 0

    @wraps(real)
    def step(*args: Any, **more: Any) -> Any:
        nonlocal done
        if watch.cancelled():
            raise ToolFailed("The clip was cancelled.")
        found = real(*args, **more)
        done += 1
        _tell(done, steps, found[0] if isinstance(found, tuple) else found.prev_sample, watch)
        return found

    scheduler.step = step
    try:
        yield
    finally:
        del scheduler.step


def _tell(done: int, steps: int, latents: Any, watch: Watch) -> None:
    watch.progress(min(1.0, done / steps))
    if latents is not None and (done - 1) % max(1, steps // SHOWN) == 0:
        shown = thumbnail(latents)
        if shown is not None:
            watch.preview(shown)


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
