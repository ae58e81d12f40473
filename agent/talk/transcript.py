"""The project's transcript: everything that was said, a JSON line a turn; and how it is forgotten.

Knows nothing about what was meant.
"""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from ...memory.project import write_whole
from ...tools.media import Frozen
from .draft import Draft

TRANSCRIPT = "transcript.jsonl"
FOLDER = "talk"
"""Beside the film: recordings, spoken replies, and what was asked for so far."""
RECORDINGS = "recordings"


class Said(Frozen):
    """One turn of somebody."""

    time: datetime
    who: Literal["person", "reelwright"]
    text: str
    kind: str = "say"
    confidence: float = 1.0
    recording: str = ""
    """The WAV of the turn, where it was spoken."""


class Transcript:
    """What was said in one project. Safe for threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / TRANSCRIPT
        self._lock = threading.Lock()

    def add(
        self,
        who: Literal["person", "reelwright"],
        text: str,
        *,
        kind: str = "say",
        confidence: float = 1.0,
        recording: str = "",
    ) -> None:
        """Keep one turn."""
        said = Said(time=datetime.now(UTC), who=who, text=text, kind=kind, confidence=confidence, recording=recording)
        with self._lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(said.model_dump_json() + "\n")

    def read(self) -> tuple[Said, ...]:
        """Everything that was said; a line that a kill cut short is passed over."""
        if not self.path.is_file():
            return ()
        found = []
        for line in self.path.read_text("utf-8", errors="replace").splitlines():
            try:
                found.append(Said.model_validate_json(line))
            except ValidationError:
                continue
        return tuple(found)

    def keep(self, draft: Draft) -> None:
        """Keep what is known of the film so far, so that a stop in the middle of the questions loses nothing."""
        write_whole(self.folder / FOLDER / "draft.json", draft.model_dump_json())

    def draft(self) -> Draft | None:
        """What was known when the last talk ended."""
        try:
            return Draft.model_validate_json((self.folder / FOLDER / "draft.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None


def kept(folder: Path) -> tuple[Path, ...]:
    """What `forget` would delete: the transcript, the recordings and everything else that only the talk needed."""
    files = [folder / TRANSCRIPT, *sorted((folder / FOLDER).rglob("*"))]
    return tuple(path for path in files if path.is_file())


def forget(folder: Path) -> tuple[Path, ...]:
    """Delete what was said and recorded, and return what was deleted. The film and its brief stay."""
    gone = kept(folder)
    (folder / TRANSCRIPT).unlink(missing_ok=True)
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    return gone
