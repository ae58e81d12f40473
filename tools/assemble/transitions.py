"""Changes of picture as filter text: two streams become one, whose first frame is all old and whose last is all new.

Knows nothing about clips or files. Only a change's own frames pass here: xfade over whole clips keeps some 28 frames of
memory for each, and its edges are jagged; masks drawn small and scaled up are soft and cost next to nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..conform import Shape
from ..media import Size
from ..timeline import Direction, Transition, Wipe
from .filters import BT709, clocked, eased, ground, ratio

_MASK = 144
"""Short side of a mask: its soft edge spans some ten of its pixels."""
_EDGE = 0.14
"""Width of a soft edge, as a part of the way it travels."""
_PARALLAX = 0.3
"""How far the picture below is taken along by the one that slides over it."""
_ZOOM = 1.1
"""How much closer a zoom comes by its middle."""


@dataclass(frozen=True)
class Change:
    """A transition between the streams [`old`] and [`new`] that becomes [`out`]."""

    transition: Transition
    old: str
    new: str
    out: str
    size: Size | Shape
    rate: Fraction

    @property
    def frames(self) -> int:
        """Pictures in each of the three."""
        return self.transition.frames

    @property
    def first(self) -> int:
        """Number of the first frame: that of a change which was cut counts on."""
        return self.transition.first

    @property
    def last(self) -> int:
        """Number of the whole change's last frame; a change of one frame shows the old picture."""
        return max((self.transition.whole or self.first + self.frames) - 1, 1)

    def part(self, number: str) -> str:
        """How far on frame `number` is, from 0 to 1."""
        return f"(({number}+{self.first})/{self.last})"


def blended(change: Change) -> list[str]:
    """The chains of a change."""
    return _KINDS[change.transition.kind](change)


def mask(change: Change) -> str:
    """A source of grey pictures, black where the old is seen and white where the new is."""
    size, rate, kind = change.size, change.rate, change.transition.kind
    small = _MASK / min(size.width, size.height)
    shape = f"{max(8, round(size.width * small))}x{max(8, round(size.height * small))}"
    front = _FRONTS[change.transition.towards if kind == "wipe" else kind]
    level = f"st(0,clip(({eased(change.part('N'))}*{1 + _EDGE}-{front})/{_EDGE},0,1))"
    source = f"color=black:s={shape}:r={ratio(rate)},format=gray,trim=end_frame={change.frames}"
    return f"{source},geq=lum='{level};255*{eased('ld(0)')}',scale={_sides(change)}:flags=bicubic,{clocked(rate)}"


_FRONTS: Mapping[str, str] = {
    "left": "(1-(X+0.5)/W)",
    "right": "((X+0.5)/W)",
    "up": "(1-(Y+0.5)/H)",
    "down": "((Y+0.5)/H)",
    "circle": "(hypot(X+0.5-W/2,Y+0.5-H/2)/hypot(W/2,H/2))",
}
"""How far on the way a place lies that a mask's edge reaches."""


def _sides(change: Change) -> str:
    return f"{change.size.width}:{change.size.height}"


def _dissolve(change: Change) -> list[str]:
    # Five frames of memory, and a ramp that is straight: eased, the middle of a long dissolve looks like a cut.
    ramp = f"fade=t=in:s=0:n={change.last}:alpha=1"
    if change.first:
        length = f"{float(change.last / change.rate):.6f}"
        ramp = f"setpts=N+{change.first},fade=t=in:st=0:d={length}:alpha=1,{clocked(change.rate)}"
    return [f"[{change.new}]format=yuva420p,{ramp}[{change.out}f]", _over(change.old, change)]


def _over(below: str, change: Change) -> str:
    """The stream [`out`f] on another, and nothing of either beyond its end."""
    return f"[{below}][{change.out}f]overlay=format=yuv420:eof_action=endall,{BT709}[{change.out}]"


def _dip(change: Change, colour: str) -> list[str]:
    """Two ticks a frame, so that the middle of an even number of frames is a tick."""
    out, first, rate = change.out, change.first, change.rate
    half = min(max((change.last + 1) // 2 - first, 0), change.frames)
    clock = f"settb={rate.denominator}/{2 * rate.numerator},setpts=2*(N+{first}"
    length = f"{float(Fraction(change.last, 2) / rate):.6f}"
    before = f"trim=end_frame={half},{clock}),format=yuva420p,fade=t=out:st=0:d={length}:alpha=1"
    after = f"trim=start_frame={half},{clock}+{half}),format=yuva420p,fade=t=in:st={length}:d={length}:alpha=1"
    sides = [
        f"[{change.old}]{before},{clocked(rate)}[{out}a]" if half else f"[{change.old}]nullsink",
        f"[{change.new}]{after},{clocked(rate)}[{out}b]" if half < change.frames else f"[{change.new}]nullsink",
    ]
    both = f"[{out}a][{out}b]concat=n=2:v=1:a=0" if 0 < half < change.frames else f"[{out}{'a' if half else 'b'}]null"
    return [
        *sides,
        f"{both},{clocked(rate)}[{out}f]",
        f"{ground(colour, change.size.width, change.size.height, rate, change.frames)}[{out}g]",
        _over(f"{out}g", change),
    ]


def _masked(change: Change) -> list[str]:
    out = change.out
    return [f"{mask(change)}[{out}m]", f"[{change.new}][{out}m]alphamerge[{out}f]", _over(change.old, change)]


def _push(change: Change) -> list[str]:
    """Side by side, and a window that moves from the one to the other."""
    stack, axis, turned = _WAYS[change.transition.towards]
    way = eased(change.part("n"))
    pair = f"[{change.new}][{change.old}]" if turned else f"[{change.old}][{change.new}]"
    place = f"{_side(change, axis)}*{f'(1-{way})' if turned else way}"
    window = f"crop=w={change.size.width}:h={change.size.height}:x=0:y=0:{axis}='{place}'"
    return [f"{pair}{stack},{window},{BT709}[{change.out}]"]


_WAYS: Mapping[Direction, tuple[str, str, bool]] = {
    "left": ("hstack", "x", False),
    "right": ("hstack", "x", True),
    "up": ("vstack", "y", False),
    "down": ("vstack", "y", True),
}
"""How two pictures stand side by side, the axis of the way, and whether it runs backwards."""


def _side(change: Change, axis: str) -> int:
    return change.size.width if axis == "x" else change.size.height


def _slide(change: Change) -> list[str]:
    """The new picture moves over the old one, which it takes along a little."""
    _, axis, turned = _WAYS[change.transition.towards]
    # overlay counts frames that it has read, not those it shows: its clock is the surer one.
    number = f"round(t*{ratio(change.rate)})"
    side, way, out = _side(change, axis), eased(change.part(number)), change.out
    below, above = f"{-_PARALLAX * side:.1f}*{way}", f"{side}*(1-{way})"
    if turned:
        below, above = f"{_PARALLAX * side:.1f}*{way}", f"-{above}"
    over = "format=yuv420:eof_action=endall"
    return [
        f"{ground('black', change.size.width, change.size.height, change.rate, change.frames)}[{out}g]",
        f"[{out}g][{change.old}]overlay={axis}='{below}':{over}[{out}h]",
        f"[{out}h][{change.new}]overlay={axis}='{above}':{over},{BT709}[{out}]",
    ]


def _zoom(change: Change) -> list[str]:
    """Into the old picture, out of the new: fastest at the middle, where the one becomes the other."""
    part, out = change.part("(in-1)"), change.out
    near, far = (_closer(f"min(1,{way}/0.6)") for way in (part, f"(1-{part})"))
    level = f"st(0,clip(({change.part('N')}-0.38)/0.24,0,1))"
    small = f"color=black:s=16x16:r={ratio(change.rate)},format=gray"
    light = f"trim=end_frame={change.frames},geq=lum='{level};255*{eased('ld(0)')}',scale={_sides(change)}"
    return [
        f"[{change.old}]{near}[{out}a]",
        f"[{change.new}]{far}[{out}b]",
        f"{small},{light},{clocked(change.rate)}[{out}m]",
        f"[{out}b][{out}m]alphamerge[{out}f]",
        _over(f"{out}a", change),
    ]


def _closer(part: str) -> str:
    """A camera that moves towards the middle; resampled at fractions of a pixel, so nothing trembles."""
    inset = f"(0.5-0.5/(1+{_ZOOM}*pow({part},3)))"
    near, far = (f"{side}*{inset}" for side in ("W", "H"))
    corners = (near, far, f"W-{near}", far, near, f"H-{far}", f"W-{near}", f"H-{far}")
    given = ":".join(
        f"{axis}{number}='{corner}'"
        for number, pair in enumerate(zip(corners[::2], corners[1::2], strict=True))
        for axis, corner in zip("xy", pair, strict=True)
    )
    return f"perspective={given}:eval=frame"


_KINDS: Mapping[Wipe, Callable[[Change], list[str]]] = {
    "dissolve": _dissolve,
    "dip_black": lambda change: _dip(change, "black"),
    "dip_white": lambda change: _dip(change, "white"),
    "wipe": _masked,
    "circle": _masked,
    "slide": _slide,
    "push": _push,
    "zoom": _zoom,
}
