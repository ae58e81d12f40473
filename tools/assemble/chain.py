"""The filters that bring one clip to the film's size, rate and colours, retimed, steadied, cropped and moved over.

Knows nothing about files or graphs: it says what stands between a decoder and an encoder.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor
from pathlib import Path

from ..camera import View, cropped, moved, room
from ..conform import SMOOTH, Shape, covering, decoder, even, fitted, flattened, paced, scaled, seen, toned
from ..media import Size
from ..probe import VideoStream
from ..timeline import Clip
from .filters import clocked, quoted

_FAR, _BACK = 20, 10
"""From this second on a clip is sought in its file, and how much earlier: a picture may be shown for long."""
_STEADY = "smoothing=20:optzoom=1:interpol=bicubic:crop=keep"
_ENDLESS = ("gif", "apng", "webp", "png", "mjpeg")
"""Stills stand and animations turn as long as they are needed."""


@dataclass(frozen=True)
class Chain:
    """A clip, what its file holds, and the film's rate and size. An `overlay` keeps its transparency."""

    clip: Clip
    stream: VideoStream
    rate: Fraction
    size: Size
    overlay: bool = False

    @property
    def alpha(self) -> bool:
        """True where the result has transparent parts."""
        return self.overlay and self.stream.alpha

    @property
    def still(self) -> bool:
        """True for one picture that stands as long as it is needed."""
        return self.stream.frames == 1 and self.stream.codec in _ENDLESS

    @property
    def endless(self) -> bool:
        """True where it has as many frames as are asked for."""
        return self.stream.codec in _ENDLESS and (self.still or self.stream.codec != "mjpeg")

    @cached_property
    def shape(self) -> Shape:
        """What comes out."""
        place = self.clip.place if self.overlay else None
        if place is None:
            return Shape(self.size.width, self.size.height)
        width, height = seen(self.stream)
        across = even(place.width * self.size.width)
        return Shape(across, even(across * height / width))

    def source(self, first: int) -> list[str]:
        """Options that stand before the file, of which frame `first` as retimed is the first needed."""
        options = list(decoder(self.stream))
        if self.endless:
            return options if self.still else [*options, "-stream_loop", "-1"]
        at = first * self.clip.speed / self.rate
        return [*options, *(("-ss", str(floor(at) - _BACK)) if at > _FAR else ()), "-copyts"]

    def front(self, first: int, last: int) -> list[str]:
        """Up to frames of the film's rate, in its colours, cropped where the crop stands still."""
        if self.still:
            stood = ["loop=loop=-1:size=1", clocked(self.rate), f"trim=end_frame={last - first}"]
            return ["trim=end_frame=1", *self._ground(), *self._scaled(first), *stood]
        early, late = paced(self.rate, self.clip.speed, self.stream.start)
        # A clock that rounds can leave the last frame out; two are not made up.
        clock = clocked(self.rate)
        cut = [f"trim=start_pts={first}:end_pts={last}", clock, "tpad=stop=1:stop_mode=clone"]
        cut += [f"trim=end_frame={last - first}", clock]
        if late:
            return [SMOOTH, *early, *self._ground(), *self._scaled(first), *late, *cut]
        return [SMOOTH, *early, *cut, *self._ground(), *self._scaled(first)]

    def back(self, first: int) -> list[str]:
        """What moves, from frame `first` of the asset as retimed."""
        clip, target, chain = self.clip, self._target, []
        if self._late_crop:
            whole = covering(self.stream, target)
            chain += cropped(self._view(first), (whole.width, whole.height), (target.width, target.height))
        if clip.move is not None:
            chain += moved(clip.move, clip.frames, first - clip.offset)
        if target != self.shape:
            chain.append(f"scale={self.shape}:flags=bicubic+accurate_rnd")
        return [*chain, "setsar=1"]

    def shaken(self, first: int, last: int, shakes: Path) -> list[str]:
        """Everything before steadying, and the look at how it shakes."""
        return [*self.front(first, last), f"vidstabdetect=shakiness=6:accuracy=12:result={quoted(shakes)}"]

    def steadied(self, shakes: Path, begin: int, frames: int) -> list[str]:
        """What steadies, and the frames that were wanted."""
        only = f"trim=start_frame={begin}:end_frame={begin + frames}"
        return [f"vidstabtransform=input={quoted(shakes)}:{_STEADY}", only, clocked(self.rate)]

    def _view(self, first: int) -> View:
        return View(self.clip.focus, first - self.clip.offset)

    def _ground(self) -> list[str]:
        return flattened() if self.stream.alpha and not self.alpha else []

    @cached_property
    def _target(self) -> Shape:
        """The shape, and what a move needs around it."""
        if self.clip.move is None:
            return self.shape
        more = room(self.clip.move, seen(self.stream)[0] / covering(self.stream, self.shape).width)
        return Shape(even(self.shape.width * more), even(self.shape.height * more))

    @cached_property
    def _late_crop(self) -> bool:
        """True where the crop has to wait until frames are in their places."""
        if self.alpha or self.clip.fit != "fill" or (self.overlay and self.clip.place):
            return False
        whole = covering(self.stream, self._target)
        still = self._view(0).steady(whole.width, whole.height, self._target.width, self._target.height)
        return not still or (self.clip.stabilise and not self.still)

    def _scaled(self, first: int) -> list[str]:
        if self.alpha:
            return self._clear()
        if self.overlay and self.clip.place:
            return [*scaled(self.stream, self._target), *toned(self.stream)]
        if self._late_crop:
            return [*scaled(self.stream, covering(self.stream, self._target)), *toned(self.stream)]
        return fitted(self.stream, self._target, self.clip.fit, self._view(first))

    def _clear(self) -> list[str]:
        """Scaled with its transparency: colours count as much as they are seen, else edges turn dark."""
        target = self._target
        whole = target if self.clip.place else covering(self.stream, target)
        sides = ["format=gbrap", "premultiply=inplace=1", f"scale={whole}:flags=bicubic", "unpremultiply=inplace=1"]
        cut = cropped(View(self.clip.focus[:1]), (whole.width, whole.height), (target.width, target.height))
        return [*sides, "setsar=1", *cut, "scale=out_color_matrix=bt709:out_range=tv", "format=yuva420p"]
