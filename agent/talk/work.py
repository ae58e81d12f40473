"""A studio at work in a thread of its own: its events wait until they are asked for.

Knows nothing about what is said of them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from queue import Empty, SimpleQueue

from ..errors import ReelwrightError
from ..events import Event
from ..studio import Studio


class Work:
    """One run of a studio, from its start to its end, its question or its failure."""

    def __init__(self, studio: Studio, start: Callable[[], Iterator[Event]]) -> None:
        self.studio = studio
        self._events: SimpleQueue[Event] = SimpleQueue()
        pool = ThreadPoolExecutor(1, "reelwright-film")
        self._future: Future[None] = pool.submit(self._run, start)
        pool.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """True until the last event was given."""
        return not self._future.done()

    @property
    def error(self) -> ReelwrightError | None:
        """What it ended with, where that can be told; a fault of ours is raised here instead."""
        if not self._future.done():
            return None
        error = self._future.exception()
        if error is None or isinstance(error, ReelwrightError):
            return error
        raise error

    def events(self) -> Iterator[Event]:
        """What happened since the last call."""
        while True:
            try:
                yield self._events.get_nowait()
            except Empty:
                return

    def wait(self, seconds: float | None = None) -> bool:
        """True once it ended; False where that takes longer."""
        try:
            self._future.exception(seconds)
        except Late:
            return False
        return True

    def stop(self) -> None:
        """Ask for an orderly stop."""
        self.studio.stop()

    def _run(self, start: Callable[[], Iterator[Event]]) -> None:
        for event in start():
            self._events.put(event)
