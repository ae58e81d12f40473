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
from .project import InUse, locked, write_whole

MANIFEST = "index.json"
MOVING = ".moving"
"""Where an index is made that is to take the place of another."""
DOWNLOADS = "downloads"
"""Where fetched files lie: originals like those elsewhere, and perhaps the only ones."""
_STAYING = frozenset({MANIFEST, ".lock", DOWNLOADS})
_WHOLE, _CLEARED = "moved.whole", "moved.cleared"


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


def rebuild(folder: Path, *, vectors: bool = False) -> None:
    """Clear a damaged or outdated index away, so that it can be made anew from what it was told of.

    Args:
        vectors: clear vectors alone, of which the catalogue makes new ones: captions in it may have been paid for.
    """
    with alone(folder):
        if read_manifest(folder) is None:
            raise Refused(f"There is no index in {folder}.", "Make one: reelwright index add PATH.")
        for path in folder.iterdir():
            if path.name not in _STAYING and not (vectors and path.name.startswith("catalogue.")):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def ready(folder: Path, home: str) -> None:
    """Say that the index in `.moving` is whole: from here on the library has this home, whatever kills us."""
    write_whole(folder / MOVING / _WHOLE, home)


def settle(folder: Path) -> None:
    """Put an index that moved in the place of the old one, or go on where a kill ended that."""
    place = folder / MOVING
    whole, cleared = place / _WHOLE, place / _CLEARED
    if whole.exists():
        for old in folder.iterdir():
            if old.name not in {*_STAYING, MOVING}:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        whole.replace(cleared)  # what lies in the folder from here on is new
    if cleared.exists():
        for new in place.iterdir():
            if new != cleared:
                new.replace(folder / new.name)
        manifest = read_manifest(folder) or Manifest()
        moved = manifest.model_copy(update={"home": cleared.read_text("utf-8")})
        write_whole(folder / MANIFEST, moved.model_dump_json(indent=1))
        shutil.rmtree(place)


def half_moved(folder: Path) -> bool:
    """Whether `settle` has something to do."""
    return any((folder / MOVING / name).exists() for name in (_WHOLE, _CLEARED))


def under(path: Path, root: Path) -> bool:
    """Whether a path is a place or lies below it."""
    return path == root or root in path.parents
