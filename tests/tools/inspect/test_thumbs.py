"""The stills chosen are sharp, colourful, unlike each other, spread, and of the size that platforms take."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFilter

from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed
from reelwright.tools.ffmpeg import encode
from reelwright.tools.inspect import ThumbsRequest, View
from reelwright.tools.inspect.thumbs import Chooser, look, score
from reelwright.tools.media import Asset, Size

SIZE = Size(width=320, height=180)
Film = Callable[..., Asset]


def drawn(*colours: str, blur: float = 0.0) -> Image.Image:
    image = Image.new("RGB", (216, 384), colours[0])
    pen = ImageDraw.Draw(image)
    for number, colour in enumerate(colours[1:]):
        pen.rectangle((20 + 50 * number, 40 + 60 * number, 120 + 50 * number, 110 + 60 * number), fill=colour)
    return image.filter(ImageFilter.GaussianBlur(blur))


@pytest.fixture
def film(job: Job) -> Film:
    def make(graph: str, name: str) -> Asset:
        path = job.scratch / f"{name}.mp4"
        encode([], f"{graph},format=yuv420p[v]", path, ["-map", "[v]", "-c:v", "libx264", "-frames:v", "30"])
        return job.save(path, "video", licence="CC0-1.0", origin=name, frames=30, size=SIZE)

    return make


def test_a_rich_picture_scores_above_a_blurred_a_dark_and_a_grey_one() -> None:
    best = score(drawn("navy", "orange", "white", "crimson"))
    for worse in (
        drawn("navy", "orange", "white", "crimson", blur=9),
        drawn("#0a0a0a", "#101010"),
        drawn("#777777", "#888888", "#999999"),
        drawn("white"),
    ):
        assert score(worse) < best


def test_pictures_that_look_alike_have_near_hashes() -> None:
    one = look(drawn("navy", "orange", "white"))
    assert (one ^ look(drawn("navy", "#ffa020", "#f0f0f0", blur=1))).bit_count() <= 6
    turned = drawn("navy", "orange", "white").transpose(Image.Transpose.ROTATE_180)
    assert (one ^ look(turned)).bit_count() >= 12


def test_three_unlike_pictures_the_best_first(film: Film, job: Job) -> None:
    grey = film("color=c=gray:s=320x180:r=30", "grey")
    rich = film("testsrc2=s=320x180:r=30", "rich")
    same = film("testsrc2=s=320x180:r=30,eq=brightness=0.01", "same")
    other = film("smptehdbars=s=320x180:r=30,hue=h=90", "other")
    views = tuple(View(asset=asset, seconds=(0.5,)) for asset in (grey, rich, same, other))
    chosen = Chooser().run(ThumbsRequest(views=views), job).images
    assert len(chosen) == 3
    origins = [image.origin for image in chosen]
    assert origins[0] in {"rich", "same"}
    assert len({*origins} & {"rich", "same"}) == 1
    assert all(image.size == SIZE and image.kind == "image" for image in chosen)


def test_words_weigh_more_than_pixels(film: Film, job: Job) -> None:
    plain = film("smptehdbars=s=320x180:r=30", "plain")
    title = film("smptehdbars=s=320x180:r=30,hflip", "title")
    views = (View(asset=plain, seconds=(0.5,)), View(asset=title, seconds=(0.5,), words=1.0))
    assert Chooser().run(ThumbsRequest(views=views, count=1), job).images[0].origin == "title"


def test_never_larger_than_the_picture_and_never_heavier_than_platforms_take(film: Film, job: Job) -> None:
    noise = film("nullsrc=s=320x180:r=30,geq=random(1)*255:128:128", "noise")
    image = Chooser().run(ThumbsRequest(views=(View(asset=noise, seconds=(0.5,)),), count=1), job).images[0]
    assert image.size == SIZE
    assert job.path(image.id).stat().st_size <= 2_000_000


def test_nothing_to_see_is_said(job: Job) -> None:
    path = job.scratch / "broken.mp4"
    path.write_bytes(b"not a film")
    broken = job.save(path, "video", licence="CC0-1.0", origin="broken")
    with pytest.raises(ToolFailed):
        Chooser().run(ThumbsRequest(views=(View(asset=broken, seconds=(0.0,)),)), job)
