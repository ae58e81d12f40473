"""inspect.thumbs: the stills that stand for a film best, out of places where they may be taken.

Knows pixels; knows nothing about what is shown. Which words stand when is told by whoever asks.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..base import Cost, Device, Job
from ..errors import Refused, ToolFailed
from ..media import Size
from . import Thumbs, ThumbsRequest
from .stills import frames_at

if TYPE_CHECKING:
    from PIL.Image import Image

Plane = NDArray[np.float32]

_LOOK = 216
"""Pixels across at which pictures are judged: their size on a phone."""
_APART = 12
"""Bits of 64 by which the hashes of two pictures differ that do not look alike."""
_HEAVIEST = 2_000_000
"""Bytes that YouTube takes."""
_WIDEST, _TALL = 1280, 1080
"""Pixels across that platforms ask for: 1280 where the picture is wide, 1080 where it is not."""


@dataclass(frozen=True)
class _Candidate:
    view: int
    second: float
    score: float
    mark: int


class Chooser:
    """inspect.thumbs: sharp, rich in contrast and colour, with their words in place, and unlike each other."""

    name = "inspect.thumbs"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Thumbs

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Needs nothing but the core."""

    def quote(self, request: ThumbsRequest) -> Cost:
        """A seek and a frame each."""
        return Cost(seconds=0.5 + 0.2 * sum(len(view.seconds) for view in request.views))

    def run(self, request: ThumbsRequest, job: Job) -> Thumbs:
        """JPEG files, the best first. Raises Refused where nothing can be seen."""
        seen = _seen(request, job)
        images = []
        for number, best in enumerate(choose(seen, request.count), start=1):
            view = request.views[best.view]
            width = _width(view.asset.size, request.width)
            picture = frames_at(job.path(view.asset.id), [best.second], width)[0].convert("RGB")
            path = _saved(picture, job.scratch / f"thumb-{number}.jpg")
            size = Size(width=picture.width // 2 * 2, height=picture.height // 2 * 2)
            images.append(job.save(path, "image", licence=view.asset.licence, origin=view.asset.origin, size=size))
        return Thumbs(images=tuple(images))


def _seen(request: ThumbsRequest, job: Job) -> list[_Candidate]:
    found = []
    for number, view in enumerate(request.views):
        try:
            pictures = frames_at(job.path(view.asset.id), view.seconds, _LOOK)
        except Refused:  # what cannot be read is no candidate
            continue
        for second, picture in zip(view.seconds, pictures, strict=True):
            found.append(_Candidate(number, second, score(picture) * (1 + view.words), look(picture)))
        job.progress((number + 1) / (len(request.views) + 1))
    if not found:
        raise ToolFailed("None of the pictures offered can be read.", "Make the film again.")
    return found


def choose(candidates: Sequence[_Candidate], count: int) -> list[_Candidate]:
    """The best ones that do not look alike, from different views; where there are too few, what is least alike."""
    ranked = sorted(candidates, key=lambda each: (-each.score, each.view, each.second))
    views = max((each.view for each in candidates), default=0) + 1
    chosen: list[_Candidate] = []
    for apart, across in ((_APART, max(views // (count + 1), 1)), (_APART, 1), (_APART // 2, 0), (1, 0)):
        for each in ranked:
            if len(chosen) < count and all(_unlike(each, other, apart, across) for other in chosen):
                chosen.append(each)
    return chosen


def _unlike(one: _Candidate, other: _Candidate, apart: int, across: int) -> bool:
    return (one.mark ^ other.mark).bit_count() >= apart and abs(one.view - other.view) >= across


def score(picture: "Image") -> float:
    """How well a picture reads when it is small: its edges, its range of light, its colours, 0 to about 1."""
    colours = np.asarray(picture.convert("RGB"), dtype=np.float32)
    grey: Plane = colours @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    sharp = min(math.log1p(float(_edges(grey).var())) / 8, 1.0)
    low, high = np.percentile(grey, (2, 98))
    contrast = min(float(high - low) / 200, 1.0)
    colourful = min(_colourfulness(colours) / 80, 1.0)
    light = min(float(grey.mean()) / 40, 1.0) * min((255 - float(grey.mean())) / 40, 1.0)
    return (0.4 * sharp + 0.35 * contrast + 0.25 * colourful) * (0.4 + 0.6 * light)


def _edges(grey: Plane) -> Plane:
    """The Laplacian, without the border."""
    middle = grey[1:-1, 1:-1]
    return grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle


def _colourfulness(colours: Plane) -> float:
    """Hasler and Süsstrunk: spread and mean of the two opponent colours."""
    red, green, blue = (colours[..., channel] for channel in range(3))
    across, along = red - green, (red + green) / 2 - blue
    spread = math.hypot(float(across.std()), float(along.std()))
    return spread + 0.3 * math.hypot(float(across.mean()), float(along.mean()))


def look(picture: "Image") -> int:
    """A hash of 64 bits by which pictures that look alike are near each other: where it gets brighter to the right."""
    from PIL import Image

    small = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    bits = (small[:, 1:] > small[:, :-1]).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _width(size: Size | None, wanted: int) -> int:
    if size is None:
        return wanted or _WIDEST
    most = wanted or (_WIDEST if size.width > size.height else _TALL)
    return min(most, size.width)


def _saved(picture: "Image", path: Path) -> Path:
    for quality in (92, 86, 78, 65):
        picture.save(path, quality=quality, optimize=True)
        if path.stat().st_size <= _HEAVIEST:
            break
    return path
