"""Duration is planned: what will be said takes as long as was asked, and is fitted again once it was said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langgraph.runtime import Runtime

from reelwright import Brief, Plan, Settings, Studio
from reelwright.agent.fit import FASTEST, fit
from reelwright.agent.length import TOLERANCE, excess, fitted, without
from reelwright.agent.model import Sound
from reelwright.agent.pace import expected, schedule
from reelwright.agent.planner.offline import Offline
from reelwright.agent.sound import speak
from reelwright.agent.state import State

BRIEFS = sorted((Path(__file__).parents[2] / "examples" / "briefs").glob("*.md"))
LOCK = next(path for path in BRIEFS if path.stem == "bike-lock").read_text("utf-8")


def planned(text: str, seconds: float) -> tuple[Brief, Plan]:
    brief = Brief(text=text, seconds=seconds)
    return brief, Offline().plan(brief)


def slow(brief: Brief, plan: Plan, times: float) -> dict[str, Sound]:
    """A voice that takes so many times as long as planned."""
    lines = expected(plan.script, brief.rate).values()
    return {line.line: line.model_copy(update={"frames": round(line.frames * times)}) for line in lines}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BRIEFS), st.integers(8, 90))
def test_the_plan_meets_the_length_or_says_that_the_brief_holds_less(path: Path, seconds: int) -> None:
    brief, plan = planned(path.read_text("utf-8"), seconds)
    off = excess(brief, schedule(brief, plan.script, plan.shots, expected(plan.script, brief.rate)))
    assert off <= TOLERANCE
    assert off >= -TOLERANCE or plan.script.shorts


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BRIEFS), st.integers(12, 60), st.floats(0.8, 1.6))
def test_only_spare_lines_go_and_every_word_keeps_its_shot(path: Path, seconds: int, times: float) -> None:
    brief, plan = planned(path.read_text("utf-8"), seconds)
    left, gone = fitted(brief, plan, slow(brief, plan, times))
    kept = [line.text for line in left.script.lines]
    assert [line.text for line in plan.script.lines if line.text in kept or line.text not in gone] == kept
    assert all(line.spare for line in plan.script.lines if line.text not in kept)
    covered = {line for shot in left.shots for line in shot.lines}
    assert covered == {line.id for line in left.script.lines}
    if times <= 1.0:
        assert left == plan


def test_a_film_without_the_line_is_shorter_and_whole() -> None:
    brief, plan = planned(LOCK, 45)
    spare = next(line for line in plan.script.lines if line.spare)
    left = without(plan, {spare.id})
    assert left is not None
    assert len(left.shots) < len(plan.shots)
    assert without(plan, {line.id for line in plan.script.lines}) is None
    assert schedule(brief, left.script, left.shots, slow(brief, left, 1)).frames > 0


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float], tuple[Studio, Brief, Plan]]:
    cache = tmp_path_factory.mktemp("cache")

    def make(seconds: float) -> tuple[Studio, Brief, Plan]:
        studio = Studio.open(tmp_path_factory.mktemp("films") / "lock", Settings(cache=cache))
        brief, plan = planned(LOCK, seconds)
        return studio, brief, plan

    return make


@pytest.mark.media
@pytest.mark.parametrize("seconds", [24.0, 18.0])
def test_the_recorded_film_meets_its_length(
    seconds: float, heard: Callable[[float], tuple[Studio, Brief, Plan]]
) -> None:
    studio, brief, plan = heard(seconds)
    sound = {line.id: speak(studio, brief, plan.script, line) for line in plan.script.lines}
    state: State = {"brief": brief, "script": plan.script, "shots": plan.shots, "sound": sound}
    found = fit(state, Runtime(context=studio))
    frames = sum(shot.frames for shot in found["shots"])
    assert abs(frames - brief.frames) <= TOLERANCE * brief.frames


@pytest.mark.media
def test_a_plan_that_is_too_long_is_read_faster_then_cut_and_both_are_said(
    heard: Callable[[float], tuple[Studio, Brief, Plan]],
) -> None:
    studio, brief, _ = heard(30.0)
    _, plan = planned(LOCK, 40.0)  # more than the brief has room for
    sound = {line.id: speak(studio, brief, plan.script, line) for line in plan.script.lines}
    state: State = {"brief": brief, "script": plan.script, "shots": plan.shots, "sound": sound}
    found = fit(state, Runtime(context=studio))
    said = [warning.message for warning in studio.log.warnings] + list(found["script"].shorts)
    dropped = len(plan.script.lines) - len(found["script"].lines)
    assert dropped or any("reads" in each for each in said)
    assert bool(dropped) == any("left out: “" in each for each in said)
    assert all(found["sound"][line.id].frames for line in found["script"].lines)
    assert FASTEST < 1.1
