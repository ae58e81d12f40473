"""What a library is made of, in a file that outlives a broken index, and the lock that one writer holds.

Knows nothing about segments.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from ..tools.errors import Refused, ToolBusy
from ..tools.media import Frozen
from ..tools.stock.catalogue import DamagedIndex
from ..tools.stock.examine import Origin
from .project import InUse, locked

MANIFEST = "index.json"


class Source(Frozen):
    """Something that was added: a file or a folder, and what was said of it."""

    place: str
    origin: Origin = Origin()


class Manifest(Frozen):
    """What outlives a broken index: which home it has, and what it is made of."""

    home: str = "chroma"
    sources: tuple[Source, ...] = ()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a library for writing; ToolBusy where another process has it."""
    try:
        with locked(folder):
            yield
    except InUse as error:
        raise ToolBusy(f"Another process is indexing in {folder}.", "Wait for it, then run this again.") from error


def read_manifest(folder: Path) -> Manifest | None:
    """What a library is made of; None where there is none."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValidationError, UnicodeDecodeError) as error:
        raise DamagedIndex(
            f"{folder / MANIFEST} cannot be read.", "Remove the folder and add your files again."
        ) from error


def rebuild(folder: Path) -> None:
    """Clear a damaged or outdated index away, so that it can be made anew from what it was told of."""
    with alone(folder):
        if read_manifest(folder) is None:
            raise Refused(f"There is no index in {folder}.", "Make one: reelwright index add PATH.")
        for path in folder.iterdir():
            if path.name not in {MANIFEST, ".lock"}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def under(path: Path, root: Path) -> bool:
    """Whether a path is a place or lies below it."""
    return path == root or root in path.parents
