"""What is measured on a picture is what a person would say of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reelwright.tools.stock.look import NEAR, apart, brightness, calm, colours, looks, sharpness
from reelwright.tools.stock.vectors import Pixels


def plain(red: int, green: int, blue: int, size: tuple[int, int] = (90, 160)) -> Pixels:
    return np.full((*size, 3), (red, green, blue), np.uint8)


def scene(seed: int, size: tuple[int, int] = (320, 180)) -> Pixels:
    grid = np.random.default_rng(seed).integers(0, 255, (5, 8, 3), np.uint8)
    return np.asarray(Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC))


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((200, 30, 30), "red"),
        ((240, 140, 20), "orange"),
        ((240, 220, 40), "yellow"),
        ((40, 160, 60), "green"),
        ((40, 80, 200), "blue"),
        ((120, 40, 190), "purple"),
        ((240, 90, 180), "pink"),
        ((110, 70, 40), "brown"),
        ((250, 250, 250), "white"),
        ((128, 128, 128), "grey"),
        ((10, 10, 12), "black"),
    ],
)
def test_colours_have_the_names_that_people_use(rgb: tuple[int, int, int], name: str) -> None:
    assert colours(plain(*rgb)) == (name,)


def test_the_largest_colour_comes_first_and_small_ones_do_not_count() -> None:
    picture = plain(40, 80, 200)
    picture[60:] = (240, 220, 40)
    picture[:5, :20] = (200, 30, 30)
    assert colours(picture) == ("blue", "yellow")


def test_light_and_crispness() -> None:
    assert brightness(plain(255, 255, 255)) == 1.0
    assert brightness(plain(0, 0, 0)) == 0.0
    crisp = np.kron(np.indices((45, 80)).sum(axis=0) % 2, np.ones((4, 4)))[..., None] * np.full(3, 255)
    soft = np.asarray(Image.fromarray(crisp.astype(np.uint8)).resize((20, 11)).resize((320, 180)))
    assert sharpness(crisp.astype(np.uint8)) > 0.8 > 0.3 > sharpness(soft)


def test_calm_areas_are_where_nothing_happens() -> None:
    picture = plain(90, 120, 200, (180, 320))
    picture[120:] = np.random.default_rng(0).integers(0, 255, (60, 320, 3))
    assert "top" in calm(picture)
    assert "bottom" not in calm(picture)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(120, 640), st.integers(-25, 25))
def test_a_picture_looks_like_itself_at_any_size_and_light(seed: int, width: int, light: int) -> None:
    picture = scene(seed)
    other = Image.fromarray(picture).resize((width, width * 9 // 16), Image.Resampling.BICUBIC)
    changed = np.clip(np.asarray(other).astype(int) + light, 0, 255).astype(np.uint8)
    assert apart(looks(picture), looks(changed)) <= NEAR


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(10_001, 20_000))
def test_two_pictures_do_not_look_alike(one: int, other: int) -> None:
    assert apart(looks(scene(one)), looks(scene(other))) > NEAR


def test_what_has_no_looks_is_like_nothing() -> None:
    assert apart("", "") == 64
    assert len(looks(plain(9, 9, 9, (3, 5)))) == 16
    assert calm(plain(9, 9, 9, (3, 5))) == ()
