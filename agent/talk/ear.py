"""What is heard of one turn: its sound, written down piece by piece as the person pauses.

Knows nothing about who speaks when; it holds at most a minute.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...tools.errors import ToolError
from ...tools.listen.vad import RATE, WINDOW, Samples
from .booth import Booth

PIECE = 10.0
"""Seconds after which what was said is written down for good at the next pause, so that no work grows with a turn."""
LONGEST = 60.0
"""Seconds of a turn that are listened to; a longer one is answered by its first minute."""


@dataclass
class Ear:
    """One turn. Windows come in one thread; `write` is called by one other at a time."""

    booth: Booth
    held: list[Samples] = field(default_factory=list)
    """The windows of the piece that is not written down for good."""
    whole: list[Samples] = field(default_factory=list)
    """All that was listened to, for the recording."""
    done: list[tuple[str, float, float]] = field(default_factory=list)
    """Pieces written down for good: text, confidence, seconds."""
    last: tuple[str, float, float] = ("", 1.0, 0.0)
    """The piece that may still grow, as it was last understood."""
    seconds: float = 0.0
    """How long the work took that stands between the last pause and the words."""
    failed: bool = False
    fresh: bool = False
    """Something was added since the last piece was taken."""

    @property
    def length(self) -> float:
        """Seconds that were listened to."""
        return len(self.whole) * WINDOW / RATE

    @property
    def full(self) -> bool:
        """The person said more than is listened to."""
        return self.length >= LONGEST

    def add(self, window: Samples) -> None:
        """One window of the turn; what is beyond a minute is not kept."""
        if not self.full:
            self.held.append(window)
            self.whole.append(window)
            self.fresh = True

    def piece(self) -> Samples:
        """What is to be written down at this pause; a long piece is closed with it."""
        windows, self.fresh = self.held, False
        if len(windows) * WINDOW >= PIECE * RATE:
            self.held = []
        return np.concatenate(windows) if windows else np.zeros(0, np.float32)

    def write(self, samples: Samples) -> None:
        """Write a piece down. A provider that fails leaves the turn unheard, so that the person is asked again."""
        if not len(samples):
            return
        began, length = time.monotonic(), len(samples) / RATE
        try:
            text, confidence = self.booth.listen(samples)
        except ToolError:
            text, confidence, self.failed = "", 0.0, True
        self.last = (text, confidence, length)
        if length >= PIECE:
            self.done.append(self.last)
            self.last = ("", 1.0, 0.0)
        self.seconds = time.monotonic() - began

    @property
    def parts(self) -> Sequence[tuple[str, float, float]]:
        """Everything understood so far."""
        return [part for part in (*self.done, self.last) if part[0] or part[1] < 1]

    @property
    def text(self) -> str:
        """The words so far."""
        return " ".join(text for text, _, _ in self.parts if text)

    @property
    def confidence(self) -> float:
        """How sure we are of them, weighted by length."""
        total = sum(length for _, _, length in self.parts)
        return sum(sure * length for _, sure, length in self.parts) / total if total else 0.0
