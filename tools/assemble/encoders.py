"""Encoders: which one writes a codec, with which words; a machine's own are tried before they are believed.

Knows ffmpeg's options as data (encoders.toml); knows nothing about timelines.
"""

import threading
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .. import ffmpeg
from ..errors import Refused, ToolError, ToolFailed, ToolMissing
from . import Finish
from .loudness import Sounding

ROOM = 1 << 40
"""Bytes of address space for drivers: CUDA alone reserves more than all the machine's memory."""
_LOOKAHEAD = {"fast": 20, "medium": 20, "slow": 20, "slower": 20, "veryslow": 20}
"""Frames that x264's slower presets may look ahead; their own 30 to 60 hold up to 500 MB of vertical HD."""
_COLOUR = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")


@dataclass(frozen=True)
class Encoder:
    """One row of encoders.toml."""

    name: str
    codec: str
    file: str
    """The ending of what it writes."""
    pixels: str
    words: tuple[str, ...]
    sound: Sounding | None = None
    """Its file's audio codec; None where it carries none."""
    alpha: bool = False
    hardware: bool = False
    upload: str = ""
    """Filters that bring a picture into the device's memory."""
    crf: tuple[float, float, float] = (1.0, 0.0, 51.0)
    """Factor and offset from x264's scale of quality to its own, and the most that this has."""
    presets: Mapping[str, str] | None = None

    @property
    def preview(self) -> bool:
        """True for a small moving picture without sound."""
        return not self.sound

    def options(self, finish: Finish, rate: Fraction, threads: int) -> list[str]:
        """Everything that stands before the output, maps left out."""
        factor, offset, most = self.crf
        preset = self.presets.get(finish.preset, self.presets["medium"]) if self.presets else finish.preset
        filled = {
            "crf": str(round(min(max(factor * finish.crf + offset, 1 if offset else 0), most))),
            "gop": str(max(1, int(2 * rate))),
            "preset": preset,
            "threads": str(threads),
        }
        words = [word.format_map(filled) for word in self.words]
        if self.name == "libx264" and finish.preset in _LOOKAHEAD:
            words += ["-rc-lookahead", str(_LOOKAHEAD[finish.preset])]
        pixels = [] if self.upload else ["-pix_fmt", self.pixels]
        clock = ["-fps_mode", "cfr", "-r", f"{rate.numerator}/{rate.denominator}"]
        return ["-c:v", self.name, *words, *pixels, *clock, *_COLOUR]


@dataclass(frozen=True)
class Choice:
    """The encoder to use, and in words what fell back to it."""

    encoder: Encoder
    note: str = ""


class Bench:
    """What this machine's encoders are worth, tried once in a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, str] = {}

    def choose(self, finish: Finish, cancelled: Callable[[], bool] | None = None) -> Choice:
        """The first hardware encoder that works, where `finish` leaves it open, else the software one.

        Raises:
            Refused: the codec cannot carry transparency.
            ToolMissing: this ffmpeg cannot write the codec.
        """
        rows = [row for row in encoders() if row.codec == finish.codec and row.alpha == finish.alpha]
        if not rows:
            raise Refused(f"{finish.codec} carries no transparency.", "Ask for prores (.mov) or vp9 (.webm).")
        software = next(row for row in rows if not row.hardware)
        hardware = [row for row in rows if row.hardware] if finish.encoder == "auto" else []
        for row in hardware:
            if not self._fault(row, cancelled):
                return Choice(row)
        if software.name not in available():
            raise ToolMissing(f"This ffmpeg has no {software.name}.", f"Choose another codec than {finish.codec}.")
        return Choice(software, self._note(hardware, software))

    def drop(self, encoder: Encoder, reason: str) -> None:
        """Do not use it again in this process."""
        with self._lock:
            self._faults[encoder.name] = reason

    def _fault(self, row: Encoder, cancelled: Callable[[], bool] | None) -> str:
        """Why it does not work; empty where it does."""
        with self._lock:
            if row.name not in self._faults:
                self._faults[row.name] = try_out(row, cancelled)
            return self._faults[row.name]

    def _note(self, tried: list[Encoder], software: Encoder) -> str:
        if not tried:
            return ""
        told = "; ".join(f"{row.name}: {self._faults[row.name]}" for row in tried)
        return f"No hardware encoder works here, so {software.name} encoded the film ({told})."


@cache
def encoders() -> tuple[Encoder, ...]:
    """The rows of encoders.toml."""
    rows = tomllib.loads((Path(__file__).parent / "encoders.toml").read_text("utf-8"))["encoder"]
    return tuple(_encoder(row) for row in rows)


@cache
def available() -> frozenset[str]:
    """The names of the encoders that this ffmpeg was built with."""
    listed = ffmpeg.about("-encoders").split("------", 1)[-1].splitlines()
    return frozenset(line.split()[1] for line in listed if len(line.split()) > 1)


def try_out(row: Encoder, cancelled: Callable[[], bool] | None = None) -> str:
    """Encode one second for real; why that failed, in a few words, or nothing."""
    if row.name not in available():
        return "not in this ffmpeg"
    tail = f",{row.upload}" if row.upload else ""
    graph = f"testsrc2=s=640x360:r=30:d=1,format=yuv420p{tail}[v]"
    with TemporaryDirectory(prefix="reelwright-") as folder:
        path = Path(folder) / f"probe.{row.file}"
        options = ["-map", "[v]", *row.options(Finish(), Fraction(30), 2)]
        try:
            ffmpeg.encode([], graph, path, options, cancelled=cancelled, timeout=30, memory=ROOM)
            video = ffmpeg.probe(path).video
        except ToolError:
            if cancelled and cancelled():
                raise
            return "no driver or device answers"
        except Refused:
            return "it wrote a broken file"
    return "" if video and video.frames == 30 else "it lost frames"


def _encoder(row: Mapping[str, Any]) -> Encoder:
    fields = dict(row) | {"words": tuple(row["words"])}
    if "crf" in row:
        fields["crf"] = tuple(float(value) for value in row["crf"])
    known = Encoder.__dataclass_fields__.keys()
    if unknown := fields.keys() - known:
        raise ToolFailed(f"encoders.toml has {', '.join(sorted(unknown))} at {row['name']}.")
    return Encoder(**fields)
