"""Takes from a recording: one line is cut out of a person's own voice-over, its long silences shortened.

Knows samples and when words were heard; knows nothing about scripts.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from ..base import Cost, Device, Job
from ..errors import ToolFailed
from ..media import Asset, Frozen
from . import Speech, Word
from .estimate import in_order
from .sound import Samples, Sound, cut, level, levels, read_wav, write_wav

LONGEST_REST = 0.7
"""Seconds of silence inside a line that are a hesitation, not a rest."""
REST = 0.4
"""Seconds that are left of it."""
_MARGIN = 0.25
"""Seconds round a word in which it may still sound: recognisers' times are that loose."""


class RecordingRequest(Frozen):
    """A line of a recording: its words with the samples at which they were heard, and the room round them."""

    recording: Asset
    words: tuple[Word, ...]
    earliest: int
    latest: int


class Cutter:
    """voiceover.cutter."""

    name = "voiceover.cutter"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """It needs nothing."""

    def quote(self, request: RecordingRequest) -> Cost:
        """Reading a file."""
        return Cost(seconds=0.2)

    def run(self, request: RecordingRequest, job: Job) -> Speech:
        """Cut at the quietest places round the line."""
        whole = read_wav(job.path(request.recording.id))
        if not request.words or request.words[-1].end > len(whole.samples):
            raise ToolFailed("The line does not stand in this recording.", "Make the film again.")
        first, last = _edges(whole, request)
        sound = Sound(whole.samples[first:last], whole.rate)
        words = [(word.start - first, word.end - first) for word in request.words]
        sound, words = _tightened(sound, words)
        sound, offset = cut(sound)
        path = job.scratch / "take.wav"
        write_wav(level(sound), path)
        length = len(sound.samples)
        asset = job.save(
            path,
            "audio",
            licence=request.recording.licence,
            origin=f"cut from {request.recording.origin.splitlines()[0]}",
            frames=length,
            rate=Fraction(sound.rate),
        )
        texts = [word.text for word in request.words]
        return Speech(audio=asset, words=in_order(texts, words, length, offset), exact=False)


def _edges(whole: Sound, request: RecordingRequest) -> tuple[int, int]:
    margin = round(_MARGIN * whole.rate)
    start, end = request.words[0].start, request.words[-1].end
    first = _quietest(whole, max(request.earliest - margin // 2, start - margin, 0), start + margin // 4)
    last = _quietest(whole, end - margin // 4, min(request.latest + margin // 2, end + margin, len(whole.samples)))
    return first, max(last, first + 1)


def _quietest(whole: Sound, first: int, last: int) -> int:
    """The middle of the quietest 10 ms between two samples."""
    part = Sound(whole.samples[first:last], whole.rate)
    size = whole.rate // 100
    if len(part.samples) < 2 * size:
        return (first + last) // 2
    return first + int(np.argmin(levels(part)[: len(part.samples) // size])) * size + size // 2


def _tightened(sound: Sound, words: Sequence[tuple[int, int]]) -> tuple[Sound, list[tuple[int, int]]]:
    """Hesitations between words become rests; what is said after them moves up."""
    parts: list[Samples] = []
    moved: list[tuple[int, int]] = []
    at, gone = 0, 0
    keep, fade = round(REST * sound.rate) // 2, round(0.02 * sound.rate)
    for index, (start, end) in enumerate(words):
        before = words[index - 1][1] if index else 0
        if index and start - before > LONGEST_REST * sound.rate:
            parts.append(_faded(sound.samples[at : before + keep], fade, last=True))
            at = start - keep
            parts.append(_faded(sound.samples[at:start], fade, last=False))
            gone += at - (before + keep)
            at = start
        moved.append((start - gone, end - gone))
    return Sound(np.concatenate([*parts, sound.samples[at:]]), sound.rate), moved


def _faded(samples: Samples, size: int, last: bool) -> Samples:
    faded = samples.copy()
    ramp = np.linspace(0, 1, min(size, len(faded)), dtype=np.float32)
    if last:
        faded[len(faded) - len(ramp) :] *= ramp[::-1]
    else:
        faded[: len(ramp)] *= ramp
    return faded
