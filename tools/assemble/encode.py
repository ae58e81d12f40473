"""`encode.ffmpeg`: a stretch of picture becomes a file that joins its neighbours without being encoded again.

Knows nothing about sound, nor about the film that the stretch belongs to.
"""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from threading import Event, Lock
from types import MappingProxyType

from .. import ffmpeg
from ..base import Cost, Device, Job
from ..errors import ToolError, ToolFailed
from ..fonts import family
from ..media import Asset, Size
from ..process import MEMORY
from ..timeline import Timeline
from . import Encoded, EncodeRequest
from .animated import animate
from .encoders import ROOM, Bench, Choice
from .matte import keyed
from .picture import Burned, Picture, compose

_NONE: Mapping[str, str] = MappingProxyType({})
_SECONDS = {"ultrafast": 0.5, "superfast": 0.7, "veryfast": 1.2, "faster": 1.8, "fast": 2.2, "medium": 2.8}
"""Wall seconds for a second of 1080x1920 at 30 frames on two busy cores."""
_SIDE_BY_SIDE = 2
"""Stretches encoded at once: each graph needs memory of its own."""
BENCH = Bench()
"""This process's knowledge of the machine's encoders: trying them takes seconds."""


@dataclass(frozen=True)
class Piece:
    """A stretch on disk, what wrote it, and what fell back to that."""

    path: Path
    encoder: str
    frames: int
    rate: Fraction
    size: Size
    note: str = ""

    def noted(self, note: str) -> "Piece":
        """The same with another note."""
        return replace(self, note=note)


class Encoder:
    """Provider of encoded stretches. Option: threads, how many the encoder may use."""

    name = "encode.ffmpeg"
    version = "2"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Encoded

    def __init__(self, options: Mapping[str, str] = _NONE) -> None:
        # Stretches are encoded side by side: two threads each keep a machine busy, more only hold memory.
        self._threads = threads(options, 2)

    def ready(self) -> None:
        """ToolMissing if ffmpeg or the typefaces are not installed."""
        ffmpeg.binary()
        family()

    def quote(self, request: EncodeRequest) -> Cost:
        """By length, area and preset."""
        return quote(request.timeline, request.finish.preset)

    def run(self, request: EncodeRequest, job: Job) -> Encoded:
        """Encode the stretch and check that every frame arrived."""
        paths = paths_of(request.timeline, request.assets, job)
        piece = draw(request, paths, job.scratch, self._threads, job.progress, job.cancelled)
        video = job.save(
            piece.path,
            "video",
            licence=licences(request.assets),
            origin=self.name,
            frames=piece.frames,
            rate=piece.rate,
            size=piece.size,
        )
        return Encoded(video=video, encoder=piece.encoder, note=piece.note)


def draw(
    request: EncodeRequest,
    paths: Mapping[str, Path],
    scratch: Path,
    threads: int,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    bench: Bench = BENCH,
) -> Piece:
    """Compose a stretch and encode it in `scratch`; hardware that fails midway is not asked again.

    Raises:
        ToolFailed: a clip has fewer frames than it says.
        DiskFull, Refused, ToolBusy, ToolMissing: as the doors and `Bench.choose` do.
    """
    choice = bench.choose(request.finish, cancelled)
    assets = {asset.id: asset for asset in request.assets}
    burned = Burned.write(request.script, request.lead, scratch) if request.script else None

    def on(colour: str) -> Picture:
        return compose(request.timeline, assets, paths, scratch, burned, cancelled, colour)

    picture = keyed(on, scratch, request.timeline.frames, cancelled) if request.finish.alpha else on("black")
    try:
        return _written(request, picture, choice, scratch, threads, progress, cancelled)
    except ToolError:
        if not choice.encoder.hardware or (cancelled and cancelled()):
            raise
        bench.drop(choice.encoder, "it failed on the film")
        choice = bench.choose(request.finish, cancelled)
        return _written(request, picture, choice, scratch, threads, progress, cancelled)


def draw_all(
    rows: Sequence[EncodeRequest],
    paths: Mapping[str, Path],
    scratch: Path,
    threads: int,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> list[Piece]:
    """All stretches of a film, two at a time; where one fails the others end at once, and nothing of them stays."""
    done, total = [0.0] * len(rows), sum(_frames(row) for row in rows)
    over, lock, share = Event(), Lock(), max(1, threads // min(_SIDE_BY_SIDE, len(rows)))

    def one(number: int) -> Piece:
        folder = scratch / f"stretch{number:05}"
        folder.mkdir(exist_ok=True)

        def report(part: float) -> None:
            with lock:
                done[number] = part * _frames(rows[number])
                progress(sum(done) / total)

        piece = draw(rows[number], paths, folder, share, report, lambda: over.is_set() or cancelled())
        report(1.0)
        # What was fitted for it is lossless, and large.
        kept = piece.path.replace(scratch / f"{folder.name}{piece.path.suffix}")
        shutil.rmtree(folder)
        return replace(piece, path=kept)

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        running = [pool.submit(one, number) for number in range(len(rows))]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        finally:
            # The first to fail tells why; those that are ended by it only say so.
            failed = next((row for row in running if row.done() and row.exception()), None)
            over.set()
            pool.shutdown(cancel_futures=True)
    if failed is None:
        return [row.result() for row in running]
    for path in scratch.glob("stretch*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    failed.result()
    raise AssertionError("a failed stretch has no result")


def _written(
    request: EncodeRequest,
    picture: Picture,
    choice: Choice,
    scratch: Path,
    threads: int,
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Piece:
    row, frames, rate = choice.encoder, _frames(request), request.timeline.rate
    path = scratch / f"picture.{row.file}"
    graph, label = picture.graph, "v"
    filters = _window(request) + ([row.upload] if row.upload else [])
    if filters:
        graph, label = f"{graph};[v]{','.join(filters)}[w]", "w"
    if row.preview:
        shown = animate(picture.inputs, graph, label, path, row, request, progress, cancelled)
        return Piece(path, row.name, shown.frames, shown.rate, shown.size, choice.note)
    options = ["-map", f"[{label}]", *row.options(request.finish, rate, threads)]
    options += ["-filter_complex_threads", str(min(threads, 2)), "-map_metadata", "-1"]
    memory = ROOM if row.hardware else MEMORY
    run = ffmpeg.encode(
        picture.inputs, graph, path, options, frames=frames, progress=progress, cancelled=cancelled, memory=memory
    )
    if run.frames != frames:
        path.unlink()
        raise ToolFailed(
            f"The film has {run.frames} frames where its timeline has {frames}: a clip is shorter than it says.",
            "Run `reelwright resume` to make the damaged clips again.",
        )
    return Piece(path, row.name, frames, rate, request.timeline.size, choice.note)


def _window(request: EncodeRequest) -> list[str]:
    """Leave out what is there only so that a clip moves as it does in the film."""
    line, frames = request.timeline, _frames(request)
    if frames == line.frames:
        return []
    tick = f"settb={line.rate.denominator}/{line.rate.numerator}"
    return [f"trim=start_frame={request.skip}:end_frame={request.skip + frames}", tick, "setpts=N"]


def _frames(request: EncodeRequest) -> int:
    return request.frames or request.timeline.frames - request.skip


def threads(options: Mapping[str, str], most: int = 8) -> int:
    """How many the encoder may use: every x264 thread holds frames, and more than eight buy little."""
    return int(options.get("threads", min(os.cpu_count() or 2, most)))


def quote(line: Timeline, preset: str) -> Cost:
    """What encoding takes, by length, area and preset."""
    pictures = line.frames * line.size.width * line.size.height / (30 * 1080 * 1920)
    return Cost(seconds=0.5 + pictures * _SECONDS.get(preset, 5.0))


def paths_of(line: Timeline, assets: tuple[Asset, ...], job: Job) -> dict[str, Path]:
    """The files of the assets that a timeline uses; ToolFailed where one did not come with it."""
    used = {item.asset for track in line.tracks for item in track.items if item.type == "clip"}
    missing = used - {asset.id for asset in assets}
    if missing:
        raise ToolFailed(f"The timeline names {len(missing)} assets that did not come with it: {min(missing)[:12]}.")
    return {digest: job.path(digest) for digest in sorted(used)}


def licences(assets: tuple[Asset, ...]) -> str:
    """Every licence once; the ledger tells which is whose."""
    return "; ".join(sorted({asset.licence for asset in assets})) or "unknown"
