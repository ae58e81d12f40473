"""What this machine can do: each provider, the ffmpeg, the disk; with the command that would change it."""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import get_args

from ..tools.errors import ToolMissing
from ..tools.media import Frozen
from ..tools.mind.opening import open_model
from ..tools.registry import ASK, CAPABILITIES, CODE, LISTEN, VISION, Registry
from .errors import ReelwrightError
from .mind import Role
from .settings import Settings, chain_of, load_settings, options_of

OPTIONAL = (LISTEN, CODE, ASK, VISION)
"""Capabilities that a film can be made without."""


class Finding(Frozen):
    """One thing that was looked at. Something `optional` that is missing does no harm."""

    name: str
    found: str
    good: bool
    optional: bool = False
    hint: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything a film needs."""
    import imageio_ffmpeg

    settings = load_settings()
    yield Finding(name="python", found=sys.version.split()[0], good=sys.version_info >= (3, 11))
    yield Finding(name="ffmpeg", found=imageio_ffmpeg.get_ffmpeg_version(), good=True)
    yield Finding(name="processors", found=str(os.cpu_count()), good=True)
    yield from _disk(settings.cache.parent if settings.cache else None)
    registry = Registry.installed(settings.tools, settings.order)
    yield from _minds(settings)
    for capability in CAPABILITIES:
        for place, tool in enumerate(registry.providers(capability)):
            optional = place > 0 or capability in OPTIONAL
            try:
                tool.ready()
                yield Finding(name=tool.name, found=f"version {tool.version}", good=True, optional=optional)
            except ToolMissing as error:
                yield Finding(name=tool.name, found=error.message, good=False, optional=optional, hint=error.hint)


def _minds(settings: Settings) -> Iterator[Finding]:
    """Which models think in which role, whether their packages are here and their keys are set; none is asked."""
    for role in get_args(Role):
        for name in chain_of(settings, role):
            try:
                open_model(name, options_of(settings, name))
                yield Finding(name=role, found=name, good=True, optional=True)
            except ReelwrightError as error:
                yield Finding(name=role, found=error.message, good=False, optional=True, hint=error.hint)


def _disk(folder: os.PathLike[str] | None) -> Iterator[Finding]:
    place = os.fspath(folder) if folder and os.path.isdir(folder) else "."
    free = shutil.disk_usage(place).free / 1024**3
    yield Finding(
        name="disk", found=f"{free:.1f} GB free", good=free > 2, hint="a film needs about 1 GB while it is made"
    )
