"""An ASS script as data: events in film frames, written on the film's clock or on the frame clock that is burned.

Knows nothing about words, pages or where they stand. On the frame clock a film frame lasts 40 ms at any rate (ASS
knows hundredths of a second only), and a frame is drawn as it is in its middle, so no rounding can reach a border.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from ..media import Size

_TICK = 40
"""Milliseconds of a film frame on the frame clock."""
_FIELDS = (
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, "
    "MarginV, Encoding"
)
_EVENTS = ("", "[Events]", "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text")

_FAMILY = re.compile(r"^Style: [^,]*,([^,]*)|(?<!\\)\{\\fn([^\\}]*)", re.M)


@dataclass(frozen=True)
class Turn:
    """Tags that take hold at a frame, or seconds `after` it; eased in where it `lasts`."""

    frame: int
    tags: str
    after: Fraction = Fraction(0)
    lasts: Fraction = Fraction(0)


@dataclass(frozen=True)
class Event:
    """Something shown from frame `start` to `end` (exclusive): fixed tags, turns in order of time, escaped text."""

    layer: int
    style: str
    start: int
    end: int
    tags: str
    text: str
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """A script on the frame clock whose frame `lead` is the stretch's first; empty where nothing is shown."""

    script: str
    lead: int = 0


@dataclass(frozen=True)
class Sheet:
    """A frame size, style lines and events."""

    size: Size
    rate: Fraction
    styles: tuple[str, ...]
    events: tuple[Event, ...]

    def delivered(self) -> str:
        """The whole script on the film's clock, for players; empty where nothing is shown."""
        return self._text(self.events, _Film(self.rate))

    def stretch(self, first: int, last: int) -> Stretch:
        """The script of the film's frames from `first` to `last` (exclusive), on the frame clock.

        It says nothing about where in the film that is, nor about what comes after: equal stretches, equal texts.
        """
        shown = [_within(event, first, last) for event in self.events if event.start < last and event.end > first]
        begin = min([first, *(event.start for event in shown)])
        return Stretch(self._text(shown, _Burned(self.rate, begin)), first - begin)

    def _text(self, events: Sequence[Event], clock: "_Clock") -> str:
        if not events:
            return ""
        lines = [_line(event, clock) for event in events]
        return "\n".join([*_head(self.size), *self.styles, *_EVENTS, *lines, ""])


def families(script: str) -> tuple[str, ...]:
    """The font families that a script of ours names: those that burn it elsewhere need these and no others."""
    return tuple(sorted({one or other for one, other in _FAMILY.findall(script)}))


class _Clock(Protocol):
    def at(self, frame: int) -> Fraction: ...

    def length(self, seconds: Fraction) -> Fraction: ...


@dataclass(frozen=True)
class _Film:
    """Milliseconds as players count them: half a frame early, so that the frame is on the right side of hundredths."""

    rate: Fraction

    def at(self, frame: int) -> Fraction:
        return max(Fraction(0), (frame - Fraction(1, 2)) * 1000 / self.rate)

    def length(self, seconds: Fraction) -> Fraction:
        return seconds * 1000


@dataclass(frozen=True)
class _Burned:
    """Milliseconds at 40 a frame since frame `begin`."""

    rate: Fraction
    begin: int

    def at(self, frame: int) -> Fraction:
        return Fraction((frame - self.begin) * _TICK)

    def length(self, seconds: Fraction) -> Fraction:
        return seconds * self.rate * _TICK


def frame_clock(lead: int = 0) -> str:
    """The filters that bring frames to the frame clock, each to its middle.

    Not to its beginning: libass is asked in whole milliseconds, cut off from a product that may fall short.
    """
    return f"settb=1/{2000 // _TICK},setpts=2*(N+{lead})+1"


def _within(event: Event, first: int, last: int) -> Event:
    """What a stretch shows of an event: one that never changes may begin with it, one that does keeps its beginning."""
    turns = tuple(turn for turn in event.turns if turn.frame < last)
    start = event.start if turns else max(event.start, first)
    return Event(event.layer, event.style, start, min(event.end, last), event.tags, event.text, turns)


def _line(event: Event, clock: _Clock) -> str:
    first, last = (round(clock.at(frame) / 10) for frame in (event.start, event.end))
    turns = "".join(_turn(turn, event.start, first * 10, clock) for turn in event.turns)
    times = f"{_stamp(first)},{_stamp(last)}"
    return f"Dialogue: {event.layer},{times},{event.style},,0,0,0,,{{{event.tags}{turns}}}{event.text}"


def _turn(turn: Turn, start: int, zero: int, clock: _Clock) -> str:
    since = clock.at(turn.frame) - zero + clock.length(turn.after)
    on, off = round(since), round(since + clock.length(turn.lasts))
    if turn.frame <= start and not turn.after and not turn.lasts:
        return turn.tags
    # libass takes an end of nought for the event's end.
    return f"\\t({max(on, 0)},{max(off, 1)},{turn.tags})"


def _stamp(centiseconds: int) -> str:
    seconds, rest = divmod(centiseconds, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:02}"


def _head(size: Size) -> list[str]:
    lines = ["[Script Info]", "ScriptType: v4.00+", f"PlayResX: {size.width}", f"PlayResY: {size.height}"]
    lines += [f"LayoutResX: {size.width}", f"LayoutResY: {size.height}", "WrapStyle: 2"]
    return [*lines, "ScaledBorderAndShadow: yes", "Kerning: yes", "YCbCr Matrix: TV.709", "", "[V4+ Styles]", _FIELDS]
