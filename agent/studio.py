"""The Studio: one project folder, the door to the tools, and the stream of events of a film being made.

`for event in Studio.open("myfilm").make(brief)` is the whole API; the graph's nodes get the Studio as their context.
"""

import errno
import sqlite3
import threading
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel

from ..memory.assets import AssetStore
from ..memory.cache import ResultCache
from ..memory.project import DamagedRecord, RecordFile
from ..memory.taste import Taste
from ..tools.base import Cost
from ..tools.models import Models
from ..tools.registry import Capability, Registry
from ..tools.web import Web
from .brief import topic_of
from .budget import Ledger
from .door import Delivery, Door
from .errors import DiskFull, ProjectError, ReelwrightError, Stopped
from .events import Event, Failed, Stage, Started, Warned
from .folder import check_folder, session
from .history import begun, put_aside
from .log import EventLog
from .mind import Mind, Role, Thought
from .minds import open_minds
from .model import Brief, Clone, Plan
from .passes import passed
from .planner import Planner
from .planner.choice import choose_planner
from .policy import load_policy
from .record import MIGRATIONS, RECORD, SCHEMA, Answer, Begun, Record
from .settings import Settings, load_settings
from .taste import preferred

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Req = TypeVar("Req", bound=BaseModel)
Res = TypeVar("Res", bound=BaseModel)


@dataclass
class Studio:
    """One film's workplace. Two Studios in one process share nothing but the user's cache."""

    folder: Path
    settings: Settings
    log: EventLog
    door: Door
    planner: Planner
    records: RecordFile[Record]
    approve: bool = False
    record: Record | None = None
    minds: Mapping[Role, Mind] = field(default_factory=dict)
    thoughts: list[Thought] = field(default_factory=list)
    """What models answered since the record was last written."""
    web: Web = field(default_factory=Web)
    """The door to URLs that footage is fetched through."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        settings: Settings | None = None,
        *,
        approve: bool = False,
        model: "BaseChatModel | None" = None,
        registry: Registry | None = None,
    ) -> "Studio":
        """A studio in `folder`, which is made when the first film is.

        Args:
            settings: instead of those from files and environment.
            approve: stop for a person after the plan and before delivery.
            model: a chat model for every role; without one the planner is offline and deterministic.
            registry: instead of the installed providers.

        Raises:
            ProjectError: the folder is a file, or holds something that is not a project.
        """
        place = Path(folder).expanduser()
        check_folder(place)
        settings = settings or load_settings(place if place.is_dir() else None)
        log, stop = EventLog(place / "events.jsonl"), threading.Event()
        door = Door(
            registry=registry or Registry.installed(settings.tools, preferred(settings)),
            cache=ResultCache(AssetStore(place / "assets"), settings.cache, int(settings.cache_gb * 1024**3)),
            weights=Models.installed(settings.cache, settings.models),
            ledger=Ledger(settings.budget),
            policy=load_policy(settings.policy),
            scratch=place / "scratch",
            emit=log.emit,
            cancelled=stop.is_set,
            jobs=settings.jobs,
            cards=settings.cards,
        )
        records = RecordFile(place / RECORD, Record, SCHEMA, MIGRATIONS)
        thoughts: list[Thought] = []
        minds = open_minds(settings, model, door, thoughts.append)
        planner = choose_planner(minds, door, place, Taste(settings.taste) if settings.learn else None)
        return cls(place, settings, log, door, planner, records, approve, minds=minds, thoughts=thoughts, _stop=stop)

    def make(self, brief: Brief, plan: Plan | None = None, request: str = "") -> Generator[Event, None, None]:
        """Make the film of `brief`, or bring the one in this folder up to date with an edited brief.

        With a `plan` nothing is planned: the film is made of its script and shots, and only what differs is new.
        The film that stands in out/ stays until the new one is delivered, and its version after that.

        Args:
            request: what a revision was asked for, for its history.

        Raises:
            ProjectError: the folder belongs to another film, or another process works in it.
            ReelwrightError: as the errors say; the last event is then Failed, and `resume` goes on from there.
        """
        with session(self.folder, self.door.scratch):
            old = self._load()
            if old is not None and (old.takes or old.film) and topic_of(old.brief.text) != topic_of(brief.text):
                raise ProjectError(
                    f"{self.folder} belongs to another film ({topic_of(old.brief.text)!r}).", "Choose another --out."
                )
            yield from self._begin(old, brief, plan, request)

    def render(self, *, draft: bool = False, shots: Collection[str] = ()) -> Generator[Event, None, None]:
        """Make the film again with its generated shots in full, or as drafts; the rest comes from the cache.

        Args:
            shots: ids or numbers of the chosen ones; all of them if not given.

        Raises:
            ProjectError: there is no plan yet.
            BriefError: a shot is not there or is not generated, or all are so already.
        """
        with session(self.folder, self.door.scratch):
            old = self._standing()
            yield from self._begin(old, old.brief, *passed(old, draft=draft, shots=shots))

    def resume(self, answer: object = None) -> Generator[Event, None, None]:
        """Go on where a kill, a stop or a question left off.

        Args:
            answer: True, False, an edited Plan, or in words why not: what these ask for is changed, and asked again.

        Raises:
            BriefError: the words are not understood; the question stays open.
        """
        with session(self.folder, self.door.scratch):
            self.record = self._standing()
            spent = Cost(money=self.record.money, seconds=self.record.seconds)
            self.door.ledger = Ledger(self.settings.budget, spent)
            if isinstance(answer, str):
                yield from self._changed(answer)
                return
            plan = self.record.plan if self.record.given else None
            yield from self._run(self.record.brief, answer, fresh=False, plan=plan)

    def _changed(self, because: str) -> Iterator[Event]:
        """Make what a person wants instead of what was shown, and ask again."""
        from .revise import propose

        old = self.record
        assert old is not None
        if old.status != "asking" or old.plan is None:
            raise ProjectError(f"Nothing waits for an answer in {self.folder}.", "See `reelwright show`.")
        stage: Literal["agree", "approve"] = "approve" if old.takes else "agree"
        self.answered(stage, False, because)
        change = propose(old, because, self.mind("writer"))
        self.approve = True
        yield from self._begin(self.record, change.brief, change.plan, because)

    def call(
        self,
        capability: Capability[Req, Res],
        request: Req,
        *,
        target: str = "",
        stage: Stage,
        without: Collection[str] = (),
    ) -> Delivery[Res]:
        """Ask for something that costs or touches the world; of nobody who is named in `without`."""
        return self.door.call(capability, request, target=target, stage=stage, without=without)

    def mind(self, role: Role) -> Mind | None:
        """The model that thinks in this role; None where the work is done offline."""
        return self.minds.get(role)

    def note(self, **changes: Any) -> None:
        """Write changes into the durable record. A graph that is run without make has none until its first note."""
        with self._lock:
            if self.record is None:
                if "brief" not in changes:
                    return
                self.record = Record.model_validate(changes)
            if "takes" in changes:
                changes["aside"] = put_aside(self.record, changes["takes"])
            spent = self.door.ledger.spent
            changes |= {"money": spent.money, "seconds": spent.seconds}
            changes["thoughts"] = (*self.record.thoughts, *self.thoughts)
            self.thoughts.clear()
            self.record = self.record.model_copy(update=changes)
            self.records.save(self.record)

    def consented(self, clone: Clone) -> None:
        """Put a consent into the record, before the voice that was cloned by it speaks."""
        with self._lock:
            kept = self.record.consents if self.record else ()
            if clone not in kept:
                self.note(consents=(*kept, clone))

    def answered(self, stage: Literal["agree", "approve"], yes: bool, because: str = "") -> None:
        """Keep what a person said at a gate."""
        if self.record is not None:
            self.note(answers=(*self.record.answers, Answer(stage=stage, yes=yes, because=because)))

    def warn(self, target: str, message: str, *, degraded: bool = False) -> None:
        """Tell that something is less than asked for."""
        self.log.emit(Warned(target=target, message=message, degraded=degraded))

    def stop(self) -> None:
        """Ask for an orderly stop: running tools end, finished work is kept, Stopped is raised."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """True once stop was asked for."""
        return self._stop.is_set()

    def degradations(self) -> tuple[str, ...]:
        """What this film was marked degraded for."""
        return tuple(dict.fromkeys(warning.message for warning in self.log.warnings if warning.degraded))

    def _standing(self) -> Record:
        """The record of the film that stands here. Whoever was asked once is asked again, whatever it says by now."""
        record = self._load()
        if record is None:
            raise ProjectError(f"There is no film in {self.folder} to resume.", "Run `reelwright make` first.")
        self.approve = self.approve or record.approve or self.log.asked()
        return record

    def _begin(self, old: Record | None, brief: Brief, plan: Plan | None, request: str) -> Iterator[Event]:
        """Open the record anew and run from the start, or from the plan."""
        given = self.settings
        said = Begun(source=given.source, draft=given.draft, library=given.library, transitions=given.transitions)
        record = begun(self.folder, old, brief, plan, approve=self.approve, request=request)
        self.record = record if plan is not None and record.begun else record.model_copy(update={"begun": said})
        self.records.save(self.record)
        yield from self._run(brief, answer=None, fresh=True, plan=plan)

    def _run(self, brief: Brief, answer: object, fresh: bool, plan: Plan | None = None) -> Iterator[Event]:
        from .run import run_graph

        yield self._tell(Started(project=str(self.folder), seconds=brief.seconds, size=brief.size, resumed=not fresh))
        try:
            yield from run_graph(self, brief, answer, fresh, plan)
        except ReelwrightError as error:
            yield self._fail(error)
            raise
        except (OSError, sqlite3.OperationalError) as error:
            if getattr(error, "errno", None) != errno.ENOSPC and "full" not in str(error):
                raise
            full = DiskFull(
                f"The disk that holds {self.folder} is full.", "Free some space and run `reelwright resume`."
            )
            yield self._fail(full)
            raise full from error

    def _fail(self, error: ReelwrightError) -> Failed:
        event = Failed(error=type(error).__name__, message=error.message, hint=error.hint)
        with suppress(OSError):  # on a full disk not even this can be kept
            if not isinstance(error, Stopped):
                self.note(status="failed")
            self.log.emit(event)
        return event

    def _tell(self, event: Event) -> Event:
        self.log.emit(event)
        return event

    def _load(self) -> Record | None:
        try:
            return self.records.load()
        except DamagedRecord as error:
            aside = self.records.path.with_suffix(".damaged.json")
            self.records.path.replace(aside)
            self.warn("project", f"{error}; it was put aside as {aside.name}. Finished takes are still cached.")
            return None
