"""The folder of a film: what may lie in it before it is a project, and one process that works in it.

Knows names and the lock; reads nothing that lies there.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..memory.project import InUse, locked
from .errors import ProjectError
from .record import RECORD

BESIDE = {".lock", "reelwright.toml", "assets", "brief.md", "transcript.jsonl", "talk"}
"""What may lie in a folder before it is a project."""


def check_folder(folder: Path) -> None:
    """Raise ProjectError unless `folder` is missing, empty, or a project."""
    if folder.exists() and not folder.is_dir():
        raise ProjectError(f"{folder} is a file, not a folder.", "Choose another --out.")
    if folder.is_dir() and not (folder / "events.jsonl").exists() and not (folder / RECORD).exists():
        strangers = [path.name for path in folder.iterdir() if path.name not in BESIDE]
        if strangers:
            raise ProjectError(
                f"{folder} holds other things ({strangers[0]}) and is not a Reelwright project.",
                "Choose another --out.",
            )


@contextmanager
def session(folder: Path, scratch: Path) -> Iterator[None]:
    """Work in a folder, alone; scratch is empty before and gone afterwards.

    Raises:
        ProjectError: it is no project's folder, or another process works in it.
    """
    check_folder(folder)
    try:
        with locked(folder):
            shutil.rmtree(scratch, ignore_errors=True)
            yield
    except InUse as error:
        raise ProjectError(
            f"Another process is working in {folder}.", "Wait for it, or choose another --out."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
