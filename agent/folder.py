"""The folder of a film: what may lie in it before it is a project.

Knows names; opens nothing.
"""

from pathlib import Path

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
