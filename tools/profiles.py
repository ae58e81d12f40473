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


class Profile(Frozen):
    """What one platform wants. Loudness in LUFS, peak in dBTP."""

    name: str
    aspect: str
    safe: Margins
    loudness: float = -14.0
    loudness_tolerance: float = 0.5
    peak: float = -1.0

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
