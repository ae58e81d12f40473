"""Dialogue in a brief: whose turn a line is."""

import pytest

from reelwright import Brief
from reelwright.agent.planner.offline import Offline

TALK = """# Two beekeepers

Anna: How long does honey last?

Ben: It never spoils.
Pots from Egypt were still good to eat.

Anna: And how much does one bee make?

Ben: A twelfth of a teaspoon in her whole life.
"""


def lines(text: str, **more: object) -> list[tuple[str, str]]:
    brief = Brief.model_validate({"text": text, "seconds": 40, **more})
    return [(line.speaker, line.text) for line in Offline().write(brief).lines]


def test_each_turn_is_its_speakers() -> None:
    assert lines(TALK) == [
        ("Anna", "How long does honey last?"),
        ("Ben", "It never spoils."),
        ("Ben", "Pots from Egypt were still good to eat."),
        ("Anna", "And how much does one bee make?"),
        ("Ben", "A twelfth of a teaspoon in her whole life."),
    ]


def test_turns_may_stand_line_under_line_and_in_bold() -> None:
    text = "# Talk\n\n**Anna:** Honey is old.\n**Ben:** How old is it?\n**Anna:** Three thousand years.\n"
    assert [speaker for speaker, _ in lines(text)] == ["Anna", "Ben", "Anna"]


@pytest.mark.parametrize(
    "text",
    [
        "# Tea\n\nNote: tea is a leaf.\n\nTip: use hot water.\n\nNote: wait three minutes.",
        "# Tea\n\nTea has two parts: a leaf and hot water. It is old.",
        "# Tea\n\nGreen: it is not oxidised.\n\nWe drink it hot.",
        "# Tea\n\n- Green: it is not oxidised.\n- Black: it is oxidised in full.",
        "# Tea\n\nGreen: 30\nBlack: 50\nGreen: 20",
    ],
)
def test_a_label_is_no_speaker(text: str) -> None:
    assert {speaker for speaker, _ in lines(text)} == {""}


def test_the_cast_makes_a_speaker_of_a_name_that_speaks_once() -> None:
    text = "# Tea\n\nTea is a leaf and hot water.\n\nMaster Lu: wait for three full minutes, then pour it."
    assert {speaker for speaker, _ in lines(text)} == {""}
    cast = (("master lu", "joe"),)
    assert lines(text, cast=cast)[-1] == ("Master Lu", "Wait for three full minutes, then pour it.")


def test_a_film_still_tells_its_story_around_a_dialogue() -> None:
    text = TALK + "\n## The end\n\nSo honey is the oldest food there is.\n"
    found = lines(text)
    assert found[-1] in {("", "So honey is the oldest food there is."), ("Ben", found[-1][1])}
    assert [speaker for speaker, _ in found][:2] == ["Anna", "Ben"]
