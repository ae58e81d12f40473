"""Clips queue for the devices that there are; each device loads the model once, and only when it is needed."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed
from reelwright.tools.media import Size
from reelwright.tools.models import Models
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.diffusion.presets import machine
from reelwright.tools.video.diffusion.provider import Diffusion

pytestmark = pytest.mark.xdist_group("diffusion")


@pytest.fixture
def tool(model: Callable[[str], Path]) -> Diffusion:
    options = {"folder": str(model("wan")), "steps": "2", "guidance": "1.0", "devices": "cpu, cpu"}
    return Diffusion(options | {"call": json.dumps({"max_sequence_length": 16})})


def request(seed: int) -> GenerateRequest:
    return GenerateRequest(prompt="a red boat", size=Size(width=64, height=64), frames=5, seed=seed)


def made(tool: Diffusion, seed: int, shelf: AssetStore, scratch: Path) -> str:
    place = scratch / f"{seed}"
    place.mkdir()
    return tool.run(request(seed), Job(place, shelf, Models.installed(None, ()))).video.id


def test_several_devices_share_the_queue_and_make_the_same_clips_as_one(
    tool: Diffusion, shelf: AssetStore, tmp_path: Path
) -> None:
    alone = made(tool, 1, shelf, tmp_path)
    made(tool, 2, shelf, tmp_path)
    first = tool._pooled().session()
    assert tool._pooled()._sessions == {0: first}
    base = first._base
    with tool._pooled().taken() as session, ThreadPoolExecutor(3) as threads:
        assert session is first
        (tmp_path / "again").mkdir()
        found = list(threads.map(lambda seed: made(tool, seed, shelf, tmp_path / "again"), (1, 3, 4)))
    assert found[0] == alone
    assert len(set(found)) == 3
    second = tool._pooled().session(1)
    assert second is not first
    assert second._base is not base
    assert first._base is base


@pytest.mark.parametrize("device", ["cuda:99", "gpu", "cuda:7"])
def test_a_device_that_is_not_there_is_named(device: str) -> None:
    with pytest.raises(ToolFailed, match=f"no device '{device}'"):
        machine(device)
