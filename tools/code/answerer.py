"""inspect.ask: a question about a film, answered by a program over its frames, in the sandbox.

Knows how frames reach a program and how its answer comes back; knows nothing about who wrote it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ..base import Cost, Device, Job
from ..errors import Refused
from ..ffmpeg import probe
from ..inspect.frames import watch
from ..inspect.shots import find_cuts
from ..inspect.stills import frames_at
from ..media import Asset, Size
from . import AskRequest, Found, ProgramFailed
from .sandbox import Limits, ready, run

HERE = Path(__file__).parent
ANSWER = 1 << 16
"""Bytes of an answer in words."""
SHOWN = 12 * 1280 * 1280 * 3
"""Bytes of the pictures that an answer may show."""


class Answerer:
    """inspect.ask: Python programs in bubblewrap over numpy frames."""

    name = "inspect.ask"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Found

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._limits = Limits(seconds=int(options.get("seconds", 60)), wall=120.0, output=ANSWER + SHOWN)

    def ready(self) -> None:
        """Bubblewrap runs here, or ToolMissing."""
        ready()

    def quote(self, request: AskRequest) -> Cost:
        """Two decodes and a program."""
        return Cost(seconds=5 + 0.05 * request.samples)

    def run(self, request: AskRequest, job: Job) -> Found:
        """Look, ask, and keep what it shows.

        Raises:
            Refused: the film cannot be read.
            ProgramFailed: the program failed; the message is for its author.
        """
        path = job.path(request.film.id)
        task, frames = _looked(path, request, job)
        stored = job.scratch / "frames.npy"
        np.save(stored, frames, allow_pickle=False)
        limits = self._limits
        task["limits"] = {"memory": limits.memory + frames.nbytes, "seconds": limits.seconds, "file": limits.file}
        files = {"frames.npy": stored}
        wrote = b"".join(run(HERE / "asker.py", files, json.dumps(task).encode(), limits, cancelled=job.cancelled))
        head, _, rest = wrote.partition(b"\n")
        try:
            told = json.loads(head)
            pictures = list(_pictures(rest, told["pictures"]))
            answer = json.dumps(told["answer"], ensure_ascii=False)
        except (ValueError, KeyError, TypeError) as error:
            raise ProgramFailed("The program's answer cannot be read.", "Return it, and write nothing else.") from error
        return Found(answer=answer, pictures=tuple(_kept(each, at, request.film, job) for at, each in pictures))


def _looked(path: Path, request: AskRequest, job: Job) -> tuple[dict[str, Any], Any]:
    """What the program is told, and the frames."""
    known = probe(path)
    seen = watch(path, known, progress=job.progress)
    if known.video is None or seen is None or not seen.frames:
        raise Refused(f"{path.name} holds no picture.", "Give a film with a picture stream.")
    seconds = known.video.end - known.video.start
    count = min(request.samples, known.video.frames)
    times = [known.video.start + seconds * (at + 0.5) / count for at in range(count)]
    frames = np.stack([np.asarray(image.convert("RGB")) for image in frames_at(path, times, request.width)])
    black = [seen.time(int(at)) for at in np.flatnonzero(seen.black)]
    film = {
        "seconds": seconds,
        "rate": float(known.video.rate),
        "size": [known.video.width, known.video.height],
        "cuts": [seen.time(at) for at in find_cuts(seen)],
        "black": [float(time) for time in black],
        "still": [[seen.time(first), seen.time(last)] for first, last in seen.still],
        "asked": request.asked,
    }
    return {"program": request.program, "film": film, "times": times}, frames


def _pictures(data: bytes, sizes: list[list[int]]) -> Iterator[tuple[int, Any]]:
    """The pictures of an answer; their sizes are the program's word, so they are held against what came."""
    at = 0
    for number, (width, height) in enumerate(sizes):
        length = int(width) * int(height) * 3
        if length <= 0 or at + length > len(data):
            raise ValueError("a picture is not whole")
        yield number, np.frombuffer(data, np.uint8, length, at).reshape(height, width, 3)
        at += length


def _kept(picture: Any, number: int, film: Asset, job: Job) -> Asset:
    from PIL import Image

    image = Image.fromarray(picture)
    width, height = max(image.width // 2 * 2, 16), max(image.height // 2 * 2, 16)
    path = job.scratch / f"found-{number + 1}.png"
    image.resize((width, height)).save(path)
    size = Size(width=width, height=height)
    return job.save(path, "image", licence=film.licence, origin=film.origin, size=size)
