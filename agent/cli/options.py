"""Options that several commands share, and the settings that they make.

Knows nothing about what a command does with them.
"""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ..settings import Settings


class Captions(StrEnum):
    """How captions look."""

    karaoke = "karaoke"
    pop = "pop"
    box = "box"
    subtitle = "subtitle"
    minimal = "minimal"
    none = "none"


class Pictures(StrEnum):
    """Where pictures come from."""

    auto = "auto"
    motion = "motion"
    stock = "stock"
    generate = "generate"


Out = Annotated[Path | None, typer.Option("--out", "-o", help="The project folder; named after the film if not given.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON event a line on stdout, for machines.")]
Money = Annotated[float | None, typer.Option(min=0, help="US dollars that tools may spend (default 0: offline only).")]
ToolSeconds = Annotated[float | None, typer.Option(min=1, help="Wall seconds of tool work that may be spent.")]
Rounds = Annotated[int | None, typer.Option(min=0, max=10, help="Times the film may be mended after review.")]
Library = Annotated[
    Path | None, typer.Option(help="A library of footage (`reelwright index`) for the shots that it can show.")
]
Remote = Annotated[
    list[str] | None,
    typer.Option(help="A remote library for the shots that yours does not show: pexels, openverse…; may be repeated."),
]
Source = Annotated[
    Pictures | None,
    typer.Option("--source", help="Where pictures come from: auto weighs a library, a video model and drawing."),
]
Draft = Annotated[
    bool | None,
    typer.Option("--draft/--no-draft", help="Generate quickly and small first; `resume --final` makes it in full."),
]
Shots = Annotated[str, typer.Option(help="With --final or --draft: only these, by number: 2,5.")]
Model = Annotated[
    str | None,
    typer.Option(help="A chat model, such as openai:gpt-5, or several with commas as a chain; without it: offline."),
]
Critic = Annotated[str | None, typer.Option(help="The chat model that judges, where it is another one.")]


def settings_for(
    folder: Path,
    model: str | None,
    critic: str | None,
    money: float | None,
    tool_seconds: float | None,
    rounds: int | None,
    library: Path | None = None,
    source: Pictures | None = None,
    remotes: list[str] | None = None,
    *,
    draft: bool | None = None,
    begun: bool = True,
) -> "Settings":
    """The settings for work in `folder`, with what was said on the command line."""
    from ..settings import load_settings

    minds = {"critic": critic} if critic is not None else None
    said: dict[str, Any] = {"library": library, "source": source.value if source else None, "draft": draft}
    said |= {"remotes": remotes or None}
    settings = load_settings(folder if folder.is_dir() else None, begun=begun, model=model, minds=minds, **said)
    limits: dict[str, Any] = {"money": money, "seconds": tool_seconds, "rounds": rounds}
    budget = settings.budget.model_copy(update={name: value for name, value in limits.items() if value is not None})
    return settings.model_copy(update={"budget": budget})
