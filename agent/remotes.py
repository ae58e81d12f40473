"""Footage from remote libraries comes into the user's own: searched, fetched with its licence, indexed.

Knows nothing about which shot it will show.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..memory.intake import Report
from ..memory.library import Library
from ..memory.manifest import DOWNLOADS
from ..tools.errors import Refused, ToolError
from ..tools.stock import StockKind, allows
from ..tools.stock.remotes import Item, Remote
from ..tools.stock.remotes.archive import Archive
from ..tools.stock.remotes.commons import Commons
from ..tools.stock.remotes.openverse import Openverse
from ..tools.stock.remotes.pexels import Pexels
from ..tools.stock.remotes.pixabay import Pixabay
from ..tools.stock.remotes.s3 import S3
from ..tools.web import Web
from .errors import BriefError

REMOTES = {kind.name: kind for kind in (Pexels, Pixabay, Openverse, Commons, Archive, S3)}
LARGEST = 1_000_000_000
"""Bytes of one file."""


def remote(
    name: str, options: Mapping[str, Mapping[str, str]], cache: Path | None = None, web: Web | None = None
) -> Remote:
    """A remote library by name, with the settings' options for it (`stock.pexels` and so on)."""
    if name not in REMOTES:
        raise BriefError(f"{name!r} is no remote library.", f"Use {', '.join(REMOTES)}.")
    return REMOTES[name](options.get(f"stock.{name}", {}), web, cache)


def fetch(
    library: Library,
    remotes: Sequence[Remote],
    text: str,
    kinds: Sequence[StockKind],
    count: int,
    licences: Sequence[str] = (),
    *,
    web: Web | None = None,
    warn: Callable[[str], None] = lambda message: None,
) -> Report:
    """Bring the best of each remote into the library; one that fails does not keep the others away."""
    door, folder = web or Web(), library.folder / DOWNLOADS
    folder.mkdir(parents=True, exist_ok=True)
    brought: list[str] = []
    for one in remotes:
        for kind in kinds:
            try:
                found = [
                    item for item in one.search(text, kind, count) if not licences or allows(licences, item.licence)
                ]
            except (ToolError, Refused) as error:
                warn(f"{one.name} gave nothing: {error}")
                continue
            for item in found:
                try:
                    brought.append(str(_land(item, folder, door)))
                except (ToolError, Refused) as error:
                    warn(f"{item.page} was not fetched: {error}")
    return library.add(brought)


def _land(item: Item, folder: Path, door: Web) -> Path:
    """The file, and beside it what is known of it; what is there is not fetched again."""
    target = folder / file_name(item)
    if not target.exists():
        door.save(item.url, target, LARGEST)
    target.with_name(f"{target.name}.txt").write_text(described(item), "utf-8")
    return target


def file_name(item: Item) -> str:
    """What an item's file is called here: its title, which it is found by, and a number; it stays in its folder.

    >>> file_name(Item(url="https://a.org/1.jpg", page="", name="a-1.jpg", kind="image", title="Waves / rocks. sea"))
    'waves-rocks-sea-2019659810.jpg'
    """
    words = re.sub(r"[\W_]+", "-", item.title.lower()).strip("-")[:60].strip("-") or "footage"
    ending = "".join(mark for mark in Path(item.name).suffix.lower() if mark.isalnum() or mark == ".")
    return f"{words}-{int(hashlib.sha256(item.url.encode()).hexdigest()[:8], 16)}{ending[:6]}"


def described(item: Item) -> str:
    """What is known of an item, as the side-car text that is read when it is indexed."""
    lines = [item.title, f"licence: {item.licence}", f"author: {item.author}", f"source: {item.page}"]
    return "\n".join(" ".join(line.split()) for line in lines if line.strip()) + "\n"
