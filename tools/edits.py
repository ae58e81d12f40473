"""Edits: pure functions from timelines to timelines. What stays in a film looks and sounds as it did before.

Knows nothing about files or encoders. A clip or a transition that is cut keeps its part of the whole: a window in the
middle of an eased move shows what it showed there.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import zip_longest

from .cutting import continued, joined, part, placed, window
from .timeline import Clip, Cue, CueWord, Gap, Item, Marker, Timeline, Track, named, segments


def trim(clip: Clip, head: int = 0, tail: int = 0) -> Clip:
    """The clip without its first `head` and its last `tail` frames.

    Raises:
        ValueError: nothing would be left of it.
    """
    if min(head, tail) < 0 or head + tail >= clip.frames:
        raise ValueError(f"{named(clip)} has {clip.frames} frames: {head} and {tail} cannot be taken off it")
    cut = part(clip, head, clip.frames - tail)
    assert cut.type == "clip"
    return cut


def split(clip: Clip, at: int) -> tuple[Clip, Clip]:
    """The clip up to its frame `at`, and from there on."""
    return trim(clip, tail=clip.frames - at), trim(clip, head=at)


def join(left: Clip, right: Clip) -> Clip:
    """Two clips as one: the other way round of `split`.

    Raises:
        ValueError: the second does not go on where the first ends.
    """
    whole = continued(left, right)
    if whole is None or whole.type != "clip":
        raise ValueError(f"{named(right)} does not go on where {named(left)} ends")
    return whole


def retime(clip: Clip, speed: Fraction | int) -> Clip:
    """The same stretch of the asset at another speed; moves and focus points keep their place in the picture."""
    pace = Fraction(speed)
    if pace <= 0:
        raise ValueError(f"{named(clip)} cannot play at speed {speed}: give it one above nought")
    ratio = clip.speed / pace
    faster = clip.model_copy(update={"speed": pace})
    if clip.skip:
        faster = placed(faster, round(clip.offset * ratio))
    move = clip.move
    if move is not None:
        move = move.model_copy(update={"first": round(move.first * ratio), "whole": round(move.whole * ratio)})
    focus = tuple(point.model_copy(update={"frame": round(point.frame * ratio)}) for point in clip.focus)
    frames = max(1, round(clip.frames * ratio))
    return faster.model_copy(update={"frames": frames, "move": move, "focus": focus})


def stretch(timeline: Timeline, start: int, end: int) -> Timeline:
    """Frames `start` to `end` (exclusive) as a timeline of its own from frame 0.

    Its frame n is the whole one's frame start + n, on every track; cues and labels are cut to it, tracks on which
    nothing is left go.

    Raises:
        ValueError: the stretch is not inside the film, or is one or two frames within transitions.
    """
    if not 0 <= start < end <= timeline.frames:
        raise ValueError(f"a film of {timeline.frames} frames has no stretch from {start} to {end}")
    tracks = (track.model_copy(update={"items": window(track, start, end)}) for track in timeline.tracks)

    def there(frame: int) -> int:
        return min(max(frame, start), end) - start

    marks = (mark for mark in timeline.markers if start <= mark.frame < end)
    return timeline.model_copy(
        update={
            "tracks": tuple(track for track in tracks if _used(track)),
            "cues": _moved(timeline.cues, there, there),
            "labels": _moved(timeline.labels, there, there),
            "markers": tuple(mark.model_copy(update={"frame": mark.frame - start}) for mark in marks),
        }
    )


def concatenate(first: Timeline, *others: Timeline) -> Timeline:
    """Films one after another, each as long as its picture. Clips that go on where one ended become whole again.

    Raises:
        ValueError: rates or sizes differ.
    """
    whole = first
    for other in others:
        if (other.rate, other.size) != (whole.rate, whole.size):
            raise ValueError(f"films of {whole.size} and {other.size} pixels, or of two rates, cannot be joined")
        whole = whole.model_copy(update=_followed(whole, other))
    return whole


def insert(timeline: Timeline, at: int, new: Timeline) -> Timeline:
    """`new` between frames at - 1 and `at`; everything after it moves, on all tracks.

    What was cut in two (a clip, a standing label, a cue) goes on after it; labels and cues last on through it.
    """
    if not 0 <= at <= timeline.frames:
        raise ValueError(f"a film of {timeline.frames} frames has no frame {at} to insert at")
    parts = [stretch(timeline, 0, at)] if at else []
    parts += [new, *([stretch(timeline, at, timeline.frames)] if at < timeline.frames else [])]
    length = new.frames

    def later(frame: int) -> int:
        return frame + length if frame >= at else frame

    def later_end(frame: int) -> int:
        return frame + length if frame > at else frame

    def arriving(frame: int) -> int:
        return frame + at

    cues = (*_moved(timeline.cues, later, later_end), *_moved(new.cues, arriving, arriving))
    labels = _moved(timeline.labels, later, later_end)
    guests = (label for label in _moved(new.labels, arriving, arriving) if not _within(label, labels))
    return concatenate(*parts).model_copy(
        update={
            "cues": tuple(sorted(cues, key=lambda cue: cue.start)),
            "labels": (*labels, *guests),
            "markers": (*_marked(timeline.markers, later), *_marked(new.markers, arriving)),
        }
    )


def delete(timeline: Timeline, start: int, end: int) -> Timeline:
    """The film without frames `start` to `end` (exclusive), on all tracks; everything after moves up."""
    if not 0 <= start < end <= timeline.frames or end - start == timeline.frames:
        raise ValueError(f"a film of {timeline.frames} frames cannot lose {start} to {end}")
    parts = [stretch(timeline, 0, start)] if start else []
    parts += [stretch(timeline, end, timeline.frames)] if end < timeline.frames else []

    def earlier(frame: int) -> int:
        return min(frame, start) if frame < end else frame - (end - start)

    return concatenate(*parts).model_copy(
        update={
            "cues": _moved(timeline.cues, earlier, earlier),
            "labels": _moved(timeline.labels, earlier, earlier),
            "markers": _marked((mark for mark in timeline.markers if not start <= mark.frame < end), earlier),
        }
    )


def replace(timeline: Timeline, number: int, item: Clip | Gap) -> Timeline:
    """Another clip in the place of item `number` of the first video track; everything after it moves, on all tracks.

    Where the new one is longer, the other tracks wait at the end of the old one; where it is shorter, they lose what
    lay under the missing frames. Transitions beside it stay.

    Raises:
        ValueError: there is no clip or gap at that place, or a transition beside it does not fit the new one.
    """
    track = timeline.track("video")
    old = track.items[number] if track and 0 <= number < len(track.items) else None
    if track is None or old is None or old.type == "transition":
        raise ValueError(f"item {number} of the picture is no clip or gap")
    changed = track.model_copy(update={"items": (*track.items[:number], item, *track.items[number + 1 :])})
    segments(changed)
    out = sum(piece.frames for piece in track.items[: number + 1] if piece.type != "transition")
    more = item.frames - old.frames
    place = timeline.tracks.index(track)
    blank = track.model_copy(update={"items": (Gap(frames=track.frames),)})
    others = timeline.model_copy(update={"tracks": _put(timeline.tracks, place, blank)})
    if more > 0:
        others = insert(others, out, bare(timeline, Gap(frames=more)))
    elif more < 0:
        others = delete(others, out + more, out)
    found = others.track("video")
    assert found is not None
    return others.model_copy(update={"tracks": _put(others.tracks, others.tracks.index(found), changed)})


def remove(timeline: Timeline, number: int) -> Timeline:
    """The film without item `number` of the first video track and the transitions beside it, on all tracks.

    Raises:
        ValueError: there is no clip or gap at that place, or it is the only one.
    """
    track = timeline.track("video")
    if track is None or not 0 <= number < len(track.items) or track.items[number].type == "transition":
        raise ValueError(f"item {number} of the picture is no clip or gap")
    start = sum(item.frames for item in track.items[:number] if item.type != "transition")
    beside = {number - 1, number + 1}
    items = tuple(item for n, item in enumerate(track.items) if n not in beside or item.type != "transition")
    plain = track.model_copy(update={"items": items})
    cut = timeline.model_copy(update={"tracks": _put(timeline.tracks, timeline.tracks.index(track), plain)})
    return delete(cut, start, start + track.items[number].frames)


def bare(timeline: Timeline, *items: Item) -> Timeline:
    """A film of the same rate and size that shows these items and nothing else: something to insert."""
    return Timeline(rate=timeline.rate, size=timeline.size, tracks=(Track(kind="video", items=items),))


def _used(track: Track) -> bool:
    """Gaps make a picture black; on other tracks they are nothing."""
    return bool(track.items) if track.kind == "video" else any(item.type == "clip" for item in track.items)


def _followed(first: Timeline, second: Timeline) -> dict[str, object]:
    length = first.frames

    def later(frame: int) -> int:
        return frame + length

    marks = [*first.markers, *_marked(second.markers, later)]
    return {
        "tracks": _end_to_end(first, second),
        "cues": _seamed(first.cues, _moved(second.cues, later, later), length),
        "labels": _seamed(first.labels, _moved(second.labels, later, later), length),
        "markers": tuple(marks),
    }


def _end_to_end(first: Timeline, second: Timeline) -> tuple[Track, ...]:
    """The n-th track of a kind goes on in the n-th of that kind; where one has none, a gap stands."""
    rows: list[Track] = []
    for kind in dict.fromkeys(track.kind for track in (*first.tracks, *second.tracks)):
        for one, two in zip_longest(first.tracks_of(kind), second.tracks_of(kind)):
            before = Track(kind=kind, items=window(one, 0, first.frames) if one else ())
            missing = first.frames - before.frames
            padded = joined(before.items, (Gap(frames=missing),)) if missing and two else before.items
            rows.append(Track(kind=kind, items=joined(padded, two.items if two else ())))
    return tuple(rows)


def _moved(cues: Iterable[Cue], start: Callable[[int], int], end: Callable[[int], int]) -> tuple[Cue, ...]:
    """Cues and their words with new frames; what has none left goes."""
    rows = []
    for cue in cues:
        words = (
            word.model_copy(update={"start": start(word.start), "end": end(word.end)})
            for word in cue.words
            if end(word.end) > start(word.start)
        )
        if end(cue.end) > start(cue.start):
            rows.append(cue.model_copy(update={"start": start(cue.start), "end": end(cue.end), "words": tuple(words)}))
    return tuple(rows)


def _seamed(first: Iterable[Cue], second: Iterable[Cue], seam: int) -> tuple[Cue, ...]:
    """Cues of two films; one that was cut in two at the seam is whole again."""
    rows = list(first)
    for cue in second:
        half = next((row for row in rows if row.end == seam == cue.start and _alike(row, cue)), None)
        if half is None:
            rows.append(cue)
        else:
            words = _mended(half.words, cue.words)
            rows[rows.index(half)] = half.model_copy(update={"end": cue.end, "words": words})
    return tuple(rows)


def _alike(one: Cue, two: Cue) -> bool:
    return (one.text, one.second) == (two.text, two.second)


def _within(guest: Cue, hosts: Iterable[Cue]) -> bool:
    return any(_alike(host, guest) and host.start <= guest.start and guest.end <= host.end for host in hosts)


def _mended(left: tuple[CueWord, ...], right: tuple[CueWord, ...]) -> tuple[CueWord, ...]:
    """Words of two halves; a word that was cut in two is one."""
    if left and right and (left[-1].text, left[-1].end) == (right[0].text, right[0].start):
        return (*left[:-1], left[-1].model_copy(update={"end": right[0].end}), *right[1:])
    return (*left, *right)


def _marked(markers: Iterable[Marker], moved: Callable[[int], int]) -> tuple[Marker, ...]:
    return tuple(mark.model_copy(update={"frame": moved(mark.frame)}) for mark in markers)


def _put(tracks: Sequence[Track], place: int, track: Track) -> tuple[Track, ...]:
    return (*tracks[:place], track, *tracks[place + 1 :])
