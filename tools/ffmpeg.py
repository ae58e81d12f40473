"""The one door to ffmpeg: every run is fenced, measured and can be cancelled.

Knows nothing about timelines or films: it gets inputs, a filter graph and an output.
Protocols alone do not fence ffmpeg in (a playlist renamed .mp4 opens other files), so formats are whitelisted too,
inputs are absolute `file:` names, and memory and time are limited.
"""

import contextlib
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .errors import Refused, ToolBusy, ToolFailed

FORMATS = "mov,matroska,webm,mpegts,wav,mp3,flac,ogg,png_pipe,jpeg_pipe,webp_pipe,gif"
"""Containers that a file may be; playlists, concat scripts and image patterns are not among them."""
MEMORY = 6 * 1024**3
"""Bytes of address space for one run: a 1080p graph with twelve inputs needs about a third of it."""
_REFUSALS = re.compile(
    r"(not on whitelist|Invalid data found|not in the whitelist|moov atom not found|Picture size .* exceeds|"
    r"does not contain any stream|Could not find codec parameters|EBML header parsing failed)"
)


@dataclass(frozen=True)
class Input:
    """A file, with the options that stand before its -i. `raw` inputs come by stdin and are ours."""

    path: Path | None
    options: Sequence[str] = ()
    raw: bool = False

    def arguments(self) -> list[str]:
        """The command-line words for this input."""
        if self.path is None:
            return [*self.options, "-i", "pipe:0"]
        fence = [] if self.raw else ["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS]
        return [*fence, "-max_pixels", "50000000", *self.options, "-i", f"file:{self.path.resolve()}"]


@dataclass(frozen=True)
class Run:
    """What ffmpeg said, and the CPU seconds it took (user and system)."""

    log: str
    cpu: float = field(default=0.0, compare=False)


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
) -> Run:
    """Run a filter graph into `output`, which appears whole or not at all.

    Args:
        graph: a -filter_complex text of ours; never put a person's words or paths into it.
        options: maps and codecs, the words that stand before the output.
        feed: raw frames for the input whose path is None.
        frames: how many will come out, for `progress` (0 to 1).

    Raises:
        Refused: an input is broken, hostile or of a format we do not open.
        ToolBusy: the disk is full, or ffmpeg was killed from outside.
        ToolFailed: ffmpeg ran and failed, or took longer than `timeout` seconds.
    """
    temporary = output.with_name(f".{output.stem}.part{output.suffix}")
    command = _command(inputs, graph)
    command += [*options, f"file:{temporary.resolve()}"]
    try:
        run = _run(command, inputs, feed, _reporter(frames, progress), cancelled, timeout)
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

    `options` are the maps; the output is the null muxer unless they end in `-f NAME -`.
    """
    tail = [] if options and options[-1] == "-" else ["-f", "null", "-"]
    return _run([*_command(inputs, graph), *options, *tail], inputs, None, None, cancelled, timeout)


def decode(source: Input, graph: str, options: Sequence[str], *, timeout: float = 3600) -> Iterable[bytes]:
    """Yield chunks of raw output (rawvideo, s16le) from one file; stops cleanly when the caller does."""
    command = [*_command([source], graph), *options, "pipe:1"]
    process = _spawn(command, pipe_out=True)
    timer = threading.Timer(timeout, process.kill)
    timer.start()
    errors: list[bytes] = []
    drain = threading.Thread(target=lambda: errors.append(process.stderr.read() if process.stderr else b""))
    drain.start()
    try:
        assert process.stdout is not None
        while chunk := process.stdout.read(1 << 20):
            yield chunk
        process.wait()
        drain.join()
        _judge(process.returncode, errors[0].decode("utf-8", "replace"), [source])
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        drain.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _command(inputs: Sequence[Input], graph: str) -> list[str]:
    words = [binary(), "-hide_banner", "-nostdin", "-y", "-loglevel", "info", "-nostats", "-progress", "pipe:2"]
    for source in inputs:
        words += source.arguments()
    return [*words, "-filter_complex", graph] if graph else words


def _spawn(command: Sequence[str], pipe_out: bool = False, pipe_in: bool = False) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C reaches us, and we end ffmpeg after its state is safe.
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if pipe_in else subprocess.DEVNULL,
        stdout=subprocess.PIPE if pipe_out else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    if sys.platform == "linux":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
    return process


def _run(
    command: Sequence[str],
    inputs: Sequence[Input],
    feed: Iterable[bytes] | None,
    report: Callable[[str], None] | None,
    cancelled: Callable[[], bool] | None,
    timeout: float,
) -> Run:
    process = _spawn(command, pipe_in=feed is not None)
    lines: list[str] = []

    def read() -> None:
        assert process.stderr is not None
        for raw in process.stderr:
            line = raw.decode("utf-8", "replace").rstrip()
            if report and line.startswith("frame="):
                report(line)
            lines.append(line)

    reader = threading.Thread(target=read)
    reader.start()
    end = time.monotonic() + timeout
    try:
        if feed is not None:
            _pour(process, feed, cancelled)
        _wait(process, end, cancelled)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join()
        assert process.stderr is not None
        process.stderr.close()
    log = "\n".join(lines)
    _judge(process.returncode, log, inputs)
    return Run(log, _cpu(log))


def _pour(process: subprocess.Popen[bytes], feed: Iterable[bytes], cancelled: Callable[[], bool] | None) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        for block in feed:
            if cancelled and cancelled():
                raise ToolFailed("The render was cancelled.", "Run `reelwright resume` to go on.")
            process.stdin.write(block)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def _wait(process: subprocess.Popen[bytes], end: float, cancelled: Callable[[], bool] | None) -> None:
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            return
        if cancelled and cancelled():
            raise ToolFailed("The render was cancelled.", "Run `reelwright resume` to go on.")
        if time.monotonic() > end:
            raise ToolFailed("ffmpeg took longer than its time limit and was stopped.", "Try a shorter film.")


def _judge(code: int, log: str, inputs: Sequence[Input]) -> None:
    if code == 0:
        return
    names = ", ".join(source.path.name for source in inputs if source.path is not None) or "the pipe"
    tail = " ".join(line for line in log.splitlines()[-40:] if "rror" in line or "nvalid" in line)[-600:]
    if "No space left on device" in log:
        raise ToolBusy("The disk is full.", "Free some space and run `reelwright resume`.")
    if code < 0 and -code in {signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGXCPU}:
        raise ToolBusy(f"ffmpeg was ended by signal {-code} while working on {names}.", "It will be tried again.")
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


def _cpu(log: str) -> float:
    found = re.search(r"bench: utime=([\d.]+)s stime=([\d.]+)s", log)
    return float(found[1]) + float(found[2]) if found else 0.0
