"""Assembly: a timeline becomes one encoded file.

Knows nothing about why a clip is where it is.
"""

from typing import Literal

from pydantic import Field

from ..media import Asset, Frames, Frozen
from ..timeline import Timeline
from ..video import Brand

Codec = Literal["h264", "hevc", "av1", "vp9", "prores", "gif", "webp"]
CaptionStyle = Literal["karaoke", "pop", "box", "subtitle", "minimal", "none"]


class Finish(Frozen):
    """How the file is finished: codec, preset and CRF, where its loudness must land, and what stands beside it."""

    codec: Codec = "h264"
    alpha: bool = False
    """Keep transparency: ProRes 4444 or VP9."""
    encoder: Literal["software", "auto"] = "software"
    """auto tries the machine's hardware encoders first."""
    preset: str = "veryfast"
    crf: int = Field(default=20, ge=0, le=51)
    loudness: float = -14.0
    """LUFS, integrated (EBU R128)."""
    peak: float = -1.0
    """dBTP ceiling, measured after AAC."""
    captions: CaptionStyle = "karaoke"
    style: str = "clean"
    brand: Brand | None = None
    """Overrides the typefaces and the colour of captions."""
    platform: str = ""
    """A platform profile by name, whose margins and reading speed captions keep; by the frame's shape if empty."""
    soft: bool = False
    """Also carry the captions as a subtitle stream that players can switch on."""
    stems: bool = False
    """Also deliver voice, music and effects as FLAC."""
    language: str = "en"


class EncodeRequest(Frozen):
    """A stretch of picture: a timeline of its own from frame 0, with the caption script of its frames."""

    timeline: Timeline
    """Video and overlay tracks only; no cues or labels: they are in `script`."""
    assets: tuple[Asset, ...]
    finish: Finish = Finish()
    script: str = ""
    """ASS on the frame clock (captions.py) whose frame `lead` is this stretch's first."""
    lead: Frames = 0
    skip: Frames = 0
    """Frames at the timeline's beginning that are not shown."""
    frames: Frames = 0
    """How many are shown after them; 0 is all."""


class Encoded(Frozen):
    """A stretch, encoded so that it joins its neighbours without re-encoding."""

    video: Asset
    encoder: str
    note: str = ""
    """What fell back to what, in words for people; empty where nothing did."""


class AssembleRequest(Frozen):
    """The timeline, the assets it names, and the finish."""

    timeline: Timeline
    assets: tuple[Asset, ...]
    finish: Finish = Finish()
    pieces: tuple[Asset, ...] = ()
    """The encoded stretches of this timeline in order, where they were made beforehand (stretches.py: `joined`)."""
    encoder: str = ""
    """What encoded the pieces."""
    note: str = ""


class Cut(Frozen):
    """The film with what the last pass measured, and its captions and stems beside it."""

    video: Asset
    loudness: float
    peak: float
    srt: Asset
    vtt: Asset
    ass: Asset | None = None
    words: Asset | None = None
    """Captions with word times as JSON."""
    stems: dict[str, Asset] = Field(default_factory=dict)
    """voice, music and effects, as they stand in the mix."""
    encoder: str = "libx264"
    note: str = ""
    """What fell back to what, in words for people; empty where nothing did."""
    passes: int = 1
    """Audio passes the loudness took."""
