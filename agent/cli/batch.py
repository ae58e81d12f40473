"""`batch`: many briefs become films, with one budget and one table at the end."""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import Captions, Json, Model, Money, Rounds, ToolSeconds

if TYPE_CHECKING:
    from ..batch import Batch, Film, Outcome
    from ..events import Event
    from ..model import Brief, Deliverables
    from ..settings import Settings
    from .order import Order

SUMMARY = "summary.json"
TEXTS = {".md", ".txt", ".markdown"}


def batch(
    briefs: Annotated[Path, typer.Argument(help="A .jsonl file with a film a line, or a folder of briefs.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder that gets a project folder for each film.")],
    at_once: Annotated[int, typer.Option("--at-once", min=1, max=64, help="Films that are made side by side.")] = 1,
    seconds: Annotated[float, typer.Option(help="Length of the films whose line does not say.")] = 30.0,
    size: Annotated[str, typer.Option(help="Size of the films whose line does not say.")] = "9:16",
    approve: Annotated[bool, typer.Option("--approve", help="Stop each film at its gates.")] = False,
    model: Model = None,
    money: Money = None,
    tool_seconds: ToolSeconds = None,
    rounds: Rounds = None,
    as_json: Json = False,
) -> None:
    """Make many films. A line is a JSON object: text or file, and the options of make by their names.

    Finished films are skipped when it is run again; one failure never stops the rest.
    The exit code is 0 where all are done, 1 where some failed, 130 where it was stopped.

    Examples:
        reelwright batch briefs.jsonl --out films

        reelwright batch examples/briefs --out films --seconds 15 --size 1:1 --at-once 2
    """
    from ..batch import Batch

    films = list(_films(briefs, out, {"seconds": seconds, "size": size}))
    settings = _settings(len(films), model, money, tool_seconds, rounds)
    runner = Batch(settings, at_once, approve, tell=lambda name, event: _tell(name, event, as_json))
    before = signal.signal(signal.SIGINT, lambda *_: _interrupt(runner))
    try:
        outcomes = runner.run(films)
    finally:
        signal.signal(signal.SIGINT, before)
    _summed(outcomes, out, as_json)
    if runner.stopped:
        raise typer.Exit(130)
    raise typer.Exit(1 if any(each.status == "failed" for each in outcomes) else 0)


def _films(briefs: Path, out: Path, usual: dict[str, Any]) -> "Iterator[Film]":
    """The films of a file or a folder, each with a folder of its own."""
    from ..batch import Film
    from ..errors import BriefError, ReelwrightError

    lines: list[tuple[str, object]]
    if briefs.is_dir():
        lines = [(path.stem, {"file": path.name}) for path in sorted(briefs.iterdir()) if path.suffix.lower() in TEXTS]
        base = briefs
    elif briefs.is_file():
        lines, base = list(_lines(briefs)), briefs.parent
    else:
        raise BriefError(f"There is no {briefs}.", "Give a .jsonl file or a folder with briefs.")
    if not lines:
        raise BriefError(f"{briefs} holds no briefs.", "Put a JSON object on each line, or .md files into the folder.")
    used: set[str] = set()
    for name, line in lines:
        brief: Brief | ReelwrightError
        try:
            folder, brief = _brief(name, line, base, out, usual)
        except ReelwrightError as error:
            folder, brief = out / name, error
        number = next(n for n in range(1, len(lines) + 2) if _numbered(folder.name, n) not in used)
        used.add(_numbered(folder.name, number))
        yield Film(folder.with_name(_numbered(folder.name, number)), brief)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _lines(path: Path) -> "Iterator[tuple[str, object]]":
    from ..errors import BriefError

    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BriefError(f"{path} is not text in UTF-8.", "Save it as UTF-8.") from error
    for number, row in enumerate(text.splitlines(), start=1):
        if not row.strip():
            continue
        try:
            yield f"line-{number}", json.loads(row)
        except ValueError as error:
            yield f"line-{number}", f"{error}"


def _brief(name: str, line: object, base: Path, out: Path, usual: dict[str, Any]) -> "tuple[Path, Brief]":
    """One line's folder and brief; BriefError says what of it does not fit."""
    from pydantic import ValidationError

    from ..errors import BriefError
    from .intake import read_brief, slug
    from .order import Order

    if not isinstance(line, dict):
        raise BriefError(f"{name} is no JSON object: {line}", 'Write {"text": "…", "seconds": 15}.')
    try:
        order = Order.model_validate(usual | line)
    except ValidationError as error:
        first = error.errors()[0]
        what = ".".join(map(str, first["loc"])) or "the line"
        raise BriefError(f"{name}: {what}: {first['msg']}.", "See `reelwright batch --help`.") from error
    text = str(base / order.file) if order.file else order.text
    named = order.name or (Path(order.file).stem if order.file else "")
    folder = out / slug(named or order.text.strip().splitlines()[0])
    brief = read_brief(
        text,
        sources=[source if "://" in source else str(base / source) for source in order.sources],
        assets=base / order.assets if order.assets else None,
        out=folder,
        seconds=order.seconds,
        size=order.size,
        voice=order.voice,
        style=order.style,
        structure=order.structure,
        audience=order.audience,
        language=order.language,
        seed=order.seed,
        deliver=_deliverables(order),
        ask=False,
    )
    return folder, brief


def _deliverables(order: "Order") -> "Deliverables":
    from ..model import Deliverables
    from .intake import parse_codecs

    return Deliverables(
        codecs=parse_codecs(order.also),
        captions=Captions(order.captions).value if order.captions else None,
        soft=order.soft,
        stems=order.stems,
        effects=order.effects,
        encoder="auto" if order.hardware else "software",
    )


def _settings(
    films: int, model: str | None, money: float | None, tool_seconds: float | None, rounds: int | None
) -> "Settings":
    """The settings of all films: money and seconds are for the whole batch."""
    from ..settings import load_settings

    settings = load_settings(None, model=model)
    limits: dict[str, Any] = {"money": money, "rounds": rounds}
    limits["seconds"] = tool_seconds if tool_seconds is not None else settings.budget.seconds * films
    given = {name: value for name, value in limits.items() if value is not None}
    return settings.model_copy(update={"budget": settings.budget.model_copy(update=given)})


def _tell(name: str, event: "Event", as_json: bool) -> None:
    from ..events import Asking, Finished, Started, Warned
    from .display import describe

    if as_json:
        print(json.dumps({"film": name, **event.model_dump(mode="json")}, ensure_ascii=False), flush=True)
    elif isinstance(event, Started | Finished | Warned | Asking):
        print(f"{name}: {describe(event).strip()}", flush=True)


def _summed(outcomes: "list[Outcome]", out: Path, as_json: bool) -> None:
    """The table, and the same as summary.json."""
    from rich.console import Console
    from rich.table import Table

    from ...memory.project import write_whole

    rows = [each.model_dump(mode="json") for each in outcomes]
    spent = {"money": sum(each.money for each in outcomes), "work": round(sum(each.work for each in outcomes), 2)}
    write_whole(out / SUMMARY, json.dumps({"films": rows, **spent}, ensure_ascii=False, indent=1))
    if as_json:
        print(json.dumps({"type": "batch", "films": rows, **spent}, ensure_ascii=False))
        return
    table = Table("film", "status", "seconds", "work", "money", "file, or why not")
    for each in outcomes:
        why = each.file or f"{each.error} {each.hint}".strip()
        numbers = (f"{each.seconds:.1f}", f"{each.work:.1f}", f"${each.money:.2f}")
        table.add_row(each.name, each.status, *numbers, why)
    Console(soft_wrap=True).print(table)


def _interrupt(runner: "Batch") -> None:
    if runner.stopped:
        raise KeyboardInterrupt
    print("\nStopping: what is finished is kept. Press Ctrl-C again to leave at once.", file=sys.stderr)
    runner.stop()
