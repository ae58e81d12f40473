"""The user's library: a folder that remembers footage, kept up to date with the files it was told of.

Knows nothing about films. What is committed survives a kill; a second process waits or is told.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..tools.errors import Refused
from ..tools.stock import Embedder, Entry, Filter, Hit, Segment, Stats
from ..tools.stock.catalogue import DamagedIndex
from ..tools.stock.examine import Examiner, Origin
from ..tools.stock.homes import open_index
from ..tools.stock.index import SegmentIndex
from ..tools.stock.meaning import Reader
from ..tools.stock.vectors import Vector, Vectors
from ..tools.stock.walk import path_of, written
from .intake import Intake, Progress, Report
from .manifest import MANIFEST, MOVING, Manifest, Source, alone, half_moved, read_manifest, ready, settle, under
from .project import write_whole


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
            return self._intake.bring(roots, jobs, progress)

    def refresh(self, *, jobs: int = 2, progress: Progress | None = None) -> Report:
        """Look again at everything that was ever added."""
        with self._alone():
            return self._intake.bring([path_of(source.place) for source in self.manifest.sources], jobs, progress)

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

    @property
    def _intake(self) -> Intake:
        return Intake(self.folder, self.index, self.examiner, self.manifest.sources, self.read)

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
                self._intake.forget(row)
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
            return self._intake.bring([path_of(source.place) for source in self.manifest.sources], jobs, progress)

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
