"""Taste remembers what was liked, forgets what it is told to, and leans on plans only where there is evidence."""

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

import reelwright
from reelwright import Brief, Settings
from reelwright.agent.cli import app
from reelwright.agent.errors import BriefError
from reelwright.agent.planner.offline import Offline
from reelwright.agent.record import Record
from reelwright.agent.revise import propose
from reelwright.agent.settings import load_settings
from reelwright.agent.taste import leanings, preferred, taste_of_answer, taste_of_edits
from reelwright.memory.taste import Taste, Verdict, draws, ranked

HONEY = (Path(reelwright.__file__).parent / "examples" / "briefs" / "honey.md").read_text("utf-8")
BRIEF = Brief(text=HONEY)


@pytest.fixture
def taste(tmp_path: Path) -> Taste:
    return Taste(tmp_path / "data" / "taste.jsonl")


def revised(*requests: str) -> list[Verdict]:
    record = Record(brief=BRIEF, plan=Offline().plan(BRIEF))
    found: list[Verdict] = []
    for request in requests:
        new = propose(record, request)
        found += taste_of_edits(record, new.brief, new.plan, request)
        record = record.model_copy(update={"brief": new.brief, "plan": new.plan})
    return found


def test_a_revision_says_what_is_preferred(taste: Taste) -> None:
    taste.remember(revised("shorten the second line", "show the sea in shot 8", "bigger captions"))
    assert taste.tally()["motif:waves"] == (1, 0)
    assert taste.tally()["captions:pop"] == (1, 0)
    assert taste.pairs() == [
        {
            "prompt": "A line of a film named 'How bees make honey'",
            "chosen": "Bees sip the nectar.",
            "rejected": "Bees sip the nectar and carry it home.",
        }
    ]
    assert 'not "Bees sip the nectar and carry it home." but "Bees sip the nectar."' in taste.lessons()


def test_an_answer_at_a_gate_judges_what_the_plan_was_made_of(taste: Taste) -> None:
    record = Record(brief=BRIEF, plan=Offline().plan(BRIEF))
    taste.remember(taste_of_answer(record, yes=True))
    taste.remember(taste_of_answer(record, yes=False))
    assert taste.tally()["layout:steps"] == (1, 1)


def test_without_evidence_nothing_changes(taste: Taste) -> None:
    assert leanings(taste, 0) == {}
    assert Offline(lambda seed: leanings(taste, seed)).plan(BRIEF) == Offline().plan(BRIEF)
    assert ranked(("b", "a", "c"), {}, "provider", 1) == ("b", "a", "c")
    assert preferred(Settings(taste=taste.path, learn=True)) == {}
    assert taste.lessons() == ""


def test_what_was_liked_is_chosen_more_often_and_the_same_seed_chooses_the_same(taste: Taste) -> None:
    taste.remember([Verdict(kind="cut", liked=False, arms=("layout:comparison",))] * 30)
    taste.remember([Verdict(kind="cut", liked=True, arms=("layout:statement",))] * 30)

    def planner(seed: int) -> Offline:
        return Offline(lambda _: leanings(taste, seed))

    plain = Counter(shot.layout for shot in Offline().plan(BRIEF).shots)
    leaning = Counter(shot.layout for shot in planner(0).plan(BRIEF).shots)
    assert leaning["comparison"] <= plain["comparison"]
    assert leaning["statement"] >= plain["statement"]
    assert planner(3).plan(BRIEF) == planner(3).plan(BRIEF)


def test_a_bandit_explores_less_the_more_it_knows() -> None:
    few, many = {"style:bold": (1, 1)}, {"style:bold": (100, 100)}
    spread = [
        max(draws(tally, "style", seed)["bold"] for seed in range(50))
        - min(draws(tally, "style", seed)["bold"] for seed in range(50))
        for tally in (few, many)
    ]
    assert spread[0] > 2 * spread[1]
    good = sum(ranked(("a", "b"), {"x:a": (1, 9), "x:b": (9, 1)}, "x", seed)[0] == "b" for seed in range(100))
    assert good > 95


def test_providers_that_were_liked_come_first_unless_an_order_is_set(taste: Taste) -> None:
    taste.remember([Verdict(kind="cut", liked=False, arms=("provider:speech.piper",))] * 20)
    order = preferred(Settings(taste=taste.path, learn=True))["speech"]
    assert order[-1] == "speech.piper"
    assert preferred(Settings(taste=taste.path)) == {}
    assert preferred(Settings(taste=taste.path, learn=True, order={"speech": ("speech.piper",)})) == {
        "speech": ("speech.piper",)
    }


def test_a_broken_line_loses_nothing_else(taste: Taste) -> None:
    taste.remember([Verdict(kind="edit", liked=True, arms=("motif:waves",))])
    assert taste.path
    with taste.path.open("a") as stream:
        stream.write("half a li")
    taste.path.write_text(taste.path.read_text() + "\n")
    taste.remember([Verdict(kind="edit", liked=True, arms=("motif:waves",))])
    assert taste.tally() == {"motif:waves": (2, 0)}


def test_shown_exported_and_forgotten(tmp_path: Path, taste: Taste, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELWRIGHT_TASTE", str(taste.path))
    call = CliRunner()
    assert "Nothing is remembered" in call.invoke(app, ["taste", "show"]).output
    taste.remember(revised("shorten the second line", "show the sea in shot 8"))
    assert "motif:waves" in call.invoke(app, ["taste", "show"]).output
    assert json.loads(call.invoke(app, ["taste", "show", "--json"]).output)["choices"]["motif:waves"] == [1, 0]
    file = tmp_path / "pairs.jsonl"
    assert "1 pairs" in call.invoke(app, ["taste", "export", str(file)]).output
    assert set(json.loads(file.read_text())) == {"prompt", "chosen", "rejected"}
    assert isinstance(call.invoke(app, ["taste", "forget"]).exception, BriefError)
    assert "forgotten" in call.invoke(app, ["taste", "forget", "waves"]).output
    assert "motif:waves" not in taste.tally()
    assert taste.pairs()
    call.invoke(app, ["taste", "forget", "--yes"])
    assert taste.verdicts() == ()
    assert taste.path
    assert taste.path.read_text() == ""


def test_taste_is_switched_off_by_an_empty_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELWRIGHT_TASTE", "")
    off = Taste(load_settings().taste)
    off.remember([Verdict(kind="edit", liked=True)])
    assert off.verdicts() == ()
    assert not load_settings().learn
