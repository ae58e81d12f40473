"""`evaluate`: the checks of criteria.md on any MP4."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ...tools.inspect import Check, Inspection

COLOURS = {"pass": "green", "warn": "yellow", "fail": "red", "skip": "dim"}


def evaluate(
    film: Annotated[Path, typer.Argument(help="Any MP4, ours or anybody's.")],
    script: Annotated[Path | None, typer.Option(help="A text file with what should be said.")] = None,
    captions: Annotated[
        Path | None, typer.Option(help="An .srt, .vtt or .ass file; the one beside the film if not given.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="The length that was asked for.")] = None,
    profile: Annotated[
        str, typer.Option(help="shorts, reels, tiktok, youtube, podcast, ebu, atsc, children…; else by the shape.")
    ] = "",
    language: Annotated[str, typer.Option(help="What is spoken and written, such as en or de.")] = "en",
    reference: Annotated[Path | None, typer.Option(help="A film to compare with, by VMAF.")] = None,
    voice: Annotated[Path | None, typer.Option(help="The voice alone, to weigh the music against.")] = None,
    music: Annotated[Path | None, typer.Option(help="The music alone.")] = None,
    listen: Annotated[bool, typer.Option(help="Hear the words (needs the listen extra).")] = True,
    read: Annotated[bool, typer.Option("--read", help="Read burnt-in text (needs the ocr extra).")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report with thumbnails and plots.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Checks and curves as JSON.")] = False,
) -> None:
    """Measure a film: sound, picture, captions, cuts, motion, container and words, each against its standard.

    What is not known is skipped, never passed. Exit code 1 when a check fails, 2 when a file cannot be read.

    Examples:
        reelwright evaluate films/honey/out/film.mp4

        reelwright evaluate any.mp4 --script words.txt --profile youtube --json

        reelwright evaluate any.mp4 --read --html report.html

        reelwright evaluate new.mp4 --reference master.mov --no-listen
    """
    import json

    from ..errors import BriefError
    from ..evaluate import Ask, evaluate_file

    if html and html.is_dir():
        raise BriefError(f"{html} is a folder.", "Name the file of the report, such as report.html.")
    ask = Ask(script, captions, reference, voice, music, seconds, profile, language, listen, read)
    with _waiting(film, quiet=as_json):
        inspection = evaluate_file(film, ask)
    if html:
        _write(html, film, inspection, profile)
    if as_json:
        print(json.dumps(_rows(film, inspection), ensure_ascii=False, indent=1))
    else:
        _table(film, inspection.checks)
    raise typer.Exit(1 if any(check.verdict == "fail" for check in inspection.checks) else 0)


def _rows(film: Path, inspection: "Inspection") -> dict[str, Any]:
    from ...tools.inspect.film import worst

    return {"film": film.name, "verdict": worst(inspection.checks), **inspection.model_dump(mode="json")}


def _write(html: Path, film: Path, inspection: "Inspection", profile: str) -> None:
    from ...tools.inspect.report import report
    from ...tools.profiles import profiles

    html.parent.mkdir(parents=True, exist_ok=True)
    html.write_text(report(film, inspection, profile=profiles()[profile] if profile else None), "utf-8")


def _waiting(film: Path, *, quiet: bool) -> AbstractContextManager[object]:
    """Something that moves on a terminal while nothing can be told yet."""
    from rich.console import Console

    console = Console(stderr=True)
    return nullcontext() if quiet or not console.is_terminal else console.status(f"Measuring {film.name}")


def _table(film: Path, checks: "tuple[Check, ...]") -> None:
    """What was judged as rows, what was not in a line below."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("check", "", "measured", "wanted", "where", title=film.name)
    for check in checks:
        if check.verdict != "skip":
            where = ", ".join(f"{span.start:.1f}-{span.end:.1f}" for span in check.spans[:3])
            verdict = Text(check.verdict, style=COLOURS[check.verdict])
            table.add_row(check.name, verdict, Text(check.value), Text(check.target), where)
    console = Console()
    console.print(table)
    skipped = [f"{check.name} ({check.value})" for check in checks if check.verdict == "skip"]
    if skipped:
        console.print(Text(f"Not judged: {'; '.join(skipped)}.", style=COLOURS["skip"]))
