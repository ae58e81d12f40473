"""Runs one question's program over frames inside the sandbox and writes what it answers to standard output.

Knows nothing of Reelwright: it is copied into the sandbox with cage.py beside it. The frames lie there as frames.npy;
the answer is one line of JSON, and after it the pictures that it shows, as raw RGB.
"""

import json
import os
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

MOST = 12
"""Pictures that an answer may show."""


@dataclass(frozen=True)
class Footage:
    """What a question's program looks at."""

    frames: Any
    """uint8 array (n, rows, columns, 3), RGB, evenly spread over the film."""
    times: Any
    """The second at which each frame stands."""
    seconds: float
    rate: float
    size: tuple[int, int]
    """Width and height of the film itself; the frames are smaller."""
    cuts: Any
    """Seconds at which a new shot begins, found by cuts and dissolves."""
    black: Any
    """The seconds of every frame that is black."""
    still: Any
    """Array (n, 2): from which second to which the picture stands still."""
    asked: str
    """The question, in the person's words."""


def main() -> None:
    """Ask and answer; whatever a program raises ends it, and its text goes home."""
    cage, np = import_module("cage"), import_module("numpy")
    task, out = json.load(sys.stdin), cage.outlet()
    frames = np.load("/code/frames.npy", allow_pickle=False)
    cage.lock(task["limits"])
    names: dict[str, Any] = {"__name__": "program", "np": np}
    exec(compile(task["program"], "program", "exec"), names)
    answer = names.get("answer")
    if not callable(answer):
        raise TypeError("the program defines no answer(film)")
    given = task["film"]
    film = Footage(
        frames, np.asarray(task["times"]), given["seconds"], given["rate"], tuple(given["size"]),
        np.asarray(given["cuts"]), np.asarray(given["black"]), np.asarray(given["still"]).reshape(-1, 2),
        given["asked"],
    )  # fmt: skip
    pictures: list[Any] = []
    value = plain(answer(film), pictures, np)
    head = {"answer": value, "pictures": [[picture.shape[1], picture.shape[0]] for picture in pictures]}
    out.write(json.dumps(head).encode() + b"\n")
    for picture in pictures:
        out.write(picture.tobytes())
    out.flush()
    os._exit(0)


def plain(value: Any, pictures: list[Any], np: Any) -> Any:
    """The value as JSON has it; an array of three channels is put among the pictures, and named by its number."""
    if isinstance(value, np.ndarray) and value.ndim == 3 and value.shape[2] == 3 and 0 not in value.shape:
        if len(pictures) >= MOST:
            raise ValueError(f"an answer shows at most {MOST} pictures")
        whole = value if value.dtype == np.uint8 else (np.clip(value, 0, 1) * 255 + 0.5).astype(np.uint8)
        pictures.append(np.ascontiguousarray(whole))
        return f"picture {len(pictures)}"
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(each, pictures, np) for each in value]
    if isinstance(value, dict):
        return {str(name): plain(each, pictures, np) for name, each in value.items()}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"answer returned a {type(value).__name__}; text, numbers, lists, dicts and frames are wanted")


if __name__ == "__main__":
    main()
