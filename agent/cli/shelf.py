"""What the commands of `index` share: the library that is meant, a bar of progress, and what a run changed.

Knows nothing about searching.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...memory.intake import Progress, Report
    from ...memory.library import Library

_TOLD = 20
"""Files that are named."""


def place_of(folder: Path | None) -> Path:
    """The library that was named, the settings' own, or the one in the user's folder."""
    from platformdirs import user_data_path

    from ..settings import load_settings

    return (folder or load_settings().library or user_data_path("reelwright") / "library").expanduser().absolute()


@contextmanager
def opened(folder: Path | None, home: str = "", new: bool = True, hear: bool = False) -> "Iterator[Library]":
    """A library with the models that are here; one that must be there is missed in words."""
    from ...memory.manifest import read_manifest
    from ..errors import ProjectError
    from ..footage import clip_of, open_library
    from ..settings import load_settings
    from .models import installed_models

    place = place_of(folder)
    if not new and read_manifest(place) is None:
        raise ProjectError(f"There is no library in {place}.", "Make one: reelwright index add PATH.")
    weights = installed_models()
    library = open_library(place, weights, home, clip_of(load_settings()))
    if hear:
        from ..listener import listener

        library.examiner.listener = listener(weights)
    with library:
        yield library


@contextmanager
def bar(task: str) -> "Iterator[Progress]":
    """Progress on a terminal, nothing elsewhere."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, disable=not sys.stderr.isatty()) as bars:
        bar = bars.add_task(task, total=None)

        def progress(done: int, total: int, _: str) -> None:
            bars.update(bar, completed=done, total=total)

        yield progress


def tell(report: "Report") -> None:
    """What a run changed, and files that could not be used with the reason: the first of many."""
    for line in report.refused[:_TOLD]:
        print(f"not used: {line}", file=sys.stderr)
    if len(report.refused) > _TOLD:
        more = len(report.refused) - _TOLD
        print(f"not used: {more:,} more; see them all: reelwright index list", file=sys.stderr)
    others = f", {report.others:,} others are no footage" if report.others else ""
    print(
        f"{report.added:,} files added, {report.changed:,} changed, {report.kept:,} as they were, "
        f"{report.gone:,} gone; {report.segments:,} segments; {len(report.refused):,} not used" + others
    )


def caption(library: "Library", wanted: bool | None, money: float | None) -> None:
    """Captions for what has none, by the model that sees; what it costs and cannot do is said, and nothing is lost.

    Args:
        wanted: None asks only a model that is set to look at pictures: one that writes may well be blind.
    """
    from ...memory.captions import describe
    from ..captions import open_captioner
    from ..errors import BriefError
    from ..settings import load_settings

    if wanted is False:
        return
    settings = load_settings()
    if wanted is None:
        settings = settings.model_copy(update={"model": ""})
    if money is not None:
        settings = settings.model_copy(update={"budget": settings.budget.model_copy(update={"money": money})})
    with open_captioner(settings) as captioner:
        if captioner is None:
            if wanted:
                raise BriefError(
                    "Nobody here can see pictures.",
                    'Name a model: critic = "openai:…" under [minds] in reelwright.toml.',
                )
            return
        with bar("captions") as progress:
            said = describe(library, captioner, progress=progress)
    silent = f", {said.silent} without one" if said.silent else ""
    print(f"{said.captioned} captions by {captioner.name}{silent}; {said.left} left")
    if said.problem:
        print(f"not captioned: {said.problem} Run it again: it goes on from here.", file=sys.stderr)


def must(found: bool, name: str) -> None:
    """BriefError where the library knows nothing of that name."""
    from ..errors import BriefError

    if not found:
        raise BriefError(f"The library knows no {name}.", "See what is there: reelwright index list.")
