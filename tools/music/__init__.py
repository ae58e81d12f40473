"""Music: a bed of a given length and mood.

Knows nothing about what is said over it.
"""

from typing import Literal

from ..media import Asset, Frames, Frozen, Rate

Mood = Literal["calm", "warm", "bright", "driving", "dark", "playful", "epic"]


class MusicRequest(Frozen):
    """`frames` at `rate` of music that begins, ends and never clicks. `accents` are frames where the picture cuts."""

    frames: Frames
    rate: Rate
    mood: Mood = "warm"
    seed: int = 0
    accents: tuple[Frames, ...] = ()


class Music(Frozen):
    """Stereo 48 kHz WAV with what it was made of."""

    audio: Asset
    tempo: float
    """Beats a minute."""
    key: str
