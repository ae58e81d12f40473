"""Programs that drew well are kept, and verdicts rank them."""

from pathlib import Path

from reelwright.memory.skills import SkillShelf
from reelwright.tools.code.skills import Skill, shipped

SNOW = Skill(name="written", says="Snow falls.", tags=("snow", "winter"), program="def draw(scene, t): ...")


def test_a_program_is_kept_with_its_first_verdict_and_comes_first(tmp_path: Path) -> None:
    shelf = SkillShelf(tmp_path / "skills")
    assert shelf.ranked(shipped()) == shipped()
    shelf.judge(SNOW, good=True)
    shelf.judge(SNOW, good=True)
    again = SkillShelf(tmp_path / "skills")
    assert [(kept.good, kept.bad) for kept in again.kept()] == [(2, 0)]
    assert again.ranked(shipped())[0] == SNOW


def test_a_program_that_films_reject_is_offered_no_more(tmp_path: Path) -> None:
    shelf, poor = SkillShelf(tmp_path), shipped()[0]
    shelf.judge(poor, good=False)
    assert shelf.ranked(shipped())[-1] == poor
    shelf.judge(poor, good=False)
    assert poor not in shelf.ranked(shipped())


def test_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    shelf = SkillShelf(tmp_path)
    shelf.judge(SNOW, good=True)
    (tmp_path / "broken.json").write_bytes(b"\xff{")
    assert [kept.skill for kept in shelf.kept()] == [SNOW]


def test_without_a_folder_nothing_is_kept() -> None:
    shelf = SkillShelf(None)
    shelf.judge(SNOW, good=True)
    assert shelf.kept() == ()
