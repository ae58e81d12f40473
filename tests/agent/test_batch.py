"""Many films in one go: one budget, one table; what fails stops nothing, and what is finished is not made again."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reelwright import Brief, Budget, Event, Settings, Studio
from reelwright.agent.batch import Batch, Film, Share
from reelwright.agent.budget import Ledger
from reelwright.agent.cli import app
from reelwright.agent.errors import BriefError, BudgetExceeded
from reelwright.tools.base import Cost

Tea = Callable[..., Brief]
SMALL = {"seconds": 8, "size": "270x480"}


def run(briefs: Path, out: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    monkeypatch.setenv("REELWRIGHT_CACHE", str(settings.cache))
    return CliRunner().invoke(app, ["batch", str(briefs), "--out", str(out), *options])


def lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def summary(out: Path) -> list[dict[str, str]]:
    films: list[dict[str, str]] = json.loads((out / "summary.json").read_text())["films"]
    return films


def test_one_failure_never_stops_the_rest(
    tea: Tea, settings: Settings, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`out` is here so that the film comes from the cache."""
    briefs = lines(
        tmp_path / "briefs.jsonl",
        {"text": tea().text, "seconds": 8000, "name": "endless"},
        "not json",
        {"text": tea().text, "colour": "red"},
        {"text": tea().text, "file": "also.md"},
        {"file": "missing.md"},
        {"text": tea().text, **SMALL, "name": "tea"},
    )
    found = run(briefs, tmp_path / "films", settings, monkeypatch)
    assert found.exit_code == 1
    rows = {row["name"]: row for row in summary(tmp_path / "films")}
    assert [row["status"] for row in rows.values()] == ["failed"] * 5 + ["finished"]
    assert (tmp_path / "films" / "tea" / "out" / "film.mp4").is_file()
    assert "600" in rows["line-1"]["hint"]
    assert "no JSON object" in rows["line-2"]["error"]
    assert "colour" in rows["line-3"]["error"]
    assert "either text or file" in rows["line-4"]["error"]
    assert "missing.md" in rows["line-5"]["error"]
    assert "tea" in found.output


def test_a_second_run_skips_what_is_finished(
    tea: Tea, settings: Settings, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "briefs"
    folder.mkdir()
    (folder / "tea.md").write_text(tea().text)
    (folder / "notes.pdf").write_bytes(b"no brief")
    options = ("--seconds", "8", "--size", "270x480")
    first = run(folder, tmp_path / "films", settings, monkeypatch, *options)
    assert first.exit_code == 0, first.output
    assert [row["status"] for row in summary(tmp_path / "films")] == ["finished"]
    again = run(folder, tmp_path / "films", settings, monkeypatch, "--json", *options)
    assert again.exit_code == 0
    assert [row["status"] for row in summary(tmp_path / "films")] == ["skipped"]
    assert json.loads(again.output.splitlines()[-1])["type"] == "batch"
    assert not any('"type": "started"' in line for line in again.output.splitlines())


def test_two_at_once_and_two_of_one_name(
    tea: Tea, settings: Settings, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    briefs = lines(tmp_path / "b.jsonl", *({"text": tea().text, **SMALL} for _ in range(2)))
    found = run(briefs, tmp_path / "films", settings, monkeypatch, "--at-once", "2")
    assert found.exit_code == 0, found.output
    assert [Path(row["file"]).parts[-3] for row in summary(tmp_path / "films")] == [
        "how-tea-is-made",
        "how-tea-is-made-2",
    ]


def test_one_budget_is_over_all(tea: Tea, tmp_path: Path) -> None:
    poor = Settings(cache=None, budget=Budget(seconds=0.01), jobs=1)
    films = [Film(tmp_path / name, tea(seed=seed)) for seed, name in enumerate(("one", "two", "three"))]
    outcomes = Batch(poor).run(films)
    assert [outcome.status for outcome in outcomes] == ["failed"] * 3
    assert all("tool time" in outcome.error for outcome in outcomes)
    assert sum(outcome.work > 0 for outcome in outcomes) <= 1


def test_shares_spend_from_one_ledger() -> None:
    common = Ledger(Budget(money=1.0))
    one, other = Share(common), Share(common)
    one.settle(one.reserve(Cost(money=0.8), "a"), Cost(money=0.8))
    with pytest.raises(BudgetExceeded):
        other.reserve(Cost(money=0.3), "b")
    other.settle(other.reserve(Cost(money=0.1), "b"), Cost(money=0.1))
    assert (one.spent.money, other.spent.money) == (0.8, 0.1)
    assert common.spent.money == pytest.approx(0.9)


def test_a_stop_ends_what_runs_and_begins_no_more(tea: Tea, settings: Settings, tmp_path: Path) -> None:
    batch = Batch(settings.model_copy(update={"cache": None}))

    def stop(_: str, event: Event) -> None:
        if event.type == "took":
            batch.stop()

    batch.tell = stop
    films = [Film(tmp_path / name, tea()) for name in ("one", "two")]
    outcomes = batch.run(films)
    assert [outcome.status for outcome in outcomes] == ["stopped", "stopped"]
    assert outcomes[1].error == "Not begun."
    assert not (tmp_path / "two" / "project.json").exists()
    assert threading.active_count() >= 1


def test_a_film_that_was_revised_since_is_left_alone(studio: Studio, out: Path, tea: Tea, settings: Settings) -> None:
    assert studio.record
    film = Film(studio.folder, tea())
    assert [outcome.status for outcome in Batch(settings).run([film])] == ["skipped"]


@pytest.mark.parametrize("name", ["nothing.jsonl", "empty.jsonl"])
def test_no_briefs_are_said(name: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.jsonl").write_text("\n\n")
    found = run(tmp_path / name, tmp_path / "films", settings, monkeypatch)
    assert isinstance(found.exception, BriefError)
