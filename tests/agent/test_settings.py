"""Settings come from files, then the environment, then the caller; what does not fit is named."""

from pathlib import Path

import pytest

from reelwright.agent.errors import BriefError
from reelwright.agent.settings import load_settings


def test_the_caller_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reelwright.toml").write_text('jobs = 3\nmodel = "openai:file"\n[budget]\nrounds = 5\n')
    assert load_settings(tmp_path).model == "openai:file"
    monkeypatch.setenv("REELWRIGHT_MODEL", "openai:environment")
    settings = load_settings(tmp_path)
    assert (settings.model, settings.jobs, settings.budget.rounds) == ("openai:environment", 3, 5)
    assert load_settings(tmp_path, model="openai:caller").model == "openai:caller"


def test_the_cache_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELWRIGHT_CACHE", "")
    assert load_settings().cache is None


@pytest.mark.parametrize(
    ("text", "says"), [("jobs = 0", "jobs"), ("speed = 'fast'", "speed"), ("jobs = [", "cannot be read")]
)
def test_what_does_not_fit_is_named(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "reelwright.toml").write_text(text)
    with pytest.raises(BriefError, match=says):
        load_settings(tmp_path)
