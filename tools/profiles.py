"""Platform profiles: safe areas and thresholds, read from profiles.toml.

Knows nothing about films; it only hands out numbers with names.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from .media import Frozen, Size


class Box(Frozen):
    """A rectangle in pixels, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top


class Margins(Frozen):
    """Covered margins in pixels of a reference frame."""

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int


class Limits(Frozen):
    """Thresholds of the checks in tools/inspect; a pair is the wanted range, `_fail` is where a warning ends."""

    loudness_warn: float
    silence_db: float
    silence_seconds: float
    black_frames: int
    fade_seconds: float
    freeze_seconds: float
    flashes: int
    """General flashes in any one second."""
    flash_area: float
    gop_seconds: float
    gop_fail: float
    audio_rate: int
    audio_bits: int
    audio_bits_fail: int
    duration_part: float
    sync_seconds: float
    reading_speed: float
    reading_speed_fail: float
    reading_speeds: dict[str, float]
    """By language code, where it differs."""
    cue_seconds: tuple[float, float]
    cue_seconds_fail: float
    cue_gap_frames: int
    cue_lines: int
    line_characters: int
    page_words: int
    page_characters: int
    page_frames: int
    contrast: float
    contrast_large: float
    large_text: float
    pace: tuple[float, float]
    """Words a minute."""
    pace_fail: tuple[float, float]
    shot_median: tuple[float, float]
    shot_shortest: float
    shot_longest: float
    shot_fail: float
    first_cut: float
    word_errors: float
    music_under: tuple[float, float]
    """dB that music lies under speech."""
    music_under_fail: tuple[float, float]
    cue_in_frames: int
    """Frames by which a cue may come before or after its first word."""
    cue_out_frames: int
    """Frames that a cue may stay after its last word."""
    cue_in_fail: float
    word_offset: float
    """Seconds by which a word may light up early or late."""
    heard_offset: tuple[float, float]
    """The same for all cues against words that a recogniser timed: it is roughly right."""
    cut_frames: int
    cut_share: float
    equal_sizes: int
    flicker: tuple[float, float]
    """Levels of 255: where a warning and where a fault begins, as in the next two."""
    warping: tuple[float, float]
    vmaf: tuple[float, float]
    """A warning below the first, a fault below the second."""


class Profile(Frozen):
    """What one platform wants. Loudness in LUFS, peak in dBTP."""

    name: str
    aspect: str
    safe: Margins
    loudness: float = -14.0
    loudness_tolerance: float = 0.5
    peak: float = -1.0
    limits: Limits

    def safe_box(self, size: Size) -> Box:
        """The rectangle of `size` that no interface covers."""
        across, down = size.width / self.safe.width, size.height / self.safe.height
        return Box(
            left=round(self.safe.left * across),
            top=round(self.safe.top * down),
            right=size.width - round(self.safe.right * across),
            bottom=size.height - round(self.safe.bottom * down),
        )


@cache
def profiles() -> dict[str, Profile]:
    """All profiles by name. A row may be `like` another one above it, and change some of its limits."""
    rows = tomllib.loads((files(__package__) / "profiles.toml").read_text("utf-8"))
    shared, found = rows.pop("default"), dict[str, dict[str, Any]]()
    for name, row in rows.items():
        if name != "version":
            base = found[row.pop("like")] if "like" in row else shared
            found[name] = {**base, **row, "limits": {**base["limits"], **row.get("limits", {})}}
    return {name: Profile.model_validate({"name": name, **row}) for name, row in found.items()}


def profile_for(size: Size) -> Profile:
    """The profile whose aspect is nearest to the frame's."""

    def distance(profile: Profile) -> float:
        across, down = (int(part) for part in profile.aspect.split(":"))
        return abs(across / down - size.width / size.height)

    return min(profiles().values(), key=distance)
