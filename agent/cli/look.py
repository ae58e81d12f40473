"""`show`, `tools` and `doctor`: what there is, and whether it works here."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ..model import Shot

SOURCES = {"own": "your file", "code": "a program", "stock": "footage", "generate": "a video model"}
"""What a picture is made from, where it is no layout of ours."""


def show(
    project: Annotated[Path, typer.Argument(help="A project folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="The record as JSON.")] = False,
) -> None:
    """Show a film's plan, takes and verdict.

    Example: reelwright show films/honey
    """
    from rich.console import Console
    from rich.table import Table

    from ..errors import ProjectError
    from ..record import load_record

    record = load_record(project)
    if as_json:
        print(record.model_dump_json(indent=1))
        return
    if record.plan is None:
        raise ProjectError(f"{project} has no plan yet.", f"Run `reelwright resume {project}`.")
    table = Table("shot", "seconds", "layout", "take", "on screen", title=record.plan.script.title)
    for shot in record.plan.shots:
        take = record.takes.get(shot.id)
        made = "-" if take is None else "failed" if take.failure else f"{take.tool} #{take.attempt + 1}"
        text = shot.card.headline or " · ".join(shot.card.items) or shot.card.body
        source = SOURCES.get(shot.source, shot.layout) + (" (draft)" if shot.draft else "")
        table.add_row(shot.id, f"{float(shot.frames / record.brief.rate):.1f}", source, made, text)
    console = Console()
    console.print(table)
    for shot in record.plan.shots:
        if shot.source != "motion" and shot.why:
            console.print(f"{shot.id}: {shot.why}", highlight=False, markup=False)
    _weighed(record.plan.shots, console)
    console.print(f"status: {record.status}", highlight=False)
    for reason in record.degraded:
        console.print(f"degraded: {reason}", highlight=False, markup=False)
    if record.film:
        console.print(f"film: {project / 'out' / 'film.mp4'}", highlight=False, soft_wrap=True)


def _weighed(shots: "Sequence[Shot]", console: "Console") -> None:
    """Query, score and runners-up of each shot that a library was asked for."""
    from rich.table import Table

    from ..storyboard import title_of

    table = Table("shot", "choice", "footage", "score", "found by", title="footage weighed")
    for shot in shots:
        for number, pick in enumerate(shot.candidates, start=1):
            shown = "shown" if pick.segment.id == shot.chosen else str(number)
            table.add_row(shot.id, shown, title_of(pick), f"{pick.score:.2f}", pick.query)
    if table.rows:
        console.print(table)


def tools() -> None:
    """List the providers of each capability, and whether they work on this machine.

    Example: reelwright tools
    """
    from rich.console import Console
    from rich.table import Table

    from ...tools.errors import ReelwrightError
    from ...tools.registry import CAPABILITIES, Registry
    from ..settings import load_settings

    settings = load_settings()
    registry = Registry.installed(settings.tools, settings.order)
    table = Table("capability", "provider", "version", "here")
    for capability in CAPABILITIES:
        for tool in registry.providers(capability):
            try:
                tool.ready()
                state = "ready"
            except ReelwrightError as error:
                state = str(error)
            table.add_row(capability.name, tool.name, tool.version, state)
    Console().print(table)


def doctor() -> None:
    """Say what works on this machine, what does not, and the command that would change it.

    Example: reelwright doctor
    """
    from ..doctor import examine

    worst = 0
    for row in examine():
        print(f"{'ok ' if row.good else '-- '} {row.name}: {row.found}{'' if row.good else f' ({row.hint})'}")
        worst = max(worst, 0 if row.good or row.optional else 1)
    raise typer.Exit(worst)
