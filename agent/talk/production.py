"""What is made beside the talk: the plan, the film, its revisions; and what is told of them.

Knows the floor and the studios; knows nothing about how turns are understood.
"""

import time
from collections.abc import Callable

from ..errors import BriefError, ReelwrightError, Stopped
from ..events import Asking
from ..mind import Mind
from ..model import Brief, Plan, Shot
from ..record import Record
from ..revise import Proposal, propose
from .answers import Answers
from .draft import draft_of
from .floor import Floor
from .lexis import Phrases
from .studios import Studios
from .telling import Progress, Teller, file_of

Texts = tuple[str, ...]
PATIENCE = 4.0
"""Seconds that a turn waits for a plan; an offline one takes less than one."""


class Production:
    """Plans, makes, stops and revises."""

    def __init__(
        self,
        floor: Floor,
        studios: Studios,
        say: Phrases,
        teller: Teller,
        answers: Answers,
        mind: Mind | None,
    ) -> None:
        self._floor, self._studios, self._say, self._teller, self._answers = floor, studios, say, teller, answers
        self._mind = mind

    def plan(self, brief: Brief, change: str = "") -> Texts:
        """Write the plan and read it back; where that takes longer it is read when it is there."""
        floor = self._floor
        floor.brief, floor.doing, floor.stage, floor.edited = brief, "plan", "making", False
        floor.change = change
        floor.work, floor.began = self._studios.plan(brief), time.monotonic()
        if floor.work.wait(PATIENCE):
            return self.settle()
        return (self._say("status_plan"),)

    def make(self, first: str, again: bool = False) -> Texts:
        """Carry out the plan that stands."""
        floor = self._floor
        assert floor.brief is not None
        assert floor.plan is not None
        floor.progress = Progress(self._say, self._teller.words)
        floor.progress.planned(floor.plan)
        floor.doing, floor.stage, floor.again = "film", "making", again
        floor.work, floor.began = self._studios.make(floor.brief, floor.plan), time.monotonic()
        return (first,)

    def settle(self) -> Texts:
        """What is to be told since the last call: the newest milestone, a plan, a finished film, a failure."""
        floor, work = self._floor, self._floor.work
        if work is None:
            return ()
        running, told, asked = work.running, "", None
        for event in work.events():
            told = (floor.progress.take(event) if floor.progress and floor.doing == "film" else "") or told
            asked = event if isinstance(event, Asking) else asked
        if running:
            return (told,) if told else ()
        error, doing = work.error, floor.doing
        floor.work, floor.doing, floor.record = None, "", work.studio.record
        if error is not None:
            return self._failed(error)
        if doing == "plan":
            assert asked is not None
            floor.plan = asked.plan
            return self.read_back()
        return self._finished()

    def read_back(self) -> Texts:
        """The plan in a few sentences, and the question whether to make it."""
        floor = self._floor
        assert floor.brief is not None
        assert floor.plan is not None
        change, floor.change, floor.stage, floor.question = floor.change, "", "agree", self._say("shall")
        told = self._teller.plan(floor.brief, floor.plan, self._studios.settings.budget.money)
        if change:
            return (self._say("plan_again", change=change, **told),)
        return (self._say("ready"), *self._shorts(floor.plan, floor.brief), self._say("plan", **told))

    def _shorts(self, plan: Plan, brief: Brief) -> Texts:
        """Where the plan is not as long as was asked for."""
        seconds = sum(shot.frames for shot in plan.shots) / float(brief.rate)
        if plan.script.lines and seconds < 0.8 * brief.seconds:
            return (self._say("little", asked=self._say.length(brief.seconds)),)
        return ()

    def _finished(self) -> Texts:
        floor = self._floor
        assert floor.progress is not None
        assert floor.progress.finished is not None
        floor.stage, floor.question = "made", ""
        if floor.record is not None and floor.record.plan is not None:
            floor.plan = floor.record.plan
        if floor.leaving:
            floor.gone = True
            return (self._say("bye_film", file=file_of(self._studios.folder)),)
        done = self._teller.done(floor.progress.finished, floor.again)
        if not floor.later:
            return (done,)
        request, *floor.later = floor.later
        return (done, *self.revise(request))

    def _failed(self, error: ReelwrightError) -> Texts:
        floor = self._floor
        floor.stage = "stopped" if floor.plan is not None else "topic"
        text = self._teller.failure(error)
        if floor.leaving:
            floor.gone = not isinstance(error, Stopped)
            return (text, self._say("bye_stopped")) if floor.gone else (self._say("bye_stopped"),)
        return (text,)

    def stop(self) -> Texts:
        """Stop what runs."""
        if self._floor.work is None:
            return (self._say("nothing_runs"),)
        self._floor.work.stop()
        return (self._say("stopping"),)

    def go(self) -> Texts:
        """Go on where it stopped."""
        floor = self._floor
        if floor.work is not None:
            return (self._say("already"),)
        if floor.stage == "stopped" and floor.plan is not None:
            return self.make(self._say("going_on"), floor.again)
        return (self._answers.status(),)

    def revise(self, request: str) -> Texts:
        """A change of the plan before the film, or of the finished film."""
        floor = self._floor
        if floor.work is not None:
            floor.later.append(request)
            return (self._say("later" if len(floor.later) == 1 else "later_more"),)
        if floor.brief is None or floor.plan is None:
            return (self._answers.miss(),)
        record = (floor.record or Record(brief=floor.brief)).model_copy(
            update={"brief": floor.brief, "plan": floor.plan}
        )
        try:
            proposal = propose(record, request, self._mind)
        except ReelwrightError as error:
            if isinstance(error, BriefError) and "not understood" in error.message:
                return (self._answers.miss(),)
            return (self._teller.objection(error), self._say("what_else"))
        if floor.stage == "agree":
            floor.brief, floor.plan, floor.edited, floor.change = proposal.brief, proposal.plan, True, proposal.summary
            return self.read_back()
        if proposal.costly:
            return self.ask(self._say("confirm", understood=proposal.summary), lambda: self._carry(proposal))
        return self._carry(proposal)

    def ask(self, question: str, then: Callable[[], Texts]) -> Texts:
        """Wait for a yes before doing it."""
        floor = self._floor
        floor.before = floor.stage if floor.stage != "confirm" else floor.before
        floor.stage, floor.pending = "confirm", then
        return (question,)

    def _carry(self, proposal: Proposal) -> Texts:
        self.remember()
        floor = self._floor
        floor.brief, floor.plan, floor.draft = proposal.brief, proposal.plan, draft_of(proposal.brief)
        return self.make(f"{proposal.summary} {self._say('remaking')}", again=True)

    def remember(self) -> None:
        """Keep the film as it is, for undo and for its takes."""
        record = self._floor.record
        if record is not None and record.film is not None:
            self._floor.history.append(record)

    def undo(self) -> Texts:
        """Make the film as it was before its last revision; nothing of it is made anew."""
        floor = self._floor
        if floor.work is not None or not floor.history:
            return (self._say("already" if floor.work is not None else "no_undo"),)
        record = floor.history.pop()
        floor.brief, floor.plan, floor.draft = record.brief, record.plan, draft_of(record.brief)
        return self.make(self._say("undone"), again=True)

    def take(self, number: int) -> Texts:
        """Another take of a shot: where it lies and whether to use it; or whether to make one."""
        floor = self._floor
        if floor.stage != "made" or floor.plan is None:
            return (self._say("no_take" if floor.plan is not None else "no_plan"),)
        if not -1 <= number <= len(floor.plan.shots):
            count = self._say.count(len(floor.plan.shots))
            return (self._say("no_shot", number=self._say.count(number), count=count),)
        found = self._answers.other_take(number)
        if found is not None:
            shot, spoken, file = found
            return self.ask(self._say("take", shot=spoken, file=str(file)), lambda: self._swap(shot))
        if number == 0:
            return (self._say("no_take"),)
        at = len(floor.plan.shots) if number == -1 else number
        shot = floor.plan.shots[at - 1].id
        return self.ask(self._say("no_take_yet", shot=self._say.count(at)), lambda: self._another(shot))

    def _swap(self, shot: str) -> Texts:
        """Use the shot as it was in the newest earlier version that had another take of it."""
        floor = self._floor
        assert floor.record is not None
        assert floor.plan is not None
        now = floor.record.takes[shot].request_key
        older = next(old.plan for old in reversed(floor.history) if old.plan and old.takes[shot].request_key != now)
        before = next(each for each in older.shots if each.id == shot)
        return self._replace(before)

    def _another(self, shot: str) -> Texts:
        assert self._floor.plan is not None
        now = next(each for each in self._floor.plan.shots if each.id == shot)
        return self._replace(now.model_copy(update={"seed": now.seed + 1}))

    def _replace(self, shot: Shot) -> Texts:
        floor = self._floor
        assert floor.plan is not None
        self.remember()
        shots = tuple(shot if each.id == shot.id else each for each in floor.plan.shots)
        floor.plan = floor.plan.model_copy(update={"shots": shots})
        return self.make(self._say("remaking"), again=True)
