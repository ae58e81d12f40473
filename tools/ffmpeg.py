"""The one door to ffmpeg: every run is fenced, measured and can be cancelled.

Knows nothing about timelines or films: it gets inputs, a filter graph and an output.
Protocols alone do not fence ffmpeg in (a playlist renamed .mp4 opens other files), so formats are whitelisted too,
inputs are absolute `file:` names, and memory and time are limited.
"""

import re
import signal
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .errors import DiskFull, Refused, ToolBusy, ToolFailed
from .probe import Probe, read
from .process import MEMORY, Guard, close, pour, read_lines, spawn

FORMATS = "mov,matroska,webm,mpegts,wav,mp3,flac,ogg,png_pipe,jpeg_pipe,webp_pipe,gif"
"""Containers that a file may be; playlists, concat scripts and image patterns are not among them."""
_REFUSALS = re.compile(
    r"(not on whitelist|Invalid data found|not in the whitelist|moov atom not found|Picture size .* exceeds|"
    r"does not contain any stream|Could not find codec parameters|EBML header parsing failed|"
    r"Error opening input: Invalid argument|matches no streams|pixel count .* exceeds)"
)
_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU}
"""Signals that somebody sends: the system short of memory, a person, a limit. Others are crashes."""
_OPENING = re.compile(r"Error opening input file file:(.*)\.$", re.M)


@dataclass(frozen=True)
class Input:
    """A file, with the options that stand before its -i. `raw` inputs come by stdin and are ours.

    A `reel` is a concat script of ours: it names files beside it by plain names (ffmpeg's safe mode refuses others).
    """

    path: Path | None
    options: Sequence[str] = ()
    raw: bool = False
    reel: bool = False

    def arguments(self) -> list[str]:
        """The command-line words for this input."""
        if self.path is None:
            return [*self.options, "-i", "pipe:0"]
        if self.reel:
            fence = [
                "-protocol_whitelist",
                "file",
                "-format_whitelist",
                f"concat,{FORMATS}",
                "-f",
                "concat",
                "-safe",
                "1",
            ]
            return [*fence, "-max_pixels", "50000000", *self.options, "-i", f"file:{self.path.resolve()}"]
        fence = [] if self.raw else ["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS]
        return [*fence, "-max_pixels", "50000000", *self.options, "-i", f"file:{self.path.resolve()}"]


@dataclass(frozen=True)
class Run:
    """What ffmpeg said, and the CPU seconds it took (user and system)."""

    log: str
    cpu: float = field(default=0.0, compare=False)
    peak: int = field(default=0, compare=False)
    """Bytes of memory at the highest."""
    frames: int = 0
    """Pictures that came out, as ffmpeg counted them."""


@cache
def binary() -> str:
    """The ffmpeg that imageio-ffmpeg carries, the same build on every machine."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def encode(
    inputs: Sequence[Input],
    graph: str,
    output: Path,
    options: Sequence[str],
    *,
    feed: Iterable[bytes] | None = None,
    frames: int = 0,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    timeout: float = 3600,
    memory: int = MEMORY,
) -> Run:
    """Run a filter graph into `output`, which appears whole or not at all.

    Args:
        graph: a -filter_complex text of ours; never put a person's words or paths into it.
        options: maps and codecs, the words that stand before the output.
        feed: raw frames for the input whose path is None.
        frames: how many will come out, for `progress` (0 to 1).
        memory: bytes of address space; drivers of graphics cards reserve more than they use.

    Raises:
        Refused: an input is broken, hostile or of a format we do not open.
        DiskFull: there is no room for the output.
        ToolBusy: ffmpeg was killed from outside.
        ToolFailed: ffmpeg ran and failed, or took longer than `timeout` seconds.
    """
    temporary = output.with_name(f".{output.stem}.{uuid.uuid4().hex[:8]}.part{output.suffix}")
    command = _command(inputs, graph)
    command += [*options, f"file:{temporary.resolve()}"]
    try:
        run = _run(command, inputs, feed, _reporter(frames, progress), cancelled, timeout, output, memory=memory)
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)
    return run


def measure(
    inputs: Sequence[Input],
    graph: str,
    options: Sequence[str] = (),
    *,
    timeout: float = 3600,
    cancelled: Callable[[], bool] | None = None,
) -> Run:
    """Run a graph for what it prints (ebur128, blackdetect, framemd5…); nothing is written.

    `options` are the maps; the output is the null muxer unless they end in `-f NAME -`, which lands in the log.
    """
    tail = [] if options and options[-1] == "-" else ["-f", "null", "-"]
    command = [*_command(inputs, graph), *options, *tail]
    return _run(command, inputs, None, None, cancelled, timeout, keep_output=bool(not tail))


def decode(
    source: Input | Sequence[Input], graph: str, options: Sequence[str], *, timeout: float = 3600
) -> Iterator[bytes]:
    """Yield chunks of raw output (rawvideo, s16le) from one file or several; stops cleanly when the caller does."""
    inputs = [source] if isinstance(source, Input) else source
    process = spawn([*_command(inputs, graph), *options, "pipe:1"], timeout, pipe_out=True)
    guard = Guard(process, timeout, None)
    errors: list[bytes] = []
    # A daemon: who stops reading and leaves does not wait for it.
    drain = threading.Thread(
        target=lambda: errors.append(process.stderr.read() if process.stderr else b""), daemon=True
    )
    drain.start()
    try:
        assert process.stdout is not None
        while chunk := process.stdout.read(1 << 20):
            yield chunk
        process.wait()
        drain.join()
        guard.judge()
        _judge(process.returncode, errors[0].decode("utf-8", "replace"), inputs)
    finally:
        guard.end()
        drain.join()
        close(process)


def probe(path: Path, options: Sequence[str] = ()) -> Probe:
    """What a file holds: streams, sizes, rates, colour tags and exact times. Nothing is decoded.

    `options` stand before the input, such as the demuxer of a still that is called as cameras call it.

    Raises:
        Refused: the file is broken, hostile or of a format we do not open.
    """
    copy = ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-f", "framecrc", "-"]
    return read(measure([Input(path, ("-copyts", *options))], "", copy, timeout=600).log)


def about(topic: str) -> str:
    """What ffmpeg tells of itself: `-encoders`, `-filters` and so on."""
    process = spawn([binary(), "-hide_banner", topic], 60, pipe_out=True)
    told = process.communicate(timeout=60)[0]
    return told.decode("utf-8", "replace")


def _command(inputs: Sequence[Input], graph: str) -> list[str]:
    words = [binary(), "-hide_banner", "-nostdin", "-y", "-loglevel", "info", "-nostats"]
    words += ["-benchmark", "-stats_period", "0.1", "-progress", "pipe:2"]
    for source in inputs:
        words += source.arguments()
    return [*words, "-filter_complex", graph] if graph else words


def _run(
    command: Sequence[str],
    inputs: Sequence[Input],
    feed: Iterable[bytes] | None,
    report: Callable[[str], None] | None,
    cancelled: Callable[[], bool] | None,
    timeout: float,
    output: Path | None = None,
    keep_output: bool = False,
    memory: int = MEMORY,
) -> Run:
    process = spawn(command, timeout, pipe_out=keep_output, pipe_in=feed is not None, memory=memory)
    guard = Guard(process, timeout, cancelled)
    lines: list[str] = []
    printed: list[str] = []
    assert process.stderr is not None
    readers = [threading.Thread(target=read_lines, args=(process.stderr, lines, report))]
    if process.stdout is not None:
        readers.append(threading.Thread(target=read_lines, args=(process.stdout, printed, None)))
    for reader in readers:
        reader.start()
    try:
        if feed is not None:
            pour(process, feed)
        process.wait()
    finally:
        guard.end()
        for reader in readers:
            reader.join()
        close(process)
    guard.judge()
    log = "\n".join([*lines, *printed])
    _judge(process.returncode, log, inputs, output)
    return _told(log)


def _judge(code: int, log: str, inputs: Sequence[Input], output: Path | None = None) -> None:
    if code == 0:
        return
    guilty = _OPENING.search(log)
    files = [source.path.name for source in inputs if source.path is not None]
    names = Path(guilty[1]).name if guilty else ", ".join(files[:4]) or "the pipe"
    told = [
        line for line in log.splitlines()[-60:] if re.search(r"rror|nvalid|whitelist|moov|exceeds|^\[(Parsed|in)", line)
    ]
    tail = " ".join(told)[-600:]
    if re.search(r"No space left on device|Disk quota exceeded", log):
        place = output.resolve().parent if output else "the disk"
        raise DiskFull(f"The disk that holds {place} is full.", "Free some space and run `reelwright resume`.")
    if -code in _OUTSIDE or "received signal" in log:
        raise ToolBusy(
            f"ffmpeg was ended from outside (exit {code}) while working on {names}.", "It will be tried again."
        )
    if code < 0:
        raise ToolFailed(f"ffmpeg crashed (signal {-code}) on {names}.", "Convert the file to MP4, WAV or PNG.")
    if "Cannot allocate memory" in log:
        raise ToolFailed(f"ffmpeg needs more than {MEMORY >> 30} GB of memory for {names}.", "Use a smaller size.")
    if _REFUSALS.search(log):
        raise Refused(f"ffmpeg cannot open {names}: {tail}", "Convert the file to MP4, WAV or PNG and try again.")
    raise ToolFailed(f"ffmpeg failed with exit code {code} on {names}: {tail or log[-300:]}")


def _reporter(frames: int, progress: Callable[[float], None] | None) -> Callable[[str], None] | None:
    if not frames or progress is None:
        return None

    def report(line: str) -> None:
        found = re.match(r"frame=\s*(\d+)", line)
        if found:
            progress(min(int(found[1]) / frames, 1.0))

    return report


def _told(log: str) -> Run:
    times = re.search(r"bench: utime=([\d.]+)s stime=([\d.]+)s", log)
    peak = re.search(r"bench: maxrss=(\d+)", log)
    frames = re.findall(r"^frame=\s*(\d+)", log, re.M)
    return Run(
        log,
        cpu=float(times[1]) + float(times[2]) if times else 0.0,
        peak=int(peak[1]) * 1024 if peak else 0,
        frames=int(frames[-1]) if frames else 0,
    )
