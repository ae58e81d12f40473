"""CPU that the door and the graph add to a call. Run: python tests/benchmarks/door.py."""

import tempfile
import time
from fractions import Fraction
from pathlib import Path

from reelwright import Job, Registry, Settings, Studio
from reelwright.tools.base import Cost, Device
from reelwright.tools.music import Music, MusicRequest
from reelwright.tools.registry import MUSIC

CALLS, RATE = 200, Fraction(30)


class Hum:
    """A tool that does next to nothing."""

    name, version, result = "music.hum", "1", Music
    models: tuple[str, ...] = ()
    device: Device = "cpu"

    def ready(self) -> None: ...

    def quote(self, request: MusicRequest) -> Cost:
        return Cost()

    def run(self, request: MusicRequest, job: Job) -> Music:
        path = job.scratch / "hum.wav"
        path.write_bytes(request.seed.to_bytes(8, "big"))
        return Music(audio=job.save(path, "audio", licence="CC0-1.0", origin="hum"), tempo=60, key="C")


def spent(studio: Studio) -> float:
    """CPU milliseconds a call, over all calls."""
    began = time.process_time()
    for seed in range(CALLS):
        studio.call(MUSIC, MusicRequest(frames=30, rate=RATE, seed=seed), target="music", stage="cut")
    return (time.process_time() - began) * 1000 / CALLS


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio.open(Path(folder) / "film", Settings(cache=Path(folder) / "cache"), registry=Registry([Hum()]))
        studio.call(MUSIC, MusicRequest(frames=1, rate=RATE), target="music", stage="cut")
        print(f"door, made: {spent(studio):.2f} ms CPU a call; door, cached: {spent(studio):.2f} ms CPU a call")
