"""The command line. Knows how to ask and how to show; the studio does the rest.

Commands import what they need when they run, so that `reelwright --help` stays quick.
"""

import sys

import typer

from .ask import ask
from .batch import batch
from .brief import brief
from .dub import dub
from .gallery import gallery
from .index import index
from .look import doctor, show, tools
from .make import make, resume
from .measure import evaluate
from .models import models
from .revise import history, redo, revise, undo
from .talk import chat, forget, talk
from .taste import taste
from .verdict import approve, reject
from .voices import voices

app = typer.Typer(
    name="reelwright",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="From a brief to a finished film: planned, spoken, drawn, scored, cut and measured, offline on a laptop.",
    epilog='Start with `reelwright make brief.md`, or `reelwright make "How bees make honey"`.',
)
for command in (
    make,
    resume,
    show,
    dub,
    evaluate,
    ask,
    brief,
    tools,
    doctor,
    voices,
    gallery,
    revise,
    undo,
    redo,
    history,
    approve,
    reject,
    batch,
    chat,
    talk,
    forget,
):
    app.command()(command)
app.add_typer(models)
app.add_typer(index)
app.add_typer(taste)


def main() -> None:
    """Run the command line; the one boundary where every error ends as words and an exit code.

    0: done; 1: it failed, or a check failed; 2: bad input; 130: stopped by Ctrl-C, resumable.
    """
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the one boundary
        from .failure import report

        sys.exit(report(error, as_json="--json" in sys.argv))
