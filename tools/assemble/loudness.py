"""Bring a mix to a loudness and hold its true peak, measured after AAC. Audio only.

Knows nothing about voices, music or pictures. One-shot loudness filters miss by a decibel and more on speech, so the
gain before an oversampled limiter is searched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
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
    """Encode the mix at `target` LUFS with no true peak above `ceiling` dBTP, in at most PASSES passes."""
    audible = mix.loudness > QUIET
    gain = min(target - mix.loudness, _MOST) if audible else 0.0
    limit = min(_AIM, ceiling - 0.5)
    best: Finished | None = None
    for number in range(1, PASSES + 1):
        path = scratch / f"sound-{number}.m4a"
        ffmpeg.encode([Input(mix.path)], _graph(gain, limit), path, _AAC, cancelled=cancelled)
        loudness, peak = _measured(path, cancelled)
        this = Finished(path, loudness, peak, number)
        best = this if best is None or _fault(this, target, ceiling) < _fault(best, target, ceiling) else best
        if not audible or (_fault(this, target, ceiling) <= TOLERANCE and peak <= ceiling):
            break
        if peak > ceiling:
            limit -= peak - ceiling + 0.2
        missing = target - loudness
        if abs(missing) > 0.1:
            # The limiter takes a part of every decibel away, so go a little farther than is missing.
            gain = min(gain + missing * (1.25 if missing > 0 else 1.0), target - mix.loudness + 12, _MOST)
    assert best is not None
    return Finished(best.path, best.loudness, best.peak, number)


def _graph(gain: float, limit: float) -> str:
    level = 10 ** (limit / 20)
    # At four times the rate the limiter sees the peaks between samples.
    limiter = f"alimiter=limit={level:.5f}:attack=4:release=60:level=false:latency=true"
    return (
        f"[0:a]volume={gain:.2f}dB:precision=double,aresample={RATE * 4},{limiter},"
        f"aresample={RATE},aformat=sample_fmts=fltp:channel_layouts=stereo[out]"
    )


def _measured(path: Path, cancelled: Callable[[], bool] | None) -> tuple[float, float]:
    run = ffmpeg.measure(
        [Input(path)], "[0:a]ebur128=peak=true:framelog=quiet[out]", ["-map", "[out]"], cancelled=cancelled
    )
    peak = _PEAK.findall(run.log)
    return levels_in(run.log).integrated, max(float(peak[-1]), -120.0) if peak else -120.0


def _fault(sound: Finished, target: float, ceiling: float) -> float:
    """How far off: a peak over the ceiling weighs more than any loudness."""
    return abs(sound.loudness - target) + (100 if sound.peak > ceiling else 0)
