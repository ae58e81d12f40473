"""Skills are found by the words of a line, and by nothing less than its subject; each draws what moves."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.code import CodeRequest
from reelwright.tools.code.renderer import Code
from reelwright.tools.code.skills import api, clear, matches, read, shipped, skill
from reelwright.tools.media import Size
from reelwright.tools.models import Models

SIZE = Size(width=96, height=170)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Each pendulum keeps its own time.", "pendulums"),
        ("The planets orbit the sun, the inner ones faster.", "orbits"),
        ("A network of neurons learns.", "network"),
        ("Sorting puts the smallest number first.", "sorting"),
        ("Gears turn each other.", "gears"),
        ("Two sound waves meet and add up.", "waves"),
        ("A tree grows from a seed.", "tree"),
        ("The DNA of a cell is a long word.", "helix"),
        ("The heart rests between one pulse and the next.", "heartbeat"),
        ("A Fourier series is a sum of circles.", "epicycles"),
    ],
)
def test_a_line_finds_the_skill_it_is_about(line: str, name: str) -> None:
    found = clear(line, shipped())
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "line",
    [
        "All sorts of people come.",
        "Our planet needs help.",
        "At the heart of the town stands a church.",
        "Waves break on the beach.",
        "She waved her hand.",
        "The family tree goes back to 1700.",
        "Money grows when it is left alone for many years and nobody looks at the tree in the garden behind the bank.",
        "Honey is made of nectar.",
        "",
    ],
)
def test_a_line_about_something_else_finds_none(line: str) -> None:
    assert clear(line, shipped()) is None


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_words_may_be_asked(words: str) -> None:
    assert clear(words, shipped()) in (None, *shipped())
    assert all(match.words for match in matches(words, shipped()))


def test_every_shipped_program_says_what_it_does() -> None:
    assert len(shipped()) >= 8
    assert len(shipped("questions")) >= 5
    for each in (*shipped(), *shipped("questions")):
        assert each.says.endswith(".")
        assert len(each.tags) >= 4


def test_a_program_that_says_nothing_is_no_skill() -> None:
    with pytest.raises(ValueError, match="neither what it draws"):
        read("mute", "def draw(scene, t): return ''")
    with pytest.raises(KeyError):
        skill("nothing")


def test_the_interface_that_authors_read_is_the_one_there_is() -> None:
    told = api()
    for name in ("class Scene", "floor: float", "centre: tuple", "def svg(", "def shades(", "def turn("):
        assert name in told
    assert "_paint" not in told
    assert "cuts: Any" in api("asker")


@pytest.mark.media
@pytest.mark.parametrize("name", [each.name for each in shipped()])
def test_every_skill_draws_and_moves(name: str, tmp_path: Path) -> None:
    """In a tall frame, from before the first frame to after the last: the renderer refuses what is empty or stands."""
    (tmp_path / "scratch").mkdir()
    job = Job(tmp_path / "scratch", AssetStore(tmp_path / "assets"), Models.installed(tmp_path / "cache"))
    request = CodeRequest(program=skill(name).program, size=SIZE, rate=5, frames=10, handle=1)
    picture = Code().run(request, job)
    assert (picture.video.frames, picture.video.size) == (12, SIZE)
