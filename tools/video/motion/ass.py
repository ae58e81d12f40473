"""ASS as an animation language: layers with poses over frames become dialogue lines.

Knows nothing about palettes or layouts. Positions ease by one short event a frame while something arrives or leaves,
because libass's own move is linear; what rests is one event with a linear drift.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as File

from ...media import Size

_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
Kerning: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, Encoding
Style: M,{font},40,&H00FFFFFF,0,1,0,0,7,0,-1

[Events]
Format: Layer, Start, End, Style, Text
"""


@dataclass(frozen=True)
class Pose:
    """Where a layer is against its rest: shift in pixels, scale and opacity; `clip` masks it on the screen."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    opacity: float = 1.0
    clip: tuple[float, float, float, float] | None = None


LETTERS = 5
"""The depth that text stands at."""
REST = Pose()
GONE = Pose(opacity=0.0)


@dataclass(frozen=True)
class Drift:
    """The slow movement of a whole group over the shot: linear, so that it costs one event."""

    centre: tuple[float, float]
    frames: int
    x: float = 0.0
    y: float = 0.0
    scale: float = 0.0
    """How much larger at the end."""

    def at(self, frame: float) -> tuple[float, float, float]:
        """Shift and scale at a frame of the asset."""
        part = frame / max(self.frames, 1) - 0.5
        return self.x * part, self.y * part, 1.0 + self.scale * (part + 0.5)


@dataclass(frozen=True)
class Layer:
    """One thing on screen: the ASS body placed at its top left, alive from `start` to `end` (exclusive).

    `enter` gives the pose while arriving (0 to 1), `leave` while going; `body` may depend on the arrival's progress.
    """

    body: str | Callable[[float], str]
    x: float
    y: float
    start: int
    end: int
    drift: Drift
    depth: int = LETTERS
    pivot: tuple[float, float] = (0.0, 0.0)
    colour: str = "#FFFFFF"
    opacity: float = 1.0
    enter: Callable[[float], Pose] | None = None
    entering: int = 0
    leave: Callable[[float], Pose] | None = None
    leaving: int = 0
    shift: Callable[[float], tuple[float, float]] | None = None
    """Where the top left goes while the body grows, for drawings whose corner moves."""


def document(size: Size, rate: Fraction, font: str, layers: Sequence[Layer]) -> str:
    """The whole ASS file."""
    rows = [row for layer in layers for row in _rows(layer, rate)]
    return _HEAD.format(width=size.width, height=size.height, font=font) + "\n".join(rows) + "\n"


def colour(code: str) -> str:
    """#RRGGBB as ASS writes it.

    >>> colour("#FFB81F")
    '&H1FB8FF&'
    """
    return f"&H{code[5:7]}{code[3:5]}{code[1:3]}&"


def filter_path(path: File) -> str:
    """A path as a filter option, escaped for the option and for the graph."""
    text = str(path.resolve())
    for letters in ("\\':", "\\'[],;"):
        text = "".join("\\" + letter if letter in letters else letter for letter in text)
    return text


def _rows(layer: Layer, rate: Fraction) -> list[str]:
    entering = min(layer.entering, layer.end - layer.start)
    leaving = min(layer.leaving, layer.end - layer.start - entering)
    held = layer.end - leaving
    rows = []
    for frame in range(layer.start, layer.start + entering):
        part = (frame - layer.start + 1) / (entering + 1)
        rows.append(_row(layer, rate, frame, frame + 1, layer.enter(part) if layer.enter else REST, part))
    if held > layer.start + entering:
        rows.append(_row(layer, rate, layer.start + entering, held, REST, 1.0))
    for frame in range(held, layer.end):
        part = (frame - held + 1) / (leaving + 1)
        rows.append(_row(layer, rate, frame, frame + 1, layer.leave(part) if layer.leave else REST, 1.0))
    return [row for row in rows if row]


def _row(layer: Layer, rate: Fraction, start: int, end: int, pose: Pose, part: float) -> str:
    opacity = layer.opacity * pose.opacity
    if opacity < 0.004 or pose.scale < 0.004:
        return ""
    tags = [_motion(layer, rate, start, end, pose, part), f"\\1c{colour(layer.colour)}"]
    tags.append(f"\\1a&H{round(255 * (1 - opacity)):02X}&")
    if pose.clip:
        tags.append(_clip(layer, start, pose.clip))
    body = layer.body(part) if callable(layer.body) else layer.body
    return f"Dialogue: {layer.depth},{_time(start, rate)},{_time(end, rate)},M,{{{''.join(tags)}}}{body}"


def _motion(layer: Layer, rate: Fraction, start: int, end: int, pose: Pose, part: float) -> str:
    x, y, scale = _place(layer, start, pose, part)
    scaling = f"\\fscx{scale * 100:.2f}\\fscy{scale * 100:.2f}" if abs(scale - 1) > 1e-4 else ""
    if end - start == 1:
        return f"\\pos({x:.2f},{y:.2f}){scaling}"
    to_x, to_y, to_scale = _place(layer, end, pose, part)
    length = round((end - start) * 1000 / rate)
    move = f"\\move({x:.2f},{y:.2f},{to_x:.2f},{to_y:.2f},0,{length}){scaling}"
    if abs(to_scale - scale) > 1e-4:
        move += f"\\t(0,{length},\\fscx{to_scale * 100:.2f}\\fscy{to_scale * 100:.2f})"
    return move


def _place(layer: Layer, frame: int, pose: Pose, part: float) -> tuple[float, float, float]:
    left, top = layer.shift(part) if layer.shift else (0.0, 0.0)
    pivot_x, pivot_y = layer.pivot
    x = pivot_x + (layer.x + left - pivot_x) * pose.scale + pose.x
    y = pivot_y + (layer.y + top - pivot_y) * pose.scale + pose.y
    across, down, scale = layer.drift.at(frame)
    centre_x, centre_y = layer.drift.centre
    return centre_x + (x - centre_x) * scale + across, centre_y + (y - centre_y) * scale + down, pose.scale * scale


def _clip(layer: Layer, frame: int, clip: tuple[float, float, float, float]) -> str:
    across, down, scale = layer.drift.at(frame)
    centre = layer.drift.centre
    left, right = (round(centre[0] + (value - centre[0]) * scale + across) for value in clip[::2])
    top, bottom = (round(centre[1] + (value - centre[1]) * scale + down) for value in clip[1::2])
    return f"\\clip({left},{top},{right},{bottom})"


def _time(frame: int, rate: Fraction) -> str:
    # Hundredths rounded down: a frame's own time is never before its event.
    hundredths = frame * 100 * rate.denominator // rate.numerator
    seconds, rest = divmod(hundredths, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"
