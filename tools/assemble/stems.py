"""Stems: voice, music and effects as they stand in the mix, each a 24-bit FLAC as long as the film.

Knows nothing about where they are delivered to.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from .. import ffmpeg, meter
from ..ffmpeg import Input
from ..meter import Samples
from .loudness import Finished
from .mix import Mixer
from .tape import RAW

_FLAC = ("-map", "[out]", "-c:a", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24", "-f", "flac")
_HIGHEST = 0.98
"""The highest sample that a stem may have: a FLAC cannot hold more than 1."""


def stems(
    mixer: Mixer, sound: Finished | None, scratch: Path, cancelled: Callable[[], bool] | None = None
) -> dict[str, Path]:
    """Write what the film has of them. Added up they are the mix before the film's last gain and limiter.

    Both of those stand in every file's comment, and so does the factor by which all stems were lowered together
    where one of them would have clipped.
    """
    names = mixer.stems()
    highest = max((float(meter.read(mixer.blocks((name,))).peaks.max(initial=0)) for name in names), default=0.0)
    factor = min(_HIGHEST / highest, 1.0) if highest > 0 else 1.0
    tags = ("-metadata", f"comment={_told(factor, sound)}")
    paths = {}
    for name in names:
        paths[name] = scratch / f"{name}.flac"
        options = (*_FLAC, *tags, "-metadata", f"title={name}")
        feed = _fed(mixer.blocks((name,)), factor)
        ffmpeg.encode([Input(None, RAW)], "[0:a]anull[out]", paths[name], options, feed=feed, cancelled=cancelled)
    return paths


def _told(factor: float, sound: Finished | None) -> str:
    lowered = f"lowered by {-20 * np.log10(factor):.2f} dB; " if factor < 1 else ""
    last = f" after {sound.gain:+.2f} dB and a limiter at {sound.limit:.1f} dBTP" if sound else ""
    return f"{lowered}the sum of all stems is the film's mix{last}"


def _fed(blocks: Iterator[Samples], factor: float) -> Iterator[bytes]:
    for block in blocks:
        yield (block * np.float32(factor)).tobytes()
