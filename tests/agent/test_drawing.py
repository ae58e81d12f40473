"""Shots that a program draws: found by words, written by a model, mended by their own error, kept for the next film."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.drawing import draw, drawn, judged, shelf, unmarked, wished, wishes
from reelwright.agent.errors import ToolFailed
from reelwright.agent.model import Line, Scene, Script, Shot, Take
from reelwright.tools.code.skills import skill
from reelwright.tools.media import Size

SIZE = Size(width=64, height=96)
SWINGS = "Each pendulum keeps its own time."
SNOW = '"""Snow falls.\n\ntags: snow flakes winter cold\n"""\nfrom reel import *\n\n\ndef draw(scene, t):\n    '
GOOD = SNOW + "return svg(scene, *[circle(100 * n, 400 * t + 50 * n, 40, scene.ink) for n in range(10)])\n"
BAD = SNOW + "return svg(scene, circle(1 / 0, 1, 1, scene.ink))\n"
Studios = Callable[..., Studio]


@pytest.fixture
def opened(endpoint: Any, tmp_path: Path) -> Studios:
    def make(*answers: object) -> Studio:
        endpoint.script = list(answers)
        default = {"base_url": f"{endpoint.url}/v1", "timeout": 5}
        minds = {"default": default, "director": ["openai:m"]} if answers else {}
        return Studio.open(tmp_path / "film", Settings.model_validate({"cache": tmp_path / "cache", "minds": minds}))

    return make


def plan(*lines: str, **changes: object) -> tuple[Script, tuple[Shot, ...]]:
    """A line a shot, as plain cards."""
    rows = tuple(Line(id=f"l{at}", text=text) for at, text in enumerate(lines))
    script = Script(title="Time", scenes=(Scene(id="s", heading="", lines=rows),))
    shots = tuple(
        Shot.model_validate({"id": f"shot{at}", "scene": "s", "lines": (row.id,), "frames": 10, **changes})
        for at, row in enumerate(rows)
    )
    return script, shots


def brief(text: str = "x") -> Brief:
    return Brief(text=text, size=SIZE, rate=Fraction(5))


def pictured(studio: Studio, brief: Brief, script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """What the direct node does where there is no footage in between."""
    return drawn(studio, script, wished(studio, brief, script, shots))


def test_a_shot_that_has_footage_is_not_drawn(opened: Studios) -> None:
    script, shots = plan(SWINGS)
    shown = tuple(shot.model_copy(update={"source": "stock", "chosen": "s"}) for shot in shots)
    assert drawn(opened(), script, shown) == shown


def test_a_line_about_a_pendulum_gets_one(opened: Studios) -> None:
    script, shots = plan("Time is hard to see.", SWINGS, "So we count.")
    found = pictured(opened(), brief(), script, shots)
    assert [shot.source for shot in found] == ["motion", "code", "motion"]
    assert found[1].program == skill("pendulums").program


def test_a_layout_that_carries_facts_keeps_them(opened: Studios) -> None:
    for layout in ("title", "bars", "quote", "timeline"):
        script, shots = plan(SWINGS, layout=layout)
        assert pictured(opened(), brief(), script, shots) == shots


def test_a_skill_is_used_once_and_not_in_every_shot(opened: Studios) -> None:
    script, shots = plan(SWINGS, "Gears turn each other.", SWINGS, "Two gears turn.")
    assert [shot.source for shot in pictured(opened(), brief(), script, shots)] == ["code", "motion", "motion", "code"]


def test_words_of_another_language_are_not_guessed_at(opened: Studios) -> None:
    script, shots = plan("Sorting algorithm")
    assert pictured(opened(), brief(), script.model_copy(update={"language": "de"}), shots) == shots


def test_a_brief_may_say_what_is_drawn_and_nobody_reads_it_aloud(opened: Studios) -> None:
    text = "Clocks go round. [drawn: gears] They never stop."
    assert unmarked(brief(text)).text == "Clocks go round. They never stop."
    assert [wish.words for wish in wishes(brief(text))] == ["gears"]
    script, shots = plan("Clocks go round.", "They never stop.", layout="quote")
    found = pictured(opened(), brief(text), script, shots)
    assert [shot.source for shot in found] == ["code", "motion"]
    assert found[0].program == skill("gears").program


def test_a_wish_that_nothing_here_draws_is_told(opened: Studios) -> None:
    script, shots = plan("It snows.")
    studio = opened()
    assert pictured(studio, brief("It snows. [drawn: falling flakes]"), script, shots) == shots
    pictured(studio, brief("[drawn: gears] It snows."), script, shots)
    told = [warning.message for warning in studio.log.warnings]
    assert "No skill draws 'falling flakes'" in told[0]
    assert "behind no sentence" in told[1]


@pytest.mark.media
def test_a_model_writes_the_program_and_mends_it_by_its_own_error(opened: Studios, endpoint: Any) -> None:
    script, shots = plan("It snows.")
    studio = opened({"program": BAD}, {"program": GOOD})
    wanted = pictured(studio, brief("It snows. [drawn: falling flakes]"), script, shots)
    taken = draw(studio, brief(), wanted[0], 0, 1)
    assert taken.program == GOOD
    assert taken.delivery.result.video.frames == 12
    first, second = endpoint.prompts()
    assert "falling flakes" in first
    assert "line 9 in draw: ZeroDivisionError" in second
    assert BAD in second
    assert not studio.degradations(), "a program that was mended is no loss"


@pytest.mark.media
def test_a_program_is_mended_twice_and_no_more(opened: Studios, endpoint: Any) -> None:
    studio = opened({"program": BAD}, {"program": BAD + "#\n"}, {"program": BAD + "##\n"}, {"program": GOOD})
    _, shots = plan("It snows.", source="code", prompt="snow")
    with pytest.raises(ToolFailed, match=r"mended 2 times .* ZeroDivisionError"):
        draw(studio, brief(), shots[0], 0, 1)
    assert len(endpoint.asked) == 3


def test_a_program_that_was_judged_well_is_known_to_the_next_film(opened: Studios) -> None:
    studio = opened()
    asset = Take.model_validate(
        {"shot": "shot0", "program": GOOD, "asset": {"id": "0" * 64, "kind": "video", "format": "mp4"}}
    )
    judged(studio, {"shot0": asset}, set())
    assert [kept.skill.tags[0] for kept in shelf(studio).kept()] == ["snow"]
    script, shots = plan("Snow falls on the town.")
    assert pictured(studio, brief(), script, shots)[0].program == GOOD
    judged(studio, {"shot0": asset}, {"shot0"})
    assert shelf(studio).kept()[0].bad == 1
