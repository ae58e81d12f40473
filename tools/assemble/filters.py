"""Words that filter graphs are made of: colours, clocks, paths, plain grounds.

Knows nothing about clips.
"""

from fractions import Fraction
from pathlib import Path

BT709 = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def quoted(path: Path) -> str:
    """A path of ours as a filter option: escaped for the option, then for the graph."""
    option = "".join(f"\\{letter}" if letter in "\\':" else letter for letter in str(path.resolve()))
    return "".join(f"\\{letter}" if letter in "\\'[],;" else letter for letter in option)


def ratio(rate: Fraction) -> str:
    """A rate as ffmpeg reads it."""
    return f"{rate.numerator}/{rate.denominator}"


def clocked(rate: Fraction) -> str:
    """One tick a frame, counted from nought: containers round their times, frames are exact."""
    return f"settb={rate.denominator}/{rate.numerator},setpts=N"


def ground(colour: str, width: int, height: int, rate: Fraction, frames: int) -> str:
    """A source of one colour."""
    plain = f"color={colour}:s={width}x{height}:r={ratio(rate)},format=yuv420p,{BT709}"
    return f"{plain},trim=end_frame={frames},{clocked(rate)}"


def eased(part: str) -> str:
    """From 0 to 1 with neither a start nor a stop that jerks."""
    return f"(({part})*({part})*(3-2*({part})))"
