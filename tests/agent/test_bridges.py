"""Bridges: between which shots they are planned, and what stands on the timeline where they are."""

from pathlib import Path

import pytest

from reelwright import Brief, Registry, Settings, Studio
from reelwright.agent.bridges import planned
from reelwright.agent.cut import lay
from reelwright.agent.errors import BriefError
from reelwright.agent.generate import Maker
from reelwright.agent.model import Line, Scene, Script, Shot, Take
from reelwright.agent.settings import load_settings
from reelwright.tools.media import Asset
from reelwright.tools.timeline import segments
from reelwright.tools.video.diffusion.families import family

from .test_sources import Elsewhere

BRIEF = Brief(text="Boats rest.", rate=8)
LINES = tuple(Line(id=f"l{at}", text="Boats rest.") for at in (1, 2, 3))
SCRIPT = Script(title="Boats", narrated=False, scenes=(Scene(id="s1", heading="", lines=LINES),))
SHOTS = tuple(Shot(id=f"shot{at}", scene="s1", lines=(f"l{at}",), frames=20, source="generate") for at in (1, 2, 3))
MAKER = Maker(Elsewhere(), family("ltx-video"), ends=True)  # type: ignore[arg-type]


def pairs(tmp_path: Path, *shots: Shot, maker: Maker = MAKER, **given: object) -> list[str]:
    settings = Settings.model_validate({"cache": None, "source": "generate"} | given)
    studio = Studio.open(tmp_path / "film", settings, registry=Registry([Elsewhere()]))  # type: ignore[list-item]
    return [after.id for _, after in planned(studio, BRIEF, shots or SHOTS, maker)]


def changed(shot: Shot, **more: object) -> Shot:
    return shot.model_copy(update=more)


def test_dissolves_between_generated_shots_are_bridged(tmp_path: Path) -> None:
    one, two, three = SHOTS
    assert pairs(tmp_path) == ["shot2", "shot3"]
    assert pairs(tmp_path, one, two, changed(three, source="motion")) == ["shot2"]
    assert pairs(tmp_path, one, changed(two, frames=16), three) == [], "a second of bridge on both sides leaves nothing"
    assert pairs(tmp_path, one, changed(two, style="technical")) == [], "a sheet that cuts is not softened"
    assert pairs(tmp_path, maker=MAKER._replace(ends=False)) == []


def test_the_setting_asks_for_more_or_for_none(tmp_path: Path) -> None:
    turn = changed(SHOTS[1], scene="s2")  # between scenes this sheet pushes
    assert pairs(tmp_path, SHOTS[0], turn) == []
    assert pairs(tmp_path, SHOTS[0], turn, transitions="generated") == ["shot2"]
    assert pairs(tmp_path, source="auto") == []
    assert pairs(tmp_path, source="auto", transitions="generated") == ["shot2", "shot3"]
    assert pairs(tmp_path, transitions="drawn") == []


def test_the_setting_is_one_of_three(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELWRIGHT_TRANSITIONS", "drawn")
    assert load_settings(tmp_path).transitions == "drawn"
    monkeypatch.setenv("REELWRIGHT_TRANSITIONS", "magic")
    with pytest.raises(BriefError, match="transitions"):
        load_settings(tmp_path)


def test_a_bridge_stands_in_place_of_a_dissolve_and_moves_nothing() -> None:
    made = [Asset(id=str(at) * 64, kind="video", format="mp4", frames=24) for at in range(4)]
    takes = {shot.id: Take(shot=shot.id, asset=asset) for shot, asset in zip(SHOTS, made[1:], strict=True)}
    bridge = made[0].model_copy(update={"frames": 7})
    film = lay(BRIEF, SCRIPT, SHOTS, takes, {}, None, (), {"shot2": bridge})
    (track,) = film.tracks_of("video")
    told = [(item.type, getattr(item, "name", ""), getattr(item, "start", 0), item.frames) for item in track.items]
    assert told == [
        ("clip", "shot1", 2, 17),
        ("clip", "shot1 to shot2", 0, 7),
        ("clip", "shot2", 6, 16),
        ("transition", "", 0, 4),
        ("clip", "shot3", 2, 20),
    ]
    assert film.frames == 60
    assert sum(row.frames for row in segments(track)) == 60
