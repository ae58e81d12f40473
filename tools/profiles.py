"""Platform profiles: safe areas and thresholds, read from profiles.toml.

Knows nothing about films; it only hands out numbers with names.
"""

import tomllib
from functools import cache
from importlib.resources import files

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
    """All profiles by name."""
    rows = tomllib.loads((files(__package__) / "profiles.toml").read_text("utf-8"))
    shared = rows.pop("default")
    return {
        name: Profile.model_validate({"name": name, **shared, **row}) for name, row in rows.items() if name != "version"
    }


def profile_for(size: Size) -> Profile:
    """The profile whose aspect is nearest to the frame's."""

    def distance(profile: Profile) -> float:
        across, down = (int(part) for part in profile.aspect.split(":"))
        return abs(across / down - size.width / size.height)

    return min(profiles().values(), key=distance)
