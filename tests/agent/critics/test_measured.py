"""What a few frames tell: each fault by its own measure, and nothing where there is none."""

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright import Brief
from reelwright.agent.critics.measured import faults, notes_on_takes, repeats
from reelwright.agent.model import Shot, Take
from reelwright.agent.state import State
from reelwright.tools.inspect.takes import apart, judge, unlike
from reelwright.tools.media import Asset
from reelwright.tools.video import TextBox

SHOT = Shot(id="a", scene="s", lines=(), frames=30)
RNG = np.random.default_rng(4)


def scene(seed: int = 1, frames: int = 4, colour: tuple[int, int, int] = (200, 90, 30)) -> Any:
    """Sharp boxes that wander over a ground of one colour."""
    rng, pictures = np.random.default_rng(seed), np.empty((frames, 320, 180, 3), np.uint8)
    pictures[:] = np.array(colour) // 3
    for _ in range(12):
        top, left, tall, wide = rng.integers(0, 250), rng.integers(0, 120), rng.integers(20, 60), rng.integers(20, 50)
        shade = np.clip(np.array(colour) + rng.integers(-40, 40, 3), 0, 255)
        for at in range(frames):
            pictures[at, top + 3 * at : top + tall + 3 * at, left : left + wide] = shade
    return pictures


def told(pictures: Any, shot: Shot = SHOT) -> list[str]:
    return [note.problem.partition(":")[0].removeprefix("take ") for note in faults(shot, judge(pictures))]


def soft(pictures: Any) -> Any:
    """A blur of 41 pixels."""
    kernel, out = np.ones(41) / 41, pictures.astype(np.float32)
    for axis in (1, 2):
        out = np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), axis, out)
    return out[:, 40:-40, 40:-40].astype(np.uint8)


def test_a_plain_picture_has_no_fault() -> None:
    assert told(scene()) == []


@pytest.mark.parametrize(
    ("pictures", "fault"),
    [
        (np.zeros((4, 320, 180, 3), np.uint8), "black"),
        (RNG.integers(0, 255, (4, 320, 180, 3), np.uint8), "noise"),
        (scene()[[0, 0, 0, 0]], "frozen"),
        (soft(scene()), "blurred"),
    ],
    ids=["black", "noise", "frozen", "blurred"],
)
def test_each_fault_is_told_by_its_name(pictures: Any, fault: str) -> None:
    assert told(pictures) == [fault]


def test_footage_is_held_to_its_exposure_and_only_told() -> None:
    own = SHOT.model_copy(update={"source": "own"})
    dark = scene() // 16
    found = list(faults(own, judge(dark)))
    assert [(note.severity, note.remedy) for note in found] == [("warn", "none")]


def test_repetition_is_the_same_picture_and_not_the_same_style() -> None:
    one, again, other = judge(scene(1)), judge(scene(1)), judge(scene(2))
    assert repeats(one, again)
    assert not repeats(one, other)


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
def test_marks_are_apart_by_their_bits(one: int, other: int) -> None:
    assert apart(f"{one:064x}", f"{other:064x}") == (one ^ other).bit_count()
    assert apart(f"{one:064x}", f"{one:064x}") == 0


def state(looks: int, **take: Any) -> State:
    shots = tuple(SHOT.model_copy(update={"id": f"s{at}"}) for at in range(looks))
    asset = Asset(id="0" * 64, kind="video", format="mp4")
    takes = {shot.id: Take.model_validate({"shot": shot.id, "asset": asset, **take}) for shot in shots}
    return cast(State, {"brief": Brief(text="x"), "shots": shots, "takes": takes})


def test_text_over_the_edge_is_sent_back_and_text_before_the_shot_is_not() -> None:
    box = TextBox(text="Bees", left=-4, top=10, right=200, bottom=60, start=10, end=30)
    look = {"s0": judge(scene())}
    assert "runs over the edge" in notes_on_takes(state(1, boxes=(box,)), look)[0].problem
    assert not notes_on_takes(state(1, boxes=(box.model_copy(update={"start": 0, "end": 2}),)), look)


def test_a_clip_that_was_found_far_off_its_line_is_told() -> None:
    notes = notes_on_takes(state(1, score=0.05), {"s0": judge(scene())})
    assert [(note.severity, note.remedy) for note in notes] == [("warn", "candidate")]


def test_a_shot_of_other_colours_than_both_neighbours_is_told() -> None:
    looks = {f"s{at}": judge(scene(at, colour=colour)) for at, colour in enumerate([(200, 90, 30), (20, 90, 250)] * 2)}
    looks["s2"], looks["s3"] = judge(scene(9)), judge(scene(10))
    assert unlike(looks["s0"].palette, looks["s1"].palette) > 0.9
    assert [note.target for note in notes_on_takes(state(4), looks)] == ["s1"]
