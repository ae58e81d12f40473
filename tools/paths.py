"""The one door to paths that come from outside: a name becomes a file under a root, or is refused.

Knows nothing about what the files are for.
"""

import re
from pathlib import Path

from .errors import Refused

_RESERVED = re.compile(r"^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff\\:*?"<>|]')
_LONGEST = 255


def inside(root: Path, name: str) -> Path:
    """The path of `name` under `root`, which need not exist yet.

    The rules are those of the strictest system, so that a project made here opens anywhere.

    Raises:
        Refused: the name leaves the root, by itself or by a symbolic link, or no file can be called that.
    """
    problem = _problem(name)
    if problem:
        raise _refusal(name, problem)
    base = root.resolve()
    try:
        place = (base / name).resolve()
    except (OSError, RuntimeError) as error:
        raise _refusal(name, "cannot be followed") from error
    # A circle of links is left as it stands by some Pythons and raised by others.
    if not place.is_relative_to(base) or any(part.is_symlink() for part in (place, *place.parents)):
        raise _refusal(name, "leads out of its folder by a symbolic link")
    return place


def _problem(name: str) -> str:
    """What is wrong with the name itself, or nothing."""
    if not name.strip():
        return "is empty"
    if _FORBIDDEN.search(name):
        return "holds a character that file names cannot have"
    if name.startswith(("/", "~")):
        return "is absolute"
    for part in name.split("/"):
        if part in {"", ".", ".."}:
            return "does not name one file under its folder"
        if part.startswith("-"):
            return "starts with a dash, which programs read as an option"
        if part.endswith((".", " ")) or _RESERVED.match(part):
            return "is a reserved name on Windows"
        if len(part.encode()) > _LONGEST:
            return "is too long"
    return ""


def _refusal(name: str, problem: str) -> Refused:
    return Refused(f"The path {name[:100]!r} {problem}.", "Use a plain name inside the folder.")
