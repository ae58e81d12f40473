"""Real weights on a graphics card, opt-in: each preset makes a clip, a seed is a clip, and a stop is heard."""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed
from reelwright.tools.ffmpeg import probe
from reelwright.tools.media import Size
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.diffusion.families import Family
from reelwright.tools.video.diffusion.provider import Diffusion

pytestmark = [pytest.mark.gpu, pytest.mark.timeout(3600)]
PROMPT = "Old fishing boats rest on a pebble beach at dusk. The camera moves slowly closer."


Ask = Callable[[Family, float], GenerateRequest]


@pytest.fixture
def ask(pytestconfig: pytest.Config) -> Ask:
    """A clip of so many seconds at the family's own size and rate."""

    def request(row: Family, seconds: float) -> GenerateRequest:
        width, height = map(int, (pytestconfig.getoption("gpu_size") or row.sizes[0]).split("x"))
        size, rate = Size(width=width, height=height), Fraction(row.rate)
        return GenerateRequest(prompt=PROMPT, size=size, rate=rate, frames=max(1, round(seconds * rate)), seed=7)

    return request


def test_a_clip_in_each_preset(
    folder: Path,
    preset: str,
    options: dict[str, str],
    ask: Ask,
    pytestconfig: pytest.Config,
    job: Job,
    record_property: Callable[[str, object], None],
) -> None:
    tool = Diffusion(options | {"preset": preset})
    asked = ask(tool.row(), float(pytestconfig.getoption("gpu_seconds")))
    began = time.monotonic()
    made = tool.run(asked, job)
    loaded = time.monotonic()
    tool.run(asked.model_copy(update={"seed": 8}), job)
    row = (folder.name, made.preset, time.monotonic() - loaded, loaded - began, made.memory, made.steps)
    record_property("clip", row)
    assert made.preset == preset, made.notes
    stream = probe(job.path(made.video.id)).video
    assert stream is not None
    assert stream.frames == asked.frames
    assert not options["devices"].startswith("cuda") or made.memory > 0


def test_a_seed_is_a_clip(folder: Path, options: dict[str, str], ask: Ask, job: Job) -> None:
    tool = Diffusion(options)
    asked = ask(tool.row(), 0.5)
    assert tool.run(asked, job).video.id == tool.run(asked, job).video.id


def test_a_stop_is_heard_before_the_clip_is_done(folder: Path, options: dict[str, str], ask: Ask, job: Job) -> None:
    tool, told = Diffusion(options), list[float]()
    job.progress, job.cancelled = told.append, lambda: bool(told)
    with pytest.raises(ToolFailed, match="cancelled"):
        tool.run(ask(tool.row(), 0.5), job)
    assert len(told) <= 2
