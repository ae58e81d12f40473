"""Settings come from files, then the environment, then the caller; what does not fit is named."""

from pathlib import Path

import pytest

from reelwright.agent.errors import BriefError
from reelwright.agent.settings import chain_of, load_settings, options_of


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


def test_tables_of_minds_join_name_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reelwright.toml").write_text(
        'model = "openai:all, ollama:spare"\n[minds]\nwriter = "openai:writes"\n'
        '[minds.default]\ntemperature = 0.5\nkey = "OUR_KEY"\n'
        '[minds.named."openai:writes"]\nmax_tokens = 900\ntemperature = 0.9\n'
    )
    monkeypatch.setenv("REELWRIGHT_BASE_URL", "http://localhost:8000/v1")
    monkeypatch.setenv("OUR_KEY", "secret")
    settings = load_settings(tmp_path, minds={"critic": "openai:judges,openai:spare"})
    assert chain_of(settings, "writer") == ("openai:writes",)
    assert chain_of(settings, "director") == ("openai:all", "ollama:spare")
    assert chain_of(settings, "critic") == ("openai:judges", "openai:spare")
    written = options_of(settings, "openai:writes")
    assert (written.base_url, written.temperature, written.max_tokens) == ("http://localhost:8000/v1", 0.9, 900)
    assert written.key.get_secret_value() == "secret"
    assert "secret" not in written.model_dump_json()
    assert options_of(settings, "openai:all").temperature == 0.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[minds]\nauthor = 'x'", "minds.author"),
        ("[minds.default]\ntemperature = 9", "minds.default.temperature"),
        ("[minds.default]\nway = 'xml'", "minds.default.way"),
    ],
)
def test_what_does_not_fit_a_mind_is_named(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "reelwright.toml").write_text(text)
    with pytest.raises(BriefError, match=says):
        load_settings(tmp_path)
