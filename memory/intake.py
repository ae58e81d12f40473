"""What comes into a library: files are looked at side by side, and what they hold is kept, or forgotten with them.

Knows an index and the places that were added; knows nothing about searching.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from ..tools.errors import Refused, ToolError
from ..tools.media import Frozen
from ..tools.stock import Entry, Segment
from ..tools.stock.catalogue import full
from ..tools.stock.examine import Examiner, Origin
from ..tools.stock.index import SegmentIndex
from ..tools.stock.rows import FileRow
from ..tools.stock.vectors import Vectors
from ..tools.stock.walk import Found, files_under, path_of
from .assets import digest_of
from .manifest import Source, under

_AHEAD = 4
"""Files a worker may be ahead of what is written: memory stays bounded with a hundred thousand."""
Progress = Callable[[int, int, str], None]
"""Files done, files in all, the one that was done."""


class Report(Frozen):
    """What a run changed."""

    added: int = 0
    """Files."""
    changed: int = 0
    gone: int = 0
    kept: int = 0
    segments: int = 0
    others: int = 0
    """Files that are no footage by their names."""
    refused: tuple[str, ...] = ()
    """Files that could not be used, each with the reason."""


@dataclass(frozen=True)
class Intake:
    """How files come into one index."""

    folder: Path
    """The library's own, which holds no footage."""
    index: SegmentIndex
    examiner: Examiner
    sources: Sequence[Source]
    read: Callable[[Sequence[Segment]], Mapping[str, Vectors]]
    """Segments as vectors, by the embedder that read them."""

    def bring(self, roots: Sequence[Path], jobs: int, progress: Progress | None) -> Report:
        """Everything under some paths is kept as it now is; what is gone from them is forgotten."""
        report = {"added": 0, "changed": 0, "gone": 0, "kept": 0, "segments": 0}
        refused: list[str] = []
        known = {row.place: row for row in self.index.catalogue.files()}
        others: set[str] = set()
        found = {row.place: row for root in roots for row in files_under(root, self.folder, others.add)}
        for place, row in known.items():
            if place not in found and any(under(path_of(place), root) for root in roots):
                report["gone"] += 1
                self.forget(row)
        todo = [row for row in found.values() if self._changed(known.get(row.place), row)]
        report["kept"] = len(found) - len(todo)
        for done, (row, segments) in enumerate(self._examined(todo, jobs), start=1):
            before = known.get(row.place)
            if before is not None and before.file != row.file:
                self.forget(before)
            report["segments"] += self._keep(row, segments)
            report["changed" if before is not None and before.file else "added"] += 1 if not row.problem else 0
            if row.problem:
                refused.append(f"{row.place}: {row.problem}")
            if progress:
                progress(done, len(todo), row.place)
        return Report(**report, others=len(others), refused=tuple(refused))

    def _changed(self, before: FileRow | None, now: Found) -> bool:
        if before is None or (before.size, before.changed) != (now.size, now.changed):
            return True
        return before.recipe != self.examiner.recipe

    def _examined(self, todo: Sequence[Found], jobs: int) -> Iterator[tuple[FileRow, list[Segment]]]:
        """Files side by side, in the order in which they are done; a bounded number is under way."""
        waiting = iter(todo)
        with ThreadPoolExecutor(jobs) as pool:
            running: set[Future[tuple[FileRow, list[Segment]]]] = set()
            try:
                while True:
                    while len(running) < jobs * _AHEAD and (row := next(waiting, None)) is not None:
                        running.add(pool.submit(self._examine, row))
                    if not running:
                        return
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            finally:
                for future in running:
                    future.cancel()

    def _examine(self, found: Found) -> tuple[FileRow, list[Segment]]:
        row = FileRow(place=found.place, size=found.size, changed=found.changed, recipe=self.examiner.recipe)
        path = path_of(found.place)
        try:
            digest = digest_of(path)
            row = row.model_copy(update={"file": digest})
            held, same = self.index.catalogue.of_file(digest), self._looked(row)
            if held and same:  # the same content under another name, or a file that was only touched
                return row, [one.model_copy(update={"place": row.place}) for one in held] if _lost(same) else held
            return row, self.examiner.segments(path, digest, found.place, self._origin(path))
        except (Refused, ToolError) as error:
            return row.model_copy(update={"problem": f"{error.message} {error.hint}".strip()}), []
        except OSError as error:
            return row.model_copy(update={"problem": f"it cannot be read: {error.strerror}."}), []

    def _keep(self, row: FileRow, segments: Sequence[Segment]) -> int:
        """How many segments are new: none for another name of what is there, vectors and all."""
        known = {one.id: one for one in self.index.catalogue.of_file(row.file)} if row.file else {}
        segments = [_with_caption(segment, known.get(segment.id)) for segment in segments]
        same = self._looked(row)
        if known and same and list(segments) == list(known.values()):
            self.index.catalogue.put([], [row])
            return 0
        vectors = self.read(segments)
        entries = []
        for at, segment in enumerate(segments):
            rows = {name: tuple(map(float, found[at])) for name, found in vectors.items()}
            view = self.examiner.view(segment.id)
            if view is not None and self.examiner.seer is not None:
                rows[self.examiner.seer.name] = tuple(map(float, view))
            entries.append(Entry(segment=segment, vectors=rows))
        stale = sorted(set(known) - {segment.id for segment in segments})
        if stale:
            self.index.delete(stale)
        try:
            self.index.upsert(entries)
            self.index.catalogue.put([], [row])
        except OSError as error:
            raise full(self.folder) from error
        # A copy that was looked at before its like was put in says its own name, and is still no more footage.
        return 0 if known and same and not _lost(same) else len(entries)

    def _looked(self, row: FileRow) -> list[FileRow]:
        """Paths, a few, whose same content was looked at in the same way."""
        return self.index.catalogue.rows_of(row.file, row.recipe, limit=20)

    def forget(self, row: FileRow) -> None:
        """A path goes; its segments go with the last path that has this content."""
        catalogue = self.index.catalogue
        same = catalogue.rows_of(row.file, limit=2) if row.file else []
        others = [other for other in same if other.place != row.place]
        segments = catalogue.of_file(row.file) if row.file else []
        if others and any(segment.place == row.place for segment in segments):
            catalogue.put([segment.model_copy(update={"place": others[0].place}) for segment in segments])
        gone = [] if others else [segment.id for segment in segments]
        catalogue.forget(row.place, gone)
        self.index.delete(gone)

    def _origin(self, path: Path) -> Origin:
        """What was said of the nearest place that was added."""
        fitting = [source for source in self.sources if under(path, path_of(source.place))]
        return max(fitting, key=lambda source: len(source.place)).origin if fitting else Origin()


def _lost(rows: Sequence[FileRow]) -> bool:
    return not any(os.path.isfile(path_of(row.place)) for row in rows)


def _with_caption(segment: Segment, before: Segment | None) -> Segment:
    """What a model said of the same content stays when the file is looked at anew: it may have been paid for."""
    if before is None or segment.captioner:
        return segment
    return segment.model_copy(update={"caption": before.caption, "captioner": before.captioner})
