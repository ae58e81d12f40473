"""A field as a picture and back: 16-bit grey PNG, T densities from top to bottom, then T flows across, then T down.

Knows nothing about how a field was made; a person can look at the picture and see the clouds.
"""

import io

import numpy as np
from numpy.typing import NDArray

from ...errors import ToolFailed
from .codec import FASTEST

Array = NDArray[np.float32]
_FRAMES = "Frames"


def write(field: Array) -> bytes:
    """PNG bytes of a field (3, T, H, W); density in 65,535 levels, flow from -FASTEST to FASTEST, T as a text of it."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    parts = np.concatenate((field[:1], field[1:] / (2 * FASTEST) + 0.5))
    levels = np.rint(np.clip(parts, 0, 1) * 65535).astype(np.uint16)
    held, notes = io.BytesIO(), PngInfo()
    notes.add_text(_FRAMES, str(field.shape[1]))
    Image.fromarray(levels.reshape(-1, field.shape[-1])).save(held, "png", pnginfo=notes)
    return held.getvalue()


def read(png: bytes) -> Array:
    """The field (3, T, H, W) of such a picture; ToolFailed where it is none."""
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(png))
        levels, frames = np.asarray(picture), int(picture.info.get(_FRAMES, 0))
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise ToolFailed(f"This is no motion field: {error}.", "Make it anew with video.fields.") from error
    if levels.ndim != 2 or frames < 1 or levels.shape[0] % (3 * frames):
        raise ToolFailed("This picture is no motion field.", "Make it anew with video.fields.")
    parts = levels.astype(np.float32).reshape(3, frames, -1, levels.shape[1]) / np.float32(65535)
    parts[1:] = (parts[1:] - 0.5) * (2 * FASTEST)
    return parts
