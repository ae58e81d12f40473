"""Bring a mix to a loudness and hold its true peak, measured after AAC. Audio only.

Knows nothing about voices, music or pictures. One-shot loudness filters miss by a decibel and more on speech, so the
gain before an oversampled limiter is searched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from .. import ffmpeg
from ..ffmpeg import Input
from .mix import QUIET, RATE, Mix, levels_in

PASSES = 4
TOLERANCE = 0.3
"""LU around the target that are good enough."""
_AIM = -1.5
"""dBTP that the limiter holds before AAC adds its own overshoot."""
_MOST = 30.0
"""dB of gain at most: a nearly silent film stays quiet rather than becoming noise."""
_PEAK = re.compile(r"True peak:\s+Peak:\s+(-?[\d.]+|-?inf) dBFS")
_SEARCHES = 2
_CLOSE = 0.15
"""LU before AAC that are close enough to encode."""
_MEASURE = "ebur128=framelog=quiet"
_SOUND = "aformat=sample_fmts=fltp:channel_layouts=stereo"
_AAC = ("-map", "[out]", "-c:a", "aac", "-b:a", "192k", "-ar", str(RATE), "-ac", "2", "-f", "mp4")


@dataclass(frozen=True)
class Finished:
    """The encoded sound (AAC-LC in MP4) with what was measured on it."""

    path: Path
    loudness: float
    peak: float
    passes: int


def finish(
    mix: Mix, target: float, ceiling: float, scratch: Path, cancelled: Callable[[], bool] | None = None
) -> Finished:
    """Encode the mix at `target` LUFS with no true peak above `ceiling` dBTP, in at most PASSES passes.

    The first passes only measure what comes out of the limiter: AAC costs four times that, and moves little.
    """
    audible = mix.loudness > QUIET
    gain = min(target - mix.loudness, _MOST) if audible else 0.0
    limit = min(_AIM, ceiling - 0.5)
    spent = 0
    while audible and spent < _SEARCHES:
        spent += 1
        run = ffmpeg.measure([Input(mix.path)], _graph(gain, limit, _MEASURE), ["-map", "[out]"], cancelled=cancelled)
        missing = target - levels_in(run.log).integrated
        if abs(missing) <= _CLOSE:
            break
        gain = _nudged(gain, missing, target - mix.loudness)
    best: Finished | None = None
    while spent < PASSES:
        spent += 1
        path = scratch / f"sound-{spent}.m4a"
        ffmpeg.encode([Input(mix.path)], _graph(gain, limit), path, _AAC, cancelled=cancelled)
        loudness, peak = _measured(path, cancelled)
        this = Finished(path, loudness, peak, spent)
        best = this if best is None or _fault(this, target, ceiling) < _fault(best, target, ceiling) else best
        if not audible or _fault(this, target, ceiling) <= TOLERANCE:
            break
        limit -= max(0.0, peak - ceiling + 0.2 if peak > ceiling else 0.0)
        gain = _nudged(gain, target - loudness, target - mix.loudness)
    assert best is not None
    return replace(best, passes=spent)


def _nudged(gain: float, missing: float, natural: float) -> float:
    """The next gain to try. The limiter takes a part of every decibel away, so it goes farther up than is missing."""
    return min(gain + missing * (1.3 if missing > 0 else 1.0), natural + 12, _MOST)


def _graph(gain: float, limit: float, tail: str = _SOUND) -> str:
    level = 10 ** (limit / 20)
    # At four times the rate the limiter sees the peaks between samples.
    limiter = f"alimiter=limit={level:.5f}:attack=4:release=60:level=false:latency=true"
    return f"[0:a]volume={gain:.2f}dB:precision=double,aresample={RATE * 4},{limiter},aresample={RATE},{tail}[out]"


def _measured(path: Path, cancelled: Callable[[], bool] | None) -> tuple[float, float]:
    run = ffmpeg.measure(
        [Input(path)], "[0:a]ebur128=peak=true:framelog=quiet[out]", ["-map", "[out]"], cancelled=cancelled
    )
    peak = _PEAK.findall(run.log)
    return levels_in(run.log).integrated, max(float(peak[-1]), -120.0) if peak else -120.0


def _fault(sound: Finished, target: float, ceiling: float) -> float:
    """How far off: a peak over the ceiling weighs more than any loudness."""
    return abs(sound.loudness - target) + (100 if sound.peak > ceiling else 0)
