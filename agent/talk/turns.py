"""Turn taking: who speaks when, from the chance and the level of speech in one window after another.

Pure arithmetic over windows of 32 ms; knows nothing about words, models or what is answered.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from ...tools.listen.vad import RATE, WINDOW

Step = Literal["", "began", "paused", "ended", "dropped"]
"""`dropped` is a turn that was none: a cough, a click."""
STEP = WINDOW / RATE
"""Seconds of a window."""


@dataclass(frozen=True)
class Rules:
    """When a turn begins, pauses and ends; seconds, chances and decibels."""

    on: float = 0.5
    """Chance of speech in a window that counts (Silero's own default)."""
    begin: int = 3
    """Windows of speech that begin a turn, and that stop our own voice: 96 ms, and the network wakes up after 64."""
    pause: float = 0.25
    """Quiet after which what was said so far is written down: longer than a stop consonant."""
    end: float = 0.8
    """Quiet that ends a turn (people pause 0.2 to 0.6 s between clauses)."""
    quick: float = 0.7
    """Quiet that ends a turn of which the turn model says that it is over."""
    patient: float = 1.6
    """Quiet that ends a turn of which the turn model says that something follows."""
    shortest: float = 0.2
    """Speech that a turn has at least: a cough or a click is shorter, a "no" is longer."""
    faintest: float = -48.0
    """dBFS below which nobody speaks to us, before we know how loud the person is."""
    near: float = 8.0
    """dB under the person's own level below which no turn begins: from ten times as far a voice is 20 dB quieter, and
    its loudest vowel about 10 above its level."""
    soft: float = 20.0
    """dB under that level down to which a turn goes on: unstressed syllables are that soft."""


class Turns:
    """Follows one microphone. `step` is told one window at a time."""

    def __init__(self, rules: Rules = Rules()) -> None:
        self._rules = rules
        self._recent: deque[tuple[bool, float]] = deque(maxlen=rules.begin + 1)
        self._level: float | None = None
        self._levels: list[float] = []
        self._quiet = 0
        self._spoken = 0
        self._paused = False
        self.speaking = False
        """True from a turn's beginning to its end."""
        self.over: float | None = None
        """What the turn model says of the pause we are in; None where nobody asked it."""

    @property
    def level(self) -> float | None:
        """How loud the person is, in dBFS, once known."""
        return self._level

    @property
    def quiet(self) -> float:
        """Seconds since the person's last word in this turn."""
        return self._quiet * STEP

    def step(self, chance: float, level: float) -> Step:
        """One window: its chance of speech and its level in dBFS."""
        speech = chance >= self._rules.on and level >= self._floor(self._rules.soft)
        self._recent.append((speech, level))
        if not self.speaking:
            return self._begin() if self._near() else ""
        if speech:
            self._spoken += 1
            self._levels.append(level)
            self._quiet, self._paused, self.over = 0, False, None
            return ""
        self._quiet += 1
        if self.quiet >= self._end():
            return self._finish()
        if not self._paused and self.quiet >= self._rules.pause:
            self._paused = True
            return "paused"
        return ""

    def close(self) -> Step:
        """The input ended."""
        return self._finish() if self.speaking else ""

    def _near(self) -> bool:
        """Whether the last windows are speech, as loud as the person is."""
        loud = [level for speech, level in self._recent if speech]
        if len(loud) < self._rules.begin:
            return False
        power = sum(10 ** (level / 10) for level in loud) / len(loud)
        return power >= 10 ** (self._floor(self._rules.near) / 10)

    def _floor(self, below: float) -> float:
        return self._rules.faintest if self._level is None else self._level - below

    def _end(self) -> float:
        if self.over is None:
            return self._rules.end
        return self._rules.quick if self.over >= 0.5 else self._rules.patient

    def _begin(self) -> Step:
        self.speaking, self._quiet, self._paused, self.over = True, 0, False, None
        self._levels = [level for speech, level in self._recent if speech]
        self._spoken = len(self._levels)
        return "began"

    def _finish(self) -> Step:
        """The turn's end; a sound too short to be a word is none."""
        self.speaking = False
        self._recent.clear()
        if self._spoken * STEP < self._rules.shortest:
            return "dropped"
        typical = sorted(self._levels)[3 * len(self._levels) // 4]
        self._level = typical if self._level is None else 0.7 * self._level + 0.3 * typical
        return "ended"
