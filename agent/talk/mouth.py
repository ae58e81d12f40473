"""Our voice in a talk: sentences wait, are spoken one ahead, and stop when somebody speaks over them.

Knows nothing about who listens.
"""

import re
import threading
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from ...tools.listen.vad import RATE, Samples

AHEAD = 1.5
"""Seconds of speech that wait to be heard; the next sentence is spoken when there are fewer."""
FADE = 160
"""Samples over which the voice stops when it is interrupted: 10 ms, so that nothing clicks."""
BREATH = 0.15
"""Seconds between two sentences."""
_END = re.compile(r"(?<=[.!?…])[”\"]?\s+")


class Mouth:
    """Sound to be heard, in the order in which it was said."""

    def __init__(self, speak: Callable[[str], Samples], do: Callable[[Callable[[], None]], None]) -> None:
        """A mouth without words.

        Args:
            speak: makes a sentence sound.
            do: runs that now, or in a thread.
        """
        self._speak, self._do = speak, do
        self._sentences: deque[str] = deque()
        self._sound: deque[tuple[str, Samples]] = deque()
        self._left: tuple[str, ...] = ()
        self._working = False
        self._turn = 0
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        """True while something is to be heard."""
        return bool(self._sound or self._sentences or self._working)

    @property
    def ready(self) -> bool:
        """True while there is sound to be pulled."""
        return bool(self._sound)

    @property
    def fading(self) -> bool:
        """True while an interrupted voice dies away."""
        return bool(self._sound) and not self._sound[0][0]

    @property
    def left(self) -> tuple[str, ...]:
        """What an interruption left unsaid."""
        return self._left

    def say(self, texts: Sequence[str]) -> None:
        """Say this after what is being said."""
        with self._lock:
            for text in texts:
                self._sentences.extend(sentences(text))
        self._prepare()

    def pull(self, size: int) -> Samples:
        """The next samples; silence where there are none."""
        out, at = np.zeros(size, np.float32), 0
        with self._lock:
            while self._sound and at < size:
                text, sound = self._sound[0]
                piece = sound[: size - at]
                out[at : at + len(piece)] = piece
                at += len(piece)
                if len(piece) < len(sound):
                    self._sound[0] = (text, sound[len(piece) :])
                else:
                    self._sound.popleft()
        self._prepare()
        return out

    def hush(self) -> None:
        """Stop at once; what was not said is kept until something else is."""
        with self._lock:
            self._turn += 1
            left = [text for text, _ in self._sound] + list(self._sentences)
            self._left = tuple(dict.fromkeys(text for text in left if text))
            last = self._sound[0][1][:FADE] if self._sound else np.zeros(0, np.float32)
            self._sound.clear()
            self._sentences.clear()
            if len(last):
                self._sound.append(("", (last * np.linspace(1, 0, len(last), dtype=np.float32))))

    def again(self) -> None:
        """Say what an interruption left unsaid: it was none."""
        left, self._left = self._left, ()
        self.say(left)

    def forget(self) -> None:
        """What an interruption left unsaid stays unsaid."""
        self._left = ()

    def _prepare(self) -> None:
        with self._lock:
            ready = sum(len(sound) for _, sound in self._sound)
            if self._working or not self._sentences or ready >= AHEAD * RATE:
                return
            self._working, turn, text = True, self._turn, self._sentences.popleft()
        self._do(lambda: self._sounded(text, turn))

    def _sounded(self, text: str, turn: int) -> None:
        try:
            sound = self._speak(text)
            breath = np.zeros(round(BREATH * RATE), np.float32)
            with self._lock:
                if turn == self._turn:
                    self._sound.append((text, np.concatenate([sound, breath])))
        finally:
            self._working = False


def sentences(text: str) -> list[str]:
    """The sentences of a reply, each to be spoken on its own, so that the first one sounds early.

    >>> sentences("Thank you, I have a plan. Shall I make it?")
    ['Thank you, I have a plan.', 'Shall I make it?']
    """
    return [part for part in _END.split(text) if re.search(r"\w", part)]
