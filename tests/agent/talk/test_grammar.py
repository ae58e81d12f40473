"""What people say, and what is understood of it without a model."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reelwright.agent import talk
from reelwright.agent.talk.grammar import Grammar
from reelwright.agent.talk.lexis import lexis
from reelwright.agent.talk.meaning import Expecting, Meaning
from reelwright.agent.talk.words import GONE, turn_of

STAGES: tuple[Expecting, ...] = ("topic", "content", "details", "agree", "making", "made", "stopped", "confirm")


def read(text: str, expecting: Expecting) -> Meaning:
    return Grammar().read(text, expecting)


@pytest.mark.parametrize(
    ("text", "topic", "seconds", "shape", "audience"),
    [
        ("a film about tea", "Tea", 0, "", ""),
        ("How bees make honey", "How bees make honey", 0, "", ""),
        (
            "I want a 30 second vertical film about how bees make honey for children",
            "How bees make honey",
            30,
            "vertical",
            "children",
        ),
        ("I'd like a twenty second film on the history of London, please.", "The history of London", 20, "", ""),
        (
            "A minute-and-a-half square explainer about recycling for my students.",
            "Recycling",
            90,
            "square",
            "my students",
        ),
        ("The water cycle in 2 minutes and 5 seconds", "The water cycle", 125, "", ""),
        ("um, something about my grandmother's garden", "My grandmother's garden", 0, "", ""),
        ("How to film a wedding", "How to film a wedding", 0, "", ""),
        ("how far is the moon", "How far is the moon", 0, "", ""),
    ],
)
def test_a_first_sentence_names_the_topic_and_its_details(
    text: str, topic: str, seconds: float, shape: str, audience: str
) -> None:
    found = read(text, "topic")
    assert found.intent == "details"
    assert (found.topic, found.seconds, found.shape, found.audience) == (topic, seconds, shape, audience)


def test_what_follows_the_topic_is_what_the_film_says() -> None:
    found = read("A film about tea. Tea is a leaf and hot water. It takes 3 minutes. Make it square.", "topic")
    assert found.topic == "Tea"
    assert found.content == "Tea is a leaf and hot water. It takes 3 minutes."
    assert (found.shape, found.seconds) == ("square", 0)


@pytest.mark.parametrize(
    ("text", "seconds", "shape", "audience"),
    [
        ("thirty seconds, vertical, for children", 30, "vertical", "children"),
        ("twenty", 20, "", ""),
        ("on a phone, for my students", 0, "vertical", "my students"),
        ("not thirty seconds, twenty seconds", 20, "", ""),
        ("It's for beginners, on YouTube.", 0, "wide", "beginners"),
        ("my students", 0, "", "my students"),
        ("short", 15, "", ""),
        ("one hundred and twenty seconds", 120, "", ""),
    ],
)
def test_an_answer_gives_length_shape_and_audience(text: str, seconds: float, shape: str, audience: str) -> None:
    found = read(text, "details")
    assert (found.seconds, found.shape, found.audience) == (seconds, shape, audience)


@pytest.mark.parametrize(
    ("text", "stage", "intent"),
    [
        ("yes please", "agree", "yes"),
        ("No.", "agree", "no"),
        ("you choose", "content", "default"),
        ("How far are you?", "making", "status"),
        ("What will it cost?", "agree", "cost"),
        ("how long will it take", "agree", "time"),
        ("Stop!", "making", "stop"),
        ("go on", "stopped", "go"),
        ("play the other take", "made", "take"),
        ("use the other take for shot 4", "made", "revise"),
        ("make it shorter", "made", "revise"),
        ("undo", "made", "undo"),
        ("help", "topic", "help"),
        ("What did you say?", "agree", "repeat"),
        ("forget what I said", "made", "forget"),
        ("Thank you, that's all.", "made", "bye"),
        ("That's all, thank you.", "made", "bye"),
        ("upload it", "made", "publish"),
        ("...", "made", "unclear"),
    ],
)
def test_what_is_meant(text: str, stage: Expecting, intent: str) -> None:
    assert read(text, stage).intent == intent


@pytest.mark.parametrize(
    ("text", "number", "scene"),
    [
        ("describe shot three", 3, False),
        ("What happens in the second scene?", 2, True),
        ("describe the last shot", -1, False),
        ("what does shot 4 show?", 4, False),
    ],
)
def test_a_shot_is_named_by_its_number(text: str, number: int, scene: bool) -> None:
    found = read(text, "made")
    assert (found.intent, found.number, found.scene) == ("describe", number, scene)


def test_the_other_take_of_a_shot_that_is_named() -> None:
    assert read("play the other take of shot two", "made").number == 2


def test_a_correction_may_follow_a_yes_or_a_no() -> None:
    assert read("no, make it square", "agree").shape == "square"
    assert read("yes, but twenty seconds", "agree").seconds == 20
    assert read("Also say that green tea is best cold.", "agree").content == "Green tea is best cold"
    assert read("it should be about coffee", "agree").topic == "Coffee"


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(STAGES))
@example("0\0000", "topic")
def test_every_turn_has_a_meaning(text: str, stage: Expecting) -> None:
    found = read(text, stage)
    assert GONE not in found.topic + found.content + found.audience


@settings(deadline=None)
@given(st.integers(1, 199))
def test_numbers_are_read_as_they_are_said(number: int) -> None:
    words = Grammar()._words.numbers
    ones = {value: word for word, value in words.items() if word != "fourty"}
    rest, said = number % 100, []
    said += ["one", "hundred"] if number >= 100 else []
    said += ["and"] if number > 100 else []
    said += [ones[rest]] if rest in ones else [ones[rest // 10 * 10], ones[rest % 10]] if rest else []
    assert turn_of(" ".join(said), words).plain == str(number)


def test_every_phrase_is_said_and_every_saying_is_a_phrase() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(talk.__file__).parent.glob("*.py"))
    asked = set(re.findall(r"_say\(\s*['\"](\w+)['\"]", code))
    known = set(lexis().say)
    assert {name for name in asked if not name.endswith("_")} <= known
    written = {name for name in known if f'"{name}"' in code or f"'{name}'" in code}
    assert {name.split("_")[0] for name in known - written} <= {"ask", "help", "miss"}
