"""Stretches: parts of a film that are encoded alone and joined, so that a change re-encodes only what it touches.

Knows tracks and frames; knows nothing about encoders. A border stands where one clip's body is seen or at a hard cut,
and is chosen by what lies around it alone: a line that grows moves the film behind it, but no border in it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..cutting import window
from ..errors import ToolFailed
from ..media import frames_of
from ..timeline import Clip, Gap, Item, Segment, Timeline, Track, Transition, named, segments
from . import AssembleRequest, Encoded, EncodeRequest, Finish
from .captions import captions

SHORT = 40
"""Seconds up to which a film is one stretch: one graph needs no more memory, and loses nothing at joins."""
_STEP = 2
"""Seconds after which a long shot may be parted; its last part has up to twice that."""
_APART = Fraction(3, 2)
"""Seconds that borders stand apart at least: of closer ones the one with the highest hash stays."""
_PICTURE = ("video", "overlay")


@dataclass(frozen=True)
class Stretch:
    """Frames `first` to `first + frames` of the film: those of its own `timeline` after `skip`."""

    first: int
    frames: int
    timeline: Timeline
    skip: int = 0
    """Frames before them, for a clip that must begin whole: it is steadied."""


@dataclass(frozen=True)
class _Border:
    frame: int
    weight: bytes


def requests(film: AssembleRequest, short: int = SHORT) -> tuple[EncodeRequest, ...]:
    """What to ask of an encoder for every stretch of the film, in order."""
    line, order = film.timeline, film.finish
    _long_enough(film)
    sheet = captions(line, order).sheet
    known = {asset.id: asset for asset in film.assets}
    finish = Finish(
        codec=order.codec, alpha=order.alpha, encoder=order.encoder, preset=order.preset, crf=order.crf, captions="none"
    )
    rows = []
    # A preview is small and has one palette: it is never joined.
    for part in stretches(line, line.frames if order.codec in ("gif", "webp") else short):
        written = sheet.stretch(part.first - part.skip, part.first + part.frames)
        used = {item.asset for track in part.timeline.tracks for item in track.items if item.type == "clip"}
        rows.append(
            EncodeRequest(
                timeline=part.timeline,
                assets=tuple(known[digest] for digest in sorted(used & known.keys())),
                finish=finish,
                script=written.script,
                lead=written.lead,
                skip=part.skip,
                frames=part.frames,
            )
        )
    return tuple(rows)


def _flat(line: Timeline) -> list[Segment]:
    """The picture laid flat; ToolFailed where there is none or it cannot be."""
    track = line.track("video")
    if track is None or not track.frames:
        raise ToolFailed("The timeline has no picture.", "Give it a video track with at least one clip or gap.")
    try:
        return segments(track)
    except ValueError as error:
        raise ToolFailed(
            f"The timeline cannot be cut: {error}.", "Shorten the transition or lengthen the clip."
        ) from None


def _long_enough(film: AssembleRequest) -> None:
    """Say by name which take lacks frames, while clips have names. Others are looked at when they are fitted."""
    line = film.timeline
    takes = {asset.id: asset for asset in film.assets if (asset.rate, asset.size) == (line.rate, line.size)}
    for row in _flat(line):
        for clip, offset in ((row.clip, row.offset), (row.over, row.over_offset)):
            asset = takes.get(clip.asset) if clip and clip.speed == 1 else None
            if clip and asset and asset.frames and asset.kind == "video" and asset.frames < offset + row.frames:
                raise ToolFailed(
                    f"The {named(clip)} has {asset.frames} frames and the timeline needs {offset + row.frames}.",
                    "Render it with longer handles, or shorten its transition.",
                )


def joined(film: AssembleRequest, made: Sequence[Encoded]) -> AssembleRequest:
    """The request for the whole film, its stretches made."""
    notes = tuple(dict.fromkeys(piece.note for piece in made if piece.note))
    names = tuple(dict.fromkeys(piece.encoder for piece in made))
    pieces = tuple(piece.video for piece in made)
    return film.model_copy(update={"pieces": pieces, "encoder": ", ".join(names), "note": " ".join(notes)})


def stretches(timeline: Timeline, short: int = SHORT) -> tuple[Stretch, ...]:
    """The film in parts of about two to four seconds; one part up to `short` seconds."""
    if timeline.frames <= frames_of(short, timeline.rate):
        return (_stretch(timeline, 0, timeline.frames),)
    marks = [0, *_borders(timeline), timeline.frames]
    return tuple(_stretch(timeline, first, last) for first, last in pairwise(marks))


def _borders(timeline: Timeline) -> list[int]:
    """Of the places where a border may stand, those with the highest weight around."""
    apart = _APART * timeline.rate
    barred = [span for track in timeline.tracks if track.kind == "overlay" for span in _whole(track)]
    rows = [
        row
        for row in _places(timeline)
        if row.frame >= apart
        and timeline.frames - row.frame >= apart
        and not any(first < row.frame < last for first, last in barred)
    ]
    return [
        row.frame
        for row in rows
        if all(row.weight > other.weight for other in rows if 0 < abs(other.frame - row.frame) < apart)
    ]


def _places(timeline: Timeline) -> Iterator[_Border]:
    """Where a shot's body begins, and every few seconds within a body that may be parted."""
    track = timeline.track("video")
    items = track.items if track else ()
    step = frames_of(_STEP, timeline.rate)
    for at, number, item in _laid(items):
        before, after = _join(items, number - 1), _join(items, number + 1)
        head, tail = before.after if before else 0, after.before if after else 0
        length = item.frames - head - tail
        name = f"{item.asset} {item.offset}" if isinstance(item, Clip) else "gap"
        for offset in range(0, max(length - step, 0) + 1, step) if length > 0 else ():
            if (at or offset) and (not offset or _parts(item)):
                yield _Border(at + head + offset, hashlib.sha256(f"{name} {offset}".encode()).digest())


def _whole(track: Track) -> Iterator[tuple[int, int]]:
    """Spans of an overlay track in which it cannot be parted: transitions, and clips that are steadied."""
    for at, number, item in _laid(track.items):
        if join := _join(track.items, number + 1):
            yield at + item.frames - join.before, at + item.frames + join.after
        if not _parts(item):
            yield at, at + item.frames


def _stretch(timeline: Timeline, first: int, last: int) -> Stretch:
    """A clip that cannot be parted is kept whole; the frames of it that are not shown here are left out again."""
    begin, end = first, last
    track = timeline.track("video")
    for at, _, item in _laid(track.items if track else ()):
        if at < first < at + item.frames and not _parts(item):
            begin = at
        if at < last < at + item.frames and not _parts(item):
            end = at + item.frames
    tracks = []
    for track in timeline.tracks:
        if track.kind in _PICTURE:
            items = _excerpt(track, begin, end if track.kind == "video" else last)
            if track.kind == "video" or any(isinstance(item, Clip) for item in items):
                tracks.append(Track(kind=track.kind, items=tuple(items)))
    part = Timeline(rate=timeline.rate, size=timeline.size, tracks=tuple(tracks))
    return Stretch(first, last - first, part, first - begin)


def _excerpt(track: Track, begin: int, end: int) -> list[Item]:
    """The track's items between two frames; what they are called and how loud they are does not show."""
    plain = {"name": "", "gain_db": 0.0}
    items = window(track, begin, min(end, track.frames)) if begin < track.frames else ()
    return [item.model_copy(update=plain) if isinstance(item, Clip) else item for item in items]


def _parts(item: Clip | Gap) -> bool:
    """True where the clip can begin or end elsewhere and show the same: shake is measured over all of it."""
    return isinstance(item, Gap) or not item.stabilise


def _laid(items: Sequence[Item]) -> Iterator[tuple[int, int, Clip | Gap]]:
    """Clips and gaps with the frame each begins at and its place among the items."""
    at = 0
    for number, item in enumerate(items):
        if not isinstance(item, Transition):
            yield at, number, item
            at += item.frames


def _join(items: Sequence[Item], number: int) -> Transition | None:
    """The transition at a place, if there is one."""
    item = items[number] if 0 <= number < len(items) else None
    return item if isinstance(item, Transition) else None
