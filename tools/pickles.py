"""Pickles by content: a file that would run code when it is loaded is refused, whatever it is called.

Knows nothing about models. Archives are opened, since a pickle inside one is loaded just as readily.
"""

import bz2
import gzip
import io
import lzma
import pickletools
import re
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .errors import Refused

_BINARY = re.compile(rb"\x80[\x02-\x05]")
_OBJECTS = re.compile(rb"\x93NUMPY.{4,8}\{[^}]*'descr':[^}]*\|O", re.DOTALL)
"""An array of objects: numpy writes them as a pickle."""
_NAMES = {"GLOBAL", "INST"}
_CALLS = {"INST", "OBJ", "REDUCE", "BUILD"}
_HEAD = 4096
_TAR = slice(257, 262)
_PACKED = (b"\x1f\x8b", b"BZ", b"\xfd7")
_DEPTH = 3
"""Archives within archives that are opened; no format of weights nests deeper, so what does is refused."""
_MOST = 64 << 20
"""Bytes that one protocol 0 stream may push before it calls something."""


def refuse_pickle(path: Path) -> None:
    """Return if the file is no pickle and no archive of one.

    Raises:
        Refused: it is.
    """
    with path.open("rb") as stream:
        if not _is_pickle(stream, 0):
            return
    raise Refused(
        f"{path.name} is a pickle, which runs code when it is loaded.",
        "Use safetensors, ONNX, GGUF or CTranslate2 weights.",
    )


def _is_pickle(stream: IO[bytes], depth: int) -> bool:
    head = stream.read(_HEAD)
    if _BINARY.match(head) or _OBJECTS.match(head) or _calls_somewhere(stream, head):
        return True
    stream.seek(0)
    inside = _inside(stream, head)
    if inside is None:
        return False
    if depth == _DEPTH:
        return True
    try:
        return any(name.endswith((".pkl", ".pickle")) or _is_pickle(member, depth + 1) for name, member in inside)
    except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, RuntimeError):
        return True  # an archive that does not open may open for somebody else


def _calls_somewhere(stream: IO[bytes], head: bytes) -> bool:
    """Weights stop being a pickle within a few bytes; only what reads as one to the end of its head is read on."""
    box = io.BytesIO(head)
    if _calls(box):
        return True
    if box.tell() < len(head):
        return False
    chunks, left = [head], _MOST
    while left > 0 and (chunk := stream.read(1 << 20)):
        chunks.append(chunk)
        left -= len(chunk)
    return _calls(io.BytesIO(b"".join(chunks)))


def _calls(stream: IO[bytes]) -> bool:
    """Protocols 0 and 1 have no magic number: see whether the first bytes name code and then call it."""
    named = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # weights read as text hold escapes that no text has
        try:
            for operation, _, _ in pickletools.genops(stream):
                named = named or operation.name in _NAMES
                if named and operation.name in _CALLS:
                    return True
        except (ValueError, IndexError):
            return False
    return False


def _inside(stream: IO[bytes], head: bytes) -> Iterator[tuple[str, IO[bytes]]] | None:
    """Names and contents of an archive or a compressed file; None where it is neither."""
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zipped(stream)
    if head[_TAR] == b"ustar":
        return _tarred(stream)
    return iter((("", _unpacked(stream, head)),)) if head.startswith(_PACKED) else None


def _unpacked(stream: IO[bytes], head: bytes) -> IO[bytes]:
    if head.startswith(b"BZ"):
        return bz2.BZ2File(stream)
    if head.startswith(b"\x1f"):
        return io.BufferedReader(gzip.GzipFile(fileobj=stream))
    return io.BufferedReader(lzma.LZMAFile(stream))


def _zipped(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(stream) as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                yield name, member


def _tarred(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(fileobj=stream) as ball:
        for row in ball:
            member = ball.extractfile(row) if row.isfile() else None
            if member is not None:
                yield row.name, member
