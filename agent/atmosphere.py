"""Atmosphere: the own sounds of generated clips as a track under the film, cross-faded where their pictures dissolve.

Knows takes and joins; how far the sounds give way to a voice is the mix's affair.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from ..tools.media import Asset
from ..tools.timeline import Clip, Gap, Item, Track
from .joins import join
from .model import Shot, Take


def atmosphere(shots: Sequence[Shot], takes: Mapping[str, Take], rate: Fraction, handle: int) -> Track | None:
    """The track; None where no clip has a sound of its own."""
    sounds = {shot.id: take.sound for shot in shots if (take := takes.get(shot.id)) and take.asset and take.sound}
    if not sounds:
        return None
    items: list[Item] = []
    for before, shot in pairwise((None, *shots)):
        assert shot is not None
        sound = sounds.get(shot.id)
        length = min(shot.frames, _frames(sound, rate) - handle) if sound else 0
        if sound is None or length <= 0:
            items.append(Gap(frames=shot.frames))
            continue
        if before is not None and before.id in sounds and _reaches(sounds[before.id], before, rate, handle):
            transition = join(before, shot, 2 * handle) if length == shot.frames else None
            items += [transition] if transition else []
        items.append(Clip(asset=sound.id, start=handle, frames=length, name=f"{shot.id} sound"))
        items += [Gap(frames=shot.frames - length)] if length < shot.frames else []
    return Track(kind="effects", items=tuple(items))


def _frames(sound: Asset, rate: Fraction) -> int:
    """How long it is, in frames of the film."""
    return int(sound.frames * rate / sound.rate) if sound.frames and sound.rate else 0


def _reaches(sound: Asset, shot: Shot, rate: Fraction, handle: int) -> bool:
    """Whether the sound lasts through its shot and the dissolve after it."""
    return _frames(sound, rate) >= shot.frames + 2 * handle
