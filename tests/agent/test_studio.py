"""From a brief to a folder that a person opens; edits redo only what they touch."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright import Brief, Event, Settings, Studio
from reelwright.agent.errors import BudgetExceeded, ProjectError, Refused
from reelwright.agent.model import Budget
from reelwright.agent.record import load_record
from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.listen.whisper import FasterWhisper

Tea = Callable[..., Brief]


def taken(events: list[Event], tool: str) -> list[Event]:
    """What a tool really made, not what the cache gave back."""
    return [event for event in events if event.type == "took" and event.tool == tool and not event.cached]


def test_the_film_is_as_long_and_as_large_as_asked(out: Path) -> None:
    found = ffmpeg.probe(out / "film.mp4")
    assert found.video is not None
    assert found.audio is not None
    assert (found.video.width, found.video.height) == (270, 480)
    assert found.video.rate == 30
    assert found.seconds == pytest.approx(8, abs=0.4)
    assert abs(found.video.end - found.audio.end) <= 1 / 30


def test_everything_a_person_needs_is_in_out(out: Path) -> None:
    names = {
        "film.mp4",
        "film.srt",
        "film.vtt",
        "poster.jpg",
        "storyboard.html",
        "timeline.json",
        "credits.md",
        "report.json",
    }
    assert names <= {path.name for path in out.iterdir()}
    assert "Good tea is a leaf" in (out / "film.srt").read_text()
    assert "Piper" in (out / "credits.md").read_text()
    assert "data:image/jpeg" in (out / "storyboard.html").read_text()


def test_the_report_says_what_was_measured(out: Path) -> None:
    report = json.loads((out / "report.json").read_text())
    assert {"loudness", "peak", "black", "freeze", "silence", "duration", "bars", "colour"} <= set(report["checks"])
    assert report["loudness"] == pytest.approx(-14, abs=0.5)
    assert report["peak"] <= -1.0


def test_the_events_tell_the_story_in_order(events: list[Event]) -> None:
    story = [event.type for event in events if event.type in {"started", "planned", "reviewed", "finished"}]
    assert story[0] == "started"
    assert story[1] == "planned"
    assert story[-1] == "finished"
    assert any(event.type == "working" and event.stage == "shoot" and 0 < event.part < 1 for event in events)


def test_the_log_is_the_stream(studio: Studio, events: list[Event]) -> None:
    kept = list(studio.log.read())
    assert [event for event in kept if event.type == "planned"] == [
        event for event in events if event.type == "planned"
    ]


def test_an_unchanged_brief_makes_nothing_again(tea: Tea, out: Path, settings: Settings, tmp_path: Path) -> None:
    events = list(Studio.open(tmp_path / "copy", settings).make(tea()))
    assert all(event.cached for event in events if event.type == "took")
    assert (tmp_path / "copy" / "out" / "film.mp4").read_bytes() == (out / "film.mp4").read_bytes()


def test_editing_one_line_speaks_one_line(tea: Tea, out: Path, settings: Settings, tmp_path: Path) -> None:
    text = tea().text.replace("hot water", "warm water")
    events = list(Studio.open(tmp_path / "film", settings).make(tea(text=text)))
    assert len(taken(events, "speech.piper")) == 1


def test_the_record_can_be_read_back(studio: Studio, out: Path) -> None:
    record = load_record(studio.folder)
    assert record.status == "finished"
    assert record.plan is not None
    assert set(record.takes) == {shot.id for shot in record.plan.shots}


def test_another_film_does_not_move_in(studio: Studio, out: Path, tea: Tea) -> None:
    with pytest.raises(ProjectError, match="belongs to another film"):
        list(Studio.open(studio.folder, studio.settings).make(tea(text="# Coffee\n\nCoffee is a bean.")))


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "taxes.pdf").write_text("mine")
    with pytest.raises(ProjectError, match=r"taxes\.pdf"):
        Studio.open(tmp_path)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "film").write_text("mine")
    with pytest.raises(ProjectError, match="is a file"):
        Studio.open(tmp_path / "film")


def test_a_second_run_on_the_same_folder_is_told(tea: Tea, settings: Settings, tmp_path: Path) -> None:
    first = Studio.open(tmp_path / "film", settings).make(tea())
    next(first)
    with pytest.raises(ProjectError, match="Another process"):
        list(Studio.open(tmp_path / "film", settings).make(tea()))
    first.close()


def test_no_tool_time_no_film(tea: Tea, tmp_path: Path) -> None:
    studio = Studio.open(tmp_path / "film", Settings(cache=None, budget=Budget(seconds=0.001)))
    with pytest.raises(BudgetExceeded, match="tool time"):
        list(studio.make(tea()))
    assert load_record(tmp_path / "film").status == "failed"


def test_a_blocked_word_stops_before_anything_is_made(tea: Tea, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[moderation]\nblocked = ["hot water"]\n')
    studio = Studio.open(tmp_path / "film", Settings(cache=None, policy=policy))
    with pytest.raises(Refused, match="hot water"):
        list(studio.make(tea()))


def test_a_refused_licence_stops_the_delivery(tea: Tea, out: Path, settings: Settings, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    licence = json.loads((out / "timeline.json").read_text())
    assert licence
    policy.write_text('[licence]\nrefused = ["CC0-1.0"]\n')
    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"policy": policy}))
    with pytest.raises(Refused, match="licence"):
        list(studio.make(tea()))
    assert not (tmp_path / "film" / "out" / "film.mp4").exists()


def test_the_credits_name_every_part(out: Path) -> None:
    credits = (out / "credits.md").read_text()
    for part in ("Piper", "motion graphics", "music", "CC0-1.0", "The voice is synthetic"):
        assert part in credits


def test_the_film_says_what_the_script_says(studio: Studio, out: Path) -> None:
    job = Job(studio.folder, studio.door.assets, studio.door.weights)
    record = load_record(studio.folder)
    assert record.plan is not None
    assert record.film is not None
    heard = FasterWhisper().run(ListenRequest(audio=record.film.file), job).text
    said = " ".join(line.text for line in record.plan.script.lines)
    assert word_error_rate(said, heard) <= 0.05
