from pathlib import Path

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.models import Models


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return Models.installed(tmp_path_factory.mktemp("models"))


@pytest.fixture
def voiced(tmp_path: Path, shelf: AssetStore, weights: Models) -> Job:
    scratch = tmp_path / "voice"
    scratch.mkdir()
    return Job(scratch, shelf, weights)
