"""`ask`: a question about a film, answered by a program that is shown."""

from pathlib import Path
from typing import Annotated

import typer


def ask(
    film: Annotated[Path, typer.Argument(help="A video file, or a project folder.")],
    question: Annotated[str, typer.Argument(help="What to find, count, measure or crop.")],
    out: Annotated[Path | None, typer.Option(help="A folder for pictures that the answer shows.")] = None,
    model: Annotated[
        str | None, typer.Option(help="A chat model that writes the program, such as openai:gpt-5.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer, program and pictures as JSON.")] = False,
) -> None:
    """Answer a question about a film by a program over its frames, in a sandbox, with the program shown.

    Without a model a few shipped programs answer: shots, motion, light, colours, still or black, repeats, size, glance.

    Examples:
        reelwright ask films/honey "How many shots are there?"

        reelwright ask any.mp4 "Where does it move most?" --out found
    """
    import json

    from ..asking import ask_film
    from ..settings import load_settings

    answer = ask_film(film, question, load_settings(model=model), out)
    if as_json:
        rows = {"answer": answer.value, "program": answer.program, "by": answer.author}
        print(json.dumps(rows | {"pictures": [str(path) for path in answer.pictures]}, ensure_ascii=False))
        return
    print(f"# the program, by {answer.author}\n{answer.program.strip()}\n\n# the answer")
    print(json.dumps(answer.value, ensure_ascii=False, indent=1) if not isinstance(answer.value, str) else answer.value)
    for path in answer.pictures:
        print(path)
