"""The sound of a film: one decode gives loudness, true peaks, silences and clipped samples.

Knows nothing about words, music or who is speaking.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..ffmpeg import Input, measure
from ..probe import Probe
from ..profiles import Profile
from . import Check, Span
from .spans import joined, outside

_BLOCK = 0.1
_MOMENT = re.compile(r"\] t:\s*([\d.]+).*? M:\s*(-?[\d.]+|nan|-inf).*?FTPK:([^d]*)dBFS")
_STILL = re.compile(r"silence_(start|end): (-?[\d.]+)")
_CLIPPED = re.compile(r"pts_time:([\d.]+)\n.*?Abs_Peak_count=([\d.]+)")


@dataclass(frozen=True)
class Moment:
    """One tenth of a second: momentary loudness (LUFS) and the highest true peak (dBTP)."""

    time: float
    loudness: float
    peak: float


@dataclass(frozen=True)
class Sound:
    """What was measured; `clipped` are (time, samples) per tenth of a second."""

    loudness: float
    peak: float
    silences: tuple[Span, ...]
    clipped: tuple[tuple[float, int], ...]
    curve: tuple[Moment, ...]


def hear(path: Path, probe: Probe, profile: Profile) -> Sound | None:
    """Decode the first sound stream once; None where there is none."""
    if probe.audio is None:
        return None
    limits = profile.limits
    graph = (
        f"[0:a:0]silencedetect=n={limits.silence_db}dB:d={limits.silence_seconds / 3:.3f},asplit[a][b];"
        "[a]ebur128=peak=true[loud];"
        # In 16 bits what lies over full scale is cut to it, so that the peaks that reach it can be counted.
        f"[b]aformat=sample_fmts=s16,asetnsamples={round(probe.audio.rate * _BLOCK)},"
        "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level+Abs_Peak_count,"
        "ametadata=select:key=lavfi.astats.Overall.Peak_level:value=-0.0005:function=greater,"
        "ametadata=print:key=lavfi.astats.Overall.Abs_Peak_count,anullsink"
    )
    log = measure([Input(path)], graph, ["-map", "[loud]"]).log
    summary = log.rpartition("Summary:")[2]
    total, peak = re.search(r"I:\s*(-?[\d.]+) LUFS", summary), re.search(r"Peak:\s*(-?[\d.]+|-inf) dBFS", summary)
    return Sound(
        loudness=float(total[1]) if total else -70.0,
        peak=float(peak[1]) if peak else float("-inf"),
        silences=_silences(log, probe),
        clipped=tuple((float(time), round(float(count))) for time, count in _CLIPPED.findall(log)),
        curve=tuple(_moment(*found) for found in _MOMENT.findall(log)),
    )


def sound_checks(sound: Sound | None, profile: Profile, planned: Sequence[Span] = ()) -> tuple[Check, ...]:
    """loudness, peak, silence and clipping; spans in `planned` may be silent."""
    if sound is None:
        names = ("loudness", "peak", "silence", "clipping")
        return tuple(Check(name=name, value="the film has no sound", target="", verdict="skip") for name in names)
    return (
        _loudness(sound, profile),
        _peak(sound, profile),
        _silence(sound, profile, planned),
        _clipping(sound),
    )


def _loudness(sound: Sound, profile: Profile) -> Check:
    off = abs(sound.loudness - profile.loudness)
    # The meter prints tenths, so a distance that ends on the tolerance is within it.
    good, fair = off <= profile.loudness_tolerance + 0.01, off <= profile.limits.loudness_warn + 0.01
    return Check(
        name="loudness",
        value=f"{sound.loudness:.1f} LUFS" if sound.loudness > -70 else "nothing to hear",
        target=f"{profile.loudness:g} LUFS ±{profile.loudness_tolerance:g}",
        verdict="pass" if good else "warn" if fair else "fail",
        source="ITU-R BS.1770, EBU R128",
    )


def _peak(sound: Sound, profile: Profile) -> Check:
    loud = [Span(start=max(at.time - _BLOCK, 0), end=at.time) for at in sound.curve if at.peak > profile.peak]
    return Check(
        name="peak",
        value=f"{sound.peak:.1f} dBTP",
        target=f"≤ {profile.peak:g} dBTP",
        verdict="pass" if sound.peak <= profile.peak else "fail",
        spans=joined(loud, 2 * _BLOCK),
        source="EBU R128, platform practice",
    )


def _silence(sound: Sound, profile: Profile, planned: Sequence[Span]) -> Check:
    limit = profile.limits.silence_seconds
    found = [part for span in sound.silences for part in outside(span, planned) if part.end - part.start > limit]
    longest = max((span.end - span.start for span in sound.silences), default=0.0)
    return Check(
        name="silence",
        value=f"longest {longest:.2f} s under {profile.limits.silence_db:g} dB" if longest else "none",
        target=f"none longer than {limit:g} s",
        verdict="fail" if found else "pass",
        spans=tuple(found),
        source="own rule",
    )


def _clipping(sound: Sound) -> Check:
    count = sum(samples for _, samples in sound.clipped)
    spans = [Span(start=time, end=time + _BLOCK) for time, _ in sound.clipped]
    return Check(
        name="clipping",
        value=f"{count} samples at full scale",
        target="0 samples",
        verdict="fail" if count else "pass",
        spans=joined(spans, 2 * _BLOCK),
        source="own rule",
    )


def _silences(log: str, probe: Probe) -> tuple[Span, ...]:
    """Silences of the stream, and where it has not begun or has ended while the picture runs."""
    assert probe.audio is not None
    end = max(probe.seconds, probe.audio.end)
    spans, begun = [], None
    for kind, time in _STILL.findall(log):
        if kind == "start":
            begun = max(float(time), 0.0)
        elif begun is not None:
            spans.append(Span(start=begun, end=float(time)))
            begun = None
    if begun is not None:
        spans.append(Span(start=begun, end=end))
    if probe.audio.start > 0:
        spans.insert(0, Span(start=0.0, end=probe.audio.start))
    if end > probe.audio.end:
        spans.append(Span(start=probe.audio.end, end=end))
    return joined(spans, 0.03)


def _moment(time: str, loudness: str, peaks: str) -> Moment:
    levels = [float(level) for level in peaks.split()]
    return Moment(time=float(time), loudness=float(loudness), peak=max(levels, default=float("-inf")))
