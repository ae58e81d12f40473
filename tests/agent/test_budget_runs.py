"""A thousand random runs against the door: no call is made that does not fit into what was granted."""

import threading
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reelwright.agent.budget import Ledger
from reelwright.agent.door import Door
from reelwright.agent.errors import BudgetExceeded, ToolFailed
from reelwright.agent.model import Budget
from reelwright.agent.policy import Policy
from reelwright.memory.assets import AssetStore
from reelwright.memory.cache import ResultCache
from reelwright.tools.base import Cost, Device, Job
from reelwright.tools.errors import ToolMissing
from reelwright.tools.mind import Answer, Question
from reelwright.tools.registry import MIND, Registry

EDGE = 1e-9
_numbers = count()


@dataclass(frozen=True)
class Bill:
    """What a call is quoted at, what it costs in the end, and whether it fails; None where a failure says nothing."""

    quote: float
    actual: float | None
    fails: bool


@dataclass
class Meter:
    """A provider that answers anything, and keeps what the ledger had when it was run."""

    bills: dict[str, Bill]
    door: "Door | None" = None
    over: list[str] = field(default_factory=list)
    runs: int = 0
    name: str = "mind.meter"
    version: str = "1"
    models: tuple[str, ...] = ()
    device: Device = "net"
    result: type[Answer] = Answer

    def ready(self) -> None: ...

    def quote(self, request: Question) -> Cost:
        return Cost(money=self.bills[request.model].quote)

    def run(self, request: Question, job: Job) -> Answer:
        bill, door = self.bills[request.model], self.door
        assert door is not None
        self.runs += 1
        if bill.quote and door.ledger.spent.money + bill.quote > door.ledger.budget.money + EDGE:
            self.over.append(request.model)
        if bill.fails:
            error = ToolFailed("no")
            error.money = bill.actual
            raise error
        return Answer(text="", money=bill.actual or 0.0)


class Weights:
    def path(self, name: str) -> Path:
        raise ToolMissing(name)

    def digest(self, name: str) -> str:
        return "0" * 64


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> ResultCache:
    return ResultCache(AssetStore(tmp_path_factory.mktemp("runs") / "assets"), None)


def opened(money: float, bills: list[Bill], cache: ResultCache) -> tuple[Door, Meter]:
    meter = Meter({f"call {next(_numbers)}": bill for bill in bills})
    door = Door(
        registry=Registry([meter]),
        cache=cache,
        weights=Weights(),
        ledger=Ledger(Budget(money=money)),
        policy=Policy(),
        scratch=cache.assets.root.parent / "scratch",
        emit=lambda event: None,
        cancelled=lambda: False,
        jobs=2,
    )
    meter.door = door
    return door, meter


def ask(door: Door, model: str) -> bool:
    """Whether the call was let through."""
    try:
        door.call(MIND, Question(model=model, messages=()))
    except BudgetExceeded:
        return False
    except ToolFailed:
        return True
    return True


BILLS = st.lists(st.builds(Bill, st.floats(0, 1), st.none() | st.floats(0, 1.5), st.booleans()), min_size=1, max_size=5)


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.floats(0, 3), BILLS)
def test_no_call_is_made_over_budget(cache: ResultCache, money: float, bills: list[Bill]) -> None:
    door, meter = opened(money, bills, cache)
    let_through = [model for model in meter.bills if ask(door, model)]
    assert not meter.over
    assert meter.runs == len(let_through)
    # Only the call that was running can overrun, and by no more than it cost above its quote.
    worst = max((max(0.0, (bill.actual or 0.0) - bill.quote) for bill in bills), default=0.0)
    free = sum(bill.actual or 0.0 for bill in bills if not bill.quote)
    assert door.ledger.spent.money <= money + worst * len(bills) + free + EDGE


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.floats(0, 3), st.lists(st.floats(0.01, 1), min_size=2, max_size=5))
def test_not_even_side_by_side(cache: ResultCache, money: float, quotes: list[float]) -> None:
    door, meter = opened(money, [Bill(quote, quote, False) for quote in quotes], cache)
    threads = [threading.Thread(target=ask, args=(door, model)) for model in meter.bills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not meter.over
    assert door.ledger.spent.money <= money + EDGE


@settings(max_examples=300, deadline=None)
@given(st.floats(0.1, 60), st.lists(st.floats(0, 30), min_size=1, max_size=20))
def test_no_call_begins_when_its_seconds_are_spent(seconds: float, calls: list[float]) -> None:
    ledger = Ledger(Budget(seconds=seconds))
    for took in calls:
        before = ledger.spent.seconds
        try:
            held = ledger.reserve(Cost(seconds=took), "speech.piper")
        except BudgetExceeded:
            assert before >= seconds
            continue
        assert before < seconds
        ledger.settle(held, Cost(seconds=took))
