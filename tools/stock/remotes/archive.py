"""The Internet Archive: clips, sounds and pictures by its search and metadata services; no key, a request a second.

Knows nothing about what happens to what it finds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from ...web import Web
from .. import StockKind
from ..notes import spdx
from . import Item, Pace, Reader

_KINDS: dict[StockKind, tuple[str, tuple[str, ...]]] = {
    "video": ("movies", (".mp4", ".webm", ".mkv", ".mov")),
    "audio": ("audio", (".mp3", ".flac", ".ogg", ".wav")),
    "image": ("image", (".jpg", ".jpeg", ".png", ".webp")),
}
_LARGEST = 1_000_000_000
"""Bytes of a file that is taken: an item may hold a whole film in ten sizes."""


class Archive:
    """A Remote."""

    name = "archive"

    def __init__(self, options: Mapping[str, str], web: Web | None = None, cache: Path | None = None) -> None:
        """`url` is another address, for tests."""
        self._url = options.get("url", "https://archive.org").rstrip("/")
        self._reader = Reader("The Internet Archive", Pace(60, 60), web, cache)

    def ready(self) -> str:
        """It needs nothing."""
        return "needs no key"

    def search(self, text: str, kind: StockKind, count: int) -> list[Item]:
        """Items that state a licence, and of each the file that suits a film."""
        if kind not in _KINDS:
            return []
        words = " ".join("".join(mark if mark.isalnum() else " " for mark in text).split())
        asked = [("q", f"({words}) AND mediatype:{_KINDS[kind][0]} AND licenseurl:*"), ("fl[]", "identifier")]
        asked += [("rows", str(count)), ("output", "json")]
        found = self._reader.json(f"{self._url}/advancedsearch.php?{urlencode(asked)}")
        try:
            names = [str(row["identifier"]) for row in found["response"]["docs"]]
            items = [self._item(name, kind) for name in names]
        except (KeyError, TypeError, ValueError) as error:
            raise self._reader.strange(error) from error
        return [item for item in items if item is not None][:count]

    def _item(self, name: str, kind: StockKind) -> Item | None:
        found = self._reader.json(f"{self._url}/metadata/{quote(name)}")
        about: dict[str, Any] = found.get("metadata", {})
        fitting = [
            file
            for file in found.get("files", [])
            if file["name"].lower().endswith(_KINDS[kind][1]) and 0 < int(file.get("size", 0)) <= _LARGEST
        ]
        if not fitting:
            return None
        best = max(fitting, key=lambda file: (int(file.get("height", 0) or 0), int(file["size"])))
        return Item(
            url=f"{self._url}/download/{quote(name)}/{quote(best['name'])}",
            page=f"{self._url}/details/{quote(name)}",
            name=f"archive-{name}{Path(best['name']).suffix.lower()}",
            kind=kind,
            title=". ".join(_one(about.get(field)) for field in ("title", "subject") if about.get(field)),
            author=_one(about.get("creator")),
            licence=spdx(_one(about.get("licenseurl"))) or _one(about.get("licenseurl")) or "unknown",
            width=int(best.get("width", 0) or 0),
            height=int(best.get("height", 0) or 0),
            seconds=float(best.get("length", 0) or 0) if kind != "image" else 0.0,
        )


def _one(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
