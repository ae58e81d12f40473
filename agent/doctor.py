"""What this machine can do: each provider, the ffmpeg, the disk; with the command that would change it."""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import get_args

from ..tools.errors import ReelwrightError
from ..tools.media import Frozen
from ..tools.mind.opening import open_model
from ..tools.registry import ASK, CAPABILITIES, CODE, GENERATE, LISTEN, VISION, VOICEOVER, Registry
from ..tools.video.hosted.provider import Hosted
from .mind import Role
from .settings import Settings, chain_of, load_settings, options_of

OPTIONAL = (LISTEN, CODE, ASK, VISION, VOICEOVER, GENERATE)
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
    yield from _library(settings)
    yield from _remotes(settings)
    registry = Registry.installed(settings.tools, settings.order)
    yield from _minds(settings)
    for capability in CAPABILITIES:
        for place, tool in enumerate(registry.providers(capability)):
            optional = place > 0 or capability in OPTIONAL
            try:
                tool.ready()
                found = tool.about() if isinstance(tool, Hosted) else f"version {tool.version}"
                yield Finding(name=tool.name, found=found, good=True, optional=optional)
            except ReelwrightError as error:  # what is refused or broken is told about like what is not here
                yield Finding(name=tool.name, found=error.message, good=False, optional=optional, hint=error.hint)
    yield from _families()


def _families() -> Iterator[Finding]:
    """The families of video models with the preset that each would begin with here, where torch is."""
    from importlib.util import find_spec

    from ..tools.video.diffusion.presets import listed, machine

    if find_spec("torch") is None:
        return
    here = machine()
    for name, found in listed(here):
        yield Finding(name=f"video model {name}", found=found, good=True, optional=True)


def _minds(settings: Settings) -> Iterator[Finding]:
    """Which models think in which role, whether their packages are here and their keys are set; none is asked."""
    for role in get_args(Role):
        for name in chain_of(settings, role):
            try:
                open_model(name, options_of(settings, name))
                yield Finding(name=role, found=name, good=True, optional=True)
            except ReelwrightError as error:
                yield Finding(name=role, found=error.message, good=False, optional=True, hint=error.hint)


def _library(settings: Settings) -> Iterator[Finding]:
    """Whether the library of footage still fits its home."""
    from ..memory.manifest import read_manifest
    from ..tools.stock.catalogue import Catalogue
    from ..tools.stock.homes import advice

    if settings.library is None:
        return
    manifest = read_manifest(settings.library)
    if manifest is None:
        hint = f"reelwright index add PATH --index {settings.library}"
        yield Finding(name="library", found=f"none in {settings.library}", good=False, optional=True, hint=hint)
        return
    try:
        catalogue = Catalogue(settings.library / "catalogue.sqlite")
        count = catalogue.count()
        catalogue.close()
    except ReelwrightError as error:
        yield Finding(name="library", found=error.message, good=False, optional=True, hint=error.hint)
        return
    found = f"{count:,} segments in {manifest.home}"
    hint = advice(count, manifest.home)
    yield Finding(name="library", found=found, good=not hint, optional=True, hint=hint)


def _remotes(settings: Settings) -> Iterator[Finding]:
    """Remote libraries that films ask, and whether what they need is set; none is asked."""
    from .remotes import remote

    for name in dict.fromkeys(settings.remotes):
        title = f"remote library {name}"
        try:
            found = remote(name, settings.tools).ready()
            yield Finding(name=title, found=found, good=True, optional=True)
        except ReelwrightError as error:
            yield Finding(name=title, found=error.message, good=False, optional=True, hint=error.hint)


def _disk(folder: os.PathLike[str] | None) -> Iterator[Finding]:
    place = os.fspath(folder) if folder and os.path.isdir(folder) else "."
    free = shutil.disk_usage(place).free / 1024**3
    yield Finding(
        name="disk", found=f"{free:.1f} GB free", good=free > 2, hint="a film needs about 1 GB while it is made"
    )
