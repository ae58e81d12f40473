"""Who speaks when: pure arithmetic over windows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.agent.talk.turns import STEP, Rules, Step, Turns

LOUD, FAINT = -25.0, -60.0


def run(turns: Turns, seconds: float, chance: float, level: float = LOUD) -> list[Step]:
    steps = [turns.step(chance, level) for _ in range(round(seconds / STEP))]
    return [step for step in steps if step]


def test_a_turn_begins_pauses_and_ends() -> None:
    turns = Turns()
    assert run(turns, 1.0, 0.9) == ["began"]
    assert run(turns, 1.0, 0.0) == ["paused", "ended"]


def test_a_pause_for_thought_does_not_end_a_turn() -> None:
    turns = Turns()
    assert run(turns, 1.0, 0.9) + run(turns, 0.6, 0.0) + run(turns, 1.0, 0.9) == ["began", "paused"]


def test_what_the_turn_model_says_shortens_or_lengthens_the_wait() -> None:
    for over, seconds in ((0.95, Rules.quick), (0.05, Rules.patient)):
        turns = Turns()
        run(turns, 1.0, 0.9)
        run(turns, 0.3, 0.0)
        turns.over = over
        windows = 0
        while turns.speaking:
            turns.step(0.0, LOUD)
            windows += 1
        assert abs(0.3 + windows * STEP - seconds) <= 2 * STEP


def test_our_voice_is_stopped_within_a_tenth_of_a_second_of_speech() -> None:
    assert Rules().begin * STEP <= 0.1


def test_a_click_is_no_turn() -> None:
    turns = Turns()
    assert run(turns, 3 * STEP, 0.9) == ["began"]
    assert run(turns, 1.0, 0.0) == ["paused", "dropped"]


def test_voices_across_the_room_begin_no_turn_once_the_person_is_known() -> None:
    turns = Turns()
    run(turns, 1.0, 0.9, LOUD)
    run(turns, 1.0, 0.0, FAINT)
    assert run(turns, 5.0, 0.95, LOUD - 13) == []
    assert run(turns, 1.0, 0.95, LOUD - 6) == ["began"]


@settings(deadline=None)  # a busy machine is not a fault
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-90, 0)), max_size=400))
def test_beginnings_and_ends_take_turns(windows: list[tuple[float, float]]) -> None:
    turns, open_ = Turns(), False
    for chance, level in windows:
        step = turns.step(chance, level)
        if step == "began":
            assert not open_
        if step in {"paused", "ended", "dropped"}:
            assert open_
        open_ = turns.speaking
