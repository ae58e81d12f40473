"""How a running film is shown: bars on a terminal, one line a shot when piped, JSON for machines."""

import sys
from contextlib import AbstractContextManager
from typing import Protocol

from ..events import (
    Asking,
    Event,
    Failed,
    Finished,
    Planned,
    Preview,
    Quoted,
    Reviewed,
    Started,
    Took,
    Warned,
    Working,
    worth,
)


class Display(AbstractContextManager["Display"], Protocol):
    """Shows events one after another."""

    def event(self, event: Event) -> None:
        """Show one event."""
        ...


class JsonLines:
    """One event a line on stdout."""

    def __enter__(self) -> "JsonLines":
        return self

    def __exit__(self, *_: object) -> None: ...

    def event(self, event: Event) -> None:
        """Print the event as JSON; a failure is printed once, where the program ends."""
        if not isinstance(event, Failed):
            print(event.model_dump_json(), flush=True)


class Lines:
    """Plain lines for pipes and logs: the plan, each take, warnings, the verdict and the file."""

    def __init__(self) -> None:
        self._watched = False

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_: object) -> None: ...

    def event(self, event: Event) -> None:
        """Print the event, where people would want to read it; that there is a preview is told once."""
        if isinstance(event, Preview):
            if self._watched or not event.playlist:
                return
            self._watched = True
        text = describe(event)
        if text:
            print(text, flush=True)


class Bars:
    """A bar for each stage and each running shot on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description:<22}"), BarColumn(), TimeElapsedColumn(), console=self._console
        )
        self._tasks: dict[str, int] = {}
        self._watched = False

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def event(self, event: Event) -> None:
        """Move a bar, or print above the bars."""
        if isinstance(event, Working):
            self._move(event.target or event.stage, event.part)
            return
        if isinstance(event, Took):
            self._move(event.target, 1.0)
            return
        if isinstance(event, Preview):
            if self._watched or not event.playlist:
                return
            self._watched = True
        text = describe(event)
        if text:
            self._console.print(text, markup=False, highlight=False)

    def _move(self, name: str, part: float) -> None:
        from rich.progress import TaskID

        if name not in self._tasks:
            self._tasks[name] = int(self._progress.add_task(name, total=1.0))
        self._progress.update(TaskID(self._tasks[name]), completed=part)


def display(as_json: bool) -> Display:
    """The display that fits where the output goes."""
    if as_json:
        return JsonLines()
    return Bars() if sys.stdout.isatty() else Lines()


def describe(event: Event) -> str:
    """The event in words, or nothing where it is not worth a line."""
    match event:
        case Started():
            return f"{'Resuming' if event.resumed else 'Making'} {event.project}: {event.seconds:g} s at {event.size}"
        case Preview() if event.playlist:
            return f"  preview: watch it grow at {event.playlist}"
        case Planned():
            lines = f"{event.lines} lines, {event.shots} shots, about {event.seconds:.0f} s"
            return f"Plan ({event.planner}): {event.title}: {lines}"
        case Quoted():
            return _quote(event)
        case Took():
            return f"  {event.target}: {event.tool}, {'cached' if event.cached else f'{event.seconds:.1f} s'}"
        case Warned():
            return f"  ! {event.target}: {event.message}"
        case Reviewed():
            notes = "".join(f"\n  - {note.target}: {note.problem}" for note in event.critique.notes)
            return f"Review {event.round + 1}: {event.critique.verdict}{notes}"
        case Asking():
            return event.question
        case Finished():
            parts = [f"Finished: {event.file} ({event.seconds:.1f} s)"]
            parts += [f"  also: {file}" for file in event.others]
            parts += [f"  degraded: {reason}" for reason in event.degraded]
            parts += [f"  short: {reason}" for reason in event.short]
            return "\n".join(parts)
        case _:
            return ""


def _quote(event: Quoted) -> str:
    drafts = " as drafts" if event.drafts >= event.shots else ""
    money = f", ${event.money:.2f}" if event.money else ""
    return f"To generate with {event.by}: {event.shots} shots{drafts}, {worth(event.seconds, event.basis)}{money}"
