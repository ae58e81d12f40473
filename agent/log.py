"""The stream of events: written to events.jsonl and, inside a running graph, to its custom stream.

Knows nothing about what events mean.
"""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from .events import EVENT, Event, Warned


class EventLog:
    """One project's events, safe from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[Warned] = []
        self._lock = threading.Lock()

    def emit(self, event: Event) -> None:
        """Keep the event, and hand it to whoever streams the graph."""
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(event.model_dump_json() + "\n")
            if isinstance(event, Warned):
                self.warnings.append(event)
        from langgraph.config import get_stream_writer

        with contextlib.suppress(RuntimeError):  # outside a graph there is nobody to stream to
            get_stream_writer()(event)

    def asked(self) -> bool:
        """Whether the film now being made ever waited for a person: it was begun, and has not been delivered since."""
        asked = False
        for event in self.read():
            asked = (asked or event.type == "asking") and event.type != "finished"
        return asked

    def read(self) -> Iterator[Event]:
        """All events so far; a line that a kill cut short is passed over."""
        if not self.path.is_file():
            return
        for line in self.path.read_text("utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValidationError):
                yield EVENT.validate_json(line)
