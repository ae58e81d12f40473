"""How near everything in a picture is: told by a depth model where one lies here, else by where it stands.

Knows pixels and model files; knows nothing about cameras. A model is never downloaded: an ONNX file of one (Depth
Anything, DPT, MiDaS) is given by the `depth` option of video.footage, or lies alone in the folder that it names.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ToolFailed, ToolMissing
from ..pickles import refuse_pickle

Pixels = NDArray[np.uint8]
"""RGB: (height, width, 3)."""
Nearness = NDArray[np.float32]
"""0 is the farthest of a picture, 1 the nearest."""
_SIDE = 392
"""Pixels of the square that a model sees: a multiple of 14 and of 8, the patches of Depth Anything and of DPT."""
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""ImageNet's, which these models are trained with."""
_OUTLIERS = 2.0
"""Percent of pixels at both ends that do not stretch the scale."""


def nearness(picture: Pixels, model: str, rows: int, columns: int) -> Nearness:
    """A grid of (rows, columns) over the picture.

    Args:
        model: an ONNX file or its folder; empty takes the prior, in which the bottom is near and the top is far.
    """
    if not model:
        return np.repeat(np.linspace(0, 1, rows, dtype=np.float32)[:, None], columns, axis=1)
    found = _inverse(picture, Path(model).expanduser())
    low, high = np.percentile(found, (_OUTLIERS, 100 - _OUTLIERS))
    if not np.isfinite(found).all() or high - low < 1e-6:
        return nearness(picture, "", rows, columns)
    scaled = np.clip((found - low) / (high - low), 0, 1).astype(np.float32)
    return _smooth(_resized(scaled, columns, rows))


def _inverse(picture: Pixels, given: Path) -> NDArray[np.float32]:
    """What the model says, larger where it is nearer."""
    model = next(iter(sorted(given.glob("*.onnx"))), given) if given.is_dir() else given
    if not model.is_file():
        raise ToolMissing(f"There is no depth model at {given}.", "Set the `depth` option to an ONNX file.")
    session = _session(model)
    first = session.get_inputs()[0]
    edges = [edge for edge in first.shape[2:] if isinstance(edge, int)]
    said = session.run(None, {first.name: _prepared(picture, edges[0] if edges else _SIDE)})[0]
    found = np.asarray(said, np.float32).reshape(said.shape[-2:])
    metres = session.get_modelmeta().custom_metadata_map.get("depth_estimation_type") == "metric"
    return -found if metres else found


@lru_cache(maxsize=1)
def _session(model: Path) -> Any:
    import onnxruntime

    refuse_pickle(model)
    errors = onnxruntime.capi.onnxruntime_pybind11_state
    try:
        return onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    except (errors.Fail, errors.InvalidProtobuf, errors.InvalidGraph, errors.NoSuchFile) as error:
        raise ToolFailed(f"{model.name} is no model that can be run: {error}", "Export it to ONNX again.") from error


def _prepared(picture: Pixels, side: int) -> NDArray[np.float32]:
    from PIL import Image

    small = np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC), np.float32) / 255
    scaled = (small - np.array(_MEAN, np.float32)) / np.array(_SPREAD, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def _resized(values: Nearness, width: int, height: int) -> Nearness:
    from PIL import Image

    return np.asarray(Image.fromarray(values).resize((width, height), Image.Resampling.BOX), np.float32)


def _smooth(grid: Nearness) -> Nearness:
    """Neighbours pull on each other, so that an edge bends what stands beside it a little instead of tearing it."""
    padded = np.pad(grid, 1, mode="edge")
    around = sum(padded[1 + dy : padded.shape[0] - 1 + dy, 1 + dx : padded.shape[1] - 1 + dx]
                 for dy in (-1, 0, 1) for dx in (-1, 0, 1))  # fmt: skip
    return (0.5 * grid + 0.5 * np.asarray(around, np.float32) / 9).astype(np.float32)
