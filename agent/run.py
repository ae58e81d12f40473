"""Running the graph: checkpoints on disk, events out, questions to a person.

Knows nothing about what the nodes do. Checkpoints are disposable: a damaged or outdated one is dropped, and the
door's cache makes the second run cheap.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from ..memory.project import write_whole
from .events import EVENT, Asking, Event
from .graph import Graph, build
from .model import Brief, Plan
from .revise.sheet import FILE, written
from .state import CHECKPOINTED
from .write import planned

if TYPE_CHECKING:
    from .studio import Studio


def serializer() -> JsonPlusSerializer:
    """The checkpoint serializer that knows our values and nothing else; embedders pass it to their saver."""
    return JsonPlusSerializer(allowed_msgpack_modules=[(kind.__module__, kind.__name__) for kind in CHECKPOINTED])


def run_graph(studio: "Studio", brief: Brief, answer: object, fresh: bool, plan: Plan | None = None) -> Iterator[Event]:
    """Yield the events of one run, to its end or to its next question; with a `plan`, from there on."""
    thread = hashlib.sha256(brief.model_dump_json().encode()).hexdigest()[:16]
    config: Any = {"configurable": {"thread_id": thread}, "recursion_limit": 1000}
    with closing(_connect(studio, studio.folder / "checkpoints.sqlite")) as connection:
        saver = SqliteSaver(connection, serde=serializer())
        graph = build(saver)
        start: Any = None
        if fresh or not _resumable(studio, graph, config):
            saver.delete_thread(thread)
            start = {"brief": brief} if plan is None else {"brief": brief, **planned(studio, brief, plan)}
        elif _question(graph, config) is not None:
            start = Command(resume=answer)
            _forget_answers(connection, thread)
        asked_anew = answer is not None or not isinstance(start, Command)
        if asked_anew:
            studio.note(status="making")
            for event in graph.stream(start, config, context=studio, stream_mode="custom"):
                yield cast(Event, event)
        question = _question(graph, config)
        if question is not None:
            studio.note(status="asking")
            if asked_anew and isinstance(question, Asking) and question.plan is not None:
                sheet = written(question.plan, str(studio.folder))
                write_whole(studio.folder / FILE, sheet)
            studio.log.emit(question)
            yield question


def _forget_answers(connection: sqlite3.Connection, thread: str) -> None:
    """Drop what was answered before: LangGraph would give a node that raised its first answer again."""
    with connection:
        query = "delete from writes where thread_id = ? and channel in ('__resume__', '__error__')"
        connection.execute(query, (thread,))


def _connect(studio: "Studio", path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        connection.execute("pragma quick_check").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        path.unlink()
        studio.warn("project", "The checkpoints were damaged and dropped; finished takes are still cached.")
        return sqlite3.connect(path, check_same_thread=False)
    return connection


def _resumable(studio: "Studio", graph: Graph, config: Any) -> bool:
    try:
        state = graph.get_state(config)
    except (ValueError, TypeError, KeyError, sqlite3.DatabaseError):
        studio.warn("project", "The checkpoint cannot be read; the film is started over from cached takes.")
        return False
    return bool(state.next) and isinstance(state.values.get("brief"), Brief)


def _question(graph: Graph, config: Any) -> Event | None:
    for task in graph.get_state(config).tasks:
        for pending in task.interrupts:
            return EVENT.validate_python(pending.value)
    return None
