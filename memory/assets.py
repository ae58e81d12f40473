"""The shelf: media files under the sha256 of their content.

Knows nothing about projects or what an asset is for.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from ..tools.errors import ToolFailed
from ..tools.media import Asset


class AssetStore:
    """Files at `root/ab/cdef…`, each named by its hash. Safe for threads and for two processes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, asset_id: str) -> Path:
        """The asset's file; ToolFailed if it is not there."""
        place = self._place(asset_id)
        if not place.is_file():
            raise ToolFailed(
                f"The asset {asset_id[:12]} is not in the project.", "Run `reelwright resume` to remake it."
            )
        return place

    def add(self, path: Path, asset: Callable[[str], Asset]) -> Asset:
        """Move the file in under its sha256 and return `asset(sha256)`."""
        digest = digest_of(path)
        place = self._place(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(path, place)
        except OSError:
            copy_whole(path, place)
            path.unlink()
        return asset(digest)

    def take(self, path: Path, asset: Asset) -> None:
        """Bring in a file known to be `asset` by hard link, or by copy across file systems."""
        place = self._place(asset.id)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_file():
            return
        try:
            os.link(path, place)
        except OSError:
            copy_whole(path, place)

    def sound(self, asset_id: str) -> bool:
        """True where the file is there and its bytes still have the hash it is named by."""
        place = self._place(asset_id)
        return place.is_file() and digest_of(place) == asset_id

    def drop(self, asset_id: str) -> None:
        """Forget a damaged file."""
        self._place(asset_id).unlink(missing_ok=True)

    def _place(self, asset_id: str) -> Path:
        return self.root / asset_id[:2] / asset_id[2:]


def digest_of(path: Path) -> str:
    """The sha256 of a file's content, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_whole(source: Path, target: Path) -> None:
    """A copy that appears under `target` whole, by rename: a kill in the middle leaves no half file."""
    import shutil
    import uuid

    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
