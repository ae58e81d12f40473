"""A fenced child process: limits, an environment without our keys, and a guard that ends it.

Knows nothing about what the process does.
"""

import contextlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import IO

from .errors import ToolFailed

MEMORY = 6 * 1024**3
"""Bytes of address space for one run: a 1080p graph with twelve inputs needs about a third of it."""
LARGEST = 64 * 1024**3
"""Bytes that one output may have."""
# No keys of ours for a decoder that reads strangers' files. Two arenas: threads cost address space otherwise.
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "MALLOC_ARENA_MAX": "2"}


def spawn(
    command: Sequence[str], timeout: float, pipe_out: bool = False, pipe_in: bool = False, memory: int = MEMORY
) -> subprocess.Popen[bytes]:
    """Start it with limits on memory, CPU seconds and file size. Its words on stderr are always piped."""
    # A group of its own: Ctrl-C reaches us, and we end ffmpeg after its state is safe.
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if pipe_in else subprocess.DEVNULL,
        stdout=subprocess.PIPE if pipe_out else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=_ENVIRONMENT,
    )
    if sys.platform == "linux":
        seconds = int(timeout + 1) * (os.cpu_count() or 1)
        limits = {resource.RLIMIT_AS: memory, resource.RLIMIT_CPU: seconds, resource.RLIMIT_FSIZE: LARGEST}
        for limit, value in limits.items():
            with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):
                resource.prlimit(process.pid, limit, (value, value))
    return process


class Guard:
    """Ends a process that takes too long or is no longer wanted, whatever our own thread is busy with."""

    def __init__(self, process: subprocess.Popen[bytes], timeout: float, cancelled: Callable[[], bool] | None) -> None:
        self._process = process
        self._end = time.monotonic() + timeout
        self._cancelled = cancelled
        self._over = threading.Event()
        self._verdict: ToolFailed | None = None
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            if self._cancelled and self._cancelled():
                self._verdict = ToolFailed("The render was cancelled.", "Run `reelwright resume` to go on.")
            elif time.monotonic() > self._end:
                message = "ffmpeg took longer than its time limit and was stopped."
                self._verdict = ToolFailed(message, "Try a shorter film or a shorter clip.")
            if self._verdict:
                self._process.kill()
                return

    def end(self) -> None:
        """Leave no process behind."""
        self._over.set()
        self._thread.join()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def judge(self) -> None:
        """Raise if it was us who ended it."""
        if self._verdict:
            raise self._verdict


def read_lines(stream: IO[bytes], lines: list[str], report: Callable[[str], None] | None) -> None:
    """Collect lines until the stream ends, and pass ffmpeg's frame counters on."""
    for raw in stream:
        line = raw.decode("utf-8", "replace").rstrip()
        if report and line.startswith("frame="):
            report(line)
        lines.append(line)


def pour(process: subprocess.Popen[bytes], feed: Iterable[bytes]) -> None:
    """Feed its stdin. It may go away first: it has enough, failed or was ended, and its exit code tells which."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        for block in feed:
            process.stdin.write(block)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def close(process: subprocess.Popen[bytes]) -> None:
    """Let go of its pipes."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
