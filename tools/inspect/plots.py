"""Plots of a film on one time axis, as HTML and inline SVG: loudness, luminance, shots, and where faults are.

Knows curves and spans; knows nothing about what they mean for a verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import median

from ..profiles import Profile
from . import Check, Curves, Span
from .dress import sign

_QUIETEST, _LOUDEST = -48.0, 0.0
"""LUFS at the foot and the head of the plot."""
_STEPS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_TICKS = 9
"""Marks on the time axis at most."""


@dataclass(frozen=True)
class Axis:
    """The seconds that the plots show."""

    start: float
    end: float

    def part(self, second: float) -> float:
        """Per cent of the width."""
        place = (second - self.start) / max(self.end - self.start, 1e-6)
        return round(100 * min(max(place, 0.0), 1.0), 3)


def clock(seconds: float, digits: int = 1) -> str:
    """A time as people read it in a player.

    >>> clock(75.25), clock(3.0, 0)
    ('1:15.2', '0:03')
    """
    whole = round(max(seconds, 0.0), digits)
    width = 3 + digits if digits else 2
    return f"{int(whole // 60)}:{whole % 60:0{width}.{digits}f}"


def timeline(axis: Axis, checks: Sequence[Check], curves: Curves, speech: Sequence[Span], profile: Profile) -> str:
    """All lanes that have something to show, over one axis; nothing where there is nothing."""
    faults = [check for check in checks if check.spans and check.verdict in {"fail", "warn"}]
    lanes = [
        *([_faults(axis, faults)] if faults else []),
        *([_shots(axis, curves.shots)] if curves.shots else []),
        *([_loudness(axis, curves.loudness, speech, profile, faults)] if curves.loudness else []),
        *([_luminance(axis, curves.luminance, faults)] if curves.luminance else []),
    ]
    return "".join(lanes) + _ruler(axis) if lanes else ""


def name_of(check: Check) -> str:
    """The check's name for people.

    >>> name_of(Check(name="safe_area", value="", target="", verdict="pass"))
    'Safe area'
    """
    return _NAMES.get(check.name, check.name.replace("_", " ").capitalize())


_NAMES = {
    "loudness": "Integrated loudness",
    "peak": "True peak",
    "voice_over_music": "Voice over music",
    "captions": "Caption reading",
    "caption_cuts": "Captions on cuts",
    "contrast": "Text contrast",
    "sync": "Sound and picture in sync",
    "shots": "Shot length",
    "sizes": "Shot sizes",
    "moving": "Moving shots",
    "warping": "Steadiness of motion",
    "flicker": "Flicker",
    "jumps": "Jumps inside shots",
    "black": "Black picture",
    "freeze": "Frozen picture",
    "bars": "Filled frame",
    "flash": "Flashes",
    "colour": "Colour tags",
    "pace": "Narration pace",
    "words": "Word accuracy",
    "ledger": "Licences and sources",
    "reference": "Against the reference",
}


def _lane(title: str, legend: str, plot: str, tall: str = "") -> str:
    return (
        f"<section class=lane><h3>{title} <small>{legend}</small></h3><div class='plot {tall}'>{plot}</div></section>"
    )


def _faults(axis: Axis, faults: Sequence[Check]) -> str:
    rows = []
    for check in faults:
        bars = "".join(
            f"<i class=bar style='left:{axis.part(span.start)}%;"
            f"width:{round(axis.part(span.end) - axis.part(span.start), 3)}%'></i>"
            for span in check.spans
        )
        name = escape(name_of(check))
        rows.append(
            f"<div class='fault {check.verdict}'><b>{sign(check.verdict)}{name}</b><div class=track>{bars}</div></div>"
        )
    return f"<section class=lane><h3>Faults <small>where they are</small></h3>{''.join(rows)}</section>"


def _shots(axis: Axis, shots: Sequence[Span]) -> str:
    lengths = [span.end - span.start for span in shots]
    told = f"{len(shots)} shots, median {median(lengths):.1f} s, longest {max(lengths):.1f} s"
    blocks = "".join(
        f"<rect x='{axis.part(span.start)}' width='{max(axis.part(span.end) - axis.part(span.start), 0.05):.3f}' y='0' "
        f"height='100' class='shot {'odd' if number % 2 else 'even'}'/>"
        for number, span in enumerate(shots)
    )
    texts = "".join(
        f"<span class=length style='left:{axis.part((span.start + span.end) / 2)}%'>{span.end - span.start:.1f}</span>"
        for span in shots
        if axis.part(span.end) - axis.part(span.start) > 6
    )
    return _lane("Shots", told, _svg(blocks, told) + texts, "low")


def _loudness(
    axis: Axis,
    curve: Sequence[tuple[float, float]],
    speech: Sequence[Span],
    profile: Profile,
    faults: Sequence[Check],
) -> str:
    talk = "".join(
        f"<rect class=speech x='{axis.part(span.start)}' width='{axis.part(span.end) - axis.part(span.start):.3f}' "
        "y='93' height='7'/>"
        for span in speech
    )
    aim = _level(profile.loudness)
    target = f"<line class=target x1='0' x2='100' y1='{aim}' y2='{aim}'/>"
    points = [(axis.part(second), _level(value)) for second, value in curve]
    told = f"momentary, LUFS; target {profile.loudness:g} integrated"
    legend = f"{told} <i class=key-target></i>{' speech <i class=key-speech></i>' if speech else ''}"
    inner = _bands(axis, faults, {"loudness", "silence"}) + _area(points) + talk + target
    marks = [(f"{level:g}", _level(level)) for level in (-6.0, -24.0, -40.0)]
    return _lane("Loudness", legend, _svg(inner, f"Loudness over time: {told}") + _scale(marks))


def _luminance(axis: Axis, curve: Sequence[tuple[float, float]], faults: Sequence[Check]) -> str:
    points = [(axis.part(second), round(100 - value / 2.55, 2)) for second, value in curve]
    inner = _bands(axis, faults, {"black", "freeze", "flash", "flicker"}) + _area(points)
    told = "mean of each frame, 0 black to 255 white"
    marks = [(str(level), 100 - level / 2.55) for level in (220, 128, 32)]
    return _lane("Luminance", told, _svg(inner, f"Luminance over time: {told}") + _scale(marks))


def _bands(axis: Axis, faults: Sequence[Check], about: set[str]) -> str:
    """The stretches at fault, behind the curve that shows them."""
    return "".join(
        f"<rect class='band {check.verdict}' x='{axis.part(span.start)}' y='0' height='100' "
        f"width='{max(axis.part(span.end) - axis.part(span.start), 0.3):.3f}'/>"
        for check in faults
        if check.name in about
        for span in check.spans
    )


def _area(points: Sequence[tuple[float, float]]) -> str:
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    first, last = points[0][0], points[-1][0]
    return f"<polygon class=area points='{first:g},100 {line} {last:g},100'/><polyline class=curve points='{line}'/>"


def _level(loudness: float) -> float:
    part = (loudness - _QUIETEST) / (_LOUDEST - _QUIETEST)
    return round(100 - 100 * min(max(part, 0.0), 1.0), 2)


def _scale(marks: Sequence[tuple[str, float]]) -> str:
    return "".join(f"<span class=mark style='top:{place:.1f}%'>{text}</span>" for text, place in marks)


def _svg(inner: str, told: str) -> str:
    """Stretched to the lane: lines keep their width (vector-effect), words stand outside."""
    label = escape(told, quote=True)
    return f"<svg viewBox='0 0 100 100' preserveAspectRatio='none' role=img aria-label='{label}'>{inner}</svg>"


def _ruler(axis: Axis) -> str:
    length = axis.end - axis.start
    step = next((step for step in _STEPS if length / step <= _TICKS), length or 1.0)
    marks, second = [], 0.0
    while second <= length - max(step * 0.4, length * 0.12) or second == 0.0:
        marks.append(
            f"<span style='left:{axis.part(axis.start + second)}%'>{clock(second, 1 if step < 1 else 0)}</span>"
        )
        second += step
    return f"<div class=ruler aria-hidden=true>{''.join(marks)}<span class=end>{clock(length)}</span></div>"
