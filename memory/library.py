"""The user's library: a folder that remembers footage, kept up to date with the files it was told of.

Knows nothing about films. What is committed survives a kill; a second process waits or is told.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..tools.errors import Refused, ToolError
from ..tools.media import Frozen
from ..tools.stock import Embedder, Entry, Filter, Hit, Segment, Stats
from ..tools.stock.catalogue import DamagedIndex, full
from ..tools.stock.examine import Examiner, Origin
from ..tools.stock.homes import open_index
from ..tools.stock.index import SegmentIndex
from ..tools.stock.meaning import Reader
from ..tools.stock.rows import FileRow
from ..tools.stock.vectors import Vector, Vectors
from ..tools.stock.walk import Found, files_under, path_of, written
from .assets import digest_of
from .manifest import MANIFEST, MOVING, Manifest, Source, alone, half_moved, read_manifest, ready, settle, under
from .project import write_whole

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


@dataclass
class Library:
    """A library that is open. `with Library.open(folder, [embedder]) as library: …`."""

    folder: Path
    manifest: Manifest
    index: SegmentIndex
    embedders: Sequence[Embedder]
    examiner: Examiner

    @classmethod
    def open(
        cls, folder: Path, embedders: Sequence[Embedder], *, examiner: Examiner | None = None, home: str = ""
    ) -> "Library":
        """The library in `folder`, made where there is none.

        Args:
            embedders: the first one reads texts; none leaves search by words alone.
            home: where vectors live, for a new library.

        Raises:
            Refused: the folder belongs to something else.
            OutdatedIndex: another version made it.
            DamagedIndex: it cannot be read.
        """
        if half_moved(folder):
            with alone(folder):
                settle(folder)
        manifest = read_manifest(folder)
        if manifest is None:
            if folder.is_dir() and any(folder.iterdir()):
                raise Refused(f"{folder} holds other things and no index.", "Choose another --index.")
            manifest = Manifest(home=home or "chroma")
            write_whole(folder / MANIFEST, manifest.model_dump_json(indent=1))
        index = open_index(folder, manifest.home, embedders)
        return cls(folder, manifest, index, embedders, examiner or Examiner())

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and connections."""
        self.index.close()

    def add(
        self, places: Sequence[str], origin: Origin | None = None, *, jobs: int = 2, progress: Progress | None = None
    ) -> Report:
        """Bring in files and folders, and bring up to date what came from them before.

        Raises:
            Refused: there is no such place.
            ToolBusy: another process is indexing here.
            DiskFull: what was done so far is kept.
        """
        roots = [Path(place).expanduser().absolute() for place in places]
        for root in roots:
            if not root.exists():
                raise Refused(f"There is no {root}.", "Check the path.")
        with self._alone():
            self._remember([Source(place=written(root), origin=origin or Origin()) for root in roots])
            return self._bring(roots, jobs, progress)

    def refresh(self, *, jobs: int = 2, progress: Progress | None = None) -> Report:
        """Look again at everything that was ever added."""
        with self._alone():
            return self._bring([path_of(source.place) for source in self.manifest.sources], jobs, progress)

    def search(self, text: str, filter: Filter | None = None, k: int = 10) -> list[Hit]:
        """The best segments for a text, by meaning and by words."""
        return self.index.search(self.meaning(text), text, filter or Filter(), k)

    def meaning(self, text: str) -> Mapping[str, Vector]:
        """A text as a vector of every embedder."""
        return self.meanings([text])[text]

    def meanings(self, texts: Sequence[str]) -> dict[str, Mapping[str, Vector]]:
        """The same of many texts, which costs less than one by one."""
        said = [text for text in dict.fromkeys(texts) if text.strip()]
        rows = {row.name: row.embed(said) for row in self.embedders}
        found = {text: {name: vectors[at] for name, vectors in rows.items()} for at, text in enumerate(said)}
        return {text: found.get(text, {}) for text in texts}

    def read(self, segments: Sequence[Segment]) -> dict[str, Vectors]:
        """What segments say and seem to show, by the embedder that read it; pictures themselves are seen elsewhere."""
        return {name: reader.read(segments) for name, reader in self._readers.items()}

    @cached_property
    def _readers(self) -> dict[str, Reader]:
        return {row.name: Reader(row) for row in self.embedders if row is not self.examiner.seer}

    def show(self, name: str) -> list[Segment]:
        """Segments by the beginning of an id, or by a file's path."""
        catalogue = self.index.catalogue
        exact = catalogue.get([name])
        if exact:
            return list(exact.values())
        digests = {row.file for row in catalogue.files() if row.file and row.place == written(Path(name).absolute())}
        if not digests and len(name) >= 4:
            digests = {row.file for row in catalogue.files() if row.file.startswith(name)}
        return [segment for digest in sorted(digests) for segment in catalogue.of_file(digest)]

    def remove(self, name: str) -> int:
        """Forget a file, or everything under a folder; the files themselves stay. How many segments went."""
        with self._alone():
            root = Path(name).expanduser().absolute()
            rows = [row for row in self.index.catalogue.files() if under(path_of(row.place), root)]
            before = self.index.count()
            for row in rows:
                self._forget(row)
            for segment in [] if rows else self.show(name):
                self.index.delete([segment.id])
            kept = tuple(row for row in self.manifest.sources if not under(path_of(row.place), root))
            self._save(self.manifest.model_copy(update={"sources": kept}))
            return before - self.index.count()

    def stats(self) -> Stats:
        """What is there."""
        return self.index.stats()

    def verify(self) -> list[str]:
        """What is wrong: in the index itself, and files that changed or vanished since they were added."""
        faults = list(self.index.verify())
        for row in self.index.catalogue.files():
            path = path_of(row.place)
            if not path.is_file():
                faults.append(f"{row.place} is gone")
            elif not row.problem and (path.stat().st_size, path.stat().st_mtime_ns) != (row.size, row.changed):
                faults.append(f"{row.place} has changed")
        return faults

    def mend(self, *, jobs: int = 2, progress: Progress | None = None) -> Report:
        """Vectors without a segment go, segments without a vector get one, and every file is looked at that changed."""
        with self._alone():
            known = set(self.index.catalogue.ids())
            for name, store in self.index.stores.items():
                held = set(store.ids())
                store.drop(sorted(held - known))
                missing = self.index.catalogue.get(sorted(known - held))
                if self.examiner.seer is not None and name == self.examiner.seer.name:
                    for place in {segment.place for segment in missing.values() if segment.kind != "audio"}:
                        self.index.catalogue.forget(place)  # looked at again below
                elif missing:
                    rows = list(missing.values())
                    store.put(list(missing), self._readers[name].read(rows), rows)
            return self._bring([path_of(source.place) for source in self.manifest.sources], jobs, progress)

    def export(self) -> Iterator[str]:
        """Every segment as a line of JSON."""
        for segment in self.index.catalogue.all():
            yield segment.model_dump_json(exclude_defaults=True)

    def move(self, home: str, progress: Progress | None = None) -> "Library":
        """Take everything to another home; this one is let go of when the other is whole."""
        with self._alone():
            place = self.folder / MOVING
            shutil.rmtree(place, ignore_errors=True)
            target = open_index(place, home, self.embedders)
            total, done = self.index.count(), 0
            page: list[Entry] = []
            for entry in self.index.entries():
                page.append(entry)
                if len(page) == 1000:
                    target.upsert(page)
                    done, page = done + len(page), []
                    if progress:
                        progress(done, total, home)
            target.upsert(page)
            target.catalogue.put([], self.index.catalogue.files())
            if target.count() != total or target.verify():
                target.close()
                raise DamagedIndex(f"The move to {home} lost something.", "Run reelwright index verify --repair first.")
            target.close()
            self.close()
            ready(self.folder, home)
            settle(self.folder)
        return Library.open(self.folder, self.embedders, examiner=self.examiner)

    def _bring(self, roots: Sequence[Path], jobs: int, progress: Progress | None) -> Report:
        report = {"added": 0, "changed": 0, "gone": 0, "kept": 0, "segments": 0}
        refused: list[str] = []
        known = {row.place: row for row in self.index.catalogue.files()}
        others: set[str] = set()
        found = {row.place: row for root in roots for row in files_under(root, self.folder, others.add)}
        for place, row in known.items():
            if place not in found and any(under(path_of(place), root) for root in roots):
                report["gone"] += 1
                self._forget(row)
        todo = [row for row in found.values() if self._changed(known.get(row.place), row)]
        report["kept"] = len(found) - len(todo)
        for done, (row, segments) in enumerate(self._examined(todo, jobs), start=1):
            before = known.get(row.place)
            if before is not None and before.file != row.file:
                self._forget(before)
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

    def _forget(self, row: FileRow) -> None:
        """A path goes; its segments go with the last path that has this content."""
        catalogue = self.index.catalogue
        catalogue.forget(row.place)
        others = catalogue.rows_of(row.file, limit=1) if row.file else []
        segments = catalogue.of_file(row.file) if row.file else []
        if not others:
            self.index.delete([segment.id for segment in segments])
        elif any(segment.place == row.place for segment in segments):
            catalogue.put([segment.model_copy(update={"place": others[0].place}) for segment in segments])

    def _origin(self, path: Path) -> Origin:
        """What was said of the nearest place that was added."""
        fitting = [source for source in self.manifest.sources if under(path, path_of(source.place))]
        return max(fitting, key=lambda source: len(source.place)).origin if fitting else Origin()

    def _remember(self, sources: Sequence[Source]) -> None:
        rows = {source.place: source for source in (*self.manifest.sources, *sources)}
        self._save(self.manifest.model_copy(update={"sources": tuple(rows.values())}))

    def _save(self, manifest: Manifest) -> None:
        self.manifest = manifest
        write_whole(self.folder / MANIFEST, manifest.model_dump_json(indent=1))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with alone(self.folder):
            yield


def _lost(rows: Sequence[FileRow]) -> bool:
    return not any(os.path.isfile(path_of(row.place)) for row in rows)


def _with_caption(segment: Segment, before: Segment | None) -> Segment:
    """What a model said of the same content stays when the file is looked at anew: it may have been paid for."""
    if before is None or segment.captioner:
        return segment
    return segment.model_copy(update={"caption": before.caption, "captioner": before.captioner})
