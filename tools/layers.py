"""A timeline laid flat: for every stretch, the pictures that are seen one over another.

Knows nothing about how they are drawn.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

from .timeline import Segment, Timeline, Transition, segments


@dataclass(frozen=True)
class Layers:
    """Frames from `start` on that show the same clips: the lowest first, each a segment of just these frames.

    None at all is black.
    """

    start: int
    frames: int
    shown: tuple[Segment, ...]


def flatten(timeline: Timeline) -> tuple[Layers, ...]:
    """The picture from its first frame to its last: video tracks, then overlays, what is hidden left out.

    A clip of a video track hides all below it; overlays and transitions to or from nothing do not.

    Raises:
        ValueError: a transition stands at an end, beside another, or is longer than its neighbours or their handles.
    """
    tracks = [*timeline.tracks_of("video"), *timeline.tracks_of("overlay")]
    laid = [(track.kind, row) for track in tracks for row in segments(track) if row.clip or row.over]
    ends = {place for _, row in laid for place in (row.start, row.start + row.frames)}
    places = sorted({0, timeline.frames, *(place for place in ends if place < timeline.frames)})
    rows = []
    for start, end in pairwise(places):
        over = [(kind, row) for kind, row in laid if row.start <= start and end <= row.start + row.frames]
        lowest = max((n for n, (kind, row) in enumerate(over) if kind == "video" and _whole(row)), default=0)
        rows.append(Layers(start, end - start, tuple(portion(row, start, end) for _, row in over[lowest:])))
    return tuple(rows)


def portion(row: Segment, start: int, end: int) -> Segment:
    """Frames `start` to `end` of the film, which lie inside the segment."""
    passed = start - row.start
    change = row.transition
    if change is not None and (passed, end - start) != (0, row.frames):
        change = _part(change, passed, end - start)
    return replace(
        row,
        start=start,
        frames=end - start,
        offset=row.offset + passed if row.clip else 0,
        over_offset=row.over_offset + passed if row.over else 0,
        transition=change,
    )


def _part(change: Transition, passed: int, frames: int) -> Transition:
    whole = change.whole or change.frames
    return change.model_copy(update={"first": change.first + passed, "frames": frames, "whole": whole, "lead": None})


def _whole(row: Segment) -> bool:
    return row.clip is not None and (row.transition is None or row.over is not None)
