"""Contrast of letters as they are: thin or heavy, small or large, on what really lies behind them."""

import numpy as np
import pytest

from reelwright.tools.fonts import family
from reelwright.tools.inspect import PlacedText
from reelwright.tools.inspect.text import text_contrast


def written(weight: int, tall: int, ink: int, ground: int) -> tuple[np.ndarray, PlacedText]:
    """The word in Montserrat on a plain ground, and where it stands."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (tall * 8, tall * 3), (ground,) * 3)
    font = ImageFont.truetype(str(family("Montserrat", weight).path), tall)
    left, top, right, bottom = font.getbbox("euros")
    ImageDraw.Draw(picture).text((tall, tall), "euros", font=font, fill=(ink,) * 3)
    box = PlacedText(
        text="euros", left=round(tall + left), top=round(tall + top), right=round(tall + right),
        bottom=round(tall + bottom), start=0, end=1,
    )  # fmt: skip
    return np.asarray(picture), box


@pytest.mark.parametrize("weight", [400, 900])
@pytest.mark.parametrize("tall", [18, 24, 60])
def test_letters_are_found_whatever_their_weight_and_size(weight: int, tall: int) -> None:
    assert (text_contrast(*written(weight, tall, 255, 20)) or 0) > 12


@pytest.mark.parametrize("weight", [400, 900])
def test_letters_that_hardly_stand_out_are_told(weight: int) -> None:
    assert (text_contrast(*written(weight, 40, 110, 90)) or 9) < 2
