"""A brand file reaches every picture of a film; what is wrong in it is named, what cannot be read is changed."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reelwright import Brief
from reelwright.agent.brand import branding
from reelwright.agent.cli.intake import read_brief
from reelwright.agent.errors import BriefError
from reelwright.agent.model import Deliverables, Shot
from reelwright.agent.planner.offline import Offline
from reelwright.agent.shoot import motion_request
from reelwright.memory.assets import AssetStore
from reelwright.tools.assemble import Finish
from reelwright.tools.assemble.captions import captions
from reelwright.tools.errors import Refused
from reelwright.tools.media import Size
from reelwright.tools.timeline import Cue, CueWord, Gap, Timeline, Track
from reelwright.tools.video import Brand, Card
from reelwright.tools.video.motion.renderer import compose

FILE = """
[colours]
color = "#0057b8"
accent = "#FD0"

[fonts]
headline = "Fraunces"

[sign]
logo = "logo.png"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "brand.toml").write_text(FILE, "utf-8")
    Image.new("RGBA", (120, 40), (255, 0, 255, 255)).save(tmp_path / "logo.png")
    return tmp_path


def read(folder: Path, name: str = "brand.toml", source: str = "") -> tuple[Brand | None, list[str]]:
    told: list[str] = []
    file = folder / name if name else None
    return branding(file, source, AssetStore(folder / "assets"), told.append), told


def test_colours_typefaces_and_logo_are_read(folder: Path) -> None:
    brand, told = read(folder)
    assert brand is not None
    assert (brand.colour, brand.accent, brand.display, brand.light) == ("#0057B8", "#FFDD00", "Fraunces", False)
    assert brand.logo is not None
    assert AssetStore(folder / "assets").path(brand.logo.id).is_file()
    assert told == []


def test_the_command_line_hands_it_to_every_shot(folder: Path) -> None:
    brief = read_brief(
        "# Tea\n\nTea is a leaf and hot water.", sources=(), assets=None, out=folder / "film", seconds=8, size="1:1",
        voice="", style="", language="", seed=0, deliver=Deliverables(), ask=False, look=(folder / "brand.toml", ""),
    )  # fmt: skip
    assert brief.brand is not None
    for shot in Offline().plan(brief).shots:
        stage = compose(motion_request(brief, shot))
        assert stage.palette.name == "brand"
        assert "Fraunces" in stage.display.face.family
        assert (stage.sign is not None) is (shot.layout in ("title", "end"))


def test_captions_are_set_in_it() -> None:
    words = (CueWord(text="Tea", start=0, end=10), CueWord(text="time", start=10, end=20))
    timeline = Timeline(
        rate=Fraction(10), size=Size(width=270, height=480), tracks=(Track(kind="video", items=(Gap(frames=20),)),),
        cues=(Cue(start=0, end=20, text="Tea time", words=words),),
    )  # fmt: skip
    plain, ours = (
        captions(timeline, Finish(captions="karaoke", brand=brand))
        for brand in (None, Brand(colour="#0057B8", accent="#FFD100", display="Fraunces"))
    )
    assert any("Fraunces" in face.family for face in ours.faces)
    assert not any("Fraunces" in face.family for face in plain.faces)
    assert "00D1FF" in ours.ass
    assert "00D1FF" not in plain.ass


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour = ", "is not TOML"),
        ('colour = "blue-ish"', "no colour"),
        ('slogan = "Ours"', "slogan"),
        ("colour = 12", "colour is 12"),
        ('light = "yes"', "light"),
        ('display = "Comic Papyrus"', "Comic Papyrus"),
        ('logo = "gone.png"', "gone.png"),
    ],
)
def test_what_is_wrong_is_named(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "brand.toml").write_text(text, "utf-8")
    with pytest.raises(BriefError, match=says) as caught:
        read(tmp_path)
    assert caught.value.hint


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BriefError, match=r"nowhere\.toml"):
        read(tmp_path, "nowhere.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00\x81" * 20)
    with pytest.raises(BriefError, match="not TOML"):
        read(tmp_path, "binary.toml")
    (tmp_path / "logo.png").write_bytes(b"no picture")
    (tmp_path / "brand.toml").write_text('logo = "logo.png"', "utf-8")
    with pytest.raises(Refused, match=r"logo\.png"):
        read(tmp_path)


def test_a_colour_that_does_not_read_is_changed_and_said(tmp_path: Path) -> None:
    (tmp_path / "brand.toml").write_text('colour = "#0057B8"\naccent = "#101040"', "utf-8")
    brand, told = read(tmp_path)
    assert len(told) == 1
    assert "#101040" in told[0]
    request = motion_request(
        Brief(text="Tea is hot.", brand=brand), Shot(id="a", scene="s", lines=(), frames=20, card=Card(headline="x"))
    )
    assert compose(request).palette.accent in told[0]


def test_a_palette_from_a_picture_and_from_a_colour(tmp_path: Path) -> None:
    picture = np.full((60, 90, 3), 240, np.uint8)
    picture[:, :40] = (20, 90, 200)
    picture[:20, 50:70] = (240, 170, 20)
    Image.fromarray(picture).save(tmp_path / "photo.jpg", quality=95)
    brand, _ = read(tmp_path, "", str(tmp_path / "photo.jpg"))
    assert brand is not None
    assert int(brand.colour[5:7], 16) > 150 > int(brand.colour[1:3], 16)
    assert int(brand.accent[1:3], 16) > 150 > int(brand.accent[5:7], 16)
    assert read(tmp_path, "", "07c")[0] == Brand(colour="#0077CC")
    with pytest.raises(BriefError, match=r"gone\.jpg"):
        read(tmp_path, "", "gone.jpg")
    assert read(tmp_path, "", "")[0] is None
