"""A brand's colour becomes a palette that reads; its fonts and its logo reach the screen."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolMissing
from reelwright.tools.media import Size
from reelwright.tools.video import Brand, Card, MotionRequest
from reelwright.tools.video.motion.brand import bright, colour_of, derived
from reelwright.tools.video.motion.renderer import Motion, compose
from reelwright.tools.video.motion.styles import contrast, luminance, sheet, sheets

COLOURS = ["#E4002B", "#0057B8", "#00A651", "#FFD100", "#6F2DA8", "#000000", "#FFFFFF", "#808080", "#FF69B4", "#00FFFF"]
SMALL = Size(width=270, height=480)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("light", [False, True])
def test_any_colour_gives_a_palette_that_reads(colour: str, light: bool) -> None:
    palette = derived(colour, light=light)
    assert palette.dark is not light
    for role in ("ground", "shade", "glow", "tint", "panel"):
        behind = getattr(palette, role)
        assert contrast(palette.ink, behind) >= 7, role
        assert contrast(palette.muted, behind) >= 4.5, role
        assert contrast(palette.accent, behind) >= 3, role
        assert contrast(palette.accent2, behind) >= 3, role


@pytest.mark.parametrize("name", sheets())
def test_a_palette_turned_round_reads(name: str) -> None:
    for palette in (*sheet(name).palettes, *(derived(colour) for colour in COLOURS)):
        turned = bright(palette)
        assert not turned.dark
        for role in ("ground", "shade", "glow", "tint", "panel"):
            behind = getattr(turned, role)
            assert contrast(turned.ink, behind) >= 7, (palette.name, role)
            assert contrast(turned.muted, behind) >= 4.5, (palette.name, role)
            assert contrast(turned.accent, behind) >= 3, (palette.name, role)


def test_the_hue_is_kept() -> None:
    palette = derived("#0057B8")
    red, _, blue = (int(palette.ground[at : at + 2], 16) for at in (1, 3, 5))
    assert blue > 2 * red
    assert derived("#0057B8", "#FFD100").accent == "#FFD100"


def test_a_picture_is_remembered_by_its_strong_colour() -> None:
    picture = np.full((80, 80, 3), 90, np.uint8)
    picture[20:50, 20:50] = (220, 40, 30)
    found = colour_of(picture)
    assert int(found[1:3], 16) > 150 > int(found[5:7], 16)
    grey = colour_of(np.full((8, 8, 3), 128, np.uint8))
    assert abs(luminance(grey) - luminance("#808080")) < 0.02


def test_fonts_and_colours_override_the_sheet() -> None:
    brand = Brand(colour="#00A651", display="Fraunces")
    stage = compose(MotionRequest(size=SMALL, frames=30, style="bold", brand=brand, card=Card(headline="Ours")))
    assert stage.palette.name == "brand"
    assert "Fraunces" in stage.display.face.family
    assert "Montserrat" in stage.text.face.family


def test_a_font_that_is_not_there_is_named() -> None:
    with pytest.raises(ToolMissing):
        compose(MotionRequest(size=SMALL, frames=30, brand=Brand(display="Comic Papyrus")))


def test_the_logo_stands_on_the_title_above_the_words(job: Job, tmp_path: Path) -> None:
    Image.new("RGBA", (200, 50), (255, 0, 255, 255)).save(tmp_path / "logo.png")
    logo = job.save(tmp_path / "logo.png", "image", licence="own", origin="logo.png", size=Size(width=200, height=50))
    request = MotionRequest(
        size=SMALL, frames=40, layout="title", brand=Brand(colour="#00A651", logo=logo),
        card=Card(headline="A long title that wants a lot of room on the card", body="And more below it"),
    )  # fmt: skip
    picture = Motion().run(request, job)
    options = ["-map", "0:v", "-pix_fmt", "rgb24", "-f", "rawvideo"]
    data = b"".join(ffmpeg.decode(ffmpeg.Input(job.path(picture.video.id)), "", options))
    frames = np.frombuffer(data, np.uint8).reshape(-1, 480, 270, 3).astype(int)
    assert frames.shape[0] == 40
    pink = (frames[..., 0] > 200) & (frames[..., 1] < 90) & (frames[..., 2] > 200)
    rows, columns = np.nonzero(pink[25])
    assert rows.size > 300
    assert columns.min() >= 15
    assert rows.max() < min(box.top for box in picture.boxes)
    assert not pink[0].any()
    assert not pink[39].any()
