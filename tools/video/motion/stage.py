"""The stage a layout plays on: frame geometry, times, type, colours, and the layers put on so far.

Knows nothing about any one layout.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from ... import fonts
from ...media import Size, frames_of
from ...profiles import profile_for
from .. import MotionRequest, TextBox
from . import styles
from .ass import Drift, Layer
from .easing import CURVES, Curve

_JOINED = re.compile("[\u0590-\u109f\u1780-\u17ff\ufb1d-\ufeff]")
"""Scripts whose letters join or stack: tracking would tear them."""
_EXIT = 8
"""Frames that leaving takes at 30 a second."""


@dataclass(frozen=True)
class Zone:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Type:
    """A face as the style sheet sets it: tracking in em, and whether in capitals."""

    face: fonts.Face
    tracking: float = 0.0
    upper: bool = False

    def shown(self, text: str) -> str:
        """The text as it is set."""
        return " ".join(text.upper().split() if self.upper else text.split())

    def spacing(self, text: str, em: float) -> float:
        """Letter spacing in pixels; none for scripts whose letters join."""
        return 0.0 if _JOINED.search(text) else self.tracking * em

    def measure(self, text: str, em: float, /) -> float:
        """Advance width in pixels."""
        return self.face.measure(text, em) + self.spacing(text, em) * len(text)


@dataclass
class Stage:
    """Where a layout puts its layers. Lengths in layouts are `u`: a thousand-and-eightieth of the short side."""

    request: MotionRequest
    sheet: styles.Sheet
    palette: styles.Palette
    layers: list[Layer] = field(default_factory=list)
    boxes: list[TextBox] = field(default_factory=list)
    faces: set[fonts.Face] = field(default_factory=set)

    @property
    def size(self) -> Size:
        """The frame."""
        return self.request.size

    @cached_property
    def u(self) -> float:
        """The unit of length in pixels."""
        return min(self.size.width, self.size.height) / 1080

    @property
    def wide(self) -> bool:
        """True where text and picture stand side by side."""
        return self.size.width > 1.25 * self.size.height

    @property
    def region(self) -> Zone:
        """Where content may stand: inside the safe area, above the captions, below a logo."""
        whole, sign = self._free, self.sign
        return whole if sign is None else Zone(whole.left, sign.bottom + 40 * self.u, whole.right, whole.bottom)

    @property
    def sign(self) -> Zone | None:
        """Where a brand's logo stands: at the top left of title and end cards."""
        brand, free = self.request.brand, self._free
        if brand is None or brand.logo is None or self.request.layout not in ("title", "end"):
            return None
        # Below the line where a notice such as "AI voice" may stand.
        top = free.top + (64 if self.size.vertical else 40) * self.u
        return Zone(free.left, top, free.left + 420 * self.u, top + 110 * self.u)

    @cached_property
    def _free(self) -> Zone:
        """The safe area above the captions, with room for the drift."""
        safe = profile_for(self.size).safe_box(self.size)
        width, height, room = self.size.width, self.size.height, 10 * self.u
        left, right, bottom = float(safe.left), float(safe.right), float(safe.bottom)
        if self.size.vertical:
            left = max(left, 90 * self.u)
        else:
            left, right = max(left, 0.07 * width), min(right, 0.93 * width)
        if self.request.captioned:
            bottom = min(bottom, safe.bottom - 0.115 * height if self.size.vertical else 0.77 * height)
        top = max(float(safe.top), 0.08 * height)
        return Zone(left, top + room, right - room, bottom - room)

    @property
    def first(self) -> int:
        """The frame on which entrances start."""
        return self.request.handle

    @property
    def last(self) -> int:
        """The frame before which everything has left; beyond the asset where nothing follows."""
        end = self.request.handle + self.request.frames
        return end if not self.request.final else self.total + self.leaving

    @property
    def total(self) -> int:
        """Frames of the asset."""
        return self.request.frames + 2 * self.request.handle

    @cached_property
    def leaving(self) -> int:
        """Frames that leaving takes."""
        return max(1, min(self.seconds(_EXIT / 30), self.request.frames // 4))

    @cached_property
    def entering(self) -> int:
        """Frames that arriving takes: half a second at most."""
        return max(1, min(self.seconds(min(self.sheet.entrance, 0.5)), self.request.frames // 4))

    @property
    def curve(self) -> Curve:
        """The sheet's easing."""
        return CURVES[self.sheet.easing]

    def seconds(self, seconds: float) -> int:
        """Frames in so many seconds."""
        return frames_of(seconds, self.request.rate)

    def cue(self, index: int, otherwise: int) -> int:
        """The frame on which part `index` is spoken, or `otherwise`; early enough to be seen before the exit."""
        cues = self.request.cues
        frame = self.first + cues[index] if index < len(cues) else otherwise
        latest = max(self.first, self.last - self.leaving - self.entering - self.seconds(0.5))
        return min(max(frame, self.first), latest)

    def headline_at(self) -> int:
        """When a headline comes: on its cue, but an empty frame waits a quarter of a second at most."""
        return min(self.cue(0, self.first), self.first + self.seconds(0.25))

    def begin(self, at: int) -> int:
        """`at`, kept where the layer still gets a frame."""
        return max(self.first, min(at, self.last - 2))

    def cues(self, count: int, after: int) -> list[int]:
        """Frames for `count` parts that follow the first: spoken ones, else spread over the first two thirds."""
        start = self.cue(0, self.first) + self.seconds(0.35)
        spread = max(1, int(self.request.frames * 0.6 - (start - self.first)) // max(count, 1))
        spread = min(spread, self.seconds(0.9))
        frames = [self.cue(after + index, start + spread * index) for index in range(count)]
        return [max(frames[: index + 1]) for index in range(count)]

    @cached_property
    def calm(self) -> Drift:
        """How text drifts: a few pixels up over the shot."""
        return Drift(self.region.centre, self.total, y=-14 * self.u)

    @cached_property
    def deep(self) -> Drift:
        """How ornaments drift: further, and growing."""
        centre = (self.size.width * 0.5, self.size.height * 0.45)
        return Drift(centre, self.total, x=-30 * self.u, y=30 * self.u, scale=0.06)

    @cached_property
    def display(self) -> Type:
        """Headlines."""
        return self._type(self.sheet.display)

    @cached_property
    def strong(self) -> Type:
        """Labels and list entries: the text face, heavier."""
        heavier = self.sheet.text.model_copy(update={"weight": min(self.sheet.text.weight + 100, 900)})
        return self._type(heavier)

    @cached_property
    def text(self) -> Type:
        """Running text."""
        return self._type(self.sheet.text)

    @cached_property
    def kicker(self) -> Type:
        """Small capitals with air between them."""
        heavier = self.sheet.text.model_copy(update={"weight": 700, "tracking": 0.14, "upper": True})
        return self._type(heavier)

    @cached_property
    def digits(self) -> Type:
        """Numbers that count: every digit as wide as the next."""
        of = self.sheet.display
        return Type(fonts.family(of.family, of.weight, tabular=True), of.tracking)

    @cached_property
    def mono(self) -> Type:
        """Code: every letter as wide as the next."""
        return Type(fonts.family("JetBrains Mono", 500))

    def scale(self, low: float, high: float) -> list[float]:
        """Sizes in pixels from `low` to `high` units, in half steps of the sheet's type scale."""
        step = self.sheet.scale**0.25
        sizes, size = [], low
        while size <= high * 1.001:
            sizes.append(size * self.u)
            size *= step
        return sizes

    def add(self, layer: Layer) -> None:
        """Put a layer on."""
        self.layers.append(layer)

    def _type(self, face: styles.Face) -> Type:
        return Type(fonts.family(face.family, face.weight), face.tracking, face.upper)


@dataclass
class Column:
    """Blocks from top to bottom, placed as one: heights first, then drawing."""

    parts: list[tuple[float, float, Callable[[float], None]]] = field(default_factory=list)

    def add(self, height: float, gap: float, draw: Callable[[float], None]) -> None:
        """A block of a height, with a gap before it, drawn at the y it gets."""
        self.parts.append((height, gap if self.parts else 0.0, draw))

    @property
    def height(self) -> float:
        """All of it."""
        return sum(height + gap for height, gap, _ in self.parts)

    def place(self, zone: Zone, bias: float = 0.46) -> None:
        """Draw the blocks in a zone; `bias` 0 is at its top, 1 at its bottom, just above the middle looks right."""
        y = zone.top + max(0.0, zone.height - self.height) * bias
        for height, gap, draw in self.parts:
            y += gap
            draw(y)
            y += height
