"""`dub`: a finished film in another language."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .make import watch
from .options import Json, Model, Money, Rounds, ToolSeconds, settings_for

if TYPE_CHECKING:
    from ..dub import Translation
    from ..model import Plan
    from ..studio import Studio


def dub(
    project: Annotated[Path, typer.Argument(help="The project folder of a finished film.")],
    language: Annotated[str, typer.Option(help="The language to speak, as a tag such as es or pt-br.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The new film's folder; PROJECT-LANGUAGE if not given.")
    ] = None,
    script: Annotated[
        Path | None, typer.Option(help="The translation by hand: one line for each of the film's (see lines.txt).")
    ] = None,
    voice: Annotated[str, typer.Option(help="A voice by name.")] = "",
    model: Model = None,
    money: Money = None,
    tool_seconds: ToolSeconds = None,
    rounds: Rounds = None,
    as_json: Json = False,
) -> None:
    """Speak a finished film in another language: its lines are translated, its shots timed anew, captions show both.

    Without a model it leaves lines.txt in the project: translate it line by line (below --- stands what is on screen;
    that part may be left out), and give it to --script.

    Examples:
        reelwright dub films/honey --language es --model openai:gpt-5 --money 0.10

        reelwright dub films/honey --language es --script lines.txt --out films/miel
    """
    from ..dub import carry, check_language, dubbed
    from ..errors import ProjectError
    from ..record import load_record
    from ..studio import Studio

    record = load_record(project)
    if record.plan is None or not record.plan.script.lines:
        raise ProjectError(f"The film in {project} has no lines yet.", f"Run `reelwright resume {project}` first.")
    folder = out or project.with_name(f"{project.resolve().name}-{language.lower()}")
    studio = Studio.open(folder, settings_for(folder, model, None, money, tool_seconds, rounds))
    check_language(studio, record.plan.script, language)
    found = _translation(studio, record.plan, language, script, project)
    brief, plan = dubbed(record.brief, record.plan, found, language.lower(), voice)
    carry(brief, Studio.open(project, studio.settings).door.assets, studio.door.assets)
    watch(studio, lambda: studio.make(brief, plan), as_json)


def _translation(studio: "Studio", plan: "Plan", language: str, by_person: Path | None, project: Path) -> "Translation":
    from ..dub import by_hand, template, translate
    from ..errors import BriefError

    if by_person is not None:
        if not by_person.is_file():
            raise BriefError(f"There is no file {by_person}.", "Check what you gave to --script.")
        try:
            return by_hand(by_person.read_text("utf-8-sig"), plan, by_person.name)
        except UnicodeDecodeError as error:
            raise BriefError(f"{by_person.name} is not text in UTF-8.", "Save it as UTF-8.") from error
    mind = studio.mind("writer")
    if mind is None:
        place = project / "lines.txt"
        place.write_text(template(plan), "utf-8")
        raise BriefError(
            "There is no model here that translates.",
            f"Name one (--model openai:…), or translate {place} line by line and give it: --script {place}",
        )
    return translate(mind, plan, language)
