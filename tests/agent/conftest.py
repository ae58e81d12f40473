"""A small real film, made once a run, and the settings that tests make films with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright import Brief, Event, Settings, Studio
from reelwright.tools.media import Size

TEA = """# How tea is made

Good tea is a leaf and hot water.

It takes 3 minutes.
"""


@pytest.fixture(scope="session")
def tea() -> Callable[..., Brief]:
    """A brief whose film is quick to make; keywords change it."""

    def brief(**changes: object) -> Brief:
        plain = {"text": TEA, "seconds": 8.0, "size": Size(width=270, height=480)}
        return Brief.model_validate({**plain, **changes})

    return brief


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache=tmp_path_factory.mktemp("cache"), jobs=2)


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Studio:
    return Studio.open(tmp_path_factory.mktemp("films") / "tea", settings)


@pytest.fixture(scope="session")
def events(studio: Studio, tea: Callable[..., Brief]) -> list[Event]:
    """What happened while the film in `studio` was made."""
    return list(studio.make(tea()))


@pytest.fixture(scope="session")
def out(studio: Studio, events: list[Event]) -> Path:
    """The delivered folder."""
    assert events[-1].type == "finished"
    return studio.folder / "out"
