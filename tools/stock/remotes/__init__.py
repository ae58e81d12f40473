"""Remote libraries: other people's footage by search, one protocol for all of them.

Knows nothing about indexes: what is found is fetched into a library, and found there like anything else.
"""

import hashlib
import json
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from pydantic import Field

from ...errors import ToolBusy, ToolFailed
from ...media import Frozen
from ...web import Web
from .. import StockKind

FRESH = 24 * 3600.0
"""Seconds for which the same search is not asked again: Pixabay demands it, the others are glad of it."""


class Item(Frozen):
    """Something a remote library offers."""

    url: str
    """Where the file is fetched."""
    page: str
    """What a credit links to."""
    name: str
    """A file name with its ending."""
    kind: StockKind
    title: str = ""
    author: str = ""
    licence: str = "unknown"
    width: int = Field(default=0, ge=0)
    height: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)


class Remote(Protocol):
    """A library elsewhere."""

    name: str

    def ready(self) -> str:
        """What it is reached with, such as "a key is set"; it is not asked.

        Raises:
            ToolMissing: it cannot be asked without a key or an address; the hint says where that is set.
        """
        ...

    def search(self, text: str, kind: StockKind, count: int) -> list[Item]:
        """The best `count` of a kind; ToolBusy where a limit is reached, ToolFailed where the answer is strange."""
        ...


class Pace:
    """So many requests in so many seconds, by a window that slides; who comes too early is told when to come back."""

    def __init__(self, requests: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = requests, seconds, clock
        self._past: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, who: str) -> None:
        """One request more, or ToolBusy."""
        with self._lock:
            now = self._clock()
            while self._past and self._past[0] <= now - self._seconds:
                self._past.popleft()
            if len(self._past) >= self._most:
                wait = self._past[0] + self._seconds - now
                raise ToolBusy(
                    f"{who} allows {self._most} requests in {self._seconds:g} seconds.", f"Try again in {wait:.0f} s."
                )
            self._past.append(now)


class Reader:
    """Asks a remote library: at its pace, through the one door, each question once a day."""

    def __init__(self, name: str, pace: Pace, web: Web | None = None, cache: Path | None = None) -> None:
        self._name, self._pace, self._web, self._cache = name, pace, web or Web(), cache

    def bytes(self, url: str, headers: Mapping[str, str] = MappingProxyType({}), key: str = "") -> bytes:
        """The answer; `key` names the question where the URL holds what changes, such as a signature."""
        place = self._cache / f"{hashlib.sha256((key or url).encode()).hexdigest()}" if self._cache else None
        if place and place.is_file() and time.time() - place.stat().st_mtime < FRESH:
            return place.read_bytes()
        self._pace.take(self._name)
        body = self._web.read(url, headers=headers).body
        if place:
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary = place.with_name(f".{place.name}.{uuid.uuid4().hex}")
            temporary.write_bytes(body)
            os.replace(temporary, place)
        return body

    def json(self, url: str, headers: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
        """The answer as an object."""
        body = self.bytes(url, headers)
        try:
            found = json.loads(body)
        except ValueError as error:
            raise self.strange(error) from error
        if not isinstance(found, dict):
            raise self.strange("a list where an object was awaited")
        return found

    def strange(self, why: object) -> ToolFailed:
        """An answer that is not what the documentation says."""
        return ToolFailed(f"{self._name} answers with something else: {why!r}.", "Try another library.")


def ending(url: str, fallback: str) -> str:
    """The file ending of a URL, else the fallback."""
    tail = Path(url.partition("?")[0]).suffix.lower()
    return tail if 2 <= len(tail) <= 5 else fallback
