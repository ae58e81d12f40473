"""Black and frozen pictures.

Knows nothing about fades but where they are planned.
"""

from collections.abc import Sequence

from ..profiles import Profile
from . import Check, Span
from .frames import Picture
from .spans import outside, runs


def black_check(picture: Picture, profile: Profile, planned: Sequence[Span] = ()) -> Check:
    """No black but in planned fades; up to a second of it at the film's very ends only warns."""
    limits = profile.limits
    end = picture.time(picture.frames)
    ends = (
        Span(start=picture.start, end=picture.start + limits.fade_seconds),
        Span(start=end - limits.fade_seconds, end=end),
    )
    limit = limits.black_frames * picture.step + 1e-6
    found = [
        part
        for span in runs(picture.black.tolist(), picture.step, picture.start)
        for part in outside(span, planned)
        if part.end - part.start > limit
    ]
    inner = [part for span in found for part in outside(span, ends) if part.end - part.start > 1e-6]
    total = sum(span.end - span.start for span in found)
    return Check(
        name="black",
        value=f"{total:.2f} s in {len(found)} places" if found else "none",
        target=f"none longer than {limits.black_frames} frames outside planned fades",
        verdict="fail" if inner else "warn" if found else "pass",
        spans=tuple(found),
        source="own rule",
    )


def freeze_check(picture: Picture, profile: Profile) -> Check:
    """Nothing stands still for longer than a second; black is black's matter."""
    limit = profile.limits.freeze_seconds + picture.step / 2
    dark = runs(picture.black.tolist(), picture.step, picture.start)
    held = [Span(start=picture.time(first), end=picture.time(last)) for first, last in picture.still]
    parts = [part for span in held for part in outside(span, dark)]
    found = tuple(part for part in parts if part.end - part.start > limit)
    longest = max((part.end - part.start for part in parts), default=0.0)
    return Check(
        name="freeze",
        value=f"longest {longest:.2f} s" if longest else "none",
        target=f"none longer than {profile.limits.freeze_seconds:g} s",
        verdict="fail" if found else "pass",
        spans=found,
        source="own rule",
    )
