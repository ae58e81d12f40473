"""`taste`: what was approved and rejected, shown, forgotten, or handed to a trainer."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ...memory.taste import Taste

taste = typer.Typer(
    name="taste", help="What you approved and rejected: kept on this machine, yours to see and forget.",
    no_args_is_help=True,
)  # fmt: skip


@taste.command()
def show(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show what is remembered: how often each choice was liked and not, and the words that were preferred.

    Example: reelwright taste show
    """
    from rich.console import Console
    from rich.table import Table

    remembered = _taste()
    tally, pairs = remembered.tally(), remembered.pairs()
    if as_json:
        print(json.dumps({"choices": tally, "pairs": pairs}, ensure_ascii=False))
        return
    if not tally and not pairs:
        print(f"Nothing is remembered yet in {remembered.path or 'any file: taste is switched off'}.")
        return
    table = Table("choice", "liked", "not liked")
    for arm, (good, bad) in sorted(tally.items(), key=lambda row: (row[1][1] - row[1][0], row[0])):
        table.add_row(arm, str(good), str(bad))
    console = Console(soft_wrap=True)
    console.print(table)
    for pair in pairs[-10:]:
        console.print(f"not “{pair['rejected']}” but “{pair['chosen']}”", markup=False, highlight=False)


@taste.command()
def forget(
    word: Annotated[str, typer.Argument(help="Forget only what mentions this; everything if not given.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")] = False,
) -> None:
    """Forget what was approved and rejected.

    Examples:
        reelwright taste forget "How bees make honey"

        reelwright taste forget --yes
    """
    from ..errors import BriefError

    if not word and not yes:
        raise BriefError("That forgets everything.", "Add --yes, or name a word that it mentions.")
    gone = _taste().forget(word)
    print(f"{gone} {'verdict is' if gone == 1 else 'verdicts are'} forgotten.")


@taste.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="A .jsonl file; standard output if not given.")] = None,
) -> None:
    """Write preference pairs, a line each, as trainers for DPO read them: prompt, chosen, rejected.

    Example: reelwright taste export pairs.jsonl
    """
    from ...memory.project import write_whole

    rows = "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in _taste().pairs())
    if file is None:
        print(rows, end="")
        return
    write_whole(file, rows)
    print(f"{rows.count(chr(10))} pairs in {file}")


def _taste() -> "Taste":
    from ...memory.taste import Taste
    from ..settings import load_settings

    return Taste(load_settings().taste)
