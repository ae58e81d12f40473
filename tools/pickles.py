"""Pickles by content: a file that would run code when it is loaded is refused, whatever it is called.

Knows nothing about models.
"""

import pickletools
import re
import zipfile
from pathlib import Path

from .errors import Refused

_BINARY = re.compile(rb"\x80[\x02-\x05]")
_NAMES = {"GLOBAL", "INST"}
_CALLS = {"INST", "OBJ", "REDUCE", "BUILD"}


def refuse_pickle(path: Path) -> None:
    """Return if the file is no pickle and no archive of one.

    Raises:
        Refused: it is.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if _BINARY.match(head) or _is_old_pickle(head) or _holds_pickle(path, head):
        raise Refused(
            f"{path.name} is a pickle, which runs code when it is loaded.",
            "Use safetensors, ONNX, GGUF or CTranslate2 weights.",
        )


def _is_old_pickle(head: bytes) -> bool:
    """Protocols 0 and 1 have no magic number: see whether the first bytes name code and then call it."""
    named = False
    try:
        for operation, _, _ in pickletools.genops(head):
            named = named or operation.name in _NAMES
            if named and operation.name in _CALLS:
                return True
    except (ValueError, UnicodeDecodeError, IndexError):
        return False
    return False


def _holds_pickle(path: Path, head: bytes) -> bool:
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith((".pkl", ".pickle")) for name in archive.namelist())
    except zipfile.BadZipFile:
        return True
