"""Voice over music: how far the music lies under the speech, from the two stems of the mix.

Knows nothing about the mix itself: without stems nobody can tell them apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

from ..ffmpeg import Input, measure
from ..profiles import Profile
from . import Check, Span
from .spans import joined

_MOMENT = re.compile(r"\] t:\s*([\d.]+).*? M:\s*(-?[\d.]+)")
_LAG = 0.2
"""Seconds by which the middle of the meter's window lies back."""
_SILENT = -70.0
_GATE = 10.0
"""dB under the mean at which a moment of a stem no longer counts: pauses between words are no speech."""
_STRETCH = 0.8
"""Seconds of speech that are weighed at least, for a span of its own."""


@dataclass(frozen=True)
class Stems:
    """Momentary loudness (second, LUFS) of voice and music."""

    voice: tuple[tuple[float, float], ...]
    music: tuple[tuple[float, float], ...]


def stems_of(voice: Path, music: Path) -> Stems:
    """Decode both stems once."""
    return Stems(_moments(voice), _moments(music))


def balance_check(stems: Stems | None, speech: Sequence[Span] | None, profile: Profile) -> Check:
    """Music 12 to 18 dB under the voice wherever somebody speaks."""
    name, (low, high) = "voice_over_music", profile.limits.music_under
    target, source = f"music {low:g} to {high:g} dB under the voice", "mixing practice"
    if stems is None or not speech:
        reason = "voice and music not given" if stems is None else "nobody knows where somebody speaks"
        return Check(name=name, value=reason, target=target, verdict="skip", source=source)
    spans = joined(speech, 0.5)
    under = _under(stems, spans)
    if under is None:
        return Check(name=name, value="no music under the speech", target=target, verdict="skip", source=source)
    least, most = profile.limits.music_under_fail
    parts = [(span, _under(stems, [span])) for span in spans if span.end - span.start >= _STRETCH]
    loud = [span for span, part in parts if part is not None and part < least]
    off = not low - 0.05 <= under <= high + 0.05
    return Check(
        name=name,
        value=f"{under:.1f} dB under" + (f", {len(loud)} passages under {least:g} dB" if loud else ""),
        target=target,
        verdict="fail" if loud or under < least or under > most else "warn" if off else "pass",
        spans=tuple(loud) or (spans if off else ()),
        source=source,
    )


def _under(stems: Stems, spans: Sequence[Span]) -> float | None:
    """Level of the voice while it speaks over the music's meanwhile, in dB; None where one is silent."""
    voice, music = _inside(stems.voice, spans), _inside(stems.music, spans)
    if not voice or not music:
        return None
    loudest = _mean(voice) - _GATE
    return _mean([level for level in voice if level > loudest]) - _mean(music)


def _inside(moments: Sequence[tuple[float, float]], spans: Sequence[Span]) -> list[float]:
    return [
        level
        for second, level in moments
        if level > _SILENT and any(span.start <= second - _LAG < span.end for span in spans)
    ]


def _mean(levels: Sequence[float]) -> float:
    return 10 * log10(sum(10 ** (level / 10) for level in levels) / len(levels))


def _moments(path: Path) -> tuple[tuple[float, float], ...]:
    log = measure([Input(path)], "[0:a:0]ebur128[a]", ["-map", "[a]"]).log
    return tuple((float(time), float(level)) for time, level in _MOMENT.findall(log))
