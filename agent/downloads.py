"""A URL that is added to a library becomes a file in it, through the one door, once.

Knows nothing about what the file holds.
"""

import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..memory.manifest import DOWNLOADS
from ..tools.stock.examine import KINDS
from ..tools.web import Web, check
from .errors import BriefError

LARGEST = 4_000_000_000
"""Bytes of one file."""


def landed(url: str, folder: Path, web: Web | None = None) -> str:
    """The file of a URL, under `downloads` in the library's folder; what is there is not fetched again."""
    name = Path(unquote(check(url).path)).name
    ending = Path(name).suffix.lower()
    if ending not in KINDS:
        raise BriefError(f"{url} does not name a media file.", f"It must end in one of {', '.join(sorted(KINDS))}.")
    stem = "".join(mark if mark.isalnum() or mark in "-_" else "-" for mark in Path(name).stem)[:80] or "file"
    target = folder / DOWNLOADS / f"{stem}-{hashlib.sha256(url.encode()).hexdigest()[:10]}{ending}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        (web or Web()).save(url, target, LARGEST, seconds=3600)
    side = target.with_name(target.name + ".txt")
    if not side.exists():
        side.write_text(f"{' '.join(stem.replace('-', ' ').split())}\nsource: {urlsplit(url).geturl()}\n", "utf-8")
    return str(target)
