"""A resume keeps to the sources of pictures that the film was begun with, and what is said now wins."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelwright import Brief, Settings, Studio
from reelwright.agent.cli import app
from reelwright.agent.cli.options import Pictures, settings_for
from reelwright.agent.errors import BriefError
from reelwright.agent.record import Begun, load_record
from reelwright.agent.settings import load_settings

Tea = Callable[..., Brief]


@pytest.fixture
def stopped(tea: Tea, tmp_path: Path) -> Path:
    """A film that ended before its shots were planned: its library was not there."""
    given = Settings(cache=None, source="stock", draft=True, transitions="drawn", library=tmp_path / "library")
    with pytest.raises(BriefError, match="no library"):
        list(Studio.open(tmp_path / "film", given).make(tea()))
    return tmp_path / "film"


def test_a_resume_keeps_the_sources_that_the_film_was_begun_with(stopped: Path, tmp_path: Path) -> None:
    record = load_record(stopped)
    assert record.plan is None
    assert record.begun == Begun(source="stock", draft=True, transitions="drawn", library=tmp_path / "library")
    kept = load_settings(stopped)
    assert (kept.source, kept.draft, kept.transitions) == ("stock", True, "drawn")
    assert kept.library == tmp_path / "library"


def test_what_is_said_now_wins_and_another_make_begins_anew(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELWRIGHT_SOURCE", "generate")
    assert load_settings(stopped).source == "stock"
    assert settings_for(stopped, None, None, None, None, None, None, Pictures.motion, draft=False).source == "motion"
    assert load_settings(stopped, begun=False).source == "generate"


def test_a_record_that_cannot_be_read_is_no_obstacle_to_the_settings(stopped: Path) -> None:
    (stopped / "project.json").write_text("{")
    assert load_settings(stopped).source == "auto"


def test_a_revision_leaves_what_the_film_was_begun_with(studio: Studio, out: Path, tea: Tea) -> None:
    record = load_record(studio.folder)
    assert out.is_dir()
    assert record.begun == Begun(transitions="auto")
    path = studio.folder / "project.json"
    text = path.read_text("utf-8")
    try:
        path.write_text(json.dumps(json.loads(text) | {"begun": {"source": "stock"}}))
        list(Studio.open(studio.folder, studio.settings).make(record.brief, record.plan))
        assert load_record(studio.folder).begun == Begun(source="stock")
    finally:
        path.write_text(text)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--source", "motion"], "planned already"), (["--final", "--draft"], "exclude each other"),
        (["--shots", "2"], "goes with --final"), (["--final"], "No video model makes a shot"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_a_finished_film(studio: Studio, out: Path, flags: list[str], says: str) -> None:
    assert out.is_dir()
    done = CliRunner().invoke(app, ["resume", str(studio.folder), *flags])
    assert says in str(done.exception)
