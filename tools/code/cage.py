"""The inner fence: what the kernel keeps a program from, set by the process itself before it reads a line of it.

Knows nothing of Reelwright: it is copied into the sandbox beside the scripts that use it. The outer fence (bubblewrap)
keeps files, network and other processes away; this one keeps memory, time, and the making of processes.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
import traceback
from types import TracebackType
from typing import BinaryIO

CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    # clone fork vfork execve execveat clone3, socket connect bind socketpair, shmget shmat semget msgget mq_open,
    # ptrace mount umount2 unshare setns keys, perf bpf userfaultfd memfd_create process_vm_* io_uring_setup
    "x86_64": (
        0xC000003E,
        (56, 57, 58, 59, 322, 435, 41, 42, 49, 53, 29, 30, 64, 68, 240, 101, 165, 166, 272, 308, 248, 249, 250,
         298, 321, 323, 319, 310, 311, 425),
    ),
    "aarch64": (
        0xC00000B7,
        (220, 221, 281, 435, 198, 203, 200, 199, 194, 196, 190, 186, 180, 117, 40, 39, 97, 268, 217, 218, 219,
         241, 280, 282, 279, 270, 271, 425),
    ),
}  # fmt: skip
"""System calls that are refused, by machine: its AUDIT_ARCH and their numbers (linux/audit.h, asm/unistd.h)."""
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001
"""SECCOMP_RET_ALLOW, and SECCOMP_RET_ERRNO with EPERM."""
_LOAD, _EQUAL, _ATLEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000
"""From here on x86_64 counts the calls of another interface."""


def lock(limits: dict[str, int]) -> None:
    """Bound memory, CPU seconds, files and processes, for good."""
    rows = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_CPU: limits["seconds"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in rows.items():
        resource.setrlimit(limit, (value, value))
    _refuse_calls()


def _refuse_calls() -> None:
    """A seccomp filter. RLIMIT_NPROC alone does not bind a sandbox that root started."""
    arch, calls = CALLS[platform.machine()]
    rows = [(_LOAD, 0, 0, 4), (_EQUAL, 0, len(calls) + 3, arch), (_LOAD, 0, 0, 0), (_ATLEAST, len(calls) + 1, 0, _X32)]
    rows += [(_EQUAL, len(calls) - at, 0, call) for at, call in enumerate(calls)]
    rows += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *row) for row in rows))
    program = struct.pack("HxxxxxxP", len(rows), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no seccomp filter")


def outlet() -> BinaryIO:
    """Where results go. What a program prints is no result, and what it raises is told by its own lines."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.excepthook = _tell
    return out


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(told(error))


def told(error: BaseException) -> str:
    """What went wrong, with the program's own lines."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "program"]
    where = "".join(f"line {frame.lineno} in {frame.name}: " for frame in frames[-2:])
    if isinstance(error, SyntaxError):
        where = f"line {error.lineno}: "
    return f"{where}{type(error).__name__}: {error}"[:2000]
