"""A vision model looks at every take, over real HTTP: what it sends back is shot again, and the better take stays."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from reelwright import Brief, Plan, Studio
from reelwright.agent.critics.seen import Fault, Judgement, notes_from, offered
from reelwright.agent.events import Reviewed
from reelwright.agent.model import Script, Shot, Take
from reelwright.agent.planner.offline import Offline
from reelwright.tools.base import Cost, Device, Job
from reelwright.tools.media import Size
from reelwright.tools.vision import VisionAnswer, VisionRequest

Opened = Callable[..., Studio]
SIZE, RATE = Size(width=180, height=320), Fraction(10)
FINE = {"seen": "a card", "shows": True, "faults": [], "remedy": "none", "advice": ""}


def judge(**changes: Any) -> dict[str, Any]:
    return FINE | {"seen": "a goat", "shows": False, "remedy": "reshoot"} | changes


def said(body: dict[str, Any]) -> str:
    """A question's words."""
    content = body["messages"][0]["content"]
    return str(content if isinstance(content, str) else content[0]["text"])


def of(body: dict[str, Any]) -> str:
    """What a question is about: the wish of a shot, or `pair`."""
    text = said(body)
    wish = re.search(r"was meant to show: (\w+)", text)
    assert wish
    return f"pair {wish[1]}" if "Two takes" in text else wish[1]


def minds(endpoint: Any, answer: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    endpoint.script = [answer]
    return {"default": {"base_url": f"{endpoint.url}/v1", "timeout": 20}, "critic": ["openai:sees"]}


def made(studio: Studio, brief: Brief, plan: Plan) -> tuple[list[Reviewed], Any]:
    reviews = [event for event in studio.make(brief, plan) if isinstance(event, Reviewed)]
    assert studio.record is not None
    assert studio.record.film is not None
    return reviews, studio.record.film


@pytest.fixture
def short(plan: Plan) -> Plan:
    return plan.model_copy(update={"shots": plan.shots[:3]})


@pytest.mark.media
def test_the_shot_that_shows_something_else_is_shot_again(
    opened: Opened, endpoint: Any, brief: Brief, short: Plan
) -> None:
    flowers = [judge(), {"why": "no goat", "better": "b"}, FINE]
    studio = opened(minds=minds(endpoint, lambda body: flowers.pop(0) if "Flowers" in of(body) else FINE))
    reviews, film = made(studio, brief, short)
    assert {name: take.attempt for name, take in film.takes.items()} == {"shot0": 0, "shot1": 1, "shot2": 0}
    assert "seen unfit: it shows a goat" in str(reviews[0].critique.notes)
    assert "3 takes looked at by openai:sees, 1 at fault" in reviews[0].critique.scores["vision"]
    pictures = [len(body["messages"][0]["content"]) - 1 for body in endpoint.asked[:3]]
    assert pictures == [3, 4, 4], "three frames of the take, after the end of the one before"
    # The takes that stayed are not looked at again: the same frames have been judged. (Shot 2 has a new neighbour.)
    assert [of(body) for body in endpoint.asked[3:]] == ["pair Flowers", "Flowers", "Nectar"]


@pytest.mark.media
def test_the_better_of_two_takes_stays(opened: Opened, endpoint: Any, brief: Brief, short: Plan) -> None:
    answers = [judge(), {"why": "a is finer", "better": "a"}, {"why": "b is finer", "better": "b"}]
    studio = opened(minds=minds(endpoint, lambda body: answers.pop(0) if answers and "Flowers" in of(body) else FINE))
    reviews, film = made(studio, brief, short)
    assert [of(body) for body in endpoint.asked].count("pair Flowers") == 2, "in both orders"
    # The old take stays, so the cut is the first one again, and what the critic said of it still holds.
    assert film.takes["shot1"].attempt == 0
    assert [review.critique.verdict for review in reviews] == ["again", "spent"]


@pytest.mark.media
def test_a_critic_that_never_accepts_ends_with_a_film(opened: Opened, endpoint: Any, brief: Brief, short: Plan) -> None:
    count = iter(range(1000))

    def never(body: dict[str, Any]) -> Any:
        if of(body).startswith("pair"):
            return {"why": "neither", "better": "b"}
        return judge(seen=f"goat number {next(count)}")

    reviews, film = made(opened(minds=minds(endpoint, never), budget={"rounds": 2}), brief, short)
    assert [review.critique.verdict for review in reviews] == ["again", "again", "spent"]
    assert sum("goat number" in short for short in film.short) == 3
    assert len(endpoint.asked) <= 3 * 3 + 3 * 2 * 2


@pytest.mark.media
def test_a_critic_without_money_is_left_out_and_that_is_told(
    opened: Opened, endpoint: Any, brief: Brief, short: Plan
) -> None:
    chosen = minds(endpoint, lambda body: FINE)
    chosen["default"] |= {"price_in": 10000.0, "price_out": 10000.0}
    studio = opened(minds=chosen, budget={"money": 0.001})
    reviews, film = made(studio, brief, short)
    assert not endpoint.asked
    assert reviews[-1].critique.scores["vision"].startswith("skip: 0 takes")
    assert any("vision critic stopped" in reason for reason in film.degraded)


class Scripted:
    """A local vision model that first says something that does not fit."""

    name, version = "vision.scripted", "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = VisionAnswer

    def __init__(self) -> None:
        self.asked: list[VisionRequest] = []

    def ready(self) -> None: ...

    def quote(self, request: VisionRequest) -> Cost:
        return Cost(seconds=1)

    def run(self, request: VisionRequest, job: Job) -> VisionAnswer:
        self.asked.append(request)
        good = Judgement(seen="a card", shows=True).model_dump_json()
        return VisionAnswer(text="A card." if len(self.asked) == 1 else f"Sure: {good}")


@pytest.mark.media
def test_a_local_model_sees_where_no_mind_is_named(opened: Opened, brief: Brief, short: Plan) -> None:
    local = Scripted()
    reviews, _ = made(opened(None, local, cache=None), brief, short)
    assert "3 takes looked at by vision.scripted, 0 at fault" in reviews[0].critique.scores["vision"]
    assert "That answer does not fit" in local.asked[1].question
    assert len(local.asked) == 4


def noted(source: str = "motion", shot: dict[str, Any] | None = None, **judgement: Any) -> list[tuple[str, str, str]]:
    made = Shot.model_validate({"id": "a", "scene": "s", "lines": ("l1",), "source": source} | (shot or {}))
    notes = notes_from(made, Take(shot="a"), Judgement.model_validate({**judge(), **judgement}))
    return [(note.target, note.severity, note.remedy) for note in notes]


def test_a_judgement_becomes_a_note_with_a_remedy_that_can_be_carried_out() -> None:
    assert noted(shows=True) == []
    assert noted() == [("a", "fail", "reshoot")]
    assert noted(remedy="candidate") == [("a", "fail", "reshoot")], "nothing was searched for"
    assert noted("code", remedy="source") == [("a", "fail", "source")]
    assert noted("code", remedy="prompt") == [("a", "fail", "reshoot")], "a new prompt was not given"
    assert noted("code", remedy="prompt", advice="a red wheel") == [("a", "fail", "prompt")]
    assert noted(remedy="rewrite", advice="Bees dance.") == [("l1", "fail", "rewrite")]
    assert noted(shot={"lines": ("l1", "l2")}, remedy="rewrite", advice="x") == [("a", "fail", "reshoot")]
    assert noted("own", remedy="reshoot") == [("a", "warn", "none")], "a person's picture is never swapped"


@pytest.mark.parametrize(("kind", "severity"), [("hands", "fail"), ("text", "fail"), ("style", "warn")])
def test_some_faults_spoil_a_shot(kind: Any, severity: str) -> None:
    assert noted(shows=True, faults=(Fault(kind=kind, what="six fingers"),))[0][1] == severity


def test_every_source_knows_what_may_be_done() -> None:
    sources: tuple[Any, ...] = ("motion", "code", "own")
    for source in sources:
        assert set(offered(Shot(id="a", scene="s", lines=(), source=source))) <= {
            "reshoot", "candidate", "prompt", "source", "retime", "rewrite",
        }  # fmt: skip


@pytest.mark.media
def test_a_line_that_no_picture_fits_is_said_in_other_words(
    opened: Opened, endpoint: Any, script: Callable[..., Script], short: Plan
) -> None:
    """From the critic back to the plan: the words change, the shots are planned on them, the rest is in the cache."""
    silent = script("Good honey keeps for years.", "It is sui generis.").model_copy(update={"narrated": False})
    brief = Brief(text="Good honey keeps for years. It is sui generis.", seconds=6, size=SIZE, rate=RATE)
    shots = Offline().direct(brief, silent)
    wanted = judge(remedy="rewrite", advice="Nothing else is like it.")
    studio = opened(minds=minds(endpoint, lambda body: wanted if "sui generis" in said(body) else FINE))
    reviews, film = made(studio, brief, Plan(script=silent, shots=shots))
    assert reviews[0].critique.verdict == "again"
    assert studio.record is not None
    assert studio.record.plan is not None
    assert [line.text for line in studio.record.plan.script.lines] == [
        "Good honey keeps for years.",
        "Nothing else is like it.",
    ]
    assert not [short for short in film.short if "seen" in short]
    assert "sui generis" not in said(endpoint.asked[-1])
