"""Films in languages that no voice here speaks: words and music, marked, never foreign phonemes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.record import load_record
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
