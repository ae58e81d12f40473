"""Captions for a library: a model that sees says what each picture shows, and is asked about each picture once.

Knows nothing about which model it is. What was said is kept batch by batch, so that a kill, an empty purse or a model
that fails loses nothing: the next run goes on with the pictures that have no caption.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..tools.errors import ReelwrightError, Refused, ToolError
from ..tools.media import Frozen
from ..tools.stock import Captioner, Entry, Segment
from ..tools.stock.examine import size_told
from ..tools.stock.pictures import key_picture
from ..tools.stock.rows import FileRow
from ..tools.stock.vectors import Pixels
from ..tools.stock.walk import path_of
from .intake import Progress
from .library import Library
from .manifest import alone

_LONGEST = 1000
"""Characters of a caption that are kept."""


class Described(Frozen):
    """What a run of captions did."""

    captioned: int = 0
    silent: int = 0
    """Pictures of which the model had nothing to say; it is not asked about them again."""
    left: int = 0
    problem: str = ""
    """Why some are left; empty where their files could not be read, or none is."""


def describe(library: Library, captioner: Captioner, *, progress: Progress | None = None) -> Described:
    """Ask for the captions that are missing. A model that fails ends the asking, and what was said is kept.

    Raises:
        ToolBusy: another process is indexing here.
        DiskFull: what was done so far is kept.
    """
    with alone(library.folder):
        catalogue = library.index.catalogue
        waiting = [segment.id for segment in catalogue.all() if _wants(segment, captioner.name)]
        files = {row.place: row for row in catalogue.files()}
        done = captioned = silent = 0
        for first in range(0, len(waiting), captioner.batch):
            part = waiting[first : first + captioner.batch]
            rows = list(_readable(catalogue.get(part), files))
            if rows:
                try:
                    said = captioner.caption([pixels for _, pixels in rows])
                except ReelwrightError as error:
                    left = len(waiting) - captioned - silent
                    return Described(captioned=captioned, silent=silent, left=left, problem=str(error))
                told = [_told(row, text, captioner.name) for (row, _), text in zip(rows, said, strict=True)]
                _keep(library, told)
                captioned += sum(bool(segment.caption) for segment in told)
                silent += sum(not segment.caption for segment in told)
            done += len(part)
            if progress:
                progress(done, len(waiting), captioner.name)
        return Described(captioned=captioned, silent=silent, left=len(waiting) - captioned - silent)


def _wants(segment: Segment, name: str) -> bool:
    return segment.kind != "audio" and not segment.caption and segment.captioner != name


def _readable(segments: Mapping[str, Segment], files: Mapping[str, FileRow]) -> Iterator[tuple[Segment, Pixels]]:
    """Segments whose files are still those that were indexed, with their pictures."""
    for segment in segments.values():
        path = path_of(segment.place)
        if not _same(path, files.get(segment.place)):
            continue
        try:
            yield segment, key_picture(path, segment)
        except (Refused, ToolError, OSError):  # `verify` tells of it, and the next `add` looks at the file again
            continue


def _same(path: Path, row: FileRow | None) -> bool:
    try:
        about = path.stat()
    except OSError:
        return False
    return row is not None and (about.st_size, about.st_mtime_ns) == (row.size, row.changed)


def _told(segment: Segment, text: str, name: str) -> Segment:
    caption = " ".join(text.split())[:_LONGEST]
    size = segment.shot_size or size_told(caption.lower())
    return segment.model_copy(update={"caption": caption, "captioner": name, "shot_size": size})


def _keep(library: Library, segments: Sequence[Segment]) -> None:
    vectors = library.read(segments)  # a picture's own vector stays
    library.index.upsert(
        [
            Entry(segment=segment, vectors={name: tuple(map(float, rows[at])) for name, rows in vectors.items()})
            for at, segment in enumerate(segments)
        ]
    )
