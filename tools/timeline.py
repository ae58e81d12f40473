"""The timeline: tracks of clips, gaps and transitions, and cues, in whole frames.

Knows nothing about shots, files or encoders: clips name assets by id.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from .media import Frames, Frozen, Rate, Size

Fit = Literal["fill", "blur", "letterbox"]
Blend = Literal["normal", "screen", "multiply", "overlay", "lighten", "darken", "addition"]
Wipe = Literal["dissolve", "dip_black", "dip_white", "wipe", "slide", "push", "zoom", "circle"]
Direction = Literal["left", "right", "up", "down"]
Part = Annotated[float, Field(ge=0, le=1)]


class Focus(Frozen):
    """A point of the source's picture to keep in view from the clip's frame `frame` on: 0, 0 is its upper left."""

    frame: Frames = 0
    x: Part = 0.5
    y: Part = 0.5


class Window(Frozen):
    """What a camera sees of a fitted picture: its middle, and how far it is magnified."""

    x: Part = 0.5
    y: Part = 0.5
    scale: float = Field(default=1.0, ge=1, le=8)


class Move(Frozen):
    """A Ken Burns move from one window to another over the whole clip, eased at both ends."""

    start: Window = Window()
    end: Window = Window(scale=1.1)


class Place(Frozen):
    """Where an overlay stands: its middle, its width as a part of the frame's, how opaque it is, how it is blended."""

    x: Part = 0.5
    y: Part = 0.5
    width: float = Field(default=1.0, gt=0, le=4)
    opacity: Part = 1.0
    blend: Blend = "normal"


class Clip(Frozen):
    """`frames` of film showing an asset from its frame `start`, both at the timeline's rate.

    At `speed` 2 a film frame passes two of the asset's; pitch is kept.
    """

    type: Literal["clip"] = "clip"
    asset: str
    start: Frames = 0
    frames: int = Field(gt=0)
    name: str = ""
    fit: Fit = "fill"
    gain_db: float = 0.0
    speed: Rate = Fraction(1)
    focus: tuple[Focus, ...] = ()
    """What the crop of `fill` keeps in view, eased from point to point; empty is the middle."""
    move: Move | None = None
    stabilise: bool = False
    place: Place | None = None
    """Only on overlay tracks; without it the clip fills the frame."""


class Gap(Frozen):
    """Nothing for `frames`: black, or silence."""

    type: Literal["gap"] = "gap"
    frames: int = Field(gt=0)


class Transition(Frozen):
    """A change of picture centred on the cut between its neighbours; it lengthens nothing. Sound cross-fades.

    The clip before plays `frames - frames // 2` beyond its out-point, the clip after starts `frames // 2`
    before its in-point: both assets need those handles (OpenTimelineIO's in and out offsets).
    """

    type: Literal["transition"] = "transition"
    kind: Wipe = "dissolve"
    frames: int = Field(gt=0)
    towards: Direction = "left"
    """Where wipes, slides and pushes move to."""


Item = Annotated[Clip | Gap | Transition, Field(discriminator="type")]


class Track(Frozen):
    """Items one after another; `kind` says how they are laid: video, overlays on it, voices, music, effects."""

    kind: Literal["video", "overlay", "voice", "music", "effects"]
    items: tuple[Item, ...]

    @property
    def frames(self) -> int:
        """Length in frames; transitions add none."""
        return sum(item.frames for item in self.items if item.type != "transition")


class CueWord(Frozen):
    """A word of a cue with its frames on the timeline, `end` exclusive."""

    text: str
    start: Frames
    end: Frames


class Cue(Frozen):
    """A caption: what is shown from frame `start` to `end` (exclusive), with word times where known."""

    start: Frames
    end: Frames
    text: str
    words: tuple[CueWord, ...] = ()
    second: str = ""
    """The same in another language, stacked below."""


class Marker(Frozen):
    """A named place: where a chapter begins, or something for a person to look at."""

    frame: Frames
    name: str
    kind: Literal["chapter", "note"] = "note"


class Timeline(Frozen):
    """A film as plain data: rate, size, tracks, the script's cues (one per spoken line) and visible labels."""

    rate: Rate
    size: Size
    tracks: tuple[Track, ...]
    cues: tuple[Cue, ...] = ()
    labels: tuple[Cue, ...] = ()
    """Small standing notices, such as the AI label."""
    markers: tuple[Marker, ...] = ()

    @property
    def frames(self) -> int:
        """Length of the picture in frames."""
        return max((track.frames for track in self.tracks if track.kind == "video"), default=0)

    def track(self, kind: str) -> Track | None:
        """The first track of that kind."""
        return next((track for track in self.tracks if track.kind == kind), None)

    def cuts(self) -> tuple[int, ...]:
        """Frames at which the picture changes from one item to the next; a dissolve counts at its middle."""
        track = self.track("video")
        places: list[int] = []
        frame = 0
        for item in track.items if track else ():
            if item.type != "transition":
                places.append(frame)
                frame += item.frames
        return tuple(places[1:])


@dataclass(frozen=True)
class Segment:
    """A stretch of a track that shows one thing: a clip, nothing (both None), or one clip over another."""

    start: int
    frames: int
    clip: Clip | None = None
    offset: int = 0
    """First frame of the asset that is shown."""
    over: Clip | None = None
    over_offset: int = 0
    """The clip that a dissolve goes to, and its first frame."""
    dissolve: bool = False
    item: int = 0
    """Place of the clip or gap in its track, and of the one a dissolve goes to."""
    over_item: int = 0


def segments(track: Track) -> list[Segment]:
    """The track laid flat: bodies of clips, gaps, and dissolves of their own, end to end.

    A dissolve to or from a gap goes to or from black (a side that is None).

    Raises:
        ValueError: a transition stands at an end, beside another, or is longer than its neighbours or their handles.
    """
    items = list(track.items)
    rows: list[Segment] = []
    frame = 0
    for number, item in enumerate(items):
        if item.type == "transition":
            before, after = _neighbours(items, number)
            rows.append(_dissolve(item, before, after, frame, number))
            continue
        head = _share(items, number - 1, leading=False)
        tail = _share(items, number + 1, leading=True)
        if head + tail > item.frames:
            raise ValueError(f"the transitions at {_name(item)} are longer than its {item.frames} frames")
        body = item.frames - head - tail
        if body:
            clip = item if item.type == "clip" else None
            offset = clip.start + head if clip else 0
            rows.append(Segment(frame + head, body, clip, offset, item=number))
        frame += item.frames
    return rows


def _share(items: list[Item], number: int, leading: bool) -> int:
    """Frames that the transition at `number` takes from the item after (its second half) or before it (its first)."""
    item = items[number] if 0 <= number < len(items) else None
    if item is None or item.type != "transition":
        return 0
    return item.frames // 2 if leading else item.frames - item.frames // 2


def _neighbours(items: list[Item], number: int) -> tuple[Clip | Gap, Clip | Gap]:
    before = items[number - 1] if number else None
    after = items[number + 1] if number + 1 < len(items) else None
    if before is None or after is None or before.type == "transition" or after.type == "transition":
        raise ValueError("a transition stands between two clips or gaps")
    return before, after


def _dissolve(item: Transition, before: Clip | Gap, after: Clip | Gap, cut: int, number: int) -> Segment:
    lead = item.frames // 2
    if after.type == "clip" and after.start < lead:
        raise ValueError(f"{_name(after)} has {after.start} frames before its in-point; its dissolve needs {lead}")
    return Segment(
        start=cut - lead,
        frames=item.frames,
        clip=before if before.type == "clip" else None,
        offset=before.start + before.frames - lead if before.type == "clip" else 0,
        over=after if after.type == "clip" else None,
        over_offset=after.start - lead if after.type == "clip" else 0,
        dissolve=True,
        item=number - 1,
        over_item=number + 1,
    )


def _name(item: Clip | Gap) -> str:
    return f"clip {item.name or item.asset[:8]}" if item.type == "clip" else "the gap"
