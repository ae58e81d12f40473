"""Openverse: openly licensed pictures and sounds of many collections. api.openverse.org/v1: 20 requests a minute.

Knows nothing about what happens to what it finds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ...web import Web
from .. import StockKind
from . import Item, Pace, Reader, ending

_NAMES = {"cc0": "CC0", "pdm": "CC-PDM"}


class Openverse:
    """A Remote."""

    name = "openverse"

    def __init__(self, options: Mapping[str, str], web: Web | None = None, cache: Path | None = None) -> None:
        """`token` raises its limits; `url` is another address, for tests."""
        self._url = options.get("url", "https://api.openverse.org").rstrip("/")
        token = options.get("token", "")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._reader = Reader("Openverse", Pace(100 if token else 20, 60), web, cache)

    def ready(self) -> str:
        """It needs nothing."""
        return "a token is set" if self._headers else "no token, which allows a fifth of the requests"

    def search(self, text: str, kind: StockKind, count: int) -> list[Item]:
        """Pictures or sounds; it has no clips."""
        if kind not in {"image", "audio"}:
            return []
        query = urlencode({"q": text[:200], "page_size": min(count, 20), "mature": "false"})
        place = "images" if kind == "image" else "audio"
        found = self._reader.json(f"{self._url}/v1/{place}/?{query}", self._headers)
        try:
            return [_item(row, kind) for row in found["results"]][:count]
        except (KeyError, TypeError) as error:
            raise self._reader.strange(error) from error


def _item(row: dict[str, Any], kind: StockKind) -> Item:
    tags = ", ".join(tag["name"] for tag in row.get("tags") or () if tag.get("name"))
    return Item(
        url=row["url"],
        page=row["foreign_landing_url"],
        name=f"openverse-{row['id']}{ending(row['url'], '.jpg' if kind == 'image' else '.mp3')}",
        kind=kind,
        title=". ".join(part for part in (row.get("title") or "", tags) if part),
        author=row.get("creator") or "",
        licence=_licence(row["license"], row.get("license_version") or ""),
        width=row.get("width") or 0,
        height=row.get("height") or 0,
        seconds=(row.get("duration") or 0) / 1000,
    )


def _licence(code: str, version: str) -> str:
    return f"{_NAMES.get(code, f'CC-{code.upper()}')}{f'-{version}' if version else ''}"
