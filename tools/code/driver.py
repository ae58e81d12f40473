"""Runs one drawing program inside the sandbox and writes its frames to standard output as raw RGB.

Knows nothing of Reelwright: it is copied into the sandbox with reel.py and cage.py beside it. What it is to do comes as
JSON on standard input; what goes wrong in the program goes to standard error, by the program's own line numbers.
"""

import io
import json
import os
import random
import sys
from importlib import import_module
from typing import Any


def main() -> None:
    """Draw every frame; whatever a program raises ends it, and its text goes home."""
    cage, reel = import_module("cage"), import_module("reel")
    import_module("resvg_py")  # before the fence, so that nothing is left to load
    import_module("PIL.Image")
    task, out = json.load(sys.stdin), cage.outlet()
    cage.lock(task["limits"])
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(task["program"], "program", "exec"), names)
    draw = names.get("draw")
    if not callable(draw):
        raise TypeError("the program defines no draw(scene, t)")
    for index in range(task["first"], task["last"]):
        # Every frame starts from the same chance, so that its order does not matter.
        scene = reel.Scene(**task["scene"], chance=random.Random(task["scene"]["seed"]))
        out.write(pixels(draw(scene, index / task["scene"]["rate"]), task))
    out.flush()
    os._exit(0)  # nothing that a program left behind runs after its last frame


def pixels(drawn: Any, task: dict[str, Any]) -> bytes:
    """One frame as RGB bytes of the size that was asked for."""
    import numpy as np
    from PIL import Image

    size = (task["width"], task["height"])
    if isinstance(drawn, str):
        if "<image" in drawn or "href" in drawn:
            raise ValueError("a picture may hold no other picture: <image> and href are not drawn")
        import resvg_py

        png = resvg_py.svg_to_bytes(
            svg_string=drawn, width=size[0], height=size[1], skip_system_fonts=True, font_files=task["fonts"],
            font_family=task["family"], sans_serif_family=task["family"],
        )  # fmt: skip
        image = Image.open(io.BytesIO(bytes(png))).convert("RGB")
    else:
        array = np.asarray(drawn)
        if array.ndim != 3 or array.shape[2] != 3:
            raise ValueError(f"draw returned an array of shape {array.shape}; (rows, columns, 3) is wanted")
        if not np.isfinite(array).all():
            raise ValueError("draw returned values that are no numbers")
        whole = array if array.dtype == np.uint8 else (np.clip(array, 0, 1) * 255 + 0.5).astype(np.uint8)
        image = Image.fromarray(np.ascontiguousarray(whole))
    return (image if image.size == size else image.resize(size, Image.Resampling.BICUBIC)).tobytes()


if __name__ == "__main__":
    main()
