"""The timeline: tracks of clips, gaps and transitions, and cues, in whole frames.

Knows nothing about shots, files or encoders: clips name assets by id.
"""

from typing import Annotated, Literal

from pydantic import Field

from .media import Frames, Frozen, Rate, Size

Fit = Literal["fill", "blur", "letterbox"]


class Clip(Frozen):
    """`frames` of an asset from its frame `start`, both at the timeline's rate."""

    type: Literal["clip"] = "clip"
    asset: str
    start: Frames = 0
    frames: int = Field(gt=0)
    name: str = ""
    fit: Fit = "fill"
    gain_db: float = 0.0


class Gap(Frozen):
    """Nothing for `frames`: black, or silence."""

    type: Literal["gap"] = "gap"
    frames: int = Field(gt=0)


class Transition(Frozen):
    """A dissolve centred on the cut between its neighbours; it lengthens nothing.

    The clip before plays `frames - frames // 2` beyond its out-point, the clip after starts `frames // 2`
    before its in-point: both assets need those handles (OpenTimelineIO's in and out offsets).
    """

    type: Literal["transition"] = "transition"
    kind: Literal["dissolve"] = "dissolve"
    frames: int = Field(gt=0)


Item = Annotated[Clip | Gap | Transition, Field(discriminator="type")]


class Track(Frozen):
    """Items one after another. `kind` says how they are laid: one video track, voice, music, effects."""

    kind: Literal["video", "voice", "music", "effects"]
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


class Timeline(Frozen):
    """A film as plain data: rate, size, tracks, the script's cues (one per spoken line) and visible labels."""

    rate: Rate
    size: Size
    tracks: tuple[Track, ...]
    cues: tuple[Cue, ...] = ()
    labels: tuple[Cue, ...] = ()
    """Small standing notices, such as the AI label."""

    @property
    def frames(self) -> int:
        """Length of the picture in frames."""
        return max((track.frames for track in self.tracks if track.kind == "video"), default=0)

    def track(self, kind: str) -> Track | None:
        """The first track of that kind."""
        return next((track for track in self.tracks if track.kind == kind), None)
