"""A topic becomes a brief by questions, by a chat assistant, or by a file to fill in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright import Brief
from reelwright.agent.brief import brief_template, chat_prompt, compose, is_topic, questions, topic_of
from reelwright.agent.planner.markdown import read
from reelwright.agent.planner.offline import Offline


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How bees make honey", "How bees make honey"),
        ("# How bees make honey\n", "How bees make honey"),
        ("make me a short 30-second video about how bees make honey.", "How bees make honey"),
        ("Create an explainer on heat pumps", "Heat pumps"),
        ("Make bread", "Make bread"),
    ],
)
def test_the_topic_is_what_the_film_is_about(text: str, topic: str) -> None:
    assert is_topic(text)
    assert topic_of(text) == topic


@pytest.mark.parametrize(
    "text",
    [
        "Bees\n\nThey fly.",
        "Bees fly. They also dance.",
        "> Bees are we. — Nobody",
        "- one\n- two",
        "# Bees\n\n- far\n- fast",
    ],
)
def test_a_brief_that_says_something_is_no_topic(text: str) -> None:
    assert not is_topic(text)


@pytest.mark.parametrize(
    ("topic", "asked"),
    [
        ("How bees make honey", "Which bees are these, and where are they at work?"),
        ("How to brew espresso", "Who wants to brew espresso, and what for?"),
        ("Why the sky is blue", "Why the sky is blue: what do most people believe?"),
        ("What is a heat pump?", "Heat pump, in one sentence that a child understands?"),
        ("7 rules of sleep", "Whom is “7 rules of sleep” for?"),
        ("City opens new library", "“City opens new library”: what happened, and who was part of it?"),
        ("The story of the Titanic", "“The story of the Titanic”: who is it about, and where does it begin?"),
        ("Our new lock app", "“Our new lock app”: whom is it for, and what goes wrong for them without it?"),
        ("Espresso", "“Espresso”: what is the most surprising thing about it?"),
    ],
)
def test_questions_fit_the_kind_of_film(topic: str, asked: str) -> None:
    found = questions(topic)
    assert found[0] == asked
    assert 3 <= len(found) <= 5
    assert len(set(found)) == len(found)


def test_answers_become_a_brief_that_the_planner_reads() -> None:
    topic = "How bees make honey"
    asked = questions(topic)
    answers = dict(
        zip(
            asked,
            (
                "Worker bees, inside a dark hive",
                "They start from nectar",
                "they sip nectar, pass it on, and fan it dry",
                "A jar takes two million flowers",
                "  ",
            ),
            strict=True,
        )
    )
    text = compose(topic, answers)
    document = read(text)
    assert document.title == topic
    assert [block.kind for block in document.blocks] == ["text", "text", "text", "list", "text"]
    assert document.blocks[3].items == ("they sip nectar", "pass it on", "fan it dry")
    plan = Offline().plan(Brief(text=text, seconds=30))
    assert plan.script.narrated
    assert any(shot.card.figure and shot.card.figure.value == 2_000_000 for shot in plan.shots)


def test_without_answers_the_topic_stays_a_topic() -> None:
    assert is_topic(compose("How bees make honey", {}))
    assert is_topic(compose("How bees make honey", {"an old question": "an old answer"}))


def test_the_template_is_a_topic_until_somebody_answers() -> None:
    template = brief_template("How bees make honey")
    assert "reelwright make brief.md" in template
    assert all(question in template for question in questions("How bees make honey"))
    assert is_topic(template)
    filled = template.replace("work? -->", "work? -->\n\nBees work in the dark.")
    assert read(filled).blocks[0].items == ("Bees work in the dark.",)


def test_the_chat_prompt_asks_for_what_fits() -> None:
    prompt = chat_prompt("How bees make honey", 30)
    assert "How bees make honey" in prompt
    assert "60 spoken words" in prompt


def test_the_shape_that_the_chat_prompt_asks_for_is_read_whole() -> None:
    shape = chat_prompt("Bees", 30).split("in this shape:\n\n")[1].split("\nRules:")[0]
    document = read(shape)
    assert document.title == "A title of at most eight words"
    assert [block.kind for block in document.blocks] == ["text", "text", "text", "list", "text", "quote", "text"]
    assert document.blocks[5].by == "Name"


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=200), st.lists(st.text(max_size=100), min_size=5, max_size=5))
def test_any_topic_and_answers_make_a_text(topic: str, answers: list[str]) -> None:
    asked = questions(topic)
    assert len(asked) <= 5
    assert isinstance(compose(topic, dict(zip(asked, answers, strict=False))), str)
    assert isinstance(brief_template(topic), str)


def narrated(text: str, seconds: float) -> bool:
    return Offline().plan(Brief(text=text, seconds=seconds)).script.narrated


@pytest.mark.parametrize("seconds", [2, 3.5, 7, 10, 15])
@pytest.mark.parametrize(
    "topic", ["How bees make honey", "Espresso", "蜜蜂如何酿蜜", "The quick brown fox jumps over the dog"]
)
def test_a_topic_alone_is_a_title_sequence_exact_to_the_frame(topic: str, seconds: float) -> None:
    brief = Brief(text=topic, seconds=seconds)
    plan = Offline().plan(brief)
    assert not plan.script.narrated
    assert sum(shot.frames for shot in plan.shots) == brief.frames
    assert all(shot.frames <= 5 * 30 + 1 for shot in plan.shots)
    assert plan.script.shorts


def test_a_topic_does_not_carry_more_than_fifteen_seconds_and_says_so() -> None:
    plan = Offline().plan(Brief(text="How bees make honey", seconds=40))
    assert sum(shot.frames for shot in plan.shots) == 15 * 30
    assert any("15 s" in short for short in plan.script.shorts)
