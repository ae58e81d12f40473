"""`evaluate`: the checks of criteria.md on any MP4."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ...tools.inspect import Check

COLOURS = {"pass": "green", "warn": "yellow", "fail": "red", "skip": "dim"}


def evaluate(
    film: Annotated[Path, typer.Argument(help="Any MP4, ours or anybody's.")],
    script: Annotated[Path | None, typer.Option(help="A text file with what should be said.")] = None,
    seconds: Annotated[float | None, typer.Option(help="The length that was asked for.")] = None,
    profile: Annotated[str, typer.Option(help="shorts, wide, square or feed; by the film's shape if not given.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The checks as JSON.")] = False,
) -> None:
    """Measure a film: loudness, peak, silence, black, freeze, bars, colour, captions, pace, words and more.

    Exit code 1 when a check fails, 2 when the file cannot be read.

    Examples:
        reelwright evaluate films/honey/out/film.mp4

        reelwright evaluate any.mp4 --script words.txt --json
    """
    import json

    from ..evaluate import evaluate_file

    checks = evaluate_file(film, script=script, seconds=seconds, profile=profile)
    if as_json:
        print(json.dumps([check.model_dump(mode="json") for check in checks], ensure_ascii=False, indent=1))
    else:
        _table(film, checks)
    raise typer.Exit(1 if any(check.verdict == "fail" for check in checks) else 0)


def _table(film: Path, checks: "tuple[Check, ...]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("check", "", "measured", "wanted", "where", title=film.name)
    for check in checks:
        where = ", ".join(f"{span.start:.1f}-{span.end:.1f}" for span in check.spans[:3])
        verdict = Text(check.verdict, style=COLOURS[check.verdict])
        table.add_row(check.name, verdict, Text(check.value), Text(check.target), where)
    Console().print(table)
