"""Pace: how long a text is expected to take to say.

Knows nothing about voices: these are the estimates that the recorded voice replaces.
"""

import re

from ...tools.media import Frames, Rate, frames_of

WORD = 0.4
"""Seconds of an average English word at 150 words a minute."""
LETTERS = 4.7
"""Letters of an average English word."""
CHARACTER = 1 / 4.5
"""Seconds of a character of Han, kana or Hangul."""
LONGEST_WORD = 3.0

WIDE = re.compile("[\u1100-\u11ff\u2e80-\u2fff\u3005-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]")
"""Characters of scripts that are read a syllable or more at a time."""


def seconds(text: str) -> float:
    """Seconds that a text takes to say at 150 words a minute, longer words taking longer.

    >>> round(seconds("A single jar of honey starts with about two million flowers."), 1)
    4.3
    """
    return sum(map(_word, text.split()))


def _word(word: str) -> float:
    wide = len(WIDE.findall(word))
    if wide:
        return wide * CHARACTER
    digits = sum(map(str.isdigit, word))
    letters = sum(map(str.isalpha, word))
    spoken = 0.2 * digits + 0.3 * sum(word.count(sign) for sign in "%$€£¥°") if digits else 0.0
    return min(LONGEST_WORD, spoken + (WORD * (0.4 + 0.6 * letters / LETTERS) if letters or not digits else 0.1))


def estimate(text: str, rate: Rate) -> Frames:
    """Frames that a line is expected to take; at least one."""
    return max(1, frames_of(seconds(text), rate))
