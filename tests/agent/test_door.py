"""The door: cached, budgeted, retried, handed on, and never silent about it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reelwright.agent.budget import Ledger
from reelwright.agent.door import Door
from reelwright.agent.errors import BudgetExceeded, Refused, Stopped, ToolBusy, ToolFailed, ToolMissing
from reelwright.agent.events import Event, Took, Warned
from reelwright.agent.model import Budget
from reelwright.agent.policy import Moderation, Policy
from reelwright.memory.assets import AssetStore
from reelwright.memory.cache import ResultCache
from reelwright.tools.base import Cost, Job
from reelwright.tools.music import Music, MusicRequest
from reelwright.tools.registry import MUSIC, Registry


class Hum:
    """Somebody's own music tool: a file of as many bytes as frames were asked for."""

    name, version, device = "music.hum", "1", "cpu"
    models: tuple[str, ...] = ()
    result = Music

    def __init__(self, name: str = "music.hum", price: float = 0.0, fail: Callable[[int], None] | None = None) -> None:
        self.name, self.price, self.fail, self.runs = name, price, fail, 0

    def ready(self) -> None: ...

    def quote(self, request: MusicRequest) -> Cost:
        return Cost(money=self.price, seconds=1)

    def run(self, request: MusicRequest, job: Job) -> Music:
        self.runs += 1
        if self.fail:
            self.fail(self.runs)
        path = job.scratch / "hum.wav"
        path.write_bytes(bytes(request.frames))
        job.progress(1.0)
        return Music(audio=job.save(path, "audio", licence="CC0-1.0", origin=self.name), tempo=60, key="C")


class Weights:
    def path(self, name: str) -> Path:
        raise ToolMissing(name)

    def digest(self, name: str) -> str:
        return "0" * 64


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def door(tmp_path: Path, events: list[Event]) -> Callable[..., Door]:
    def make(*tools: Any, budget: Budget | None = None, policy: Policy | None = None, project: str = "film") -> Door:
        return Door(
            registry=Registry(tools),
            cache=ResultCache(AssetStore(tmp_path / project / "assets"), tmp_path / "cache"),
            weights=Weights(),
            ledger=Ledger(budget or Budget()),
            policy=policy or Policy(),
            scratch=tmp_path / project / "scratch",
            emit=events.append,
            cancelled=lambda: False,
            jobs=2,
        )

    return make


def ask(door: Door, frames: int = 10) -> Any:
    return door.call(MUSIC, MusicRequest(frames=frames, rate=30), target="music", stage="cut")


def test_the_same_request_is_made_once(door: Callable[..., Door], events: list[Event]) -> None:
    hum = Hum()
    first, second = ask(door(hum)), ask(door(hum))
    assert hum.runs == 1
    assert second.cached
    assert second.result == first.result
    assert [event.cached for event in events if isinstance(event, Took)] == [False, True]


def test_another_project_links_to_the_users_cache(door: Callable[..., Door]) -> None:
    hum = Hum()
    asset = ask(door(hum)).result.audio
    other = door(hum, project="other")
    assert ask(other).cached
    assert other.assets.path(asset.id).stat().st_nlink > 1


def test_a_damaged_asset_is_made_again(door: Callable[..., Door], tmp_path: Path) -> None:
    hum = Hum()
    made = door(hum)
    asset = ask(made).result.audio
    for place in (made.assets, AssetStore(tmp_path / "cache" / "assets")):
        path = place.path(asset.id)
        path.unlink()
        path.write_bytes(b"rust")
    assert not ask(made).cached
    assert made.assets.sound(asset.id)


def test_a_new_version_of_a_tool_is_another_key(door: Callable[..., Door]) -> None:
    hum = Hum()
    ask(door(hum))
    hum.version = "2"
    assert not ask(door(hum)).cached


def test_many_threads_with_one_request_make_one_result(door: Callable[..., Door]) -> None:
    hum = Hum()
    one = door(hum)
    threads = [threading.Thread(target=ask, args=(one,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hum.runs == 1


def test_a_busy_tool_is_asked_again(door: Callable[..., Door]) -> None:
    def busy_once(run: int) -> None:
        if run == 1:
            raise ToolBusy("the line is engaged")

    assert ask(door(Hum(fail=busy_once))).result.tempo == 60


def test_the_next_provider_takes_over_and_the_film_is_marked(door: Callable[..., Door], events: list[Event]) -> None:
    def broken(run: int) -> None:
        raise ToolFailed("no breath")

    delivery = ask(door(Hum("music.a", fail=broken), Hum("music.b")))
    assert delivery.tool == "music.b"
    assert [event.degraded for event in events if isinstance(event, Warned)] == [True]


def test_a_provider_that_is_left_out_is_not_asked(door: Callable[..., Door], events: list[Event]) -> None:
    first, second = Hum("music.a"), Hum("music.b")
    made = door(first, second)
    request = MusicRequest(frames=10, rate=30)
    assert made.call(MUSIC, request, without={"music.a"}).tool == "music.b"
    assert first.runs == 0
    assert not [event for event in events if isinstance(event, Warned)]
    with pytest.raises(ToolMissing, match="no other provider is left"):
        made.call(MUSIC, request, without={"music.a", "music.b"})


def test_when_nobody_can_the_reasons_are_told(door: Callable[..., Door]) -> None:
    def broken(run: int) -> None:
        raise ToolFailed("no breath", "Rest.")

    with pytest.raises(ToolFailed, match=r"no breath.*Rest"):
        ask(door(Hum(fail=broken)))


def test_a_call_that_costs_too_much_is_never_run(door: Callable[..., Door]) -> None:
    hum = Hum(price=2.0)
    with pytest.raises(BudgetExceeded):
        ask(door(hum, budget=Budget(money=1.0)))
    assert hum.runs == 0


def test_scratch_is_cleared_even_when_a_tool_fails(door: Callable[..., Door], tmp_path: Path) -> None:
    def broken(run: int) -> None:
        raise ToolFailed("no breath")

    with pytest.raises(ToolFailed):
        ask(door(Hum(fail=broken)))
    assert not list((tmp_path / "film" / "scratch").iterdir())


def test_blocked_words_do_not_pass(door: Callable[..., Door]) -> None:
    policy = Policy(moderation=Moderation(blocked=("epic",)))
    made = door(Hum(), policy=policy)
    with pytest.raises(Refused, match="epic"):
        made.call(MUSIC, MusicRequest(frames=1, rate=30, mood="epic"), target="music", stage="cut")


def test_a_checker_that_is_not_there_lets_nothing_through(door: Callable[..., Door]) -> None:
    hum = Hum()
    with pytest.raises(Refused, match=r"trust\.text"):
        ask(door(hum, policy=Policy(moderation=Moderation(checker="trust.text"))))
    assert hum.runs == 0


def test_a_stop_ends_work_before_the_next_call(door: Callable[..., Door]) -> None:
    made = door(Hum())
    made.cancelled = lambda: True
    with pytest.raises(Stopped):
        ask(made)
    assert made.ledger.spent.money == 0.0


class Forgetful(Hum):
    """Orders elsewhere, and is cut off before it has its tune; the second time it finds what it noted."""

    def run(self, request: MusicRequest, job: Job) -> Music:
        if not job.noted():
            job.note("order 7")
            raise ToolFailed("the line is dead")
        assert job.noted() == "order 7"
        return super().run(request, job)


def test_what_a_tool_notes_outlives_it_until_the_result_is_there(door: Callable[..., Door], tmp_path: Path) -> None:
    tool = Forgetful()
    with pytest.raises(ToolFailed):
        ask(door(tool))
    assert [path.read_text() for path in (tmp_path / "film" / "assets" / "notes").iterdir()] == ["order 7"]
    assert not ask(door(tool)).cached
    assert list((tmp_path / "film" / "assets" / "notes").iterdir()) == []


def test_a_refusal_costs_what_it_says(door: Callable[..., Door]) -> None:
    def refuse(run: int) -> None:
        refused = Refused("not this")
        refused.money = 0.25
        raise refused

    made = door(Hum(price=1.0, fail=refuse), budget=Budget(money=5))
    with pytest.raises(Refused):
        ask(made)
    assert made.ledger.spent.money == 0.25
