"""The gates: nothing is made, spent or delivered without a person's clear yes, whichever way one tries to get by."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelwright import Brief, Event, Plan, Settings, Studio
from reelwright.agent.cli import app
from reelwright.agent.errors import BriefError, PlanError, ProjectError, Stopped
from reelwright.agent.events import Asking
from reelwright.agent.record import load_record
from reelwright.agent.revise.sheet import read, written

Tea = Callable[..., Brief]


def asked(events: list[Event]) -> Asking:
    assert isinstance(events[-1], Asking)
    return events[-1]


def made(events: list[Event]) -> list[str]:
    return [event.tool for event in events if event.type == "took"]


@pytest.fixture(scope="module")
def planned(settings: Settings, tea: Tea, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that waits for a yes to its plan."""
    folder = tmp_path_factory.mktemp("gates") / "film"
    asked(list(Studio.open(folder, settings, approve=True).make(tea())))
    return folder


@pytest.fixture
def film(planned: Path, tmp_path: Path) -> Path:
    """A copy of it, to try things on."""
    return Path(shutil.copytree(planned, tmp_path / "film"))


def test_a_resume_without_an_answer_asks_again(film: Path, settings: Settings) -> None:
    events = list(Studio.open(film, settings).resume())
    assert asked(events).stage == "agree"
    assert not made(events)


@pytest.mark.parametrize("changes", [{"status": "finished"}, {"status": "making"}, {"approve": False}])
def test_an_edited_record_opens_no_gate(film: Path, settings: Settings, changes: dict[str, object]) -> None:
    path = film / "project.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    events = list(Studio.open(film, settings).resume())
    assert asked(events).stage == "agree"
    assert not made(events)


@pytest.mark.parametrize("forgery", [None, b"no database", b""])
def test_without_its_checkpoints_the_film_asks_again(film: Path, settings: Settings, forgery: bytes | None) -> None:
    path = film / "project.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"approve": False, "status": "making"}))
    (film / "checkpoints.sqlite").unlink()
    if forgery is not None:
        (film / "checkpoints.sqlite").write_bytes(forgery)
    events = list(Studio.open(film, settings).resume())
    assert asked(events).stage == "agree"
    assert not made(events)


def test_a_checkpoint_that_holds_strange_things_is_not_believed(film: Path, settings: Settings) -> None:
    connection = sqlite3.connect(film / "checkpoints.sqlite")
    connection.execute("update checkpoints set checkpoint = ?", (b"\x80\x04\x95forged",))
    connection.execute("delete from writes")
    connection.commit()
    connection.close()
    events = list(Studio.open(film, settings).resume())
    assert asked(events).stage == "agree"
    assert not made(events)


@pytest.mark.parametrize("answer", [False, 1, {"yes": True}, ["yes"], b"yes"])
def test_only_a_clear_yes_is_a_yes(film: Path, settings: Settings, answer: object) -> None:
    with pytest.raises(Stopped, match="not agreed"):
        list(Studio.open(film, settings).resume(answer))
    assert not list((film / "assets").rglob("results/*/*"))


def test_after_a_no_the_film_asks_before_it_goes_on(film: Path, settings: Settings) -> None:
    with pytest.raises(Stopped):
        list(Studio.open(film, settings).resume(False))
    events = list(Studio.open(film, settings).resume())
    assert not made(events)
    assert asked(events).stage == "agree"


def test_a_yes_to_the_plan_is_no_yes_to_the_cut(film: Path, settings: Settings, out: Path) -> None:
    events = list(Studio.open(film, settings).resume(True))
    question = asked(events)
    assert question.stage == "approve"
    assert Path(question.file).is_file()
    assert not (film / "out" / "film.mp4").exists()
    record = load_record(film)
    assert record.plan
    with pytest.raises(Stopped, match="not approved"):  # a plan is no answer to a cut
        list(Studio.open(film, settings).resume(record.plan))
    assert not (film / "out" / "film.mp4").exists()
    assert asked(list(Studio.open(film, settings).resume())).stage == "approve"
    assert list(Studio.open(film, settings).resume(True))[-1].type == "finished"
    assert [(answer.stage, answer.yes) for answer in load_record(film).answers] == [
        ("agree", True), ("approve", False), ("approve", True),
    ]  # fmt: skip


def test_a_reason_is_carried_out_and_asked_about_again(film: Path, settings: Settings) -> None:
    studio = Studio.open(film, settings)
    events = list(studio.resume("remove the last line"))
    question = asked(events)
    assert question.plan
    assert len(question.plan.script.lines) == 1
    assert not made(events)
    assert load_record(film).answers[-1].because == "remove the last line"
    assert "It takes 3 minutes" not in (film / "plan.md").read_text()


def test_a_reason_that_is_not_understood_leaves_the_question_open(film: Path, settings: Settings) -> None:
    with pytest.raises(BriefError, match="not understood"):
        list(Studio.open(film, settings).resume("make it purr"))
    events = list(Studio.open(film, settings).resume())
    assert asked(events).stage == "agree"


def test_a_plan_that_loses_words_or_shows_strange_files_is_refused(film: Path, settings: Settings) -> None:
    plan = asked(list(Studio.open(film, settings).resume())).plan
    assert plan
    with pytest.raises(PlanError, match="not shown once"):
        list(Studio.open(film, settings).resume(plan.model_copy(update={"shots": plan.shots[-1:]})))
    strange = plan.shots[0].model_copy(update={"source": "own", "asset": "f" * 64})
    with pytest.raises(PlanError, match="never brought in"):
        list(Studio.open(film, settings).resume(plan.model_copy(update={"shots": (strange, *plan.shots[1:])})))


def test_a_revision_of_an_approved_film_is_asked_about_too(film: Path, settings: Settings) -> None:
    record = load_record(film)
    assert record.plan
    events = list(Studio.open(film, settings, approve=True).make(record.brief, record.plan))
    assert asked(events).stage == "agree"
    assert not made(events)


def test_the_budget_is_the_settings_and_nothing_in_a_folder_raises_it(film: Path, settings: Settings) -> None:
    path = film / "project.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"money": -1000.0, "seconds": -1e9}))
    with pytest.raises(ProjectError, match="no film"):  # a record that owes us money is damaged
        list(Studio.open(film, settings).resume())
    assert (film / "project.damaged.json").is_file()


# The sheet: the plan as a file that a person edits.


@pytest.fixture
def sheet(film: Path, settings: Settings) -> tuple[Brief, Plan, str]:
    record = load_record(film)
    assert record.plan
    return record.brief, record.plan, (film / "plan.md").read_text()


def test_an_unchanged_sheet_is_the_same_plan(sheet: tuple[Brief, Plan, str]) -> None:
    brief, plan, text = sheet
    assert text == written(plan, text.split("approve ")[1].split(" --plan")[0])
    assert read(text, brief, plan) == plan


def test_an_edited_sheet_changes_what_was_edited(sheet: tuple[Brief, Plan, str]) -> None:
    brief, plan, text = sheet
    text = text.replace("It takes 3 minutes.", "It takes 4 minutes.\nThen it is ready")
    new = read(text.replace("# How tea is made", "# Tea, made well"), brief, plan)
    assert [line.text for line in new.script.lines] == [
        "Good tea is a leaf and hot water.", "It takes 4 minutes.", "Then it is ready.",
    ]  # fmt: skip
    assert new.script.title == "Tea, made well"
    assert [line.id for line in new.script.lines][:2] == [line.id for line in plan.script.lines]
    first = next(shot for shot in plan.shots if plan.script.lines[0].id in shot.lines)
    now = next(shot for shot in new.shots if shot.id == first.id)
    assert now.card.headline == "Tea, made well"
    assert now.model_copy(update={"card": first.card}) == first


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[l02] It takes", "[l99] It takes", "there is no line [l99]"),
        ("[l02] It takes", "[l01] It takes", "the line [l01] stands twice"),
        ("# Shots\n", "# Shots\n\nbudget: 1000\n", "“budget: 1000” cannot be read"),
        ("(calm)", "(furious)", "“furious” is no mood"),
        ("# How tea is made", "How tea is made", "no title"),
        ("# How tea is made", "# How tea is made\nbudget: 1000", "stands before the first scene"),
        ("] title on", "] hologram on", "no layout hologram"),
        ("[shot01]", "[shot77]", "no shot [shot77]"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(
    sheet: tuple[Brief, Plan, str], old: str, new: str, message: str
) -> None:
    brief, plan, text = sheet
    assert old in text
    with pytest.raises(BriefError) as caught:
        read(text.replace(old, new), brief, plan)
    assert message in caught.value.message
    assert caught.value.hint


def test_at_the_command_line(film: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, out: Path) -> None:
    monkeypatch.setenv("REELWRIGHT_CACHE", str(settings.cache))
    monkeypatch.setenv("REELWRIGHT_TASTE", "")
    call = CliRunner()
    edited = film / "plan.md"
    edited.write_text(edited.read_text().replace("It takes 3 minutes.", "It takes 3 minutes, no more."))
    refused = call.invoke(app, ["approve", str(film)])
    assert isinstance(refused.exception, BriefError)
    assert "--plan" in refused.exception.hint
    assert isinstance(call.invoke(app, ["approve", str(film), "--plan", str(film / "no.md")]).exception, BriefError)
    rejected = call.invoke(app, ["reject", str(film), "--because", "remove the last line"])
    assert rejected.exit_code == 0, rejected.exception
    assert "Waiting for you" in rejected.output
    assert isinstance(call.invoke(app, ["reject", str(film)]).exception, Stopped)


def test_nothing_to_answer_is_said(studio: Studio, out: Path) -> None:
    for command in ("approve", "reject"):
        found = CliRunner().invoke(app, [command, str(studio.folder)])
        assert isinstance(found.exception, ProjectError)
        assert "Nothing waits" in found.exception.message


def test_a_forged_licence_is_no_way_past_the_policy(film: Path, settings: Settings) -> None:
    """A file that a plan names must be among those the brief brought in, whose licences the policy reads."""
    record = load_record(film)
    assert record.plan
    shot = record.plan.shots[0].model_copy(update={"source": "own", "asset": "a" * 64})
    plan = record.plan.model_copy(update={"shots": (shot, *record.plan.shots[1:])})
    with pytest.raises(PlanError, match="never brought in"):
        list(Studio.open(film, settings).make(record.brief, plan))
