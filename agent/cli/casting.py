"""Who speaks: the cast, a cloned voice with its consent, and a person's own recording come into the brief.

Knows options and settings; which voice says which line is agent/cast.py's.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BriefError
from ..model import Brief, Clone

if TYPE_CHECKING:
    from ..settings import Settings

LONGEST_RECORDING = 1800.0
"""Seconds of a voice-over: three times the longest film, since its silences go."""
SAMPLE = (3.0, 120.0)
"""Seconds of a sample from which a voice is cloned: XTTS asks for six or more and uses at most thirty."""


def with_voices(
    brief: Brief,
    folder: Path,
    settings: "Settings",
    cast: str,
    clone: Path | None,
    consent: str,
    own: Path | None,
) -> Brief:
    """The brief with who speaks in it; what the command line says wins over reelwright.toml."""
    from ...memory.assets import AssetStore
    from ..cast import parse_cast
    from ..own import bring_sound

    given = parse_cast(cast)
    named = {name.casefold() for name, _ in given}
    whole = (*given, *(pair for pair in settings.cast.items() if pair[0].casefold() not in named))
    changes: dict[str, object] = {"cast": whole}
    shelf = AssetStore(folder / "assets")
    sample = clone or settings.clone_voice
    words = (consent or settings.consent).strip()
    if sample is not None:
        if not words:
            hint = 'Say who agreed to it and when: --consent "I, Ann Lee, agree to …, 2026-11-27".'
            raise BriefError("No voice is cloned without the consent of the person it belongs to.", hint)
        asset = bring_sound(sample, shelf, SAMPLE[1])
        if asset.frames is not None and asset.rate is not None and asset.frames / asset.rate < SAMPLE[0]:
            raise BriefError(f"{sample.name} is too short to clone a voice from.", "Give six seconds or more.")
        changes["clone"] = Clone(sample=asset, consent=words)
    voice_over = own or settings.voice_over
    if voice_over is not None:
        changes["recording"] = bring_sound(voice_over, shelf, LONGEST_RECORDING)
    return brief.model_copy(update=changes)
