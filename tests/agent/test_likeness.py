"""Reference pictures: whom a shot shows, what its look is in words, and what is said where no model takes a picture."""

from pathlib import Path

import pytest
from PIL import Image

from reelwright import Brief, Registry, Settings, Studio
from reelwright.agent.choose import generated
from reelwright.agent.errors import BriefError
from reelwright.agent.generate import Maker, request_of
from reelwright.agent.likeness import MOST, from_settings, read_likenesses, tint_of
from reelwright.agent.model import Likeness, Line, Scene, Script, Shot
from reelwright.memory.assets import AssetStore
from reelwright.tools.video.diffusion.families import family

from .test_sources import Elsewhere

LINES = (Line(id="l1", text="Ada mends a net."), Line(id="l2", text="Waves roll."))
SCRIPT = Script(title="Boats", scenes=(Scene(id="s1", heading="", lines=LINES),))
SHOTS = tuple(
    Shot(id=f"shot0{at}", scene="s1", lines=(line.id,), prompt=line.text, frames=30) for at, line in enumerate(LINES, 1)
)


def picture(folder: Path, name: str, colour: tuple[int, int, int]) -> Path:
    path = folder / name
    Image.new("RGB", (64, 48), colour).save(path)
    return path


@pytest.fixture
def brief(tmp_path: Path, studio_here: Studio) -> Brief:
    ada, mood = picture(tmp_path, "ada.png", (200, 30, 30)), picture(tmp_path, "mood.png", (10, 20, 60))
    found = read_likenesses([f"Ada={ada}", f"STYLE={mood}"], studio_here.door.assets)
    return Brief(text="# Boats\n\nAda mends a net. Waves roll.", likenesses=found)


@pytest.fixture
def studio_here(tmp_path: Path) -> Studio:
    given = Settings(cache=None, source="generate")
    return Studio.open(tmp_path / "film", given, registry=Registry([Elsewhere()]))  # type: ignore[list-item]


def test_a_shot_that_names_a_character_begins_with_its_picture(brief: Brief, studio_here: Studio) -> None:
    maker = Maker(Elsewhere(), family("wan22-5b"), follows=True)  # type: ignore[arg-type]
    ada, waves = (request_of(studio_here, brief, shot, maker, 6) for shot in SHOTS)
    assert ada.first == brief.likenesses[0].picture
    assert waves.first is None
    before = brief.likenesses[1].picture
    assert request_of(studio_here, brief, SHOTS[0], maker, 6, first=before).first == before
    words_only = Maker(Elsewhere(), family("wan21-1b"))  # type: ignore[arg-type]
    assert request_of(studio_here, brief, SHOTS[0], words_only, 6).first is None


def test_a_family_that_takes_a_reference_is_given_the_picture_as_one(brief: Brief, studio_here: Studio) -> None:
    maker = Maker(Elsewhere(), family("wan21-vace-1b"), follows=True)  # type: ignore[arg-type]
    ada, waves = (request_of(studio_here, brief, shot, maker, 6) for shot in SHOTS)
    face, before = brief.likenesses[0].picture, brief.likenesses[1].picture
    assert (ada.reference, ada.first) == (face, None)
    assert (waves.reference, waves.first) == (None, None)
    following = request_of(studio_here, brief, SHOTS[0], maker, 6, first=before)
    assert (following.reference, following.first) == (face, before), "whom it shows and what it goes on from"
    plain = Maker(Elsewhere(), family("wan22-5b"), follows=True)  # type: ignore[arg-type]
    assert request_of(studio_here, brief, SHOTS[0], plain, 6).reference is None


def test_the_look_is_said_in_every_prompt(brief: Brief, studio_here: Studio) -> None:
    assert tint_of(brief, studio_here.door.assets) == "dark palette of blue"
    maker = Maker(Elsewhere(), family("wan21-1b"))  # type: ignore[arg-type]
    assert all("dark palette of blue" in request_of(studio_here, brief, shot, maker, 6).prompt for shot in SHOTS)


def test_a_model_that_takes_no_picture_is_told_of_once(brief: Brief, studio_here: Studio) -> None:
    generated(studio_here, brief, SCRIPT, (*SHOTS, SHOTS[0].model_copy(update={"id": "shot03"})))
    (told,) = [warning.message for warning in studio_here.log.warnings]
    assert told == "video.generate.elsewhere takes no picture, so Ada is shown by words alone."


def test_the_settings_give_what_the_command_line_does_not(brief: Brief, tmp_path: Path, shelf: AssetStore) -> None:
    other, ben = picture(tmp_path, "other.png", (1, 2, 3)), picture(tmp_path, "ben.png", (9, 9, 9))
    found = from_settings(brief, {"ada": other, "Ben": ben}, shelf)
    assert [each.name for each in found.likenesses] == ["Ada", "", "Ben"]
    assert found.likenesses[0] == brief.likenesses[0]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (["ada.png"], "names no picture"), (["Ada="], "names no picture"), (["Ada=nowhere.png"], "no file nowhere.png"),
    ],
)  # fmt: skip
def test_what_is_no_reference_is_named(said: list[str], says: str, shelf: AssetStore) -> None:
    with pytest.raises(BriefError, match=says):
        read_likenesses(said, shelf)


def test_too_many_and_twice_the_same_are_named(tmp_path: Path, shelf: AssetStore) -> None:
    path = picture(tmp_path, "one.png", (4, 5, 6))
    with pytest.raises(BriefError, match="'ada' twice"):
        read_likenesses([f"Ada={path}", f"ada={path}"], shelf)
    with pytest.raises(BriefError, match="too many"):
        read_likenesses([f"{at}={path}" for at in range(MOST + 1)], shelf)


def test_names_are_whole_words() -> None:
    from reelwright.agent.likeness import shown

    face = {"picture": {"id": "0" * 64, "kind": "image", "format": "png"}}
    names = tuple(Likeness.model_validate({"name": name, **face}) for name in ("Al", "Zoë", "C. P. (old)"))
    told = Brief(text="x", likenesses=names)
    assert shown(told, "Alps and walls") is None
    assert shown(told, "here comes zoë, then Al") == names[1]
    assert shown(told, "see C. P. (old) go") == names[2]
