"""Word times where a voice gives none: shares of the time that somebody speaks.

Knows nothing about the voice. Pauses are found by energy, letters stand for duration.
"""

import re
from collections.abc import Sequence

import numpy as np

from . import Word
from .sound import FLOOR, Sound, levels

Span = tuple[int, int] | None
STEP = 0.01
SHORTEST_PAUSE = 8
"""Steps of quiet that are a pause, not a stop consonant."""


def estimate(sound: Sound, said: Sequence[str]) -> list[Span]:
    """Spans in samples by the letters of each phrase; None for an empty one."""
    spoken = _spoken(sound)
    clock = np.concatenate([[0], np.cumsum(spoken)]).astype(float)
    weights = [len(re.sub(r"\W", "", phrase)) + 2.0 if phrase else 0.0 for phrase in said]
    total = sum(weights) or 1.0
    spans: list[Span] = []
    done = 0.0
    for weight in weights:
        first, last = done / total * clock[-1], (done + weight) / total * clock[-1]
        done += weight
        start, end = np.searchsorted(clock, first, "right") - 1, np.searchsorted(clock, last, "left")
        size = round(STEP * sound.rate)
        spans.append((int(start) * size, int(end) * size) if weight else None)
    return spans


def in_order(texts: Sequence[str], spans: Sequence[Span], length: int, offset: int = 0) -> tuple[Word, ...]:
    """Words that do not overlap, on a sound of `length` samples that was cut by `offset` in front.

    One that is not said, such as a bare dash, stands without length where the one before it ends.
    """
    words: list[Word] = []
    end = 0
    for text, span in zip(texts, spans, strict=True):
        start = min(max(span[0] - offset, end), length) if span else end
        end = min(max(span[1] - offset, start), length) if span else start
        words.append(Word(text=text, start=start, end=end))
    return tuple(words)


def _spoken(sound: Sound) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each step whether somebody speaks; short gaps count as speech."""
    loud = levels(sound, STEP)
    voiced: np.ndarray[tuple[int], np.dtype[np.bool_]] = loud > loud.max() + FLOOR
    quiet = 0
    for index, on in enumerate(voiced):
        if on:
            if 0 < quiet < SHORTEST_PAUSE and index > quiet:
                voiced[index - quiet : index] = True
            quiet = 0
        else:
            quiet += 1
    return voiced
