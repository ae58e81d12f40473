"""Runs one program inside the sandbox and writes its frames to standard output as raw RGB.

Knows nothing of Reelwright: it is copied into the sandbox with reel.py and cage.py beside it. What it is to do comes as JSON on
standard input; what goes wrong in the program goes to standard error, by the program's own line numbers.
"""

import io
import json
import os
import random
import sys
from typing import Any

WRONG = 3
"""Exit code: the program is at fault."""


def main() -> int:
    """Draw every frame."""
    task = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a program prints is no frame
    import cage
    import reel
    import resvg_py  # noqa: F401 - before the fence, so that nothing is left to load
    from PIL import Image  # noqa: F401

    cage.lock(task["limits"])

    names: dict[str, Any] = {"__name__": "program"}
    try:
        exec(compile(task["program"], "program", "exec"), names)
        draw = names.get("draw")
        if not callable(draw):
            raise TypeError("the program defines no draw(scene, t)")
        for index in range(task["first"], task["last"]):
            # Every frame starts from the same chance, so that its order does not matter.
            scene = reel.Scene(**task["scene"], chance=random.Random(task["scene"]["seed"]))
            out.write(pixels(draw(scene, index / task["scene"]["rate"]), task))
    except BaseException as error:  # noqa: BLE001 - a program may raise anything; its text goes home
        print(cage.told(error), file=sys.stderr)
        return WRONG
    out.flush()
    return 0


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
    sys.exit(main())
