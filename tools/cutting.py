"""What is left of clips, transitions and tracks when a film is cut, and how they become whole again.

Knows nothing about films: edits.py cuts all tracks, cues and markers together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from .timeline import Clip, Gap, Item, Track, Transition, named

Piece = Clip | Gap


def part(piece: Piece, start: int, end: int) -> Piece:
    """Frames `start` to `end` (exclusive) of a clip or gap, which may reach into its handles: below 0, beyond its end.

    Raises:
        ValueError: nothing is left.
    """
    if end <= start:
        raise ValueError(f"{named(piece)} would be left without a frame: cut a frame earlier or later")
    if piece.type == "gap":
        return Gap(frames=end - start)
    move = piece.move
    if move is not None:
        first, whole = move.first + start, move.whole or piece.frames
        all_of_it = first == 0 and whole == end - start
        move = move.model_copy(update={"first": first, "whole": 0 if all_of_it else whole})
    focus = tuple(point.model_copy(update={"frame": point.frame - start}) for point in piece.focus)
    cut = piece.model_copy(update={"frames": end - start, "move": move, "focus": focus})
    return placed(cut, piece.offset + start) if start else cut


def placed(clip: Clip, offset: int) -> Clip:
    """The clip with its first frame on frame `offset` of the asset as retimed."""
    start = ceil(offset * clip.speed)
    if start // clip.speed != offset:
        start = int(offset * clip.speed // 1)
    return clip.model_copy(update={"start": start, "skip": offset - int(start // clip.speed)})


def continued(left: Item, right: Item) -> Item | None:
    """The two as one where the second goes on where the first ends, else None."""
    if left.type == "gap" and right.type == "gap":
        return Gap(frames=left.frames + right.frames)
    if left.type != "clip" or right.type != "clip" or left.offset + left.frames != right.offset:
        return None
    frames = left.frames + right.frames
    move = left.move
    if move is not None:
        whole = move.whole or left.frames
        move = move.model_copy(update={"whole": 0 if (move.first, whole) == (0, frames) else whole})
    whole_clip = left.model_copy(update={"frames": frames, "move": move})
    return whole_clip if part(whole_clip, left.frames, frames) == right else None


def joined(left: Sequence[Item], right: Sequence[Item]) -> tuple[Item, ...]:
    """Items one after another; a clip or gap that was cut between them becomes whole again."""
    whole = continued(left[-1], right[0]) if left and right else None
    return (*left, *right) if whole is None else (*left[:-1], whole, *right[1:])


def window(track: Track, start: int, end: int) -> tuple[Item, ...]:
    """The items of frames `start` to `end` (exclusive); what reaches across either is cut there.

    A transition that is cut keeps both its sides: where its own cut lies outside, it moves to the window's first or
    last frame, and the sides move with it.

    Raises:
        ValueError: a window of one or two frames within transitions, which no clips can show.
    """
    seats = _seats(track)
    changes = {seat.number: _narrowed(seat, start, end) for seat in seats if seat.changes(start, end)}
    rows: list[Item] = []
    for seat in seats:
        item = seat.item
        if item.type == "transition":
            if seat.number in changes:
                rows.append(changes[seat.number][0])
            continue
        before, after = changes.get(seat.number - 1), changes.get(seat.number + 1)
        left = before[1] if before else min(max(seat.start, start), end)
        right = after[1] if after else min(max(seat.end, start), end)
        if before or after or right > left:
            rows.append(part(item, left - seat.start, right - seat.start))
    return tuple(rows)


@dataclass(frozen=True)
class _Seat:
    """Where an item stands in its track; a transition covers parts of its neighbours and has its cut at `cut`."""

    number: int
    item: Item
    start: int
    end: int
    cut: int

    def changes(self, start: int, end: int) -> bool:
        """Whether it is a transition of which something is seen there."""
        return self.item.type == "transition" and self.start < end and self.end > start


def _seats(track: Track) -> list[_Seat]:
    rows: list[_Seat] = []
    frame = 0
    for number, item in enumerate(track.items):
        if item.type == "transition":
            rows.append(_Seat(number, item, frame - item.before, frame + item.after, frame))
            continue
        rows.append(_Seat(number, item, frame, frame + item.frames, frame))
        frame += item.frames
    return rows


def _narrowed(seat: _Seat, start: int, end: int) -> tuple[Transition, int]:
    """The part of a transition that is seen, and where its cut lies then."""
    whole = seat.item
    assert whole.type == "transition"
    low, high = max(seat.start, start), min(seat.end, end)
    cut = max(min(seat.cut, end - 1), start + 1)
    if (low, high, cut) == (seat.start, seat.end, seat.cut):
        return whole, cut
    first, length, frames = whole.first + low - seat.start, whole.whole or whole.frames, high - low
    all_of_it = (first, length) == (0, frames)
    lead = None if cut - low == frames // 2 else cut - low
    changed = {"frames": frames, "lead": lead, "first": first, "whole": 0 if all_of_it else length}
    return whole.model_copy(update=changed), cut
