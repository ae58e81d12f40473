"""A note changes what the next round makes: takes, prompts, sources, lengths and lines."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright import Brief
from reelwright.agent.critics import settled
from reelwright.agent.critics.remedies import mended, rewritten
from reelwright.agent.graph import after_review
from reelwright.agent.model import Critique, Note, Script, Shot, Take
from reelwright.agent.state import State

SHOTS = tuple(
    Shot(id=f"s{at}", scene="s1", lines=(f"l{at}",), frames=60, source="code", program="x", prompt="old", cues=(4, 30))
    for at in range(3)
)
BRIEF = Brief(text="x", rate=Fraction(30))


@pytest.fixture
def state(script: Callable[..., Script]) -> State:
    return cast(
        State,
        {
            "brief": BRIEF,
            "script": script("Bees fly.", "Wax holds.", "Honey stays."),
            "shots": SHOTS,
            "takes": {shot.id: Take(shot=shot.id, attempt=1) for shot in SHOTS},
        },
    )


def note(target: str, remedy: Any, advice: str = "", severity: Any = "fail", problem: str = "x") -> Note:
    return Note(target=target, severity=severity, problem=problem, remedy=remedy, advice=advice)


@pytest.mark.parametrize("remedy", ["reshoot", "candidate", "prompt", "source", "retime"])
def test_a_take_is_put_aside(state: State, remedy: str) -> None:
    changed = mended(state, [note("s2", remedy)])
    assert changed["takes"] == {"s2": Take(shot="s2", attempt=2)}


def test_a_warning_changes_nothing(state: State) -> None:
    assert mended(state, [note("s1", "reshoot", severity="warn"), note("film", "none"), note("s9", "reshoot")]) == {}


def test_a_new_prompt_and_another_source(state: State) -> None:
    changed = mended(state, [note("s0", "prompt", "a red wheel"), note("s1", "source")])
    assert (changed["shots"][0].prompt, changed["shots"][0].program) == ("a red wheel", "")
    assert changed["shots"][1].source == "motion"
    assert changed["shots"][2] == SHOTS[2]


def test_a_longer_shot_takes_its_frames_from_the_next(state: State) -> None:
    changed = mended(state, [note("s0", "retime")])
    assert [shot.frames for shot in changed["shots"]] == [75, 45, 60]
    assert changed["shots"][1].cues == (0, 15)
    assert set(changed["takes"]) == {"s0", "s1"}


def test_a_line_in_other_words_is_planned_anew(state: State) -> None:
    wanted = note("l1", "rewrite", " Wax  carries the comb. ")
    changed = mended(state, [wanted, note("s0", "reshoot")])
    assert [line.text for line in changed["script"].lines] == ["Bees fly.", "Wax carries the comb.", "Honey stays."]
    assert all(take.asset is None for take in changed["takes"].values())
    after = cast(State, {**state, "critique": Critique(notes=(wanted,), verdict="again")})
    assert after_review(after) == "direct"
    same = rewritten(state["script"], [note("l1", "rewrite", "Wax holds.")])
    assert same is state["script"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["s0", "s1", "s2", "film", "mix"]),
            st.sampled_from(["reshoot", "candidate", "prompt", "source", "retime", "none", "remix"]),
        ),
        max_size=8,
    )
)
def test_whatever_is_noted_the_film_stays_as_long(rows: list[tuple[str, str]]) -> None:
    plain = cast(State, {"brief": BRIEF, "script": Script(title="x", scenes=()), "shots": SHOTS, "takes": {}})
    plain["takes"] = {shot.id: Take(shot=shot.id) for shot in SHOTS}
    changed = mended(plain, [note(target, remedy) for target, remedy in rows])
    shots = changed.get("shots", SHOTS)
    assert sum(shot.frames for shot in shots) == 180
    assert all(shot.frames >= 36 for shot in shots)
    assert set(changed.get("takes", {})) <= {"s0", "s1", "s2"}


def test_a_fault_of_one_shot_is_not_charged_to_its_neighbour() -> None:
    film = (note("s0", "reshoot", problem="freeze: 1.2 s"), note("s1", "reshoot", problem="freeze: 1.2 s"))
    takes = (note("s1", "reshoot", problem="take frozen: it moves by 0"),)
    assert settled(film, takes) == film[1:]
    assert settled(film, ()) == film
