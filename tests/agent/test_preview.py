"""The preview grows while shots finish: in order, without what failed, and with the newest take of each shot."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright import Brief, Event, Settings, Studio
from reelwright.agent.events import EVENT, Preview
from reelwright.agent.model import Plan, Take
from reelwright.agent.preview import FOLDER, PLAYLIST, preview
from reelwright.agent.shoot import handle_of
from reelwright.tools import ffmpeg

Tea = Callable[..., Brief]


def listed(studio: Studio) -> list[str]:
    """The numbers of the shots in the playlist, in its order."""
    return re.findall(r"^(\d{3})-\w+\.m4s$", text(studio), re.M)


def text(studio: Studio) -> str:
    return (studio.folder / FOLDER / PLAYLIST).read_text()


@pytest.fixture
def copied(studio: Studio, events: list[Event], tmp_path: Path) -> Studio:
    """The finished film's record and takes in a folder of its own, whose preview is still empty."""
    assert events[-1].type == "finished"
    other = Studio.open(tmp_path / "film", Settings(cache=None))
    other.record = studio.record
    for take in made(studio):
        assert take.asset is not None
        other.door.assets.take(studio.door.assets.path(take.asset.id), take.asset)
    for line in (studio.record.sound if studio.record else {}).values():
        if line.speech:
            audio = line.speech.audio
            other.door.assets.take(studio.door.assets.path(audio.id), audio)
    return other


def plan_of(studio: Studio) -> Plan:
    assert studio.record is not None
    assert studio.record.plan is not None
    return studio.record.plan


def made(studio: Studio) -> list[Take]:
    assert studio.record is not None
    return [studio.record.takes[shot.id] for shot in plan_of(studio).shots]


def show(studio: Studio, take: Take) -> Preview | None:
    assert studio.record is not None
    preview(studio, studio.record.brief, take, handle_of(studio.record.brief))
    last = list(studio.log.read())[-1:]
    return last[0] if last and isinstance(last[0], Preview) else None


def test_a_film_tells_what_can_be_watched_and_then_takes_its_place(studio: Studio, events: list[Event]) -> None:
    shots = plan_of(studio).shots
    told = [event for event in events if event.type == "preview" and event.playlist]
    assert len(told) == len(shots)
    assert max(event.seconds for event in told) == pytest.approx(sum(shot.frames for shot in shots) / 30, abs=0.01)
    assert all(EVENT.validate_json(event.model_dump_json()) == event for event in told)
    assert [path.name for path in (studio.folder / FOLDER).iterdir()] == ["preview.html"]
    assert "src='../film.mp4'" in (studio.folder / FOLDER / "preview.html").read_text()


def test_shots_are_listed_from_the_first_on_in_whatever_order_they_finish(copied: Studio) -> None:
    takes, shots = made(copied), plan_of(copied).shots
    late = show(copied, takes[1])
    assert late is not None
    assert late.seconds == 0
    assert listed(copied) == []
    first = show(copied, takes[0])
    assert first is not None
    assert first.seconds == pytest.approx((shots[0].frames + shots[1].frames) / 30, abs=0.01)
    assert listed(copied) == ["001", "002"]
    assert "#EXT-X-ENDLIST" not in text(copied)


def test_a_shot_that_failed_is_skipped_and_marked(copied: Studio) -> None:
    takes = made(copied)
    show(copied, Take(shot=takes[0].shot, failure="no picture"))
    for take in takes[1:]:
        show(copied, take)
    assert listed(copied) == [f"{number:03}" for number in range(2, len(takes) + 1)]
    assert f"# {takes[0].shot} could not be made" in text(copied)
    assert text(copied).endswith("#EXT-X-ENDLIST\n")


def test_another_take_replaces_the_shots_fragment(copied: Studio, tmp_path: Path) -> None:
    takes = made(copied)
    for take in takes:
        show(copied, take)
    before = text(copied)
    old = takes[0].asset
    assert old is not None
    path = tmp_path / "again.mp4"
    keys = ["-g", "30", "-force_key_frames", "expr:eq(n,6)", "-preset", "ultrafast"]
    source = ffmpeg.Input(copied.door.assets.path(old.id))
    ffmpeg.encode([source], "[0:v]hue=h=90[v]", path, ["-map", "[v]", "-c:v", "libx264", *keys])
    asset = copied.door.assets.add(path, lambda digest: old.model_copy(update={"id": digest}))
    show(copied, takes[0].model_copy(update={"asset": asset, "attempt": 1}))
    assert listed(copied) == [f"{number:03}" for number in range(1, len(takes) + 1)]
    assert text(copied) != before
    assert len(list((copied.folder / FOLDER).glob("*.m4s"))) == len(takes)


def test_it_goes_on_where_another_process_stopped(copied: Studio) -> None:
    takes = made(copied)
    show(copied, takes[0])
    again = Studio.open(copied.folder, Settings(cache=None))
    again.record = copied.record
    show(again, takes[1])
    assert listed(again) == ["001", "002"]


def test_a_take_that_cannot_be_copied_costs_the_film_nothing(copied: Studio) -> None:
    takes = made(copied)
    asset = takes[0].asset
    assert asset is not None
    copied.door.assets.path(asset.id).unlink()
    (copied.door.assets.root / asset.id[:2] / asset.id[2:]).write_bytes(b"damaged")
    show(copied, takes[0])
    show(copied, takes[1])
    assert listed(copied) == ["002"]


def test_a_further_size_has_no_preview_of_its_own(copied: Studio, tea: Tea) -> None:
    assert copied.record is not None
    brief = tea(size={"width": 480, "height": 270})
    preview(copied, brief, made(copied)[0], handle_of(brief))
    assert not (copied.folder / FOLDER).exists()
