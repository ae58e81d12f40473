"""A clip that is partly there: the pictures that are given, and a mask that is white where the model has to paint.

Knows pictures and their maps: edges, depth, masks, the room around a picture of another shape; knows no models but the
one that reads depth.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...media import Size
from ..smooth import smoothed
from .ask import Ask, Map

Pixels = NDArray[np.uint8]
GREY = 128
"""Of what is not there: models that take a canvas are trained with middle grey."""
FEATHER = 4
"""Pixels over which what is kept goes over into what is painted."""
LOW, HIGH = 0.08, 0.2
"""Steepness, of the greatest there can be, from which an edge goes on and at which one begins (Canny's two)."""


@dataclass(frozen=True)
class Canvas:
    """`pictures` for the model; `mask` says where it paints; `kept` is the source, put back where it does not."""

    pictures: list[Any]
    mask: list[Any] | None = None
    kept: list[Any] | None = None

    @staticmethod
    def between(first: Any, last: Any, frames: int) -> "Canvas":
        """A first picture, perhaps a last one, and nothing in between."""
        from PIL import Image

        empty, white = Image.new("RGB", first.size, (GREY,) * 3), Image.new("L", first.size, 255)
        black = Image.new("L", first.size, 0)
        ends = [last] if last is not None and frames > 1 else []
        gap = frames - 1 - len(ends)
        return Canvas([first, *[empty] * gap, *ends], [black, *[white] * gap, *[black] * len(ends)])

    def begun(self, first: Any) -> "Canvas":
        """The same after a first picture, which is kept."""
        from PIL import Image

        black, white = (Image.new("L", first.size, level) for level in (0, 255))
        mask = self.mask or [white] * len(self.pictures)
        kept = [first, *self.kept[1:]] if self.kept else None
        return Canvas([first, *self.pictures[1:]], [black, *mask[1:]], kept)

    def restored(self, pixels: Pixels) -> Pixels:
        """The clip with the source's own pixels back where nothing was to be painted."""
        if self.kept is None or self.mask is None:
            return pixels
        count = min(len(pixels), len(self.kept))
        return np.stack([_blended(pixels[at], self.kept[at], self.mask[at]) for at in range(count)])


def covered(picture: Any, size: Size) -> Any:
    """The picture in that size, cropped where its shape is another."""
    from PIL import Image, ImageOps

    return ImageOps.fit(picture, (size.width, size.height), Image.Resampling.LANCZOS)


def covered_pixels(picture: Any, shape: tuple[int, ...]) -> Pixels:
    """The same as pixels, for frames of (height, width)."""
    from PIL import Image, ImageOps

    return np.asarray(ImageOps.fit(picture, (shape[1], shape[0]), Image.Resampling.LANCZOS))


def spread(ask: Ask, size: Size, frames: int) -> Canvas:
    """What a clip keeps to: a map everywhere; or a source, and a map or nothing where it is to be painted."""
    maps = [each for each in ask.maps if each.kind != "mask"]
    masks = [each for each in ask.maps if each.kind == "mask"]
    followed = [drawn(maps[0], picture, size) for picture in held(maps[0].pictures, frames)] if maps else None
    if ask.source is None:
        assert followed is not None
        return Canvas(followed)
    if masks:
        source = [covered(each, size) for each in held(ask.source, frames)]
        mask = [covered(each.convert("L"), size) for each in held(masks[0].pictures, frames)]
    elif ask.outpaint:
        placed = [_framed(each, size) for each in held(ask.source, frames)]
        source, mask = [each for each, _ in placed], [each for _, each in placed]
    else:
        return Canvas(followed or [covered(each, size) for each in held(ask.source, frames)])
    return Canvas([_holed(*each) for each in zip(source, mask, followed or source, strict=True)], mask, source)


def held(pictures: list[Any], frames: int) -> list[Any]:
    """Exactly so many: the last one stays."""
    return [*pictures[:frames], *[pictures[-1]] * (frames - len(pictures))]


def drawn(given: Map, picture: Any, size: Size) -> Any:
    """The map of a picture in a size: edges or depth read from it, where it is not the map itself, as poses must be."""
    from PIL import Image

    fitted = covered(picture, size)
    if given.drawn:
        return fitted
    if given.kind == "edge":
        seen = edges(np.asarray(fitted))
    else:
        from ..depth import nearness

        near = nearness(np.asarray(fitted), given.depth, size.height, size.width)
        seen = np.rint(near * 255).astype(np.uint8)
    return Image.fromarray(seen).convert("RGB")


def edges(picture: Pixels) -> Pixels:
    """White lines where brightness turns fastest: thinned across, and followed from strong ones into weak ones."""
    bright = (picture @ np.array((0.299, 0.587, 0.114)) / 255).astype(np.float32)
    grey = smoothed(smoothed(bright, 0), 1)
    down, right = np.gradient(grey)
    steep = np.hypot(down, right)
    upright = np.abs(down) > np.abs(right)
    rows, columns = np.pad(steep, ((1, 1), (0, 0))), np.pad(steep, ((0, 0), (1, 1)))
    peak = np.where(
        upright,
        (steep >= rows[:-2]) & (steep > rows[2:]),
        (steep >= columns[:, :-2]) & (steep > columns[:, 2:]),
    )
    weak, line = peak & (steep > LOW / 2), peak & (steep > HIGH / 2)
    while True:
        grown = _beside(line) & weak
        if (grown == line).all():
            return np.where(line, 255, 0).astype(np.uint8)
        line = grown


def _beside(line: NDArray[np.bool_]) -> NDArray[np.bool_]:
    padded = np.pad(line, 1)
    height, width = line.shape
    places = [(down, right) for down in range(3) for right in range(3)]
    around = [padded[down : down + height, right : right + width] for down, right in places]
    return np.asarray(np.logical_or.reduce(around), np.bool_)


def _framed(picture: Any, size: Size) -> tuple[Any, Any]:
    """The whole picture in the middle of grey, and the mask of what is left."""
    from PIL import Image, ImageOps

    inner = ImageOps.contain(picture, (size.width, size.height), Image.Resampling.LANCZOS)
    place = ((size.width - inner.width) // 2, (size.height - inner.height) // 2)
    whole = Image.new("RGB", (size.width, size.height), (GREY,) * 3)
    mask = Image.new("L", whole.size, 255)
    whole.paste(inner, place)
    mask.paste(0, (*place, place[0] + inner.width, place[1] + inner.height))
    return whole, mask


def _holed(source: Any, mask: Any, under: Any) -> Any:
    """The source, and under its hole a map, or grey where there is none."""
    from PIL import Image

    shown = Image.new("RGB", source.size, (GREY,) * 3) if under is source else under
    return Image.composite(shown, source, mask.point(lambda level: 255 if level > 127 else 0))


def _blended(made: Pixels, kept: Any, mask: Any) -> Pixels:
    """Only outside the mask does the source come back, softly from its border inwards."""
    from PIL import Image, ImageFilter

    size = (made.shape[1], made.shape[0])
    soft = mask.resize(size).filter(ImageFilter.MaxFilter(2 * FEATHER + 1)).filter(ImageFilter.BoxBlur(FEATHER))
    return np.asarray(Image.composite(Image.fromarray(made), kept.resize(size), soft))
