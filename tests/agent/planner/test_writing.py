"""A script says what the brief says, in the time there is, and tells what it left out."""

from reelwright import Brief
from reelwright.agent.model import Script
from reelwright.agent.planner.markdown import read
from reelwright.agent.planner.writing import write

LONG = """# How bread rises

Yeast is alive. It eats the sugar in the flour and breathes out gas.

The weather was nice. My uncle has a boat with a blue sail and two old oars.

Flour and water make a net of gluten. The net of gluten holds the gas of the yeast, so the bread rises.

Taste the bread while it is warm.
"""


def script(text: str, seconds: float = 30) -> Script:
    return write(Brief(text=text, seconds=seconds))


def said(text: str, seconds: float = 30) -> list[str]:
    return [line.text for line in script(text, seconds).lines]


def test_all_is_said_when_there_is_time() -> None:
    made = script(LONG, 40)
    assert len(made.lines) == 7
    assert not any("left out" in short for short in made.shorts)


def test_the_least_central_goes_first_and_no_sentence_is_cut() -> None:
    made = script(LONG, 18)
    texts = [line.text for line in made.lines]
    assert "My uncle has a boat with a blue sail and two old oars." not in texts
    assert texts[0] == "Yeast is alive."
    assert texts[-1] == "Taste the bread while it is warm."
    assert all(text in LONG for text in texts)
    assert any("left out" in short for short in made.shorts)


def test_a_sentence_that_leans_on_another_goes_with_it() -> None:
    for seconds in range(6, 40):
        texts = said(LONG, seconds)
        if any(text.startswith("It eats") for text in texts):
            assert "Yeast is alive." in texts


def test_too_little_is_said_not_stretched() -> None:
    made = script("Bees\n\nBees fly far. Bees also dance.", 60)
    assert any("write more" in short for short in made.shorts)


def test_short_entries_become_a_sentence_and_long_ones_their_own() -> None:
    assert said("Bread\n\nYou need:\n\n- flour\n- water\n- salt") == ["You need: flour, water and salt."]
    assert said("Bread\n\nIt goes like this:\n\n- mix the flour with water\n- let the dough rest") == [
        "It goes like this.",
        "Mix the flour with water.",
        "Let the dough rest.",
    ]
    assert said("Brot\n\nMan braucht:\n\n- Mehl\n- Wasser") == ["Man braucht: Mehl und Wasser."]


def test_numbered_entries_are_steps() -> None:
    assert {line.part for line in script("Bread\n\n1. Mix it all well\n2. Bake it for an hour").lines} == {"step"}


def test_quotes_are_spoken_and_their_owners_shown() -> None:
    line = script("Bread\n\n> Bread is the staff of life. — Jonathan Swift").lines[0]
    assert (line.text, line.part, line.by) == ("Bread is the staff of life.", "quote", "Jonathan Swift")


def test_tables_are_read_row_by_row() -> None:
    assert said("Locks\n\n| | Klick | Chain |\n|-|-|-|\n| Weight | 180 g | 2 kg |") == [
        "Weight: Klick 180 g, Chain 2 kg."
    ]


def test_marks_links_and_tags_are_not_spoken() -> None:
    assert said(
        "Bees\n\n**Bees** [fly](https://x.example/y) <b>far</b>. <script>alert(1)</script>Really. <!-- no -->"
    ) == [
        "Bees fly far.",
        "Really.",
    ]
    assert said("Bees\n\nSee https://www.bees.example/a?b=c for more.") == ["See bees.example for more."]


def test_code_is_not_read_aloud_and_that_is_said() -> None:
    made = script("Code\n\nIt is short.\n\n```\nx = 1\n```")
    assert [line.text for line in made.lines] == ["It is short."]
    assert "Code in the brief is not read aloud." in made.shorts


def test_a_first_line_is_a_title_unless_it_is_a_sentence_of_many() -> None:
    assert read("Why bees dance\nBees dance to tell. They really do.").title == "Why bees dance"
    assert read("Bees dance. They dance to tell.").title == ""
    assert read("---\nseconds: 3\n---\n# Bees").title == "Bees"


def test_headings_open_scenes() -> None:
    made = script("# Bees\n\nBees fly.\n\n## At home\n\nBees sleep at night.\n\n## In the field\n\nBees work by day.")
    assert [scene.heading for scene in made.scenes] == ["", "At home", "In the field"]


def test_a_film_too_short_for_a_sentence_shows_its_title() -> None:
    made = script(LONG, 2)
    assert not made.narrated
    assert any("not narrated" in short for short in made.shorts)
