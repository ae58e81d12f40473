"""Wrong takes are found and shot again: those, and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from reelwright import Brief, Plan, Studio
from reelwright.agent.events import Finished, Reviewed

pytestmark = pytest.mark.media
Opened = Callable[..., Studio]


def made(studio: Studio, brief: Brief, plan: Plan) -> tuple[list[Reviewed], Any]:
    """Every review, and the film."""
    events = list(studio.make(brief, plan))
    assert isinstance(events[-1], Finished)
    assert studio.record is not None
    return [event for event in events if isinstance(event, Reviewed)], studio.record.film


def attempts(film: Any) -> dict[str, int]:
    return {name: take.attempt for name, take in film.takes.items() if take.attempt}


def test_exactly_the_wrong_takes_are_shot_again(opened: Opened, careless: Any, brief: Brief, plan: Plan) -> None:
    wrong = {1: "black", 2: "repeated", 3: "noise", 4: "repeated", 5: "frozen", 6: "blurred"}
    reviews, film = made(opened(careless(wrong)), brief, plan)
    # Of two takes that are alike the earlier one stays.
    assert attempts(film) == {"shot1": 1, "shot3": 1, "shot4": 1, "shot5": 1, "shot6": 1}
    first = {note.target: note.problem for note in reviews[0].critique.notes if note.problem.startswith("take")}
    reasons = {"shot1": "black", "shot3": "noise", "shot4": "repeated", "shot5": "frozen", "shot6": "blurred"}
    assert {name: first[name].split(":")[0] for name in reasons} == {n: f"take {r}" for n, r in reasons.items()}
    assert reviews[-1].critique.verdict == "good"


def test_a_film_without_faults_is_made_once(opened: Opened, brief: Brief, plan: Plan) -> None:
    reviews, film = made(opened(), brief, plan)
    assert not attempts(film), reviews[0].critique.notes
    assert len(reviews) == 1
    assert reviews[0].critique.scores["takes"] == "pass: 0 of 7 takes are at fault"
    assert "vision" not in reviews[0].critique.scores


def test_what_stays_wrong_ends_with_a_film_and_says_so(opened: Opened, careless: Any, brief: Brief, plan: Plan) -> None:
    studio = opened(careless({3: "noise"}, patient=True), budget={"rounds": 3})
    reviews, film = made(studio, brief, plan)
    assert reviews[-1].critique.verdict == "spent"
    assert len(reviews) <= 3, "the same faults again end the loop before the rounds do"
    assert any("take noise" in short for short in film.short)
