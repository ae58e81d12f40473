"""Footage from remote libraries for the shots that nothing here shows: asked for, fetched, brought into the project.

Knows queries, licences and what was offered; knows nothing about which footage shows which shot in the end. What was
fetched lies on the project's shelf and in the user's cache under its content's hash: a film made again asks nobody.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from ..tools.errors import Refused, ToolError
from ..tools.media import Asset
from ..tools.stock import Embedder, StockKind, allows
from ..tools.stock.remotes import Item, Remote
from .events import Working
from .footage import candidates, clip_of, open_library, queries_of
from .illustrate import illustrator
from .model import Brief, Pick, Shot
from .remotes import described, file_name, remote
from .studio import Studio

KINDS: tuple[StockKind, ...] = ("video", "image")
"""What is asked for: a clip moves, a picture is better than nothing."""
OFFERS = 8
"""Items of a kind that a remote library is asked for."""
FETCHED = 3
"""Files that are fetched for a shot: the likeliest by their titles, so that there is a second choice."""
LARGEST = 300_000_000
"""Bytes of one file."""
ALIKE = 0.2
"""Cosine of a title and a sentence below which the file is not worth fetching."""


@dataclass
class Procurer:
    """Asks remote libraries for one film; a library that failed once is not asked again."""

    studio: Studio
    brief: Brief
    remotes: list[Remote]
    reader: Embedder | None
    _fetched: set[str] = field(default_factory=set)

    def procure(self, shots: Sequence[Shot], words: Mapping[str, str]) -> dict[str, list[Pick]]:
        """Candidates by shot id of what the remote libraries gave, measured like any other footage."""
        for at, shot in enumerate(shots):
            if self.studio.stopped:
                break
            if queries := queries_of(shot, words):
                self._for_shot(shot, queries)
            self.studio.log.emit(Working(stage="direct", target=shot.id, part=(at + 1) / len(shots)))
        if not (self._folder / "files").is_dir():
            return {}
        settings, weights = self.studio.settings, self.studio.door.weights
        try:
            library = open_library(self._folder / "index", weights, clip=clip_of(settings))
            with library:
                report = library.add([str(self._folder / "files")], jobs=settings.jobs)
                for line in report.refused:
                    self.studio.warn("footage", f"What was fetched cannot be used: {line}")
                return candidates(library, self.brief, shots, words)
        except (Refused, ToolError) as error:
            self.studio.warn("footage", f"What was fetched cannot be searched: {error}", degraded=True)
            return {}

    @property
    def _folder(self) -> Path:
        return self.studio.folder / "footage"

    def _for_shot(self, shot: Shot, queries: Sequence[str]) -> None:
        """The whole sentence is no search: the shot's queries are asked, until one brings something."""
        sentence, *searches = queries
        for query in searches or [sentence]:
            best = self._likeliest(sentence, self._offers(query, shot))[:FETCHED]
            if [item for item in best if self._fetch(item)]:
                return

    def _offers(self, query: str, shot: Shot) -> list[Item]:
        found: list[Item] = []
        for kind in KINDS:
            for one in tuple(self.remotes):
                try:
                    found += [item for item in one.search(query, kind, OFFERS) if self._allowed(item, shot)]
                except (Refused, ToolError) as error:
                    self.remotes.remove(one)
                    self.studio.warn("footage", f"{one.name} gives nothing: {error}", degraded=True)
            if len(found) >= FETCHED:
                break
        return list({item.url: item for item in found}.values())

    def _allowed(self, item: Item, shot: Shot) -> bool:
        """By the Brief and the policy, before a byte is fetched; a clip is stretched to twice its length at most."""
        policy = self.studio.door.policy.licence
        if not item.url or (self.brief.licences and not allows(self.brief.licences, item.licence)):
            return False
        if item.licence in policy.refused or (item.licence == "unknown" and policy.unknown == "refuse"):
            return False
        return item.kind != "video" or not item.seconds or 2 * item.seconds >= shot.frames / self.brief.rate

    def _likeliest(self, sentence: str, offers: Sequence[Item]) -> list[Item]:
        """By what their titles mean; in the order of their libraries where nobody here reads."""
        if self.reader is None or not offers:
            return list(offers)
        rows = self.reader.embed([sentence, *(item.title or item.name for item in offers)])
        near = [float(row @ rows[0]) for row in rows[1:]]
        order = sorted(range(len(offers)), key=lambda at: (-near[at], at))
        return [offers[at] for at in order if near[at] >= ALIKE]

    def _fetch(self, item: Item) -> bool:
        """The file with what is known of it, among those that are searched."""
        if item.url in self._fetched:
            return True
        try:
            asset = fetched(self.studio, item)
        except (Refused, ToolError) as error:
            self.studio.warn("footage", f"{item.page} was not fetched: {error}")
            return False
        target = self._folder / "files" / file_name(item)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        _link(self.studio.door.assets.path(asset.id), target)
        target.with_name(f"{target.name}.txt").write_text(described(item), "utf-8")
        self._fetched.add(item.url)
        return True


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError:  # another file system, or one that has no links
        shutil.copyfile(file, target)


def fetched(studio: Studio, item: Item) -> Asset:
    """An item's file on the project's shelf, fetched through the one door unless it was before.

    Raises:
        Refused: it is too large, or leads to no public address.
        ToolError: the other side does not give it.
    """
    cache = studio.door.cache
    key = hashlib.sha256(json.dumps(["footage", item.url]).encode()).hexdigest()
    for text in cache.rows(key):
        try:
            known = Asset.model_validate_json(text)
        except ValidationError:
            continue
        if cache.fetch([known]):
            return known
    studio.door.scratch.mkdir(parents=True, exist_ok=True)
    path = studio.door.scratch / uuid.uuid4().hex
    studio.web.save(item.url, path, LARGEST)
    ending = Path(file_name(item)).suffix.lstrip(".").lower()[:8] or "bin"
    by = f" by {item.author}" if item.author else ""
    asset = studio.door.assets.add(
        path,
        lambda digest: Asset(
            id=digest,
            kind="video" if item.kind == "video" else "image",
            format=ending,
            licence=item.licence,
            origin=f"{item.name}{by} ({item.page})",
        ),
    )
    cache.keep(key, asset.model_dump_json(), [asset])
    return asset


def procurer(studio: Studio, brief: Brief) -> Procurer | None:
    """Who asks the remote libraries that the settings name; None where they name none.

    Raises:
        BriefError: a name is none of a remote library.
    """
    settings = studio.settings
    if not settings.remotes:
        return None
    cache = settings.cache / "remotes" if settings.cache else None
    found = [remote(name, settings.tools, cache, studio.web) for name in dict.fromkeys(settings.remotes)]
    return Procurer(studio, brief, found, illustrator(studio))
