"""The timeline laid flat: every frame once, transitions over their cuts."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools.media import Size
from reelwright.tools.timeline import Clip, Gap, Item, Timeline, Track, Transition, segments

ASSET = "0" * 64


def track(*items: Item) -> Track:
    return Track(kind="video", items=items)


CLIPS = st.builds(
    lambda frames, start, gap: Gap(frames=frames) if gap else Clip(asset=ASSET, start=start, frames=frames),
    st.integers(40, 90),
    st.integers(20, 30),
    st.booleans(),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(CLIPS, st.integers(0, 20)), min_size=1, max_size=8))
def test_segments_cover_the_track_end_to_end(rows: list[tuple[Item, int]]) -> None:
    items: list[Item] = []
    for clip, dissolve in rows:
        items += [Transition(frames=dissolve)] if items and dissolve else []
        items.append(clip)
    line = track(*items)
    frame = 0
    for row in segments(line):
        assert row.start == frame
        frame += row.frames
    assert frame == line.frames
    assert sum(row.dissolve for row in segments(line)) == sum(item.type == "transition" for item in items)


def test_a_dissolve_uses_the_handles_of_both_clips() -> None:
    one, two = Clip(asset=ASSET, start=6, frames=30), Clip(asset=ASSET, start=6, frames=30)
    body, dissolve, rest = segments(track(one, Transition(frames=11), two))
    assert (body.start, body.frames, body.offset) == (0, 25, 6)
    assert (dissolve.start, dissolve.frames, dissolve.offset, dissolve.over_offset) == (25, 11, 31, 1)
    assert (rest.start, rest.frames, rest.offset) == (36, 24, 12)
    assert dissolve.offset + dissolve.frames == one.start + one.frames + 6


def test_two_dissolves_may_use_up_a_clip() -> None:
    ends = Clip(asset=ASSET, start=10, frames=30)
    rows = segments(
        track(ends, Transition(frames=10), Clip(asset=ASSET, start=5, frames=10), Transition(frames=10), ends)
    )
    assert [row.frames for row in rows] == [25, 10, 10, 25]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ((Transition(frames=4), Clip(asset=ASSET, frames=9)), "between two"),
        ((Clip(asset=ASSET, frames=9), Transition(frames=4)), "between two"),
        ((Clip(asset=ASSET, frames=9), Transition(frames=40), Gap(frames=9)), "longer than"),
        (
            (Gap(frames=90), Transition(frames=40), Clip(asset=ASSET, start=3, frames=90, name="bees")),
            "bees has 3 frames",
        ),
    ],
)
def test_what_does_not_fit_is_said(items: tuple[Item, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        segments(track(*items))


def test_cuts_are_where_items_meet() -> None:
    clip = Clip(asset=ASSET, start=6, frames=30)
    line = Timeline(
        rate=Fraction(30),
        size=Size(width=64, height=64),
        tracks=(track(clip, Transition(frames=6), clip, Gap(frames=5)),),
    )
    assert line.cuts() == (30, 60)
    assert Timeline(rate=Fraction(30), size=Size(width=64, height=64), tracks=()).cuts() == ()
