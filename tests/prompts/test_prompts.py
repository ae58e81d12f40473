"""Questions are files with names to fill in, and nothing is asked with a hole in it."""

from importlib.resources import files

import pytest

from reelwright.prompts import load, render

NAMES = sorted(file.name[:-3] for file in files("reelwright.prompts").iterdir() if file.name.endswith(".md"))


@pytest.mark.parametrize("name", NAMES)
def test_every_question_can_be_asked(name: str) -> None:
    names = load(name).get_identifiers()
    asked = render(name, **{each: f"<{each}>" for each in names})
    assert all(f"<{each}>" in asked for each in names)
    assert "$" not in asked


def test_a_missing_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("brief", topic="bees")


@pytest.mark.parametrize("name", ["nothing", "../pyproject", "a/b", ""])
def test_only_questions_of_ours_are_read(name: str) -> None:
    with pytest.raises(KeyError):
        load(name)


def test_values_are_not_templates() -> None:
    assert "$seconds costs" in render("brief", topic="what $seconds costs", seconds="30", words="60")
