"""Bring a mix to a loudness and hold its true peak, measured on the encoded sound. Audio only.

Knows nothing about voices, music or pictures. One-shot loudness filters miss by a decibel and more on speech, so the
gain before the limiter is searched, on its own measurements; only what will be heard is encoded.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from .. import ffmpeg
from ..ffmpeg import Input
from ..meter import QUIET, STEP, Readings, Series, true_peaks
from .limiter import applied, needed, reductions
from .mix import Mix
from .tape import RAW

PASSES = 4
TOLERANCE = 0.3
"""LU around the target that are good enough."""
AIM = -1.5
"""dBTP that the limiter holds before the encoder adds its own overshoot."""
_MOST = 30.0
"""dB of gain at most: a nearly silent film stays quiet rather than becoming noise."""
_SQUEEZE = 15.0
"""dB that the limiter may have to take away at most."""
_BETWEEN = 4.0
"""dB under the limit from which on the peaks between samples are looked at."""
_PEAK = re.compile(r"True peak:\s+Peak:\s+(-?[\d.]+|-?inf) dBFS")
_TOTAL = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS")
Sounding = Literal["aac", "opus", "pcm"]
# At 192 kbit/s the fast coder errs no more than the other (measured on music and speech) for a third of its time.
_CODECS: dict[Sounding, tuple[str, tuple[str, ...]]] = {
    "aac": ("m4a", ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "192k", "-f", "mp4")),
    "opus": ("mka", ("-c:a", "libopus", "-b:a", "160k", "-f", "matroska")),
    "pcm": ("mov", ("-c:a", "pcm_s24le", "-f", "mov")),
}


@dataclass(frozen=True)
class Finished:
    """The encoded sound (AAC-LC in MP4, or what was asked for) with what was measured on it."""

    path: Path
    loudness: float
    peak: float
    passes: int
    gain: float = 0.0
    """dB between the mix and this, before the limiter."""
    limit: float = AIM
    """dBTP that the limiter held."""


def finish(
    mix: Mix,
    target: float,
    ceiling: float,
    scratch: Path,
    cancelled: Callable[[], bool] | None = None,
    codec: Sounding = "aac",
) -> Finished:
    """Encode the mix at `target` LUFS with no true peak above `ceiling` dBTP, in at most PASSES passes.

    The first pass lands, unless the encoder moves the level or overshoots more than usual.
    """
    audible = mix.loudness > QUIET
    limit = min(AIM, ceiling - 0.5)
    most = min(target - mix.loudness + _SQUEEZE, _MOST)
    readings = _precise(mix, limit - most) if audible else mix.readings
    aim, best = target, None
    for number in range(1, PASSES + 1):
        gain = needed(readings, aim, limit, most) if audible else 0.0
        this = _encoded(mix, gain, limit, readings, scratch / f"sound-{number}", codec, cancelled)
        best = this if best is None or _fault(this, target, ceiling) < _fault(best, target, ceiling) else best
        # A sound too short for a meter (400 ms) says nothing: it stays as it was told.
        if (
            this.loudness <= QUIET
            or _fault(this, target, ceiling) <= TOLERANCE
            or (gain >= most and this.peak <= ceiling)
        ):
            return replace(best, passes=number)
        limit -= this.peak - ceiling + 0.1 if this.peak > ceiling else 0.0
        aim += target - this.loudness
    assert best is not None
    return replace(best, passes=PASSES)


def _precise(mix: Mix, lowest: float) -> Readings:
    """The mix's readings with the peaks between samples, wherever some gain could bring them to the limit."""
    hot = mix.readings.peaks > 10 ** ((lowest - _BETWEEN) / 20)
    peaks = mix.readings.peaks.copy()
    for at, block in mix.blocks():
        first = at // STEP
        places = np.flatnonzero(hot[first : first + -(-len(block) // STEP)])
        peaks[first + places] = np.maximum(peaks[first + places], true_peaks(block, places))
    return Readings(mix.readings.powers, peaks)


def _encoded(
    mix: Mix,
    gain: float,
    limit: float,
    readings: Readings,
    path: Path,
    codec: Sounding,
    cancelled: Callable[[], bool] | None,
) -> Finished:
    ending, options = _CODECS[codec]
    path = path.with_suffix(f".{ending}")
    levels = gain - reductions(readings.peaks, gain, limit)
    ffmpeg.encode(
        [Input(None, RAW)],
        "[0:a]anull[out]",
        path,
        ("-map", "[out]", *options),
        feed=_fed(mix, levels),
        cancelled=cancelled,
    )
    run = ffmpeg.measure(
        [Input(path)], "[0:a]ebur128=peak=true:framelog=quiet[out]", ["-map", "[out]"], cancelled=cancelled
    )
    total, peak = _TOTAL.findall(run.log), _PEAK.findall(run.log)
    loudness = float(total[-1]) if total else QUIET
    return Finished(path, loudness, max(float(peak[-1]), -120.0) if peak else -120.0, 1, gain, limit)


def _fed(mix: Mix, levels: Series) -> Iterator[bytes]:
    for at, block in mix.blocks():
        yield applied(block, at, levels).tobytes()


def _fault(sound: Finished, target: float, ceiling: float) -> float:
    """How far off: a peak over the ceiling weighs more than any loudness."""
    return abs(sound.loudness - target) + (100 if sound.peak > ceiling else 0)
