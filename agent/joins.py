"""How shots join: what stands between two of them, by the style sheet, and the sound that goes with it.

Knows shots, scenes and sheets; knows nothing about filters or files.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..tools.effects import EffectKind, EffectRequest, laid
from ..tools.media import Asset
from ..tools.registry import EFFECTS
from ..tools.timeline import Track, Transition
from ..tools.video.motion.styles import sheet
from .errors import ToolError
from .model import Brief, Shot
from .pace import starts_of
from .studio import Studio

_SOUNDS: dict[str, EffectKind] = {
    "dissolve": "shimmer",
    "dip_black": "hit",
    "dip_white": "shimmer",
    "wipe": "whoosh",
    "slide": "whoosh",
    "push": "sweep",
    "zoom": "riser",
    "circle": "pop",
}


def join(before: Shot, after: Shot, frames: int) -> Transition | None:
    """The transition between two shots, None for a cut: within a scene the sheet's own, between scenes its turn.

    Shots that are hardly longer than a transition are cut.
    """
    style = sheet(after.style)
    kind = style.transition if before.scene == after.scene else style.turn
    if kind == "cut" or min(before.frames, after.frames) <= 2 * frames:
        return None
    return Transition(frames=frames, kind=kind, towards=style.towards)


def effects(studio: Studio, brief: Brief, shots: Sequence[Shot], frames: int) -> tuple[Track | None, tuple[Asset, ...]]:
    """A track of sounds under the turns between scenes, and its assets; None where none was asked for or can be had."""
    if not brief.deliver.effects:
        return None, ()
    hits = []
    for number, (cut, kind) in enumerate(_turns(tuple(shots), frames)):
        request = EffectRequest(kind=kind, rate=brief.rate, seed=brief.seed + number)
        try:
            hits.append((cut, studio.call(EFFECTS, request, target="effects", stage="cut").result))
        except ToolError as error:
            studio.warn("effects", f"The transitions have no sound: {error}", degraded=True)
            return None, ()
    track = laid(hits, sum(shot.frames for shot in shots))
    return (track if track.items else None), tuple(effect.audio for _, effect in hits)


def _turns(shots: tuple[Shot, ...], frames: int) -> Iterator[tuple[int, EffectKind]]:
    """Frames on which one scene becomes the next, each with its sound."""
    for (before, after), start in zip(pairwise(shots), starts_of(shots)[1:], strict=True):
        if before.scene != after.scene:
            transition = join(before, after, frames)
            yield start, _SOUNDS[transition.kind] if transition else "hit"
