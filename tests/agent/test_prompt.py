"""A shot in each family's own prompt style, word for word: subject, place, action, camera, light, look and what not."""

from pathlib import Path

import pytest

from reelwright.agent.model import Line, Scene, Shot
from reelwright.agent.prompt import CAMERAS, LOOKS, NEGATIVE, worded
from reelwright.tools.video.diffusion.families import families, family
from reelwright.tools.video.motion.styles import sheets

GOLDEN = Path(__file__).parents[1] / "golden" / "shots"
SCENE = Scene(id="s1", heading="", place="a small harbour at dusk", mood="calm", lines=(Line(id="l1", text="Boats."),))
SHOT = Shot(id="shot01", scene="s1", lines=("l1",), camera="push", style="cinematic")


def written(name: str) -> str:
    row = family(name)
    rows = [
        worded("Old boats rest on the shore while gulls circle.", SHOT, SCENE, row),
        worded("Old boats rest on the shore while gulls circle.", SHOT, SCENE, row, "dark palette of blue, orange"),
        *(worded("Nets dry", SHOT.model_copy(update={"camera": camera}), SCENE, row) for camera in CAMERAS),
        *(worded("Nets dry", SHOT.model_copy(update={"style": style}), SCENE, row) for style in LOOKS),
        worded("Boats", SHOT.model_copy(update={"style": "somebody's own"}), None, row),
        f"not: {NEGATIVE}",
    ]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(("name", "style"), [("animatediff", "tags"), ("framepack", "sentence"), ("ltx2", "paragraph")])
def test_a_shot_in_the_familys_own_prompt_style(name: str, style: str) -> None:
    golden = GOLDEN / f"{style}.txt"
    assert family(name).style == style
    assert written(name) == golden.read_text("utf-8"), f"if the new wording is better, write it to {golden}"


def test_every_style_has_a_golden_file() -> None:
    assert {row.style for row in families().values()} == {path.stem for path in GOLDEN.iterdir()}


def test_every_style_sheet_has_its_words() -> None:
    assert set(sheets()) == set(LOOKS)


@pytest.mark.parametrize("name", families())
def test_no_prompt_is_longer_than_its_family_reads(name: str) -> None:
    row = family(name)
    told = worded("word " * 500, SHOT, SCENE, row, "dark palette of blue, orange, grey")
    assert len(told.split()) <= max(row.words, 40)
    assert told.lower().count("word") >= 8


def test_a_short_reader_hears_the_subject_before_the_place() -> None:
    row = family("animatediff").model_copy(update={"words": 24})
    told = worded("An old fisherman mends a torn green net by hand", SHOT, SCENE, row)
    assert told.startswith("An old fisherman mends a torn green net")
    assert "slow push in" in told
    assert "everything moves" not in told
