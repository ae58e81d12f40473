"""The sandbox: a program without network, files, keys or time to waste (bubblewrap; refused where there is none).

Knows nothing about pictures: bytes go in, bytes come out, and everything is bounded.
"""

import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from ..errors import ToolFailed, ToolMissing
from ..media import Frozen
from . import ProgramFailed
from .cage import CALLS

_HINT = "Install bubblewrap (Debian and Ubuntu: apt install bubblewrap)."
PACKAGES = ("numpy", "PIL", "resvg_py")
"""What programs may import beside Python's own library; what lies in the same folder is seen too."""
WORDS = 4000
"""Characters that are kept of what a program says."""


class Limits(Frozen):
    """What a program may take; the driver has the kernel keep the first three."""

    memory: int = 1 << 30
    """Bytes of address space."""
    seconds: int = 120
    """CPU seconds."""
    file: int = 1 << 24
    """Bytes of a file in its own passing folder."""
    wall: float = 240.0
    """Wall seconds."""
    output: int = 1 << 33
    """Bytes that it may hand back."""


@cache
def ready() -> None:
    """Return where bubblewrap runs, else raise ToolMissing: nothing runs outside it."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        raise ToolMissing("Programs run only in a sandbox, and bubblewrap is not installed.", _HINT)
    if platform.machine() not in CALLS:
        raise ToolMissing(f"The sandbox does not know the system calls of {platform.machine()}.", "Use x86_64 or ARM.")
    trial = subprocess.run([*_fence({}), "/usr/bin/true"], capture_output=True, timeout=30, check=False)
    if trial.returncode:
        words = trial.stderr.decode("utf-8", "replace").strip()
        raise ToolMissing(
            f"bubblewrap does not run here: {words}", "Allow user namespaces, or run outside a container."
        )


def run(
    script: Path,
    files: Mapping[str, Path],
    task: bytes,
    limits: Limits,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[bytes]:
    """Yield what `script` writes, as it writes it. `files` appear in its folder by name, read-only.

    Raises:
        ToolMissing: there is no sandbox.
        ProgramFailed: the program failed, took too long or wrote too much; the message has its own words.
    """
    ready()
    own = {script.name: script, "cage.py": Path(__file__).with_name("cage.py")}
    inside = {f"/code/{name}": path for name, path in (own | dict(files)).items()}
    command = [*_fence(inside), str(Path(sys.executable).resolve()), "-B", "-s", f"/code/{script.name}"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    watch = _Watch(process, limits.wall, cancelled)
    watch.start()
    words: list[bytes] = []
    reader = threading.Thread(target=_read, args=(process.stderr, words), daemon=True)
    reader.start()
    taken = 0
    try:
        _feed(process.stdin, task)
        while chunk := process.stdout.read1(1 << 20):  # type: ignore[attr-defined]
            taken += len(chunk)
            if taken > limits.output:
                raise ProgramFailed("The program wrote more than it may.", "Ask for a simpler picture.")
            yield chunk
        process.wait()
        reader.join()
        said = b"".join(words).decode("utf-8", "replace").strip()
        _judge(process.returncode, said, watch)
    finally:
        watch.over.set()
        process.kill()
        process.wait()
        reader.join()
        for pipe in (process.stdout, process.stderr):
            pipe.close()


def _feed(pipe: IO[bytes], task: bytes) -> None:
    try:
        pipe.write(task)
        pipe.close()
    except BrokenPipeError:
        return


def _read(pipe: IO[bytes], words: list[bytes]) -> None:
    room = WORDS
    while chunk := pipe.read1(1 << 16):  # type: ignore[attr-defined]
        words.append(chunk[:room])
        room -= len(words[-1])


class _Watch(threading.Thread):
    """Ends the process when its time is over or nobody waits for it any more; bubblewrap takes its children along."""

    def __init__(self, process: "subprocess.Popen[bytes]", wall: float, cancelled: Callable[[], bool]) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.late = self.unwanted = False
        self._process, self._end, self._cancelled = process, time.monotonic() + wall, cancelled

    def run(self) -> None:
        while not self.over.wait(0.1) and not (self.late or self.unwanted):
            self.late, self.unwanted = time.monotonic() > self._end, self._cancelled()
            if self.late or self.unwanted:
                self._process.kill()


def _judge(code: int, said: str, watch: _Watch) -> None:
    if watch.unwanted:
        raise ToolFailed("The program was stopped.", "Run `reelwright resume` to go on.")
    if code == 0:
        return
    if watch.late:
        raise ProgramFailed("The program took too long and was stopped.", "Ask for a simpler picture.")
    # 128 + 9, 128 + 24, or minus them: ended by the kernel for its memory or its CPU seconds.
    if code in {137, 152, -9, -24}:
        raise ProgramFailed("The program used up its memory or its CPU seconds.", "Ask for a simpler picture.")
    raise ProgramFailed(f"The program failed: {said or f'exit {code}'}", "Correct it, or choose another picture.")


def _fence(inside: Mapping[str, Path]) -> list[str]:
    """Bubblewrap's arguments: the system's libraries and Python's packages to read, nothing else."""
    words = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "reel"]
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(64 << 20), "--tmpfs", "/tmp"]
    for folder in ("/usr", "/lib", "/lib64", "/bin"):
        place = Path(folder)
        if place.is_symlink():
            words += ["--symlink", str(place.readlink()), folder]
        elif place.is_dir():
            words += ["--ro-bind", folder, folder]
    sites = {str(_site(name)) for name in PACKAGES}
    homes = {str(Path(sys.base_prefix).resolve()), *sites}
    for home in sorted(home for home in homes if not Path(home).is_relative_to("/usr")):
        words += ["--ro-bind", home, home]
    words += ["--setenv", "PYTHONPATH", ":".join(["/code", *sorted(sites)]), "--setenv", "OPENBLAS_NUM_THREADS", "1"]
    words += ["--setenv", "PYTHONDONTWRITEBYTECODE", "1", "--setenv", "HOME", "/tmp", "--setenv", "LC_ALL", "C.UTF-8"]
    for name, path in inside.items():
        words += ["--ro-bind", str(path.resolve()), name]
    # What bubblewrap itself lays under all that is memory too, and is not counted.
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", "--"]


def _site(name: str) -> Path:
    """The folder that a package is imported from."""
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ToolMissing(f"Programs need {name}, which is not installed.", "Reinstall reelwright.")
    return Path(found.origin).resolve().parent.parent
