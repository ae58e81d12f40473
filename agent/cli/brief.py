"""`brief`: a prompt for any chat assistant, whose answer `make` takes."""

from typing import Annotated

import typer


def brief(
    topic: Annotated[str, typer.Argument(help="What the film is about.")],
    seconds: Annotated[float, typer.Option(help="Length of the film.")] = 30.0,
) -> None:
    """Print a prompt for any chat assistant; save its answer as brief.md and give it to `make`.

    Example: reelwright brief "How bees make honey" | pbcopy
    """
    from ..brief import chat_prompt

    print(chat_prompt(topic, seconds))
