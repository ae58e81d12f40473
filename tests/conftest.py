"""Fixtures that several floors share: a job with a real shelf, and the model lock."""

from pathlib import Path

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolMissing

MEDIA = frozenset(
    (
        "assemble",
        "inspect",
        "listen",
        "music",
        "speech",
        "video",
        "test_conformance",
        "test_ffmpeg",
        "test_fonts",
        "test_resume",
    )
)
"""Folders and files whose tests encode, speak, draw or listen; `make check` leaves them to `make test`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = {*item.path.with_suffix("").parts[-3:]}
        films = {"studio", "events", "out", "settings"} & {*getattr(item, "fixturenames", ())}
        if names & MEDIA or films:
            item.add_marker("media")


class NoWeights:
    """A machine without models."""

    def path(self, name: str) -> Path:
        raise ToolMissing(f"no source has {name}")

    def digest(self, name: str) -> str:
        return "0" * 64


@pytest.fixture
def shelf(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets")


@pytest.fixture
def job(tmp_path: Path, shelf: AssetStore) -> Job:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Job(scratch, shelf, NoWeights())
