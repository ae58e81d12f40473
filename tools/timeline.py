"""The timeline: tracks of clips, gaps and transitions, and cues, in whole frames.

Knows nothing about shots, files or encoders: clips name assets by id.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .media import Frames, Frozen, Rate, Size

Fit = Literal["fill", "blur", "letterbox"]
Blend = Literal["normal", "screen", "multiply", "overlay", "lighten", "darken", "addition"]
Wipe = Literal["dissolve", "dip_black", "dip_white", "wipe", "slide", "push", "zoom", "circle"]
Direction = Literal["left", "right", "up", "down"]
Part = Annotated[float, Field(ge=0, le=1)]


class Focus(Frozen):
    """A point of the source to keep in view at the clip's frame `frame`, eased to the next; 0, 0 is the upper left."""

    frame: int = 0
    """Below nought in a clip that was cut after it."""
    x: Part = 0.5
    y: Part = 0.5


class Window(Frozen):
    """What a camera sees of a fitted picture: its middle, and how far it is magnified."""

    x: Part = 0.5
    y: Part = 0.5
    scale: float = Field(default=1.0, ge=1, le=8)


class Move(Frozen):
    """A Ken Burns move from one window to another over the whole clip, eased at both ends and held beyond them."""

    start: Window = Window()
    end: Window = Window(scale=1.1)
    first: int = 0
    """Frame of the move that the clip begins with: a clip that was cut keeps its part of the move."""
    whole: Frames = 0
    """Frames that the move lasts; 0 is as long as the clip."""


class Place(Frozen):
    """Where an overlay stands: its middle, its width as a part of the frame's, how opaque it is, how it is blended."""

    x: Part = 0.5
    y: Part = 0.5
    width: float = Field(default=1.0, gt=0, le=4)
    opacity: Part = 1.0
    blend: Blend = "normal"


class Clip(Frozen):
    """`frames` of film showing an asset from its frame `start`, both at the timeline's rate.

    At `speed` 2 a film frame passes two of the asset's; pitch is kept. Frame n of the asset as retimed is its frame
    floor(n * speed); `offset` and all handles count such frames.
    """

    type: Literal["clip"] = "clip"
    asset: str
    start: Frames = 0
    skip: Frames = 0
    """Film frames left out after `start`: in slow motion a cut may fall between two frames of the asset."""
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

    @property
    def offset(self) -> int:
        """The frame of the asset as retimed that the clip begins with."""
        return int(self.start // self.speed) + self.skip

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        frames = data.get("frames") if isinstance(data, dict) else 1
        if isinstance(frames, int) and frames <= 0:
            raise ValueError(f"clip {data.get('name') or str(data.get('asset'))[:8]} lasts {frames} frames: no picture")
        return data


class Gap(Frozen):
    """Nothing for `frames`: black, or silence."""

    type: Literal["gap"] = "gap"
    frames: int = Field(gt=0)


class Transition(Frozen):
    """A change of picture centred on the cut between its neighbours; it lengthens nothing. Sound cross-fades.

    The clip before plays `after` frames beyond its out-point, the clip after starts `before` frames ahead of its
    in-point: both assets need those handles (OpenTimelineIO's in and out offsets). Its first frame is all the old
    picture, its last one all the new.
    """

    type: Literal["transition"] = "transition"
    kind: Wipe = "dissolve"
    frames: int = Field(gt=0)
    towards: Direction = "left"
    """Where wipes, slides and pushes move to."""
    lead: Frames | None = None
    """Frames before the cut, where that is not the half."""
    first: Frames = 0
    """Frame of the whole transition that this begins with: one that was cut keeps its part."""
    whole: Frames = 0
    """Frames of the whole, where this is a part; 0 where it is all."""

    @property
    def before(self) -> int:
        """Frames that lie ahead of the cut."""
        return self.frames // 2 if self.lead is None else min(self.lead, self.frames)

    @property
    def after(self) -> int:
        """Frames that lie behind the cut."""
        return self.frames - self.before


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
        return next(iter(self.tracks_of(kind)), None)

    def tracks_of(self, kind: str) -> tuple[Track, ...]:
        """All tracks of that kind, the lowest first."""
        return tuple(track for track in self.tracks if track.kind == kind)

    @property
    def chapters(self) -> tuple[Marker, ...]:
        """The markers that begin a chapter, in order."""
        return tuple(sorted((mark for mark in self.markers if mark.kind == "chapter"), key=lambda mark: mark.frame))

    def cuts(self) -> tuple[int, ...]:
        """Frames at which the picture changes from one item to the next; a dissolve counts at its middle."""
        track = self.track("video")
        places, frame = list[int](), 0
        for item in track.items if track else ():
            if item.type != "transition":
                places.append(frame)
                frame += item.frames
        return tuple(places[1:])


@dataclass(frozen=True)
class Segment:
    """A stretch of a track that shows one thing: a clip, nothing (both None), or a change from one to the other."""

    start: int
    frames: int
    clip: Clip | None = None
    offset: int = 0
    """First frame of the asset as retimed that is shown; `offset - clip.offset` counts from the clip's first."""
    over: Clip | None = None
    over_offset: int = 0
    """The clip that a transition goes to, and its first frame."""
    transition: Transition | None = None
    item: int = 0
    """Place of the clip or gap in its track, and of the one a transition goes to."""
    over_item: int = 0

    @property
    def dissolve(self) -> bool:
        """True where two pictures (or sounds) are there at once."""
        return self.transition is not None


def segments(track: Track) -> list[Segment]:
    """The track laid flat: bodies of clips, gaps, and transitions of their own, end to end.

    A transition to or from a gap goes to or from nothing (a side that is None): black, transparent or silent.

    Raises:
        ValueError: a transition stands at an end, beside another, or is longer than its neighbours or their handles.
    """
    items = list(track.items)
    rows: list[Segment] = []
    frame = 0
    for number, item in enumerate(items):
        if item.type == "transition":
            rows.append(_change(item, *_neighbours(items, number), frame, number))
            continue
        before, after = _beside(items, number)
        head = before.after if before and before.type == "transition" else 0
        tail = after.before if after and after.type == "transition" else 0
        if head + tail > item.frames:
            raise ValueError(f"the transitions at {named(item)} are longer than its {item.frames} frames")
        if body := item.frames - head - tail:
            clip = item if item.type == "clip" else None
            rows.append(Segment(frame + head, body, clip, clip.offset + head if clip else 0, item=number))
        frame += item.frames
    return rows


def named(item: Clip | Gap) -> str:
    """What a message calls it."""
    return f"clip {item.name or item.asset[:8]}" if item.type == "clip" else "the gap"


def _beside(items: list[Item], number: int) -> tuple[Item | None, Item | None]:
    return items[number - 1] if number else None, items[number + 1] if number + 1 < len(items) else None


def _neighbours(items: list[Item], number: int) -> tuple[Clip | Gap, Clip | Gap]:
    before, after = _beside(items, number)
    if before is None or after is None or before.type == "transition" or after.type == "transition":
        beside = next(
            (f" (beside {named(item)})" for item in (before, after) if item and item.type != "transition"), ""
        )
        raise ValueError(f"a transition stands between two clips or gaps{beside}")
    return before, after


def _change(item: Transition, before: Clip | Gap, after: Clip | Gap, cut: int, number: int) -> Segment:
    lead = item.before
    if after.type == "clip" and after.offset < lead:
        raise ValueError(f"{named(after)} has {after.offset} frames before its in-point; its transition needs {lead}")
    return Segment(
        start=cut - lead,
        frames=item.frames,
        clip=before if before.type == "clip" else None,
        offset=before.offset + before.frames - lead if before.type == "clip" else 0,
        over=after if after.type == "clip" else None,
        over_offset=after.offset - lead if after.type == "clip" else 0,
        transition=item,
        item=number - 1,
        over_item=number + 1,
    )
