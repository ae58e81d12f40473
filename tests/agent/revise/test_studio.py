"""A revision of a real film: only what it touches is made again, every version stays, the way back is free."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reelwright import Brief, Event, Settings, Studio
from reelwright.agent.cli import app
from reelwright.agent.errors import BriefError, ProjectError, ReelwrightError
from reelwright.agent.history import back, forth, versions
from reelwright.agent.record import load_record
from reelwright.agent.revise import propose

Tea = Callable[..., Brief]
LONGER = """# How tea is made

Good tea is a leaf and hot water.

It takes 3 minutes.

Then the cup is full.

People drink it slowly in the garden.
"""


def made(events: list[Event], tool: str) -> list[str]:
    return [event.target for event in events if event.type == "took" and event.tool == tool and not event.cached]


@pytest.fixture(scope="module")
def first(settings: Settings, tea: Tea, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("revise") / "film"
    list(Studio.open(folder, settings).make(tea(text=LONGER, seconds=12)))
    return folder


@pytest.fixture
def film(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "film"))


def revise(folder: Path, request: str, settings: Settings) -> list[Event]:
    new = propose(load_record(folder), request)
    return list(Studio.open(folder, settings).make(new.brief, new.plan, request))


def test_only_what_is_touched_is_made_again_and_the_way_back_is_free(film: Path, settings: Settings) -> None:
    before = load_record(film)
    was = (film / "out" / "film.mp4").read_bytes()
    events = revise(film, 'change line 3 to "Then the pot is empty."', settings)
    after = load_record(film)
    assert after.plan
    assert before.plan
    touched = {shot.id for shot in after.plan.shots if shot not in before.plan.shots}
    assert made(events, "speech.piper") == ["l03"]
    assert set(made(events, "video.motion")) <= touched
    assert len(touched) < len(after.plan.shots)
    assert (film / "out" / "film.mp4").read_bytes() != was
    assert [(version.number, version.parent) for version in versions(film)] == [(1, 0), (2, 1)]
    assert (after.version, versions(film)[1].request) == (2, 'change line 3 to "Then the pot is empty."')

    version = back(film, after)
    events = list(Studio.open(film, settings).make(version.brief, version.plan))
    assert all(event.cached for event in events if event.type == "took")
    assert (film / "out" / "film.mp4").read_bytes() == was
    assert load_record(film).version == 1
    with pytest.raises(ProjectError, match="nothing to undo"):
        back(film, load_record(film))
    again = forth(film, load_record(film))
    events = list(Studio.open(film, settings).make(again.brief, again.plan))
    assert all(event.cached for event in events if event.type == "took")
    assert load_record(film).version == 2
    with pytest.raises(ProjectError, match="nothing to redo"):
        forth(film, load_record(film))


def test_making_the_same_plan_again_changes_nothing(film: Path, settings: Settings) -> None:
    record = load_record(film)
    events = list(Studio.open(film, settings).make(record.brief, record.plan))
    assert all(event.cached for event in events if event.type == "took")
    assert load_record(film).plan == record.plan
    assert len(versions(film)) == 1


def test_another_take_and_back_to_the_first(film: Path, settings: Settings) -> None:
    shot = load_record(film).plan.shots[1].id  # type: ignore[union-attr]
    events = revise(film, f"make another take of {shot}", settings)
    assert made(events, "video.motion") == [shot]
    assert load_record(film).takes[shot].attempt == 1
    events = revise(film, f"use the other take for {shot}", settings)
    assert not made(events, "video.motion")
    assert load_record(film).takes[shot].attempt == 0
    assert [version.parent for version in versions(film)] == [0, 1, 2]


def test_a_revision_that_fails_leaves_the_old_film(film: Path, settings: Settings) -> None:
    was = (film / "out" / "film.mp4").read_bytes()
    record = load_record(film)
    new = propose(record, 'change line 2 to "It takes four whole minutes."')
    studio = Studio.open(film, settings.model_copy(update={"cache": None}))
    studio.stop()
    with pytest.raises(ReelwrightError):
        list(studio.make(new.brief, new.plan, "four"))
    assert (film / "out" / "film.mp4").read_bytes() == was
    left = load_record(film)
    assert left.status != "finished"
    assert left.film == record.film
    assert back(film, left).number == 1
    (film / "checkpoints.sqlite").unlink()
    events = list(Studio.open(film, settings).resume())  # goes on with the revision, not with the brief
    assert events[-1].type == "finished"
    assert "four whole minutes" in (film / "out" / "film.srt").read_text()
    assert load_record(film).version == 2


def test_a_film_from_before_histories_gets_one(film: Path, settings: Settings) -> None:
    shutil.rmtree(film / "versions")
    studio = Studio.open(film, settings)
    old = load_record(film)
    assert old.plan
    bare = old.plan.script.model_copy(
        update={
            "scenes": tuple(
                scene.model_copy(
                    update={"lines": tuple(line.model_copy(update={"rest": None}) for line in scene.lines)}
                )
                for scene in old.plan.script.scenes
            )
        }
    )
    studio.records.save(old.model_copy(update={"version": 0, "plan": old.plan.model_copy(update={"script": bare})}))
    revise(film, "change the music to dark", settings)
    assert [version.number for version in versions(film)] == [1, 2]
    assert versions(film)[0].plan == old.plan


@pytest.fixture
def call(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("REELWRIGHT_CACHE", str(settings.cache))
    monkeypatch.setenv("REELWRIGHT_TASTE", str(tmp_path / "taste.jsonl"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_at_the_command_line(film: Path, call: Callable[..., Result]) -> None:
    dry = call("revise", film, "remove line 4", "--dry-run")
    assert "- l04: People drink it slowly in the garden." in dry.output
    assert len(versions(film)) == 1
    assert call("revise", film, "remove line 4").exit_code == 0
    assert call("revise", film, "undo").exit_code == 0
    listed = call("history", film)
    assert "remove line 4" in listed.output
    assert call("redo", film).exit_code == 0
    assert load_record(film).version == 2
    refused = call("revise", film, "make it square")
    assert isinstance(refused.exception, BriefError)
    assert "--yes" in refused.exception.hint
    assert isinstance(call("revise", film, "make it purr").exception, BriefError)
    assert isinstance(call("undo", film, "5").exception, ProjectError)
    assert isinstance(call("history", film / "no").exception, ProjectError)
