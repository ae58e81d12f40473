"""Pexels: photos and clips under its own licence, with a key. api.pexels.com/v1: 200 requests an hour.

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

_HOURLY = 200
_WIDEST = 1920
"""Pixels across of the clip that is taken, where there are several."""


class Pexels:
    """A Remote."""

    name = "pexels"

    def __init__(self, options: Mapping[str, str], web: Web | None = None, cache: Path | None = None) -> None:
        """`key` is an API key; `url` another address, for tests."""
        self._key = options.get("key", "")
        self._url = options.get("url", "https://api.pexels.com").rstrip("/")
        self._reader = Reader("Pexels", Pace(_HOURLY, 3600), web, cache)

    def ready(self) -> str:
        """Its key is asked for; whether it is good, only Pexels knows."""
        if not self._key:
            raise ToolMissing("Pexels needs a key.", 'Set tools."stock.pexels".key in reelwright.toml.')
        return "a key is set"

    def search(self, text: str, kind: StockKind, count: int) -> list[Item]:
        """Photos or clips."""
        self.ready()
        if kind not in {"image", "video"}:
            return []
        place = "v1/search" if kind == "image" else "v1/videos/search"
        query = urlencode({"query": text, "per_page": min(count, 80)})
        found = self._reader.json(f"{self._url}/{place}?{query}", {"Authorization": self._key})
        try:
            if kind == "image":
                return [_photo(row) for row in found["photos"]][:count]
            return [_clip(row) for row in found["videos"] if row["video_files"]][:count]
        except (KeyError, TypeError) as error:
            raise self._reader.strange(error) from error


def _photo(row: dict[str, Any]) -> Item:
    return Item(
        url=row["src"]["original"],
        page=row["url"],
        name=f"pexels-{row['id']}{ending(row['src']['original'], '.jpg')}",
        kind="image",
        title=row.get("alt") or "",
        author=row["photographer"],
        licence="Pexels",
        width=row["width"],
        height=row["height"],
    )


def _clip(row: dict[str, Any]) -> Item:
    files = sorted(row["video_files"], key=lambda file: (abs((file.get("width") or 0) - _WIDEST), file["link"]))
    # A clip has no title; its page's address has one.
    words = row["url"].rstrip("/").rpartition("/")[2].rpartition("-")[0].replace("-", " ")
    return Item(
        url=files[0]["link"],
        page=row["url"],
        name=f"pexels-{row['id']}{ending(files[0]['link'], '.mp4')}",
        kind="video",
        title=words,
        author=row["user"]["name"],
        licence="Pexels",
        width=files[0].get("width") or row["width"],
        height=files[0].get("height") or row["height"],
        seconds=row["duration"],
    )
