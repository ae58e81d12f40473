"""Edits keep what they do not change: every one is held against what is seen and heard at each frame."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reelwright.tools import edits
from reelwright.tools.layers import flatten, portion
from reelwright.tools.media import Size
from reelwright.tools.timeline import (
    Clip,
    Cue,
    CueWord,
    Focus,
    Gap,
    Item,
    Marker,
    Move,
    Place,
    Segment,
    Timeline,
    Track,
    Transition,
    segments,
)

SIZE = Size(width=64, height=64)
KINDS = ("video", "overlay", "voice", "music", "effects")
Sight = tuple[str, int, float, float, tuple[tuple[int, float], ...], float]
"""An asset, its frame, how far a move is, its speed's sign by the frame, focus points from here, its weight."""


def shown(line: Timeline, frame: int) -> list[tuple[str, list[Sight]]]:
    """What every track shows or sounds like at a frame: the reference that edits are held against."""
    rows = [(track.kind, seen(track, frame)) for track in line.tracks]
    return sorted(((kind, sights) for kind, sights in rows if sights), key=lambda row: KINDS.index(row[0]))


def seen(track: Track, frame: int) -> list[Sight]:
    start, rows = 0, []
    items = track.items
    for number, item in enumerate(items):
        if item.type == "transition":
            continue
        weight = 1.0 if start <= frame < start + item.frames else 0.0
        for change, cut, entering in beside(items, number, start):
            at = frame - (cut - change.before)
            if 0 <= at < change.frames:
                part = (change.first + at) / max((change.whole or change.frames) - 1, 1)
                weight = part if entering else 1 - part
        if weight and item.type == "clip":
            rows.append(sight(item, frame - start, weight))
        start += item.frames
    return rows


def beside(items: tuple[Item, ...], number: int, start: int) -> list[tuple[Transition, int, bool]]:
    rows = []
    before, after = items[number - 1] if number else None, items[number + 1] if number + 1 < len(items) else None
    if before and before.type == "transition":
        rows.append((before, start, True))
    if after and after.type == "transition":
        rows.append((after, start + items[number].frames, False))
    return rows


def sight(clip: Clip, into: int, weight: float) -> Sight:
    moved = 0.0
    if clip.move:
        whole = clip.move.whole or clip.frames
        moved = min(max((clip.move.first + into) / max(whole - 1, 1), 0), 1)
    focus = tuple((point.frame - into, point.x) for point in clip.focus)
    return (clip.asset, int((clip.offset + into) * clip.speed), moved, float(clip.speed), focus, round(weight, 9))


SPEEDS = st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3, 2), Fraction(7, 10), Fraction(30, 24)])


@st.composite
def clips(draw: st.DrawFn, kind: str = "video") -> Clip:
    speed = draw(SPEEDS)
    points = draw(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), max_size=2))
    return Clip(
        asset=draw(st.sampled_from("abcd")) * 64,
        start=draw(st.integers(30, 60)),
        frames=draw(st.integers(20, 40)),
        name=draw(st.sampled_from(["", "bees"])),
        speed=speed,
        move=Move() if draw(st.booleans()) else None,
        focus=tuple(Focus(frame=frame, x=x) for frame, x in sorted(points)),
        place=Place(width=0.5) if kind == "overlay" else None,
    )


@st.composite
def tracks(draw: st.DrawFn, kind: str, least: int = 1) -> Track:
    items: list[Item] = []
    for _ in range(draw(st.integers(least, 4))):
        length = draw(st.integers(0, 14))
        if items and length:
            items.append(Transition(kind=draw(st.sampled_from(["dissolve", "push"])), frames=length))
        items.append(draw(clips(kind)) if draw(st.booleans()) else Gap(frames=draw(st.integers(15, 30))))
    return Track.model_validate({"kind": kind, "items": items})


@st.composite
def films(draw: st.DrawFn) -> Timeline:
    rows = [draw(tracks("video"))]
    rows += [draw(tracks(kind)) for kind in ("overlay", "voice", "music") if draw(st.booleans())]
    length = rows[0].frames
    words = (CueWord(text="two", start=2, end=length // 2), CueWord(text="words", start=length // 2, end=length))
    return Timeline(
        rate=Fraction(30),
        size=SIZE,
        tracks=tuple(rows),
        cues=(Cue(start=2, end=length, text="two words", words=words),),
        labels=(Cue(start=0, end=length, text="made by a machine"),),
        markers=(Marker(frame=0, name="one", kind="chapter"), Marker(frame=length // 2, name="two", kind="chapter")),
    )


def spoken(line: Timeline, frame: int) -> list[tuple[str, list[str]]]:
    """The captions, labels and words of a frame."""
    return sorted(
        (cue.text, [word.text for word in cue.words if word.start <= frame < word.end])
        for cue in (*line.cues, *line.labels)
        if cue.start <= frame < cue.end
    )


def same(one: Timeline, first: int, two: Timeline, second: int, frames: int) -> None:
    """`frames` frames of one film are those of another."""
    for frame in range(frames):
        assert shown(one, first + frame) == shown(two, second + frame), frame
        assert spoken(one, first + frame) == spoken(two, second + frame), frame


def laid(line: Timeline) -> None:
    """Every track can be laid flat, end to end."""
    for track in line.tracks:
        rows = segments(track)
        assert [row.start for row in rows] == [sum(row.frames for row in rows[:n]) for n in range(len(rows))]


FEW = settings(deadline=None, max_examples=25)


@FEW
@given(films(), st.data())
def test_a_stretch_shows_what_the_whole_shows_there(line: Timeline, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, line.frames - 3))
    end = data.draw(st.integers(start + 3, line.frames))
    part = edits.stretch(line, start, end)
    assert part.frames == end - start
    laid(part)
    same(part, 0, line, start, end - start)
    assert [mark.frame + start for mark in part.markers] == [
        mark.frame for mark in line.markers if start <= mark.frame < end
    ]
    assert all(0 <= cue.start < cue.end <= part.frames for cue in (*part.cues, *part.labels))


@FEW
@given(films(), st.data())
def test_a_stretch_of_a_stretch_is_a_stretch(line: Timeline, data: st.DataObject) -> None:
    assume(line.frames >= 12)
    start = data.draw(st.integers(0, line.frames - 9))
    end = data.draw(st.integers(start + 9, line.frames))
    low = data.draw(st.integers(0, end - start - 3))
    high = data.draw(st.integers(low + 3, end - start))
    twice = edits.stretch(edits.stretch(line, start, end), low, high)
    once = edits.stretch(line, start + low, start + high)
    same(twice, 0, once, 0, high - low)
    assert (twice.cues, twice.labels, twice.markers) == (once.cues, once.labels, once.markers)


@FEW
@given(films())
def test_the_whole_film_is_a_stretch_of_itself(line: Timeline) -> None:
    whole = edits.stretch(line, 0, line.frames)
    assert whole.tracks[0] == line.tracks[0]
    assert whole.labels == line.labels


@FEW
@given(films(), st.data())
def test_two_stretches_make_the_film_again(line: Timeline, data: st.DataObject) -> None:
    at = data.draw(st.integers(3, line.frames - 3))
    again = edits.concatenate(edits.stretch(line, 0, at), edits.stretch(line, at, line.frames))
    assert again.frames == line.frames
    laid(again)
    same(again, 0, line, 0, line.frames)
    assert (again.cues, again.labels, again.markers) == (line.cues, line.labels, line.markers)


@FEW
@given(clips(), st.data())
def test_a_clip_that_is_split_can_be_joined_again(clip: Clip, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, clip.frames - 1))
    one, two = edits.split(clip, at)
    assert one.frames + two.frames == clip.frames
    assert edits.join(one, two) == clip
    both = Track(kind="video", items=(one, two))
    assert [seen(both, n) for n in range(clip.frames)] == [
        seen(Track(kind="video", items=(clip,)), n) for n in range(clip.frames)
    ]


@FEW
@given(clips(), st.data())
def test_trimming_keeps_the_rest_where_it_was(clip: Clip, data: st.DataObject) -> None:
    head = data.draw(st.integers(0, clip.frames - 1))
    tail = data.draw(st.integers(0, clip.frames - 1 - head))
    cut = edits.trim(clip, head, tail)
    assert cut.frames == clip.frames - head - tail
    for frame in range(cut.frames):
        assert sight(cut, frame, 1) == sight(clip, frame + head, 1)


@FEW
@given(clips(), SPEEDS)
def test_retiming_plays_the_same_stretch_of_the_asset(clip: Clip, speed: Fraction) -> None:
    fast = edits.retime(clip, speed)
    assert abs(fast.frames * speed - clip.frames * clip.speed) <= speed
    first, last = sight(clip, 0, 1)[1], sight(clip, clip.frames - 1, 1)[1]
    most = 2 * max(speed, clip.speed) + 1
    assert abs(sight(fast, 0, 1)[1] - first) <= most
    assert abs(sight(fast, fast.frames - 1, 1)[1] - last) <= most
    assert edits.retime(clip, clip.speed) == clip


@FEW
@given(films(), films(), st.data())
def test_what_is_inserted_moves_everything_after_it(line: Timeline, new: Timeline, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([0, line.frames, data.draw(st.integers(3, line.frames - 3))]))
    longer = edits.insert(line, at, new)
    assert longer.frames == line.frames + new.frames
    laid(longer)
    for frame in range(at):
        assert shown(longer, frame) == shown(line, frame)
    for frame in range(new.frames):
        assert shown(longer, at + frame) == shown(new, frame)
    for frame in range(at, line.frames):
        assert shown(longer, frame + new.frames) == shown(line, frame)
        assert spoken(longer, frame + new.frames) == spoken(line, frame)
    assert len(longer.markers) == len(line.markers) + len(new.markers)
    if 0 < at < line.frames:
        assert len(longer.labels) == 1


@FEW
@given(films(), st.data())
def test_what_is_deleted_is_gone_on_all_tracks(line: Timeline, data: st.DataObject) -> None:
    start = data.draw(st.integers(3, line.frames - 6))
    end = data.draw(st.integers(start + 1, line.frames - 3))
    shorter = edits.delete(line, start, end)
    assert shorter.frames == line.frames - (end - start)
    laid(shorter)
    same(shorter, 0, line, 0, start)
    same(shorter, start, line, end, line.frames - end)
    assert len(shorter.labels) == 1


@FEW
@given(films(), st.data())
def test_deleting_what_was_inserted_changes_nothing(line: Timeline, data: st.DataObject) -> None:
    at = data.draw(st.integers(3, line.frames - 3))
    again = edits.delete(edits.insert(line, at, edits.bare(line, Gap(frames=10))), at, at + 10)
    same(again, 0, line, 0, line.frames)
    assert (again.cues, again.labels, again.markers) == (line.cues, line.labels, line.markers)


@FEW
@given(films(), clips(), st.data())
def test_another_clip_moves_all_tracks_by_the_difference(line: Timeline, clip: Clip, data: st.DataObject) -> None:
    items = line.tracks[0].items
    number = data.draw(st.sampled_from([n for n, item in enumerate(items) if item.type != "transition"]))
    old = items[number]
    try:
        changed = edits.replace(line, number, clip)
    except ValueError as error:
        assume("transition" not in str(error) and "without a frame" not in str(error))
        raise
    out = sum(item.frames for item in items[: number + 1] if item.type != "transition")
    more = clip.frames - old.frames
    assert changed.frames == line.frames + more
    assert changed.tracks[0].items[number] == clip
    others = line.model_copy(update={"tracks": line.tracks[1:]})
    moved = changed.model_copy(update={"tracks": changed.tracks[1:]})
    for frame in range(out + min(more, 0)):
        assert shown(moved, frame) == shown(others, frame)
    for frame in range(out, line.frames):
        assert shown(moved, frame + more) == shown(others, frame)
        assert spoken(changed, frame + more) == spoken(line, frame)


@FEW
@given(films())
def test_flat_layers_cover_the_film_and_show_what_it_shows(line: Timeline) -> None:
    rows = flatten(line)
    assert sum(row.frames for row in rows) == line.frames
    pictures = line.model_copy(update={"tracks": tuple(t for t in line.tracks if t.kind in ("video", "overlay"))})
    for row in rows:
        for frame in range(row.start, row.start + row.frames):
            told = [sight for segment in row.shown for sight in sides(segment, frame)]
            assert told == [sight for _, sights in shown(pictures, frame) for sight in sights]


def sides(row: Segment, frame: int) -> list[Sight]:
    at, change = frame - row.start, row.transition
    part = (change.first + at) / max((change.whole or change.frames) - 1, 1) if change else 0.0
    both = [(row.clip, row.offset, 1 - part), (row.over, row.over_offset, part)]
    return [sight(clip, offset + at - clip.offset, weight) for clip, offset, weight in both if clip and weight]


@FEW
@given(films(), st.data())
def test_edited_films_survive_json(line: Timeline, data: st.DataObject) -> None:
    at = data.draw(st.integers(3, line.frames - 3))
    part = edits.stretch(line, at - 3, at + 3)
    assert Timeline.model_validate_json(part.model_dump_json()) == part
    assert Timeline.model_validate(line.model_dump()) == line


def film(*items: Item, **more: object) -> Timeline:
    track = Track(kind="video", items=items)
    return Timeline.model_validate({"rate": Fraction(30), "size": SIZE, "tracks": (track,), **more})


ONE = Clip(asset="a" * 64, start=20, frames=30, name="bees")


def test_a_window_in_a_move_keeps_its_place_in_the_whole_move() -> None:
    clip = ONE.model_copy(update={"move": Move()})
    middle = edits.stretch(film(clip), 10, 20).tracks[0].items[0]
    assert middle.type == "clip"
    assert middle.move == Move(first=10, whole=30)
    assert (middle.start, middle.frames) == (30, 10)


def test_a_cut_in_slow_motion_falls_between_frames_of_the_asset() -> None:
    _, rest = edits.split(ONE.model_copy(update={"speed": Fraction(1, 2)}), 7)
    assert (rest.start, rest.skip, rest.offset) == (23, 1, 47)


def test_a_stretch_within_a_transition_keeps_its_part() -> None:
    line = film(ONE, Transition(frames=12), ONE)
    before, change, after = edits.stretch(line, 26, 29).tracks[0].items
    assert change == Transition(frames=3, lead=2, first=2, whole=12)
    assert (before.frames, after.frames) == (2, 1)


def test_frames_too_few_to_cut_are_refused() -> None:
    line = film(ONE, Transition(frames=12), ONE)
    with pytest.raises(ValueError, match="bees would be left without a frame"):
        edits.stretch(line, 28, 29)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda line: edits.stretch(line, 5, 5), "no stretch from 5 to 5"),
        (lambda line: edits.stretch(line, 0, 99), "60 frames has no stretch"),
        (lambda line: edits.insert(line, 61, line), "no frame 61"),
        (lambda line: edits.delete(line, 0, 60), "cannot lose 0 to 60"),
        (lambda line: edits.replace(line, 7, ONE), "item 7 of the picture"),
        (lambda line: edits.concatenate(line, line.model_copy(update={"rate": Fraction(25)})), "two rates"),
        (lambda line: edits.trim(ONE, 15, 15), "bees has 30 frames"),
        (lambda line: edits.retime(ONE, 0), "bees cannot play at speed 0"),
        (lambda line: edits.join(ONE, ONE), "does not go on"),
    ],
)
def test_what_cannot_be_done_is_said(edit: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        edit(film(ONE, ONE))  # type: ignore[operator]


def test_a_replaced_clip_must_bear_its_transitions() -> None:
    line = film(ONE, Transition(frames=12), ONE)
    with pytest.raises(ValueError, match="bees are longer than its 4"):
        edits.replace(line, 0, edits.trim(ONE, tail=26))


def test_a_longer_shot_opens_the_voice_at_its_end_and_moves_the_captions() -> None:
    voice = Track(kind="voice", items=(Clip(asset="v" * 64, frames=60),))
    said = Cue(start=40, end=50, text="later")
    line = film(ONE, ONE, cues=(said,), markers=(Marker(frame=30, name="two"),))
    line = line.model_copy(update={"tracks": (*line.tracks, voice)})
    longer = edits.replace(line, 0, ONE.model_copy(update={"frames": 36}))
    assert [item.frames for item in longer.tracks[1].items] == [30, 6, 30]
    assert (longer.cues[0].start, longer.markers[0].frame) == (46, 36)


def test_a_removed_shot_leaves_a_hard_cut_on_all_tracks() -> None:
    two = ONE.model_copy(update={"asset": "b" * 64})
    voice = Track(kind="voice", items=(Gap(frames=30), Clip(asset="v" * 64, frames=60)))
    line = film(ONE, Transition(frames=8), two, Transition(frames=8), ONE, cues=(Cue(start=62, end=80, text="end"),))
    line = line.model_copy(update={"tracks": (*line.tracks, voice)})
    shorter = edits.remove(line, 2)
    assert shorter.tracks[0].items == (ONE, ONE)
    assert [(item.type, item.frames) for item in shorter.tracks[1].items] == [("gap", 30), ("clip", 30)]
    assert shorter.cues[0].start == 32
    with pytest.raises(ValueError, match="item 1 of the picture"):
        edits.remove(line, 1)
    with pytest.raises(ValueError, match="cannot lose"):
        edits.remove(film(ONE), 0)


def test_an_upper_track_hides_the_lower_one_where_it_has_a_clip() -> None:
    upper = Track(kind="video", items=(Gap(frames=20), ONE.model_copy(update={"asset": "b" * 64})))
    line = film(ONE, ONE)
    line = line.model_copy(update={"tracks": (*line.tracks, upper)})
    assert [(row.start, row.frames, [s.clip.asset[0] for s in row.shown if s.clip]) for row in flatten(line)] == [
        (0, 20, ["a"]),
        (20, 10, ["b"]),
        (30, 20, ["b"]),
        (50, 10, ["a"]),
    ]


def test_a_portion_of_a_change_keeps_its_part() -> None:
    _, change, _ = segments(Track(kind="video", items=(ONE, Transition(frames=12), ONE)))
    middle = portion(change, 26, 30)
    assert middle.transition is not None
    assert (middle.transition.first, middle.transition.whole, middle.transition.frames) == (2, 12, 4)
    assert (middle.offset, middle.over_offset) == (change.offset + 2, change.over_offset + 2)
