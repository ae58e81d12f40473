"""Fixtures that several floors share: a job with a real shelf, and the model lock."""

from pathlib import Path

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolMissing


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
