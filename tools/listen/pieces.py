"""A recording in pieces that fit into memory, cut where nobody speaks; pieces without speech are left out.

Knows nothing about words; a recogniser that hears silence or music invents some, so it is not asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import ToolFailed
from ..speech import Word
from .vad import RATE, WINDOW, Detector, Gate, Samples, Utterance, windows

LONGEST = 300.0
"""Seconds after which a piece ends at the next pause; 19 MB of samples."""
_PATIENCE = 1.2
"""Times LONGEST at which it is cut through a word, where nobody pauses."""
NEAR = 0.3
"""Seconds by which a word may lie off the speech that was detected: recognisers' times are that rough."""
_APART = 8.0
"""Seconds of silence that are worth skipping; in shorter ones a recogniser hears the sentences together."""


@dataclass(frozen=True)
class Piece:
    """Samples from `start` of the recording on, and when somebody speaks in them, counted from there."""

    start: int
    samples: Samples
    speech: tuple[Utterance, ...]

    def spoken(self, words: Sequence[Word]) -> list[Word]:
        """The words that lie where somebody speaks, in samples of the whole recording."""
        near = round(NEAR * RATE)
        return [
            Word(text=word.text, start=self.start + word.start, end=self.start + word.end)
            for word in words
            if any(word.start < part.end + near and word.end > part.start - near for part in self.speech)
        ]

    def stretches(self) -> list[tuple[float, float]]:
        """Seconds that are worth listening to: utterances, and the shorter silences between them."""
        kept: list[list[int]] = []
        for part in self.speech:
            if kept and part.start - kept[-1][1] < _APART * RATE:
                kept[-1][1] = part.end
            else:
                kept.append([part.start, part.end])
        pad, length = round(NEAR * RATE), len(self.samples)
        return [(max(start - pad, 0) / RATE, min(end + pad, length) / RATE) for start, end in kept]


def pieces(path: Path, model: Path, longest: float = LONGEST) -> Iterator[Piece]:
    """The pieces of a sound file in which somebody speaks, as they are decoded.

    Args:
        model: the verified file of `silero-vad`.

    Raises:
        Refused: the file cannot be read.
        ToolFailed: it holds no sound.
    """
    detector, gate = Detector(model), Gate()
    held, spoken, start = list[Samples](), list[Utterance](), 0
    place = 0
    for window in windows(path):
        held.append(window)
        place += WINDOW
        if found := gate.step(detector.chance(window)):
            spoken.append(found)
        length = place - start
        if length >= longest * RATE and (not gate.speaking or length >= _PATIENCE * longest * RATE):
            if gate.speaking and (found := gate.close()):
                spoken.append(found)
            yield from _piece(start, held, spoken)
            held, spoken, start = [], [], place
    if not place:
        raise ToolFailed(f"{path.name} holds no sound.")
    if found := gate.close():
        spoken.append(found)
    yield from _piece(start, held, spoken)


def _piece(start: int, held: list[Samples], spoken: list[Utterance]) -> Iterator[Piece]:
    if spoken:
        inside = tuple(Utterance(start=max(part.start - start, 0), end=max(part.end - start, 0)) for part in spoken)
        yield Piece(start, np.concatenate(held), inside)
