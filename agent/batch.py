"""A batch: many films, some at once, under one budget; one failure never stops the rest.

Knows studios and their events; knows nothing about files with briefs, tables or terminals.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..memory.project import DamagedRecord, RecordFile
from ..tools.base import Cost
from ..tools.media import Frozen
from .budget import Ledger, Reservation
from .errors import ReelwrightError, Stopped
from .events import Asking, Event
from .model import Brief
from .record import MIGRATIONS, SCHEMA, Record
from .settings import Settings
from .studio import Studio

Status = Literal["finished", "skipped", "waiting", "failed", "stopped"]


class Outcome(Frozen):
    """What became of one film. `skipped` was finished by an earlier run; `waiting` is for a person's word."""

    name: str
    folder: str
    status: Status
    title: str = ""
    seconds: float = 0.0
    money: float = 0.0
    work: float = 0.0
    """Wall seconds of tool work."""
    file: str = ""
    short: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Film:
    """One film of a batch: where it goes, and its brief, or why it has none."""

    folder: Path
    brief: Brief | ReelwrightError

    @property
    def name(self) -> str:
        """What people know it by."""
        return self.folder.name


class Share(Ledger):
    """One film's part of a common ledger: what is spent counts for all, and what is reported is this film's."""

    def __init__(self, common: Ledger) -> None:
        super().__init__(common.budget)
        self._common = common
        self._mine = Cost()
        self._own = threading.Lock()

    @property
    def spent(self) -> Cost:
        """What this film's settled calls cost."""
        with self._own:
            return self._mine

    def reserve(self, quote: Cost, tool: str) -> Reservation:
        """Hold the quote in the common ledger."""
        return self._common.reserve(quote, tool)

    def settle(self, reservation: Reservation, actual: Cost) -> Cost:
        """Settle in the common ledger, and count it here."""
        self._common.settle(reservation, actual)
        with self._own:
            self._mine = self._mine + actual
            return self._mine


@dataclass
class Batch:
    """Makes films; `stop` ends those that run in order and begins no more."""

    settings: Settings
    at_once: int = 1
    approve: bool = False
    tell: Callable[[str, Event], None] = lambda _name, _event: None
    _running: list[Studio] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, films: Sequence[Film]) -> list[Outcome]:
        """Make all films; what earlier runs finished is skipped, and what they spent counts."""
        records = {film.folder: _record(film.folder) for film in films}
        before = [record for record in records.values() if record is not None]
        spent = Cost(money=sum(each.money for each in before), seconds=sum(each.seconds for each in before))
        ledger = Ledger(self.settings.budget, spent)
        with ThreadPoolExecutor(max(self.at_once, 1)) as pool:
            waiting = [pool.submit(self._film, film, records[film.folder], ledger) for film in films]
            return [each.result() for each in waiting]

    def stop(self) -> None:
        """Ask for an orderly stop of all films."""
        self._stopped.set()
        with self._lock:
            for studio in self._running:
                studio.stop()

    @property
    def stopped(self) -> bool:
        """True once stop was asked for."""
        return self._stopped.is_set()

    def _film(self, film: Film, record: Record | None, ledger: Ledger) -> Outcome:
        base = Outcome(name=film.name, folder=str(film.folder), status="failed")
        if isinstance(film.brief, ReelwrightError):
            return base.model_copy(update={"error": film.brief.message, "hint": film.brief.hint})
        if record is not None and _done(film, film.brief, record):
            return _told(base, record, "skipped")
        if self.stopped:
            return base.model_copy(update={"status": "stopped", "error": "Not begun."})
        try:
            return self._made(film.folder, film.brief, ledger, base)
        except Stopped as error:
            return base.model_copy(update={"status": "stopped", "error": error.message, "hint": error.hint})
        except ReelwrightError as error:
            return base.model_copy(update={"error": error.message, "hint": error.hint})
        except OSError as error:
            return base.model_copy(update={"error": str(error), "hint": "Check the folder and the disk."})

    def _made(self, folder: Path, brief: Brief, ledger: Ledger, base: Outcome) -> Outcome:
        share = max(self.settings.jobs // max(self.at_once, 1), 1)
        studio = Studio.open(folder, self.settings.model_copy(update={"jobs": share}), approve=self.approve)
        studio.door.ledger = Share(ledger)
        with self._lock:
            self._running.append(studio)
            if self.stopped:
                studio.stop()
        last: Event | None = None
        try:
            for event in studio.make(brief):
                self.tell(folder.name, event)
                last = event
        finally:
            with self._lock:
                self._running.remove(studio)
        assert studio.record is not None
        return _told(base, studio.record, "waiting" if isinstance(last, Asking) else "finished")


def _done(film: Film, brief: Brief, record: Record) -> bool:
    """Whether an earlier run finished the film; one that a person revised since then is left as it is."""
    same = record.brief == brief or record.given
    return record.status == "finished" and same and (film.folder / "out" / "film.mp4").is_file()


def _told(base: Outcome, record: Record, status: Status) -> Outcome:
    film = record.film
    found: dict[str, object] = {"status": status, "money": record.money, "work": round(record.seconds, 2)}
    if film is not None and status != "waiting":
        found |= {"title": film.title, "seconds": round(float(film.timeline.frames / film.timeline.rate), 2)}
        found |= {"file": str(Path(base.folder) / "out" / "film.mp4"), "short": film.short, "degraded": film.degraded}
    return base.model_copy(update=found)


def _record(folder: Path) -> Record | None:
    try:
        return RecordFile(folder / "project.json", Record, SCHEMA, MIGRATIONS).load()
    except DamagedRecord:
        return None
