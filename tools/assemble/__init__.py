"""Assembly: a timeline becomes one encoded file.

Knows nothing about why a clip is where it is.
"""

from pydantic import Field

from ..media import Asset, Frozen
from ..timeline import Timeline


class Finish(Frozen):
    """How the file is finished: x264 preset and CRF, and where its loudness must land."""

    preset: str = "veryfast"
    crf: int = Field(default=20, ge=0, le=51)
    loudness: float = -14.0
    """LUFS, integrated (EBU R128)."""
    peak: float = -1.0
    """dBTP ceiling, measured after AAC."""
    captions: str = "karaoke"
    """karaoke, subtitle or none."""
    style: str = "clean"


class AssembleRequest(Frozen):
    """The timeline, the assets it names, and the finish."""

    timeline: Timeline
    assets: tuple[Asset, ...]
    finish: Finish = Finish()


class Cut(Frozen):
    """The film with what the last pass measured, and its captions beside it."""

    video: Asset
    loudness: float
    peak: float
    srt: Asset
    vtt: Asset
    ass: Asset | None = None
    passes: int = 1
    """Audio passes the loudness took."""
