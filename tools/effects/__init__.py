"""Effects: short sounds that a film puts under its changes of picture.

Knows nothing about shots; it is told a frame and lays the loudest moment of a sound on it.
"""

from collections.abc import Sequence
from typing import Literal

from ..media import Asset, Frames, Frozen, Rate
from ..timeline import Clip, Gap, Item, Track

EffectKind = Literal["whoosh", "sweep", "riser", "hit", "pop", "shimmer"]
UNDER = 16.0
"""dB under the speech at which an accent is felt rather than heard."""


class EffectRequest(Frozen):
    """A sound for a film at `rate`: whoosh (short), sweep (a long whoosh), riser, soft hit, pop or shimmer."""

    kind: EffectKind
    rate: Rate
    seed: int = 0


class Effect(Frozen):
    """Stereo 48 kHz WAV of at most 1.2 s, its loudest 200 ms at -20 LUFS."""

    audio: Asset
    frames: Frames
    """Film frames that it lasts."""
    peak: Frames
    """Film frames before its loudest moment: what has to fall on the cut."""


def laid(hits: Sequence[tuple[int, Effect]], frames: int, gain_db: float = -UNDER) -> Track:
    """An effects track for a film of `frames`, each effect's peak on its frame.

    One that begins while another still sounds ends that one; one whose peak would be lost is left out.
    """
    items: list[Item] = []
    cursor = 0
    rows = sorted((hit for hit in hits if 0 <= hit[0] < frames), key=lambda hit: hit[0])
    for number, (frame, effect) in enumerate(rows):
        start = max(frame - effect.peak, cursor)
        following = rows[number + 1] if number + 1 < len(rows) else None
        end = min(frame - effect.peak + effect.frames, frames)
        if following is not None:
            end = min(end, max(following[0] - following[1].peak, frame + 1))
        if start > frame or end <= start:
            continue
        if start > cursor:
            items.append(Gap(frames=start - cursor))
        skipped = start - (frame - effect.peak)
        clip = Clip(asset=effect.audio.id, start=skipped, frames=end - start, gain_db=gain_db, name="effect")
        items.append(clip)
        cursor = end
    return Track(kind="effects", items=tuple(items))
