"""Films of other kinds: languages without a voice, a topic alone, the person's own pictures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from reelwright import Brief, Settings, Studio
from reelwright.agent.cli.intake import own_assets
from reelwright.agent.record import load_record
from reelwright.tools import ffmpeg
from reelwright.tools.registry import SPEECH, Registry

Tea = Callable[..., Brief]
STRANGE = "# 茶 🍵 {\\pos(0,0)}\n\n茶は葉とお湯です。 شاي ساخن. “:textfile=secret.txt” isn't 'quoted'."


@pytest.mark.parametrize("text", ["# Wie Tee entsteht\n\nTee ist ein Blatt und heißes Wasser.", STRANGE])
def test_without_a_voice_the_words_are_shown(text: str, tea: Tea, settings: Settings, tmp_path: Path) -> None:
    offline = [tool for tool in Registry.installed().tools() if tool.name not in set(SPEECH.order[1:])]
    studio = Studio.open(tmp_path / "film", settings, registry=Registry(offline))
    events = list(studio.make(tea(text=text, seconds=5)))
    assert events[-1].type == "finished"
    assert any("words are shown" in reason for reason in events[-1].degraded)
    record = load_record(tmp_path / "film")
    assert all(line.speech is None for line in record.sound.values())
    assert (tmp_path / "film" / "out" / "film.srt").read_text("utf-8").strip()


def test_a_topic_alone_is_a_title_sequence_of_the_length_asked_for(
    tea: Tea, settings: Settings, tmp_path: Path
) -> None:
    studio = Studio.open(tmp_path / "film", settings)
    events = list(studio.make(tea(text="How tea is made", seconds=6)))
    assert events[-1].type == "finished"
    assert events[-1].seconds == pytest.approx(6, abs=0.04)
    record = load_record(tmp_path / "film")
    assert record.plan is not None
    assert not record.plan.script.narrated
    assert not any(line.speech for line in record.sound.values())


def test_own_pictures_are_shown_where_they_are_named_and_never_swapped(
    tea: Tea, settings: Settings, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for seed, name in enumerate(("tea leaf.png", "IMG_0042.png")):
        picture = f"gradients=size=640x480:rate=1:duration=1:seed={seed + 4}:c0=#c89a3c:c1=#3c1e0a[v]"
        ffmpeg.encode([], picture, mine / name, ["-map", "[v]", "-frames:v", "1"])
    Image.open(mine / "tea leaf.png").convert("RGB").save(mine / "minutes.jpg")
    (mine / "minutes.txt").write_text("three minutes on a clock\nlicence: CC0-1.0\n")
    assets = tuple(own_assets(mine, tmp_path / "film"))
    events = list(Studio.open(tmp_path / "film", settings).make(tea(assets=assets)))
    assert events[-1].type == "finished"
    record = load_record(tmp_path / "film")
    assert record.plan is not None
    shown = {shot.asset: shot.id for shot in record.plan.shots if shot.source == "own"}
    names = {asset.origin.splitlines()[0]: asset.id for asset in assets}
    assert names["tea leaf.png"] in shown
    assert names["IMG_0042.png"] not in shown
    assert all(record.takes[shot].tool == "video.footage" for shot in shown.values())
    assert any("IMG_0042.png matches no line" in event.message for event in events if event.type == "warned")
    assert "tea leaf.png" in (tmp_path / "film" / "out" / "credits.md").read_text()
