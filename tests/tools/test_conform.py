"""Shapes cover and fit to the pixel, crops stay inside, rates and curves are told as ffmpeg reads them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reelwright.tools.camera import View, cropped, moved, room
from reelwright.tools.conform import Shape, covering, decoder, filled, fitted, held, inside, paced, scaled, toned
from reelwright.tools.media import Size
from reelwright.tools.probe import VideoStream
from reelwright.tools.timeline import Focus, Move, Window

TALL = Size(width=1080, height=1920)
PARTS = some.floats(0, 1, allow_nan=False)


def stream(width: int = 1920, height: int = 1080, **more: object) -> VideoStream:
    facts = {"codec": "h264", "pixels": "yuv420p", "width": width, "height": height, "rate": Fraction(30)}
    facts |= {"frames": 90, "steady": True, "start": 0.0, "end": 3.0, "gop": 1.0}
    return VideoStream.model_validate({**facts, **more})


@given(some.integers(16, 5000), some.integers(16, 5000), some.fractions(Fraction(1, 4), Fraction(4)))
def test_shapes_cover_and_fit(width: int, height: int, sar: Fraction) -> None:
    given_stream = stream(width, height, sar=sar)
    over, under = covering(given_stream, TALL), inside(given_stream, TALL)
    for shape in (over, under):
        assert shape.width % 2 == shape.height % 2 == 0
        assert abs(shape.width / shape.height / (width * sar / height) - 1) < 2 / min(shape.width, shape.height) + 1e-6
    assert over.width >= TALL.width
    assert over.height >= TALL.height
    assert (over.width, over.height)[over.width != TALL.width] in (TALL.width, TALL.height)
    assert under.width <= TALL.width
    assert under.height <= TALL.height


@given(some.lists(some.builds(Focus, frame=some.integers(-50, 500), x=PARTS, y=PARTS), max_size=6))
def test_a_crop_never_leaves_the_picture(points: list[Focus]) -> None:
    for _, left, top in View(tuple(points)).places((3414, 1920), (1080, 1920)):
        assert 0 <= left <= 3414 - 1080
        assert top == left % 2 == 0


def test_a_crop_at_rest_is_a_crop_and_one_that_moves_is_resampled() -> None:
    rest = View((Focus(x=0.2), Focus(frame=40, x=0.2)))
    assert cropped(rest, (3414, 1920), (1080, 1920)) == ["crop=1080:1920:142:0"]
    assert cropped(View(), (1080, 1920), (1080, 1920)) == []
    union, window, cut = cropped(View((Focus(x=0.2), Focus(frame=40, x=0.5))), (3414, 1920), (1080, 1920))
    assert union == "crop=2106:1920:142:0"
    assert "perspective" in window
    assert cut == "crop=1080:1920:0:0"


def test_moves_come_closer_with_what_the_picture_has() -> None:
    close = Move(end=Window(scale=1.8))
    assert room(close, 3.0) == 1.8
    assert room(close, 1.2) == 1.2
    assert room(close, 0.5) == 1.0
    assert room(Move(end=Window(scale=8)), 9.0) == 2.0
    assert "clip((in-1+7)/39,0,1)" in moved(Move(first=5, whole=40), 12, 2)[0]


def test_what_says_nothing_about_its_colours_is_taken_as_players_do() -> None:
    assert "in_color_matrix=bt709" in scaled(stream(), TALL)[0]
    assert "in_color_matrix" not in scaled(stream(640, 360), TALL)[0]
    assert "in_color_matrix" not in scaled(stream(matrix="bt470bg"), TALL)[0]
    assert toned(stream()) == ["format=yuv420p"]


@pytest.mark.parametrize("curve", ["smpte2084", "arib-std-b67", "bt2020-10"])
def test_wide_colour_is_mapped_after_the_crop(curve: str) -> None:
    chain = filled(stream(transfer=curve, primaries="bt2020", matrix="bt2020nc"), TALL)
    crop = next(at for at, word in enumerate(chain) if word.startswith("crop"))
    assert crop < next(at for at, word in enumerate(chain) if word.startswith("zscale"))
    assert ("tonemap=hable:desat=0" in chain) == (curve != "bt2020-10")
    assert not any("out_color_matrix" in word for word in chain)


def test_fits() -> None:
    assert fitted(stream(), TALL, "letterbox")[-1].startswith("pad=1080:1920")
    assert "gblur" in fitted(stream(), TALL, "blur")[-1]
    assert not any("pad" in word or "gblur" in word for word in fitted(stream(540, 960), TALL, "blur"))
    assert str(inside(stream(), TALL)) == str(Shape(1080, 608))


def test_time() -> None:
    assert held(stream(), Fraction(30)) == 90
    assert held(stream(), Fraction(30), Fraction(2)) == 45
    assert held(stream(), Fraction(25), Fraction(1, 2)) == 150
    assert "framerate=fps=30/1" in paced(Fraction(30), Fraction(1, 2), 0.0)[1]
    assert paced(Fraction(30), Fraction(2), 0.0)[0][-1].endswith("round=up")
    assert decoder(stream(codec="vp9", alpha=True)) == ("-c:v", "libvpx-vp9")
    assert decoder(stream(codec="vp9")) == ()
