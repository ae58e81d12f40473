"""The pool: one model loaded once on each device, and clips that queue for whichever is free.

Knows devices by name; knows nothing about clips or memory.
"""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from .session import Session


class Pool:
    """Sessions by device. The device that was used last is used first, so that a second one loads only when needed."""

    def __init__(self, devices: Sequence[str], open_session: Callable[[str], Session]) -> None:
        """`devices` may name one device twice: it then holds the model twice."""
        self._open = open_session
        self._devices = list(devices)
        self._sessions: dict[int, Session] = {}
        self._lock = threading.Lock()
        self._free: queue.LifoQueue[int] = queue.LifoQueue()
        for at in reversed(range(len(self._devices))):
            self._free.put(at)

    @contextmanager
    def taken(self) -> Iterator[Session]:
        """A session that is nobody else's until it is given back; waits while all are busy."""
        at = self._free.get()
        try:
            yield self.session(at)
        finally:
            self._free.put(at)

    def session(self, at: int = 0) -> Session:
        """The session of one device, opened when it is first asked for."""
        with self._lock:
            if at not in self._sessions:
                self._sessions[at] = self._open(self._devices[at])
            return self._sessions[at]
