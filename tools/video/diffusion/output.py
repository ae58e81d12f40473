"""What becomes of a model's pictures and sound: assets at the film's size, rate and length.

Knows frames and the encoder; knows no models.
"""

import wave
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...base import Job
from ...conform import TAGS, TAKE
from ...ffmpeg import Input, encode
from ...media import Asset
from .. import FootageRequest
from ..footage import Footage
from . import GenerateRequest
from .steps import Pixels

PART = 1 << 18


class Reel:
    """Raw frames on disk: a minute of them does not fit in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.frames, self.height, self.width = 0, 0, 0

    def fill(self, stretches: Iterable[Pixels]) -> "Reel":
        """Take the stretches in order; one of them is in memory at a time."""
        with self._path.open("wb") as stream:
            for pixels in stretches:
                self.frames += len(pixels)
                self.height, self.width = pixels.shape[1:3]
                stream.write(np.ascontiguousarray(pixels).data)
        return self

    def bytes(self) -> Iterator[bytes]:
        """All of it, in parts."""
        with self._path.open("rb") as stream:
            while part := stream.read(PART):
                yield part

    def first(self) -> Pixels:
        """The first frame."""
        with self._path.open("rb") as stream:
            return np.frombuffer(stream.read(self.height * self.width * 3), np.uint8).reshape(
                self.height, self.width, 3
            )


def encoded(reel: Reel, rate: Fraction, request: GenerateRequest, job: Job, licence: str, origin: str) -> Asset:
    """The clip at the film's size and rate: covered by crop, frames between frames blended, the last one held."""
    total, size = request.frames + 2 * request.handle, request.size
    cover = (
        f"scale={size.width}:{size.height}:force_original_aspect_ratio=increase:flags=lanczos:out_color_matrix=bt709"
    )
    between = "framerate" if request.rate > rate else "fps"
    chain = (
        f"{between}=fps={request.rate},tpad=stop=-1:stop_mode=clone,trim=end_frame={total},{cover}:out_range=tv,"
        f"crop={size.width}:{size.height},setsar=1,{TAGS}"
    )
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{reel.width}x{reel.height}", "-framerate", str(rate)]
    output = job.scratch / "generated.mp4"
    encode(
        [Input(None, raw, raw=True)],
        f"[0:v]{chain}[v]",
        output,
        [*TAKE, "-r", str(request.rate), "-force_key_frames", f"expr:eq(n,{request.handle})"],
        feed=reel.bytes(),
        frames=total,
        cancelled=job.cancelled,
    )
    return job.save(output, "video", licence=licence, origin=origin, frames=total, rate=request.rate, size=size)


def moved(reel: Reel, request: GenerateRequest, job: Job, licence: str, origin: str) -> Asset:
    """A still that the camera pushes into or passes by, as a person's own would be."""
    from PIL import Image

    path = job.scratch / "still.png"
    Image.fromarray(reel.first()).save(path)
    still = job.save(path, "image", licence=licence, origin=origin)
    footage = FootageRequest(
        asset=still, size=request.size, rate=request.rate, frames=request.frames, handle=request.handle,
        seed=request.seed,
    )  # fmt: skip
    return Footage().run(footage, job).video


def heard(sound: NDArray[np.float32] | None, rate: int, job: Job, licence: str, origin: str) -> Asset | None:
    """The family's own sound as a WAV."""
    if sound is None:
        return None
    channels, samples = sound.shape
    path = job.scratch / "sound.wav"
    levels = np.rint(np.clip(sound.T, -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(levels.tobytes())
    return job.save(path, "audio", licence=licence, origin=origin, frames=samples, rate=Fraction(rate))


def previewed(job: Job) -> Callable[[Pixels], None]:
    """Shows the rough pictures of a clip that is being made."""

    def show(seen: Pixels) -> None:
        from PIL import Image

        path = job.scratch / "preview.jpg"  # a fifth of what a PNG takes, which is felt beside a small model's steps
        Image.fromarray(seen[0]).resize((seen.shape[2] * 4, seen.shape[1] * 4)).save(path, quality=85)
        job.preview(job.save(path, "image", licence="CC0-1.0", origin="a preview of a clip that is being generated"))

    return show
