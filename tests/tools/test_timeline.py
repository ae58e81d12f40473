"""The timeline laid flat: every frame once, transitions over their cuts."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools.media import Size
from reelwright.tools.timeline import Clip, Gap, Item, Marker, Timeline, Track, Transition, segments

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


def test_a_retimed_clip_counts_frames_of_the_asset_as_retimed() -> None:
    fast = Clip(asset=ASSET, start=21, frames=30, speed=Fraction(2))
    slow = Clip(asset=ASSET, start=7, skip=1, frames=30, speed=Fraction(1, 2))
    assert (fast.offset, slow.offset) == (10, 15)
    body, change, rest = segments(track(fast, Transition(frames=10), slow))
    assert (body.offset, body.frames) == (10, 25)
    assert (change.offset, change.over_offset) == (35, 10)
    assert rest.offset == 20


def test_a_transition_may_lie_off_its_cut() -> None:
    clip = Clip(asset=ASSET, start=20, frames=30)
    change = Transition(kind="push", frames=10, lead=2, towards="up")
    body, push, rest = segments(track(clip, change, clip))
    assert push.transition is change
    assert push.dissolve
    assert not body.dissolve
    assert (push.start, push.offset, push.over_offset) == (28, 48, 18)
    assert (rest.start, rest.offset) == (38, 28)


@pytest.mark.parametrize("kind", ["overlay", "voice", "music", "effects"])
def test_every_kind_of_track_is_laid_flat(kind: str) -> None:
    clip = Clip(asset=ASSET, start=6, frames=30)
    line = Track.model_validate({"kind": kind, "items": (Gap(frames=10), Transition(frames=8), clip)})
    gap, fade, rest = segments(line)
    assert (gap.frames, fade.clip, fade.over, rest.offset) == (6, None, clip, 10)


def test_a_clip_of_no_length_is_named() -> None:
    with pytest.raises(ValueError, match="clip bees lasts 0 frames"):
        Clip(asset=ASSET, frames=0, name="bees")
    with pytest.raises(ValueError, match="clip 00000000 lasts -4 frames"):
        Clip.model_validate({"asset": ASSET, "frames": -4})


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ((Transition(frames=4), Clip(asset=ASSET, frames=9, name="bees")), "between two .* bees"),
        ((Clip(asset=ASSET, frames=9, name="bees"), Transition(frames=4)), "between two .* bees"),
        (
            (Clip(asset=ASSET, frames=9, name="bees"), Transition(frames=4), Transition(frames=4), Gap(frames=9)),
            "between two .* bees",
        ),
        ((Clip(asset=ASSET, frames=9, name="bees"), Transition(frames=40), Gap(frames=9)), "bees are longer than"),
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


def test_tracks_and_chapters_are_found() -> None:
    below, above = track(Gap(frames=5)), track(Gap(frames=7))
    marks = (
        Marker(frame=5, name="two", kind="chapter"),
        Marker(frame=1, name="look"),
        Marker(frame=0, name="one", kind="chapter"),
    )
    line = Timeline(rate=Fraction(30), size=Size(width=64, height=64), tracks=(below, above), markers=marks)
    assert line.tracks_of("video") == (below, above)
    assert line.tracks_of("music") == ()
    assert [mark.name for mark in line.chapters] == ["one", "two"]
    assert line.frames == 7
