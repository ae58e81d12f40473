"""Minds over real HTTP: the real clients ask a scripted endpoint for values, through the door."""

import base64
import json
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_openai import ChatOpenAI
from pydantic import Field

from reelwright import Settings, Studio
from reelwright.agent.errors import BriefError, BudgetExceeded, PlanError, Stopped, ToolFailed
from reelwright.agent.settings import load_settings
from reelwright.tools.media import Asset, Frozen

Endpoint = Any
Opened = Callable[..., Studio]


class Verdict(Frozen):
    """What the tests ask for."""

    good: bool
    why: str = Field(min_length=3)


def say(text: str = "", **how: Any) -> tuple[str, dict[str, Any]]:
    """An answer of the endpoint, as tests/conftest.py has it."""
    return text, how


GOOD = {"good": True, "why": "it shows what is said"}


@pytest.fixture
def opened(endpoint: Endpoint, tmp_path: Path) -> Opened:
    """A studio whose models live at the endpoint; keywords are settings of [minds.default]."""

    def make(model: str = "openai:m", named: dict[str, Any] | None = None, **chosen: Any) -> Studio:
        default = {"base_url": f"{endpoint.url}/v1", "timeout": 5, **chosen}
        settings = Settings.model_validate(
            {"cache": None, "model": model, "minds": {"default": default, "named": named or {}}}
        )
        return Studio.open(tmp_path / "film", settings)

    return make


def ask(studio: Studio, prompt: str = "Is it good?", **more: Any) -> Verdict:
    mind = studio.mind("critic")
    assert mind is not None
    return mind.ask(prompt, Verdict, stage="review", **more)


def warnings(studio: Studio) -> str:
    return "\n".join(warning.message for warning in studio.log.warnings)


def test_without_a_model_nobody_thinks(tmp_path: Path) -> None:
    assert Studio.open(tmp_path / "film", Settings(cache=None)).mind("writer") is None


def test_an_answer_is_asked_for_by_json_schema(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [GOOD]
    assert ask(opened(temperature=0.4, seed=7, max_tokens=300)) == Verdict(**GOOD)
    body = endpoint.asked[0]
    assert body["response_format"]["json_schema"]["schema"]["required"] == ["good", "why"]
    assert (body["temperature"], body["seed"]) == (0.4, 7)
    assert 300 in (body.get("max_tokens"), body.get("max_completion_tokens"))


def test_an_endpoint_without_schemas_is_given_a_tool(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.knows, endpoint.script = {"tools"}, [GOOD]
    studio = opened()
    assert ask(studio).good
    assert endpoint.asked[-1]["tools"][0]["function"]["name"] == "Verdict"
    ask(studio, "And this one?")
    assert len(endpoint.asked) == 3, "what the endpoint does not know is tried once"


def test_an_endpoint_without_either_is_told_the_shape(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.knows, endpoint.script = set(), ["Sure!\n```json\n" + json.dumps(GOOD) + "\n```"]
    assert ask(opened()).good
    assert "JSON schema" in endpoint.prompts()[-1]


@pytest.mark.parametrize("way", ["schema", "tools", "plain"])
def test_answers_may_come_word_by_word(way: str, opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [GOOD]
    studio = opened(way=way, stream=True)
    assert ask(studio).good
    assert endpoint.asked[0]["stream"]
    # langchain-openai drops the usage of a stream under a JSON schema; then we count, rather too much.
    assert studio.thoughts[0].said == 5 or way == "schema"


def test_a_stop_takes_effect_in_the_middle_of_a_stream(opened: Opened, endpoint: Endpoint) -> None:
    studio = opened(stream=True)

    def stop(_: object) -> str:
        studio.stop()
        return json.dumps(GOOD)

    endpoint.script = [stop]
    with pytest.raises(Stopped):
        ask(studio)


@pytest.mark.parametrize(
    ("wrong", "quoted"),
    [
        ("No JSON here.", "Invalid JSON"),
        ('{"good": true, "why": "cut', "Invalid JSON"),
        ({"good": "perhaps", "why": "it is"}, "good: Input should be a valid boolean"),
        ({"good": True}, "why: Field required"),
        ({"good": True, "why": "yes", "sure": 1}, "sure: Extra inputs are not permitted"),
    ],
)
def test_what_does_not_fit_is_quoted_and_mended(wrong: Any, quoted: str, opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [wrong, GOOD]
    assert ask(opened()).good
    assert quoted in endpoint.prompts()[1]
    assert endpoint.asked[1]["messages"][1]["role"] == "assistant"


def test_two_repairs_and_no_more(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [{"good": 1}]
    with pytest.raises(PlanError, match="after 2 repairs still"):
        ask(opened())
    assert len(endpoint.asked) == 3


def test_a_caller_may_object_to_the_content(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [GOOD, {"good": False, "why": "it shows a cat"}]
    assert not ask(opened(), check=lambda verdict: "the picture shows a cat" if verdict.good else "").good
    assert "shows a cat" in endpoint.prompts()[1]


def test_a_refusal_is_no_answer_and_is_not_argued_with(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [say(refusal="I will not judge this.")]
    with pytest.raises(ToolFailed, match="I will not judge this"):
        ask(opened())
    assert len(endpoint.asked) == 1
    endpoint.script = [say("", finish="content_filter")]
    with pytest.raises(ToolFailed, match="refused"):
        ask(opened(), "Another one?")


def test_an_answer_cut_short_is_asked_for_again_shorter(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [say('{"good": true, "why": "it', finish="length"), GOOD]
    studio = opened(max_tokens=64)
    assert ask(studio).good
    assert "cut off at 64 tokens" in endpoint.prompts()[1]
    endpoint.script = [say('{"good": tr', finish="length")]
    with pytest.raises(PlanError, match="cut off at 64 tokens"):
        ask(studio, "And now?")


def test_a_busy_endpoint_says_when_to_come_back(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [say(status=429, headers=(("Retry-After", "1"),)), say(status=500), GOOD]
    assert ask(opened()).good
    first, second, third = endpoint.when
    assert second - first >= 1.0
    assert third - second >= 0.5


def test_nobody_waits_for_minutes(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [say(status=429, headers=(("Retry-After", "600"),))]
    began = time.monotonic()
    with pytest.raises(ToolFailed, match="busy"):
        ask(opened())
    assert time.monotonic() - began < 20
    assert len(endpoint.asked) == 1


def test_silence_is_not_waited_for(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [say(json.dumps(GOOD), wait=1.5), GOOD]
    assert ask(opened(timeout=0.5)).good
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize(
    "broken",
    [
        say(raw=b"<html>a captive portal</html>"),
        say(raw=b'{"choices": null}'),
        say(raw=b"{}"),
        say(raw=b""),
        say(status=401),
        say(status=404),
    ],
    ids=["a page", "no choices", "nothing in it", "empty", "no key", "no model"],
)
def test_what_is_no_answer_fails_with_a_name(broken: Any, opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [broken]
    with pytest.raises(ToolFailed, match="openai:m"):
        ask(opened())
    assert len(endpoint.asked) <= 6


def test_a_chain_asks_the_next_and_says_so(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [lambda body: say(status=401) if body["model"] == "one" else say(json.dumps(GOOD))]
    studio = opened("openai:one, openai:two")
    assert ask(studio).good
    assert re.search(r"openai:one did not answer as critic .*; openai:two is asked", warnings(studio))
    assert studio.degradations()


def test_a_model_that_is_always_busy_is_left_alone(opened: Opened, endpoint: Endpoint) -> None:
    busy = say(status=503, headers=(("Retry-After", "0"),))
    endpoint.script = [lambda body: busy if body["model"] == "one" else say(json.dumps(GOOD))]
    studio = opened("openai:one,openai:two")
    for number in range(4):
        assert ask(studio, f"Number {number}?").good
    assert sum(body["model"] == "one" for body in endpoint.asked) == 6


def test_pictures_travel_as_data(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [GOOD]
    studio = opened()
    file = studio.folder / "one.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    asset = studio.door.assets.add(
        file, lambda digest: Asset(id=digest, kind="image", format="png", licence="CC0-1.0", origin="a test")
    )
    assert ask(studio, images=(asset,)).good
    text, picture = endpoint.asked[0]["messages"][0]["content"]
    assert text["text"] == "Is it good?"
    head, _, data = picture["image_url"]["url"].partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG")


def test_the_same_question_is_asked_and_paid_once(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [GOOD]
    studio = opened(price_in=1000, price_out=2000)
    studio.door.ledger.budget = studio.settings.budget.model_copy(update={"money": 30.0})
    assert ask(studio) == ask(studio)
    assert len(endpoint.asked) == 1
    assert [thought.money for thought in studio.thoughts] == [0.02, 0.0]
    assert studio.door.ledger.spent.money == pytest.approx(0.02), "usage counts, not the quote"


def test_a_question_that_does_not_fit_the_budget_is_not_asked(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [GOOD]
    studio = opened(price_in=1, price_out=10)
    with pytest.raises(BudgetExceeded, match="--money"):
        ask(studio)
    assert not endpoint.asked


def test_a_refused_call_costs_what_was_counted_and_a_dead_endpoint_nothing(opened: Opened, endpoint: Endpoint) -> None:
    studio = opened(price_in=1000, price_out=2000)
    studio.door.ledger.budget = studio.settings.budget.model_copy(update={"money": 30.0})
    endpoint.script = [say(status=401), say(refusal="no")]
    for prompt, money in (("one", 0.0), ("two", 0.02)):
        with pytest.raises(ToolFailed):
            ask(studio, prompt)
        assert studio.door.ledger.spent.money == pytest.approx(money)


def test_a_price_nobody_knows_is_said_once(tmp_path: Path) -> None:
    model = ChatOpenAI(model="m", base_url="http://127.0.0.1:9/v1", api_key="none", max_retries=0, timeout=1)
    studio = Studio.open(tmp_path / "film", Settings(cache=None), model=model)
    for prompt in ("one", "two"):
        with pytest.raises(ToolFailed):
            ask(studio, prompt)
    assert warnings(studio).count("No price is known for m") == 1


def test_a_key_comes_from_the_variable_that_is_named(
    opened: Opened, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "secret-1")
    endpoint.script = [GOOD]
    studio = opened(key="MY_KEY")
    ask(studio)
    assert endpoint.asked[0]["key"] == "Bearer secret-1"
    assert "secret-1" not in studio.thoughts[0].model_dump_json() + repr(studio.settings)
    monkeypatch.delenv("MY_KEY")
    with pytest.raises(BriefError, match="MY_KEY"):
        opened(key="MY_KEY")


def test_each_role_may_have_its_own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reelwright.toml").write_text(
        'model = "openai:all"\n[minds]\nwriter = ["openai:one", "ollama:two"]\n[minds.default]\ntemperature = 0.5\n'
        '[minds.named."ollama:two"]\nbase_url = "http://localhost:11434"\n'
    )
    monkeypatch.setenv("REELWRIGHT_DIRECTOR", "ollama:three")
    studio = Studio.open(tmp_path, load_settings(tmp_path, cache="", minds={"critic": "openai:judge"}))
    names = {role: studio.mind(role).models for role in ("writer", "director", "critic")}  # type: ignore[union-attr]
    assert names == {
        "writer": ("openai:one", "ollama:two"),
        "director": ("ollama:three",),
        "critic": ("openai:judge",),
    }


@pytest.mark.parametrize(
    ("model", "path", "way"),
    [("anthropic:m", "", "tools"), ("anthropic:m", "", "plain"), ("ollama:m", "", "auto"), ("ollama:m", "", "plain")],
)
def test_other_houses_answer_in_their_own_protocol(
    model: str, path: str, way: str, opened: Opened, endpoint: Endpoint
) -> None:
    endpoint.script = [GOOD]
    studio = opened(model, base_url=f"{endpoint.url}{path}", way=way, key="")
    assert ask(studio).good
    assert endpoint.asked[0]["path"] == ("/v1/messages" if model.startswith("anthropic") else "/api/chat")
    assert (studio.thoughts[0].asked, studio.thoughts[0].said) == (10, 5)


def test_a_house_is_known_by_its_name(opened: Opened) -> None:
    studio = opened("google_genai:gemini-2.5-flash", base_url="http://127.0.0.1:9", timeout=1)
    with pytest.raises(ToolFailed):
        ask(studio)


@pytest.mark.parametrize(("model", "hint"), [("nohouse:m", "name"), ("openai:", "name")])
def test_a_name_that_is_none_is_said(model: str, hint: str, opened: Opened) -> None:
    with pytest.raises(ToolFailed, match=hint):
        ask(opened(model))


def test_minds_are_safe_from_many_threads(opened: Opened, endpoint: Endpoint) -> None:
    endpoint.script = [GOOD]
    studio, found = opened(), list[bool]()
    threads = [
        threading.Thread(target=lambda number=number: found.append(ask(studio, f"Shot {number}?").good))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 12
    assert len(studio.thoughts) == 12
