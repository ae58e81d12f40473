"""The prompt of a generated shot: subject, place, action, camera, light and look in its family's own style.

Knows shots, scenes and how a family likes to be spoken to; knows nothing about who generates.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ..tools.music import Mood
from ..tools.video.diffusion.families import Family, Style
from .model import Scene, Shot

NEGATIVE = "text, letters, captions, watermark, logo, deformed hands, flicker, low quality"
"""What no shot wants; words on screen are the captions' work."""
CAMERAS = {
    "hold": ("static shot", "the camera stands still"),
    "drift": ("slow drift", "the camera drifts slowly to one side"),
    "push": ("slow push in", "the camera moves slowly closer"),
    "pull": ("slow pull back", "the camera moves slowly away"),
    "pan": ("slow pan", "the camera pans slowly across the scene"),
}
"""Each camera as a tag and as a clause."""


class Look(NamedTuple):
    """A style sheet in words."""

    style: str = ""
    light: str = ""


LOOKS = {
    "clean": Look("bright, uncluttered", "soft even light"),
    "bold": Look("saturated colours, strong contrast", "hard light"),
    "cinematic": Look("film still, shallow depth of field", "warm low light"),
    "editorial": Look("documentary, muted colours", "natural light"),
    "playful": Look("cheerful colours, simple shapes", "soft daylight"),
    "technical": Look("precise close detail", "cool neutral light"),
}
ACTIONS: dict[Mood, str] = {
    "calm": "everything moves slowly",
    "warm": "gentle natural movement",
    "bright": "light easy movement",
    "driving": "quick lively movement",
    "dark": "slow heavy movement",
    "playful": "bouncy cheerful movement",
    "epic": "wide powerful movement",
}
"""How things move, by the scene's mood: what the subject does stands in its own words."""
PLAIN = "One continuous shot without any text"
MOST = 90
"""Words for a family that nobody has described."""
LEAST = 8
"""Words of the subject that stay, however short a family reads."""
SPARE = ("action", "place", "look")
"""What a short reader is not told, in this order."""
FRAME = 11
"""Words that a paragraph adds of itself."""


def pictured(shot: Shot, spoken: str) -> str:
    """What is seen: the director's words for it; where these only repeat what is spoken, that alone.

    >>> shot = Shot(id="shot01", scene="s1", lines=("l1",), prompt="Bees dance. (warm, Honey)")
    >>> pictured(shot, "Bees dance."), pictured(shot.model_copy(update={"prompt": "A bee on a comb"}), "Bees dance.")
    ('Bees dance.', 'A bee on a comb')
    """
    repeats = not shot.prompt or (bool(spoken) and shot.prompt.startswith(spoken))
    return (spoken if repeats else shot.prompt) or shot.card.headline or "an empty scene"


def worded(subject: str, shot: Shot, scene: Scene | None = None, family: Family | None = None, tint: str = "") -> str:
    """A shot as the family reads it best: tags, one sentence or a paragraph, cut to about the words it takes in.

    Args:
        tint: the colours of the film's style picture, in words.
    """
    style: Style = family.style if family else "paragraph"
    tag, clause = CAMERAS.get(shot.camera, CAMERAS["drift"])
    look = LOOKS.get(shot.style, Look())
    parts = {
        "place": scene.place.strip(" .") if scene else "",
        "action": ACTIONS[scene.mood] if scene else "",
        "camera": tag if style == "tags" else clause,
        "light": look.light,
        "look": _joined(look.style, tint),
    }
    most = (family.words if family else MOST) - (FRAME if style == "paragraph" else 0)
    for spare in SPARE:
        if most - _count(parts) >= LEAST:
            break
        parts[spare] = ""
    subject = " ".join(subject.split()[: max(most - _count(parts), LEAST)]).strip(" .!?…。,;:")
    return _styled(style, subject, **parts)


def _count(parts: Mapping[str, str]) -> int:
    return sum(len(part.split()) for part in parts.values())


def _styled(style: Style, subject: str, place: str, action: str, camera: str, light: str, look: str) -> str:
    if style != "paragraph":
        told = _joined(subject, place, action, camera, light, look)
        return told if style == "tags" else f"{told}."
    framed = [f"the light: {light}" if light else "", f"the look: {look}" if look else ""]
    parts = [subject, place, action, camera, *framed, PLAIN]
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
