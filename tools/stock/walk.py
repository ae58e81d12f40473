"""Files under a folder that may be footage: regular ones, by ending, each once, whatever links and names there are.

Knows nothing about what is in them.
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from ..media import Frozen
from .examine import KINDS


class Found(Frozen):
    """A file as it lies there."""

    place: str
    size: int
    changed: int
    """Its time stamp in nanoseconds."""


def files_under(root: Path, avoid: Path, other: Callable[[str], object] = lambda _: None) -> Iterator[Found]:
    """Media files in a folder and below, or the one file; sockets, pipes and devices are passed by.

    Links are followed, a folder that was seen is not seen again; `avoid` is the index itself.
    `other` is told each file whose ending is not that of footage.
    """
    if not root.is_dir():
        yield from _file(root, other)
        return
    seen: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(root, followlinks=True):
        try:
            about = os.stat(folder)
        except OSError:
            folders.clear()
            continue
        if (about.st_dev, about.st_ino) in seen or Path(folder) == avoid:
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield from _file(Path(folder) / name, other)


def _file(path: Path, other: Callable[[str], object]) -> Iterator[Found]:
    if path.suffix.lower() not in KINDS:
        other(str(path))
        return
    try:
        about = path.stat()
    except OSError:
        return
    if stat.S_ISREG(about.st_mode):
        yield Found(place=written(path), size=about.st_size, changed=about.st_mtime_ns)


def written(path: Path) -> str:
    """A path as text that any database keeps: names that are not UTF-8 become a file URI.

    >>> written(Path("/a/b.jpg"))
    '/a/b.jpg'
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return path.absolute().as_uri()
    return str(path)


def path_of(place: str) -> Path:
    """The path that was written so."""
    if place.startswith("file://"):
        return Path(os.fsdecode(unquote_to_bytes(place.removeprefix("file://"))))
    return Path(place)
