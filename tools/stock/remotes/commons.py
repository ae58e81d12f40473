"""Wikimedia Commons: free pictures, sounds and clips by its MediaWiki API; one request at a time, no key.

Knows nothing about what happens to what it finds.
"""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ...web import Web
from .. import StockKind
from . import Item, Pace, Reader, ending

_TYPES: dict[StockKind, str] = {"image": "bitmap", "vector": "drawing", "video": "video", "audio": "audio"}


class Commons:
    """A Remote."""

    name = "commons"

    def __init__(self, options: Mapping[str, str], web: Web | None = None, cache: Path | None = None) -> None:
        """`url` is another wiki's, or for tests."""
        self._url = options.get("url", "https://commons.wikimedia.org").rstrip("/")
        self._reader = Reader("Wikimedia Commons", Pace(60, 60), web, cache)

    def ready(self) -> str:
        """It needs nothing."""
        return "needs no key"

    def search(self, text: str, kind: StockKind, count: int) -> list[Item]:
        """Files of a kind; pictures at 2560 pixels across, which is what a film can show."""
        plain = re.sub(r"[^\w\s'-]", " ", text)  # the search has operators of its own
        asked = {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "generator": "search",
            "gsrnamespace": "6",
            "gsrsearch": f"filetype:{_TYPES[kind]} {plain}",
            "gsrlimit": str(min(count, 50)),
            "prop": "imageinfo",
            "iiprop": "url|size|mime|extmetadata",
            "iiurlwidth": "2560",
            "iiextmetadatafilter": "LicenseShortName|Artist|ImageDescription|ObjectName",
        }
        found = self._reader.json(f"{self._url}/w/api.php?{urlencode(asked)}")
        try:
            pages = found.get("query", {}).get("pages", [])
            rows = sorted(pages, key=lambda page: page.get("index", 0))
            return [_item(page, page["imageinfo"][0], kind) for page in rows if page.get("imageinfo")][:count]
        except (KeyError, TypeError, AttributeError) as error:
            raise self._reader.strange(error) from error


def _item(page: dict[str, Any], info: dict[str, Any], kind: StockKind) -> Item:
    told = {name: _plain(row["value"]) for name, row in info.get("extmetadata", {}).items()}
    url = info["url"]
    if kind == "image" and info.get("width", 0) > info.get("thumbwidth", 0) > 0:
        url = info["thumburl"]
    stem = page["title"].partition(":")[2].rpartition(".")[0]
    return Item(
        url=url,
        page=info["descriptionurl"],
        name=f"commons-{page['pageid']}{ending(url, '.jpg')}",
        kind=kind,
        title=". ".join(part for part in (stem, told.get("ImageDescription", "")[:500]) if part),
        author=told.get("Artist", "")[:200],
        licence=_spdx(told.get("LicenseShortName", "")),
        width=info.get("width", 0),
        height=info.get("height", 0),
        seconds=info.get("duration") or 0.0,
    )


def _plain(html: object) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", str(html))).split())


def _spdx(name: str) -> str:
    """CC BY-SA 4.0 as CC-BY-SA-4.0; other names as they are.

    >>> _spdx("CC BY-SA 4.0"), _spdx("CC0"), _spdx("Public domain")
    ('CC-BY-SA-4.0', 'CC0-1.0', 'CC-PDM-1.0')
    """
    if name in {"CC0", "Public domain"}:
        return "CC0-1.0" if name == "CC0" else "CC-PDM-1.0"
    return name.replace(" ", "-") if name.startswith("CC ") else name or "unknown"
