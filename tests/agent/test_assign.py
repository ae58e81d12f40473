"""Footage is given to shots over the whole film: the sum counts, no picture twice, neighbours differ."""

import hashlib
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from reelwright.agent.assign import ENOUGH, assign, best_assignment
from reelwright.agent.footage import in_point, stretch_of
from reelwright.agent.model import Pick, Shot
from reelwright.tools.media import Size
from reelwright.tools.stock import Segment

WIDE, RATE = Size(width=1920, height=1080), Fraction(25)


def segment(name: str, **facts: object) -> Segment:
    looks = hashlib.sha256(name.encode()).hexdigest()[:16]
    given = {"kind": "image", "width": 1920, "height": 1080, "looks": looks, **facts}
    return Segment.model_validate({"id": name, "file": f"{ord(name[0]):064x}", "place": f"/{name}.jpg", **given})


def pick(score: float, found: Segment) -> Pick:
    return Pick(query="q", score=score, segment=found)


def shot(name: str, frames: int = 75, camera: str = "drift") -> Shot:
    return Shot(id=name, scene="s", lines=("l",), frames=frames, camera=camera)


def chosen(shots: Sequence[Shot], table: dict[str, dict[str, float]], **segments: Segment) -> dict[str, str]:
    picks = {
        name: [pick(score, segments.get(other, segment(other))) for other, score in row.items()]
        for name, row in table.items()
    }
    return assign(shots, picks, WIDE, RATE)


@settings(deadline=None, max_examples=150)
@given(st.integers(1, 9), st.integers(0, 6), st.integers(0, 2**32 - 1), st.booleans())
def test_the_sum_is_as_large_as_can_be(rows: int, more: int, seed: int, ties: bool) -> None:
    table = np.random.default_rng(seed).random((rows, rows + more))
    table = np.round(table, 1) if ties else table
    given_ = best_assignment(table)
    assert len(set(given_.tolist())) == rows
    best, columns = linear_sum_assignment(table, maximize=True)
    assert table[np.arange(rows), given_].sum() == pytest.approx(table[best, columns].sum())


def test_the_film_counts_and_not_the_first_shot() -> None:
    table = {"one": {"a": 0.9, "b": 0.85}, "two": {"a": 0.9, "b": 0.5}}
    assert chosen([shot("one"), shot("two")], table) == {"one": "b", "two": "a"}


def test_below_the_threshold_a_shot_is_drawn() -> None:
    assert chosen([shot("one"), shot("two")], {"one": {"a": ENOUGH - 0.01}, "two": {"a": ENOUGH + 0.1}}) == {"two": "a"}
    assert assign([shot("one")], {"one": []}, WIDE, RATE) == {}
    assert assign([], {}, WIDE, RATE) == {}


def test_near_duplicates_are_one_picture() -> None:
    alike = {"a": segment("a", looks="00ff00ff00ff00ff"), "b": segment("b", looks="00ff00ff00ff00f8")}
    given_ = chosen([shot("one"), shot("two")], {"one": {"a": 0.9, "b": 0.9}, "two": {"a": 0.9, "b": 0.9}}, **alike)
    assert len(given_) == 1


def test_what_fits_the_frame_wins_over_what_the_crop_would_cut() -> None:
    tall = segment("a", width=1080, height=1920)
    assert chosen([shot("one")], {"one": {"a": 0.7, "b": 0.68}}, a=tall) == {"one": "b"}
    assert chosen([shot("one")], {"one": {"a": 0.9, "b": 0.68}}, a=tall) == {"one": "a"}


def test_a_clip_long_enough_wins_over_one_that_is_stretched() -> None:
    clip = {"kind": "video", "rate": 25, "motion": 0.01}
    short, long = segment("a", frames=45, **clip), segment("b", frames=200, **clip)
    assert chosen([shot("one", frames=75)], {"one": {"a": 0.7, "b": 0.66}}, a=short, b=long) == {"one": "b"}


def test_a_promise_of_movement_is_kept() -> None:
    moving = segment("a", kind="video", frames=200, rate=25, motion=0.05)
    table = {"one": {"a": 0.7, "b": 0.72}}
    assert chosen([shot("one", camera="tracking")], table, a=moving) == {"one": "a"}
    assert chosen([shot("one", camera="static")], table, a=moving) == {"one": "b"}


def test_shots_of_one_file_do_not_stand_side_by_side() -> None:
    same = "f" * 64
    parts = {"a": segment("a", file=same), "b": segment("b", file=same), "c": segment("c")}
    row = {"a": 0.8, "b": 0.8, "c": 0.78}
    given_ = chosen([shot("one"), shot("two"), shot("three")], {"one": row, "two": row, "three": row}, **parts)
    assert given_["two"] == "c"


def test_shot_sizes_vary() -> None:
    close = {name: segment(name, shot_size="close") for name in "abc"}
    wide = segment("d", shot_size="wide")
    table = {"one": {"a": 0.8}, "two": {"b": 0.8, "d": 0.79}, "three": {"c": 0.8}}
    assert chosen([shot("one"), shot("two"), shot("three")], table, d=wide, **close)["two"] == "d"


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_nothing_is_shown_twice_whatever_the_scores(seed: int) -> None:
    chance = np.random.default_rng(seed)
    shots = [shot(f"s{number}") for number in range(6)]
    table = {one.id: {name: float(chance.random()) for name in "abcde"} for one in shots}
    given_ = chosen(shots, table)
    assert len(set(given_.values())) == len(given_)
    assert all(table[name][found] > ENOUGH - 0.05 for name, found in given_.items())


def test_forty_shots_are_assigned_at_once() -> None:
    chance = np.random.default_rng(3)
    shots = [shot(f"s{number}") for number in range(40)]
    names = [f"{chr(97 + at % 26)}{at}" for at in range(300)]
    table = {one.id: {str(name): float(chance.random()) for name in chance.choice(names, 40)} for one in shots}
    assert len(chosen(shots, table)) == 40


def test_the_in_point_is_steady_and_inside_its_segment() -> None:
    clip = segment("a", kind="video", start=50, frames=250, rate=25, curve=(90,) * 8 + (5,) * 6 + (90,) * 6)
    begin = in_point(pick(0.9, clip), 2.0)
    assert 2 + 4 <= begin <= 2 + 5
    given_ = stretch_of(pick(0.9, clip), 60, Fraction(30))
    assert given_["within"] == (60, 360)
    assert 60 <= int(str(given_["start"])) <= 300


def test_the_in_point_is_where_it_is_said() -> None:
    speech = " ".join(["well"] * 18 + ["volcano"])
    clip = segment("a", kind="video", frames=500, rate=25, curve=(10,) * 40, speech=speech)
    assert in_point(Pick(query="a volcano", score=0.9, segment=clip), 3.0) > 14
    assert in_point(Pick(query="nothing of it", score=0.9, segment=clip), 3.0) < 1


def test_a_short_segment_begins_at_its_beginning_and_a_still_anywhere() -> None:
    short = segment("a", kind="video", start=25, frames=50, rate=25)
    assert in_point(pick(0.9, short), 4.0) == 1.0
    assert stretch_of(pick(0.9, segment("a")), 60, RATE) == {}
