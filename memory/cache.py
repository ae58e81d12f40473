"""Results by key: in the project first, then in the user's cache, by hard links.

Knows nothing about what a result means: it is JSON that names assets.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from ..tools.media import Asset
from .assets import AssetStore
from .project import write_whole


class ResultCache:
    """JSON texts by key, each good only while every asset it names is there with the right bytes."""

    def __init__(self, assets: AssetStore, shared: Path | None, limit: int = 20 * 1024**3) -> None:
        """`shared` is the user's cache folder (None for none), kept under `limit` bytes."""
        self.assets = assets
        self._own = assets.root / "results"
        self._notes = assets.root / "notes"
        self._shared = AssetStore(shared / "assets") if shared else None
        self._rows = shared / "results" if shared else None
        self._limit = limit

    def rows(self, key: str) -> Iterable[str]:
        """Candidate texts for the key, the project's own first."""
        for root in (self._own, self._rows):
            if root is None:
                continue
            try:
                yield (root / key[:2] / f"{key}.json").read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                continue

    def fetch(self, assets: Iterable[Asset]) -> bool:
        """Make sure that all assets are in the project, whole; damaged ones are dropped."""
        return all([self._have(asset) for asset in assets])

    def keep(self, key: str, text: str, assets: Iterable[Asset]) -> None:
        """Remember a result here and, where there is one, in the user's cache; what was noted about it has served."""
        write_whole(self._own / key[:2] / f"{key}.json", text)
        self.note(key, "")
        if self._shared is None or self._rows is None:
            return
        for asset in assets:
            self._shared.take(self.assets.path(asset.id), asset)
        write_whole(self._rows / key[:2] / f"{key}.json", text)

    def noted(self, key: str) -> str:
        """What was written down about a request that has no result yet."""
        try:
            return (self._notes / key).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def note(self, key: str, text: str) -> None:
        """Write it down, in the project alone, so that it outlives a kill; empty forgets it."""
        if text:
            write_whole(self._notes / key, text)
        else:
            (self._notes / key).unlink(missing_ok=True)

    def prune(self) -> None:
        """Drop the user's least recently used files until the cache fits its limit."""
        if self._shared is None or not self._shared.root.is_dir():
            return
        files = [(path.stat(), path) for path in self._shared.root.rglob("*") if path.is_file()]
        excess = sum(stat.st_size for stat, _ in files) - self._limit
        for stat, path in sorted(files, key=lambda row: row[0].st_atime):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= stat.st_size

    def _have(self, asset: Asset) -> bool:
        if self.assets.sound(asset.id):
            return True
        self.assets.drop(asset.id)
        if self._shared is None or not self._shared.sound(asset.id):
            return False
        path = self._shared.path(asset.id)
        os.utime(path, (time.time(), path.stat().st_mtime))
        self.assets.take(path, asset)
        return True
