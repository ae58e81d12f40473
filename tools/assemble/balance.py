"""The balance: how loud each voice, the music and its ducking must be, from what was measured.

Knows levels in LUFS and gains in dB; hears nothing itself.
"""

from collections.abc import Sequence

from ..meter import QUIET
from .duck import DEPTH, UNDER

VOICE = -20.0
"""LUFS of the speech in the mix; everything else is set against it."""
REACH = 6.0
"""dB by which one line may be corrected towards the others."""
REST = 1.0
"""dB that are left to be corrected after the chain."""
_MOST = 30.0
"""dB that a whisper is lifted by at most."""
_MUSIC_REACH = 12.0
_ATMOSPHERE = 14.0
"""dB that a place's own sound lies under the speech at least."""
_LOUDEST_BED = 5.0
"""dB that the open music stays under the voice."""


def even(levels: Sequence[float], lengths: Sequence[int]) -> list[float]:
    """Gains that bring every line to VOICE: all by the same, and each by no more than REACH besides.

    A line that was whispered on purpose stays the softer one, but no word of it is lost.
    """
    common = mean(levels, lengths)
    if common <= QUIET:
        return [0.0] * len(levels)
    lift = min(VOICE - common, _MOST)
    return [lift + (_within(common - level, REACH) if level > QUIET else 0.0) for level in levels]


def settled(together: float, levels: Sequence[float]) -> list[float]:
    """Gains after the chain, which takes more from one voice than from another: all to VOICE, each by REST besides."""
    if together <= QUIET:
        return [0.0] * len(levels)
    return [VOICE - together + (_within(together - level, REST) if level > QUIET else 0.0) for level in levels]


def alike(levels: Sequence[float], lengths: Sequence[int]) -> list[float]:
    """Gains that bring pieces of music from different sources to one level, that of the longest ones."""
    common = mean(levels, lengths)
    return [_within(common - level, _MUSIC_REACH) if level > QUIET else 0.0 for level in levels]


def mean(levels: Sequence[float], lengths: Sequence[int]) -> float:
    """The level in the middle by length, so that one odd line moves nobody; QUIET where nothing sounds."""
    heard = sorted((level, length) for level, length in zip(levels, lengths, strict=True) if level > QUIET)
    half, passed = sum(length for _, length in heard) / 2, 0
    for level, length in heard:
        passed += length
        if passed >= half:
            return level
    return QUIET


def bed(music: float, under: float, voice: float | None) -> tuple[float, float]:
    """The music's open gain in dB, and how deep it is ducked.

    Args:
        music: its loudness as a whole.
        under: its loudness where somebody speaks; QUIET where it plays only elsewhere.
        voice: loudness of the speech, None where nobody speaks.
    """
    if music <= QUIET:
        return 0.0, DEPTH
    if voice is None:
        return VOICE - music, 0.0
    ducked = voice - UNDER - (under if under > QUIET else music)
    # Where the music is louder outside the speech than inside, it must still not jump out.
    highest = voice - _LOUDEST_BED - music
    opened = max(ducked, min(ducked + DEPTH, highest))
    return opened, opened - ducked


def way(level: float) -> float:
    """By how many dB something that goes on under the speech at `level` LUFS must give way to it."""
    return max(level - (VOICE - _ATMOSPHERE), 0.0) if level > QUIET else 0.0


def heard(level: float) -> float:
    """The gain, never above 0 dB, that keeps a place's own sound at `level` LUFS under the voice between its words."""
    return min(VOICE - _LOUDEST_BED - level, 0.0) if level > QUIET else 0.0


def _within(gain: float, reach: float) -> float:
    return min(max(gain, -reach), reach)
