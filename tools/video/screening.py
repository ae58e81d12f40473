"""A timeline watched from Python: the frame and the sound at any second, in whatever order they are asked for.

Knows nothing about who asks. Frames come from the film's own filter graph: going back means composing the film from
there on anew, so reading in order is the fast way.
"""

import shutil
import tempfile
import weakref
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import ffmpeg
from ..edits import stretch
from ..errors import ToolFailed
from ..media import Asset
from ..timeline import Timeline

if TYPE_CHECKING:
    from ..assemble import Finish

Picture = np.ndarray[Any, np.dtype[np.uint8]]
_RGB = "scale=in_color_matrix=bt709:in_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=rgb24"
"""Exact: without full_chroma_int the scaler darkens by one or two levels."""
_AHEAD = 48
"""Frames that are rather passed over than sought: a new graph costs about as much."""
_LEAST = 3
"""Frames that a stretch needs where transitions are cut (edits.py)."""
_OPEN = 24 * 3600.0
"""Seconds that a decoder may wait for the next question."""


class Screening:
    """The picture of a timeline: called with a second, it answers with the frame shown then."""

    def __init__(
        self,
        timeline: Timeline,
        assets: Mapping[str, Asset],
        paths: Mapping[str, Path],
        finish: "Finish | None" = None,
    ) -> None:
        self._timeline, self._assets, self._paths, self._finish = timeline, assets, paths, finish
        self._scratch = _scratch(self)
        self._reading = _Reading()
        # At the end of the program too, while threads still run: a decoder waits for its reader.
        weakref.finalize(self, self._reading.close)
        self._next = 0
        self._last: tuple[int, Picture] | None = None

    def __call__(self, second: float) -> Picture:
        """The frame at `second`; before the first and after the last those are held."""
        line = self._timeline
        # A hair's breadth more: callers count seconds in floats, n / rate falls short of frame n.
        number = min(max(int(second * float(line.rate) + 1e-5), 0), line.frames - 1)
        if self._last is None or self._last[0] != number:
            self._last = (number, self._frame(number))
        return self._last[1]

    def close(self) -> None:
        """Let go of the decoder; the next question opens it again."""
        self._reading.close()

    def _frame(self, number: int) -> Picture:
        if self._reading.stream is None or not self._next <= number < self._next + _AHEAD:
            self._reading.close()
            self._next = self._begin(number)
            self._reading.stream = self._pictures(self._next)
        for picture in self._reading.stream:
            self._next += 1
            if self._next > number:
                return picture
        raise ToolFailed(
            f"The film ends before its frame {number}: a clip is shorter than it says.", "Make its clips again."
        )

    def _begin(self, number: int) -> int:
        """Where to start for that frame: a clip that is steadied shows the same only from its beginning on."""
        start = min(number, max(self._timeline.frames - _LEAST, 0))
        for track in self._timeline.tracks:
            at = 0
            for item in track.items:
                if item.type == "transition":
                    continue
                if item.type == "clip" and item.stabilise and at < start < at + item.frames:
                    start = at
                at += item.frames
        return start

    def _pictures(self, start: int) -> Generator[Picture, None, None]:
        from ..assemble.picture import compose

        part = stretch(self._timeline, start, self._timeline.frames) if start else self._timeline
        picture = compose(part, self._assets, self._paths, self._scratch, self._captions(start))
        graph = f"{picture.graph};[v]{_RGB}[rgb]"
        size = part.size
        length = size.width * size.height * 3
        held = bytearray()
        options = ["-map", "[rgb]", "-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough"]
        for block in ffmpeg.decode(picture.inputs, graph, options, timeout=_OPEN):
            held += block
            while len(held) >= length:
                frame = np.frombuffer(bytes(held[:length]), np.uint8).reshape(size.height, size.width, 3)
                del held[:length]
                yield frame

    def _captions(self, start: int) -> Any:
        if self._finish is None:
            return None
        from ..assemble.captions import captions
        from ..assemble.picture import Burned

        written = captions(self._timeline, self._finish).sheet.stretch(start, self._timeline.frames)
        return Burned.write(written.script, written.lead, self._scratch) if written.script else None


@dataclass
class _Reading:
    """Frames that are being decoded."""

    stream: Generator[Picture, None, None] | None = None

    def close(self) -> None:
        """End the decoder."""
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.close()


class Sounding:
    """The mix of a timeline, before it is levelled: called with seconds, it answers with stereo samples."""

    def __init__(self, timeline: Timeline, paths: Mapping[str, Path]) -> None:
        from ..assemble.mix import Mixer
        from ..meter import RATE

        self._rate = RATE
        self._scratch = _scratch(self)
        mix = Mixer(timeline, paths, self._scratch).mix()
        self._samples = np.memmap(mix.path, "<f4", "r").reshape(-1, 2)

    def __call__(self, seconds: Any) -> Any:
        """The samples nearest to these seconds; silence outside the film."""
        places = np.rint(np.atleast_1d(seconds) * self._rate).astype(np.int64)
        inside = (places >= 0) & (places < len(self._samples))
        heard = np.where(inside[:, None], self._samples[np.where(inside, places, 0)], 0.0)
        return heard if np.ndim(seconds) else heard[0]


def _scratch(owner: object) -> Path:
    """A folder that lasts as long as its owner."""
    folder = tempfile.mkdtemp(prefix="reelwright-")
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
