"""A job that speaks and listens, for tests that only look at what comes out."""

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.models import Models


@pytest.fixture(scope="session")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("ears")
    (folder / "scratch").mkdir()
    return Job(folder / "scratch", AssetStore(folder / "assets"), Models.installed(folder / "cache"))
