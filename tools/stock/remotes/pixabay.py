"""Pixabay: photos and clips under its own licence, with a key. pixabay.com/api: 100 requests a minute, cached a day.

Knows nothing about what happens to what it finds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ...errors import ToolMissing
from ...web import Web
from .. import StockKind
from . import Item, Pace, Reader, ending

_FEWEST, _MOST = 3, 200
"""What per_page may be."""


class Pixabay:
    """A Remote."""

    name = "pixabay"

    def __init__(self, options: Mapping[str, str], web: Web | None = None, cache: Path | None = None) -> None:
        """`key` is an API key; `url` another address, for tests."""
        self._key = options.get("key", "")
        self._url = options.get("url", "https://pixabay.com").rstrip("/")
        self._reader = Reader("Pixabay", Pace(100, 60), web, cache)

    def ready(self) -> str:
        """Its key is asked for; whether it is good, only Pixabay knows."""
        if not self._key:
            raise ToolMissing("Pixabay needs a key.", 'Set tools."stock.pixabay".key in reelwright.toml.')
        return "a key is set"

    def search(self, text: str, kind: StockKind, count: int) -> list[Item]:
        """Photos, drawings or clips."""
        self.ready()
        if kind == "audio":
            return []
        asked = {"key": self._key, "q": text[:100], "per_page": max(_FEWEST, min(count, _MOST)), "safesearch": "true"}
        if kind != "video":
            asked["image_type"] = "photo" if kind == "image" else "vector"
        found = self._reader.json(f"{self._url}/api/{'videos/' if kind == 'video' else ''}?{urlencode(asked)}")
        try:
            return [_clip(row) if kind == "video" else _photo(row) for row in found["hits"]][:count]
        except (KeyError, TypeError) as error:
            raise self._reader.strange(error) from error


def _photo(row: dict[str, Any]) -> Item:
    url = row["largeImageURL"]
    return Item(
        url=url,
        page=row["pageURL"],
        name=f"pixabay-{row['id']}{ending(url, '.jpg')}",
        kind="image",
        title=row["tags"],
        author=row["user"],
        licence="Pixabay",
        width=row["imageWidth"],
        height=row["imageHeight"],
    )


def _clip(row: dict[str, Any]) -> Item:
    best = next(row["videos"][size] for size in ("large", "medium", "small", "tiny") if row["videos"][size]["url"])
    return Item(
        url=best["url"],
        page=row["pageURL"],
        name=f"pixabay-{row['id']}{ending(best['url'], '.mp4')}",
        kind="video",
        title=row["tags"],
        author=row["user"],
        licence="Pixabay",
        width=best["width"],
        height=best["height"],
        seconds=row["duration"],
    )
