"""Clips that are not yet as the film is: each becomes a file that is, once, by itself, not a bit lost on the way.

Knows nothing about graphs. A clip that needs fitting would hold an input of the film's graph to itself, with frames
read ahead: fitted beforehand, forty of them need no more memory than two, and what is wrong is said by the clip's name.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from .. import ffmpeg
from ..conform import CLEAR, EXACT, TAGS, Shape, held
from ..errors import Refused, ToolFailed
from ..ffmpeg import Input
from ..media import Asset
from ..probe import VideoStream
from ..timeline import Clip, Timeline
from .chain import Chain
from .filters import ratio

_AROUND = 30
"""Frames before and after a clip that steady its first and last ones."""


@dataclass(frozen=True)
class Fitted:
    """A file as the film is: its set-up, its frames, and the frame of the asset as retimed that it begins with."""

    path: Path
    setup: str
    frames: int
    shape: Shape
    first: int = 0
    alpha: bool = False


class Fitter:
    """Fits the clips of one timeline; what it made lies in `scratch` and is made once."""

    def __init__(
        self,
        timeline: Timeline,
        assets: Mapping[str, Asset],
        paths: Mapping[str, Path],
        scratch: Path,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._line, self._assets, self._paths = timeline, assets, paths
        self._scratch, self._cancelled = scratch, cancelled
        self._streams: dict[str, VideoStream] = {}

    def fit(self, clip: Clip, first: int, last: int, overlay: bool = False) -> Fitted:
        """The clip's frames from `first` to before `last` of its asset as retimed.

        Raises:
            ToolFailed: the asset has fewer frames.
            Refused: it cannot be read.
        """
        try:
            stream = self._stream(clip)
            if _untouched(clip, stream, self._line, overlay):
                self._enough(clip, stream.frames, last)
                return Fitted(self._paths[clip.asset], stream.setup, stream.frames, _frame(self._line))
            return self._fitted(Chain(clip, stream, self._line.rate, self._line.size, overlay), first, last)
        except Refused as problem:
            name = clip.name or self._assets[clip.asset].origin or clip.asset[:12]
            raise Refused(f"The clip {name} cannot be used: {problem.message}", problem.hint) from problem

    def _fitted(self, chain: Chain, first: int, last: int) -> Fitted:
        output = self._scratch / f"fitted-{_key(chain, first, last)}.{'mkv' if chain.alpha else 'mp4'}"
        if not output.exists():
            if not chain.endless:
                # A rate that is no divisor of the film's may leave the last frame half there.
                self._enough(chain.clip, held(chain.stream, chain.rate, chain.clip.speed), last, slack=1)
            self._make(chain, first, last, output)
        made = ffmpeg.probe(output).video
        setup = f"{made.setup if made else ''} {chain.shape}"
        return Fitted(output, setup, last - first, chain.shape, first, chain.alpha)

    def _make(self, chain: Chain, first: int, last: int, output: Path) -> None:
        frames, begin, steadied = last - first, first, list[str]()
        if chain.clip.stabilise and not chain.still:
            begin, steadied = self._steadied(chain, first, last, output.with_suffix(".trf"))
        front = chain.front(begin, self._end(chain, last) if steadied else last)
        graph = f"[0:v:0]{','.join([*front, *steadied, *chain.back(first)])},{TAGS}[v]"
        options = [*(CLEAR if chain.alpha else EXACT), "-r", ratio(chain.rate)]
        source = Input(self._paths[chain.clip.asset], chain.source(begin))
        run = ffmpeg.encode([source], graph, output, options, frames=frames, cancelled=self._cancelled)
        if run.frames < frames:
            output.unlink()
            raise Refused(
                f"it breaks off after {run.frames} of the {frames} frames needed.",
                "Convert it to MP4 and try again, or use less of it.",
            )

    def _steadied(self, chain: Chain, first: int, last: int, shakes: Path) -> tuple[int, list[str]]:
        """Look at how the clip shakes; the frame looked at first, and the filters that steady it."""
        begin = max(0, min(first, chain.clip.offset - _AROUND))
        looked = ",".join(chain.shaken(begin, self._end(chain, last), shakes))
        source = Input(self._paths[chain.clip.asset], chain.source(begin))
        ffmpeg.measure([source], f"[0:v:0]{looked}[v]", ["-map", "[v]"], cancelled=self._cancelled)
        return begin, chain.steadied(shakes, first - begin, last - first)

    def _end(self, chain: Chain, last: int) -> int:
        clip = chain.clip
        return max(last, min(held(chain.stream, chain.rate, clip.speed), clip.offset + clip.frames + _AROUND))

    def _enough(self, clip: Clip, frames: int, needed: int, slack: int = 0) -> None:
        if frames + slack < needed:
            raise ToolFailed(
                f"The clip {clip.name or clip.asset[:12]} has {frames} frames and the timeline needs {needed}.",
                "Render it with longer handles, or shorten its transition.",
            )

    def _stream(self, clip: Clip) -> VideoStream:
        if clip.asset not in self._streams:
            stream = ffmpeg.probe(self._paths[clip.asset]).video
            if stream is None or not stream.frames:
                raise Refused("it holds no picture.", "Use a clip or a still.")
            self._streams[clip.asset] = stream
        return self._streams[clip.asset]


def _key(chain: Chain, first: int, last: int) -> str:
    clip = chain.clip.model_copy(update={"name": "", "gain_db": 0.0})
    told = repr((clip.model_dump_json(), chain.overlay, first, last, chain.rate, str(chain.size)))
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def _frame(line: Timeline) -> Shape:
    return Shape(line.size.width, line.size.height)


def _untouched(clip: Clip, stream: VideoStream, line: Timeline, overlay: bool) -> bool:
    if clip.speed != 1 or clip.move or clip.stabilise or stream.alpha or (overlay and clip.place) or stream.frames < 2:
        return False
    shape = (stream.width, stream.height, stream.rotation, stream.sar)
    colours = {stream.matrix, stream.primaries, stream.transfer}
    return (
        shape == (line.size.width, line.size.height, 0, Fraction(1))
        and (stream.rate, stream.pixels, stream.steady) == (line.rate, "yuv420p", True)
        and stream.colour_range in ("tv", "")
        and colours <= {"bt709", ""}
    )
