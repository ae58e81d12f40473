"""`approve` and `reject`: a person's word at the two gates, in a command of its own or with an edited plan."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .make import listed, watch
from .options import Json, Shots

if TYPE_CHECKING:
    from ..events import Asking
    from ..model import Plan
    from ..record import Record
    from ..studio import Studio

Project = Annotated[Path, typer.Argument(help="A project folder.")]


def approve(
    project: Project,
    plan: Annotated[Path | None, typer.Option(help="The plan as you edited it, such as DIR/plan.md.")] = None,
    final: Annotated[
        bool, typer.Option("--final", help="Yes to the drafts: make them in full, and ask about the cut again.")
    ] = False,
    shots: Shots = "",
    as_json: Json = False,
) -> None:
    """Say yes to what a film waits for: its plan, its drafts, or its cut.

    Examples:
        reelwright approve films/honey

        reelwright approve films/honey --plan films/honey/plan.md

        reelwright approve films/honey --final --shots 2,5
    """
    from ...memory.taste import Taste
    from ..taste import taste_of_answer

    studio, record, asking = _asked(project)
    chosen = _finals(project, asking, final, shots)
    answer = _edited(project, record, asking, plan)
    Taste(studio.settings.taste).remember(taste_of_answer(record, yes=True))
    watch(studio, lambda: studio.resume(answer) if chosen is None else studio.render(shots=chosen), as_json)


def reject(
    project: Project,
    because: Annotated[
        str, typer.Option(help="What should be different; it is changed, and you are asked again.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Say no to what a film waits for; what you name is changed first.

    Examples:
        reelwright reject films/honey --because "remove the last scene"

        reelwright reject films/honey
    """
    from ...memory.taste import Taste
    from ..taste import taste_of_answer, taste_of_edits

    studio, record, _ = _asked(project)
    remembered, reason = Taste(studio.settings.taste), because.strip()
    if not reason:
        remembered.remember(taste_of_answer(record, yes=False))
    watch(studio, lambda: studio.resume(reason or False), as_json)
    now = studio.record
    if now is not None and now.plan is not None:
        remembered.remember(taste_of_edits(record, now.brief, now.plan, reason))


def _asked(project: Path) -> "tuple[Studio, Record, Asking]":
    """The studio, its record, and the question that is open in it; ProjectError where there is none."""
    from ..errors import ProjectError
    from ..events import Asking
    from ..record import load_record
    from ..settings import load_settings
    from ..studio import Studio

    record = load_record(project)
    if record.status != "asking":
        raise ProjectError(
            f"Nothing waits for an answer in {project}: it is {record.status}.", "`make --approve` stops at two gates."
        )
    studio = Studio.open(project, load_settings(project))
    *_, last = studio.resume()
    if not isinstance(last, Asking):
        raise ProjectError(f"Nothing waits for an answer in {project} any more.", f"See `reelwright show {project}`.")
    if last.plan is not None and last.plan != record.plan:
        raise ProjectError("The plan is not the one that you saw.", f"Read {project}/plan.md again, then approve.")
    return studio, record, last


def _finals(project: Path, asking: "Asking", final: bool, shots: str) -> tuple[str, ...] | None:
    """The drafts that are to be made in full, none named for all of them; None where nobody asked for that."""
    from ..errors import BriefError

    if not final:
        if shots:
            raise BriefError("--shots goes with --final.", f"reelwright approve {project} --final --shots {shots}")
        return None
    if asking.stage == "agree":
        raise BriefError("What waits is the plan: there are no drafts yet.", f"reelwright approve {project}")
    return listed(shots)


def _edited(project: Path, record: "Record", asking: "Asking", file: Path | None) -> "Plan | bool":
    """The answer: yes, or the plan in the file; an edited plan.md that was not named is asked about."""
    from ..errors import BriefError
    from ..revise.sheet import FILE, read, written

    if asking.plan is None:
        if file is not None:
            raise BriefError("The film is made: what waits is its cut.", f"Use `reelwright revise {project}`.")
        return True
    beside = project / FILE
    if file is None:
        if beside.is_file() and beside.read_text("utf-8") != written(asking.plan, str(project)):
            raise BriefError(f"{beside} was edited.", f"Use it: reelwright approve {project} --plan {beside}")
        return True
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BriefError(f"{file} cannot be read as text: {error}.", "Check its name and encoding.") from error
    return read(text, record.brief, asking.plan, file.name)
