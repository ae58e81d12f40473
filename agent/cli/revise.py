"""`revise`, `undo`, `redo` and `history`: a finished film is changed in plain words, and nothing of it is lost."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .make import watch
from .options import Json, Model, Money

if TYPE_CHECKING:
    from ..history import Version
    from ..record import Record
    from ..revise import Proposal
    from ..studio import Studio

Project = Annotated[Path, typer.Argument(help="A project folder.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Steps = Annotated[int, typer.Argument(min=1, help="How many versions.")]


def revise(
    project: Project,
    request: Annotated[str, typer.Argument(help="What to change, in plain words.")],
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    model: Model = None,
    money: Money = None,
    as_json: Json = False,
) -> None:
    """Change a finished film in plain words; only what the change touches is made again.

    Examples:
        reelwright revise films/honey "remove the last scene"

        reelwright revise films/honey "shorten the second line and change the music to calm" --yes

        reelwright revise films/honey "use the other take for shot 4" --dry-run
    """
    from ..errors import ProjectError
    from ..record import load_record
    from ..revise import propose

    words = request.strip().strip(".!").lower()
    if words in ("undo", "undo it", "undo that", "take it back", "redo"):
        (redo if words == "redo" else undo)(project, 1, as_json)
        return
    record = load_record(project)
    if record.film is None and record.plan is None:
        raise ProjectError(f"{project} has no film yet.", f"Run `reelwright resume {project}`.")
    studio = _studio(project, model, money)
    proposal = propose(record, request, studio.mind("writer"))
    if not as_json:
        print(f"{proposal.summary}\n{proposal.diff}")
    if dry_run or not _agreed(proposal, yes, as_json):
        if as_json:
            print(proposal.model_dump_json())
        return
    _made(studio, record, proposal, request, as_json)


def _agreed(proposal: "Proposal", yes: bool, as_json: bool) -> bool:
    """Whether to go on: a person at a terminal is asked, a pipe is not, but what is costly needs a yes."""
    from ..errors import BriefError

    if yes:
        return True
    if sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
        return typer.confirm("Make it so?", default=not proposal.costly)
    if proposal.costly:
        raise BriefError("That makes most of the film again, or what was paid for.", "Add --yes to do it.")
    return True


def _made(studio: "Studio", record: "Record", proposal: "Proposal", request: str, as_json: bool) -> None:
    from ...memory.taste import Taste
    from ..errors import ReelwrightError
    from ..taste import taste_of_edits

    try:
        watch(studio, lambda: studio.make(proposal.brief, proposal.plan, request), as_json)
        Taste(studio.settings.taste).remember(taste_of_edits(record, proposal.brief, proposal.plan, request))
    except ReelwrightError:
        film = studio.folder / "out" / "film.mp4"
        if record.film is not None and film.is_file():
            print(
                f"The film as it was stays at {film} (version {record.version}): `reelwright resume {studio.folder}` "
                f"goes on with the change, `reelwright undo {studio.folder}` drops it.",
                file=sys.stderr,
            )
        raise


def undo(project: Project, steps: Steps = 1, as_json: Json = False) -> None:
    """Take back the last revision, or several; the film comes from the cache.

    Examples:
        reelwright undo films/honey

        reelwright undo films/honey 2
    """
    from ..history import back
    from ..record import load_record

    record = load_record(project)
    _return(project, record, back(project, record, steps), as_json)


def redo(project: Project, steps: Steps = 1, as_json: Json = False) -> None:
    """Bring back a revision that was undone.

    Example: reelwright redo films/honey
    """
    from ..history import forth
    from ..record import load_record

    record = load_record(project)
    _return(project, record, forth(project, record, steps), as_json)


def _return(project: Path, record: "Record", version: "Version", as_json: bool) -> None:
    if not as_json:
        asked = f": {version.request}" if version.request else ""
        print(f"Back to version {version.number} ({version.seconds:.1f} s){asked}")
    studio = _studio(project, None, None)
    watch(studio, lambda: studio.make(version.brief, version.plan), as_json)


def history(
    project: Project, as_json: Annotated[bool, typer.Option("--json", help="One version a line as JSON.")] = False
) -> None:
    """List a film's versions; the one in out/ is marked.

    Example: reelwright history films/honey
    """
    from rich.console import Console
    from rich.table import Table

    from ..history import versions
    from ..record import load_record

    record = load_record(project)
    found = versions(project)
    if as_json:
        for version in found:
            print(version.model_dump_json(exclude={"plan", "film"}))
        return
    table = Table("", "version", "from", "made", "seconds", "shots", "asked for")
    for version in found:
        here = "→" if version.number == record.version else ""
        parent = str(version.parent) if version.parent else ""
        shots = str(len(version.plan.shots))
        asked = version.request or "the brief"
        table.add_row(
            here,
            str(version.number),
            parent,
            version.made[:16].replace("T", " "),
            f"{version.seconds:.1f}",
            shots,
            asked,
        )
    Console().print(table)
    if record.status != "finished" and record.request:
        print(f"Not finished: {record.request} ({record.status})")


def _studio(project: Path, model: str | None, money: float | None) -> "Studio":
    from ..settings import load_settings
    from ..studio import Studio

    settings = load_settings(project if project.is_dir() else None, model=model)
    if money is not None:
        settings = settings.model_copy(update={"budget": settings.budget.model_copy(update={"money": money})})
    return Studio.open(project, settings)
