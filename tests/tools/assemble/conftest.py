"""Small shots and sounds to cut from."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble.mix import Mixer
from reelwright.tools.base import Job
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Gap, Item, Timeline, Track

RATE = Fraction(30)
SMALL = Size(width=128, height=160)
TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
TAGGED = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]

Shoot = Callable[..., Asset]
Record = Callable[..., Asset]
Desk = Callable[..., Mixer]


@pytest.fixture
def shoot(job: Job) -> Shoot:
    """Shoot a mezzanine from a lavfi source; a colour's name is enough."""
    count = iter(range(1000))

    def one(source: str, frames: int = 30, size: Size = SMALL, rate: Fraction = RATE) -> Asset:
        path = job.scratch / f"shot{next(count)}.mp4"
        source = source if "=" in source else f"color={source}"
        head, comma, tail = source.partition(",")
        seconds = float((frames + 5) / rate)
        graph = f"{head}:s={size}:r={rate}:d={seconds}{comma}{tail},format=yuv420p,{TAGS}[v]"
        options = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "1", "-frames:v", str(frames)]
        ffmpeg.encode([], graph, path, [*options, *TAGGED])
        return job.save(path, "video", licence="CC0", origin="test", frames=frames, rate=rate, size=size)

    return one


@pytest.fixture
def record(job: Job) -> Record:
    """Record a sound from a lavfi source."""
    count = iter(range(1000))

    def one(source: str, seconds: float, rate: int = 48_000) -> Asset:
        path = job.scratch / f"sound{next(count)}.wav"
        ffmpeg.encode([], f"{source}:d={seconds}[a]", path, ["-map", "[a]", "-ar", str(rate)])
        frames = round(seconds * rate)
        return job.save(path, "audio", licence="CC0", origin="test", frames=frames, rate=Fraction(rate))

    return one


@pytest.fixture
def desk(job: Job, tmp_path: Path) -> Desk:
    """A mixing desk for tracks by kind, under a black picture of so many frames."""
    count = iter(range(1000))

    def one(frames: int, *tracks: Track, **kinds: tuple[Item, ...]) -> Mixer:
        rows = [Track.model_validate({"kind": kind, "items": items}) for kind, items in kinds.items()]
        picture = Track(kind="video", items=(Gap(frames=frames),))
        line = Timeline(rate=RATE, size=SMALL, tracks=(picture, *tracks, *rows))
        sounds = {item.asset for track in line.tracks for item in track.items if item.type == "clip"}
        scratch = tmp_path / f"desk{next(count)}"
        scratch.mkdir()
        return Mixer(line, {asset: job.path(asset) for asset in sounds}, scratch)

    return one
