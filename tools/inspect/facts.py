"""What is known of a film before it is measured: the file's own words, and what its makers say of it.

Knows nothing about checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import Refused, ToolFailed
from ..ffmpeg import probe
from ..media import Size
from ..probe import Probe
from ..profiles import Profile, profile_for
from . import LedgerRow, PlacedText, Span, SpokenWord
from .cues import CaptionCue, Script, read_cues, read_script

_REASONS = {
    "moov atom not found": "it is no film, or it ends before its index",
    "whitelist": "it is a playlist, or of a format that is not opened here",
    "exceeds": "its picture is too large",
    "End of file": "it ends too early",
    "does not contain any stream": "it holds no frame and no sound",
    "max_pixels": "it holds no frame and no sound",
    "matches no streams": "it holds no frame and no sound",
}
"""What ffmpeg's words mean for a person."""


@dataclass(frozen=True)
class Facts:
    """What somebody says of a film; what is left out is skipped, never passed."""

    profile: Profile | None = None
    """The platform; by the frame's shape if not given."""
    script: str = ""
    language: str = "en"
    seconds: float | None = None
    """Length asked for."""
    boxes: Sequence[PlacedText] = ()
    """Text on the picture, in pixels and frames of the film."""
    captions: Path | None = None
    """An .srt, .vtt or .ass file; one of the film's name beside it if not given."""
    cuts: Sequence[int] | None = None
    """First frames of the shots after the first."""
    speech: Sequence[Span] | None = None
    """Where somebody speaks."""
    words: Sequence[SpokenWord] = ()
    voice: Path | None = None
    music: Path | None = None
    moving: float | None = None
    scales: Sequence[str] = ()
    ledger: Sequence[LedgerRow] | None = None
    planned: Sequence[Span] = ()
    """Fades and pauses that are meant."""
    reference: Path | None = None


@dataclass(frozen=True)
class Known(Facts):
    """The facts, with what the file itself tells."""

    path: Path = Path()
    probe: Probe = Probe(container="", seconds=0)  # noqa: RUF009 - a frozen value
    cues: Sequence[CaptionCue] = ()
    layout: Script | None = None
    burnt: Sequence[CaptionCue] = ()
    """Captions as they were read in the picture."""
    heard: Sequence[SpokenWord] | None = None
    """Words of a recogniser, whose times are rough."""

    @property
    def platform(self) -> Profile:
        """The profile, whichever way it was found."""
        assert self.profile is not None
        return self.profile

    @property
    def frame(self) -> float:
        """Seconds that a frame lasts."""
        return float(1 / self.probe.video.rate) if self.probe.video else 1 / 30


def known_of(path: Path, facts: Facts) -> Known:
    """Open the film and its captions.

    Raises:
        Refused: one of them cannot be read.
    """
    if not path.is_file() or not path.stat().st_size:
        raise Refused(f"{path.name} is empty or not there.", "Export the film again.")
    told = _opened(path)
    if told.video is None and told.audio is None:
        raise Refused(f"{path.name} holds neither picture nor sound.", "Give a film, such as an MP4 file.")
    beside = facts.captions or next(
        (each for each in map(path.with_suffix, (".srt", ".vtt", ".ass")) if each.is_file()), None
    )
    script = next((each for each in (beside, path.with_suffix(".ass")) if each and each.suffix == ".ass"), None)
    plain = replace(facts, profile=facts.profile or profile_for(_size(told)))
    return Known(
        **vars(plain),
        path=path,
        probe=told,
        cues=read_cues(beside) if beside else (),
        layout=read_script(script) if script and script.is_file() else None,
    )


def _opened(path: Path) -> Probe:
    """What the file says of itself, or in plain words why it says nothing."""
    try:
        return probe(path)
    except (Refused, ToolFailed) as error:
        reason = next((words for sign, words in _REASONS.items() if sign in error.message), "it is damaged")
        raise Refused(f"{path.name} cannot be opened: {reason}.", "Export it again as MP4.") from error


def _size(told: Probe) -> Size:
    if told.video is None:
        return Size(width=1920, height=1080)
    width, height = (max(min(side // 2 * 2, 7680), 16) for side in (told.video.width, told.video.height))
    return Size(width=width, height=height)
