"""Captions as data: words, pages and lines with their times, as JSON for other programs.

Knows nothing about pixels. Times stand twice: in frames at the film's rate (exact; `end` exclusive), and in seconds.
The schema has a number; fields are added, never changed, under the same one.
"""

from collections.abc import Sequence
from fractions import Fraction

from ..media import Frames, Frozen, Rate, seconds_of
from ..timeline import Timeline
from . import Finish
from .pages import Page
from .subtitles import Subtitle
from .words import Spoken, spoken

SCHEMA = 1


class Times(Frozen):
    """When something begins and ends."""

    start_frame: Frames
    end_frame: Frames
    start: float
    """Seconds."""
    end: float


class WordTimes(Times):
    """A word of the script, as it is written. `timed` is false where nobody measured when it is said."""

    text: str
    line: Frames
    """Number of the spoken line it belongs to, from 0."""
    timed: bool


class PageTimes(Times):
    """Words shown together."""

    text: str


class LineTimes(Times):
    """A subtitle: its lines, and the same in a second language."""

    lines: tuple[str, ...]
    second: tuple[str, ...] = ()


class Record(Frozen):
    """Everything that is said and shown. `pages` are what is burned in styles that show a few words at a time."""

    schema_number: int = SCHEMA
    rate: Rate
    frames: Frames
    language: str
    style: str
    words: tuple[WordTimes, ...]
    pages: tuple[PageTimes, ...]
    lines: tuple[LineTimes, ...]


def record(timeline: Timeline, finish: Finish, pages: Sequence[Page], lines: Sequence[Subtitle]) -> str:
    """The JSON text; `Record.model_validate_json` reads it."""
    rate = timeline.rate
    cues = sorted(timeline.cues, key=lambda cue: cue.start)
    said = [(number, word) for number, cue in enumerate(cues) for word in _whole(spoken(cue, float("inf")))]
    made = Record(
        rate=rate,
        frames=timeline.frames,
        language=finish.language,
        style=finish.captions,
        words=tuple(
            WordTimes(text=word.text, line=number, timed=word.timed, **_times(word.start, word.end, rate))
            for number, word in said
        ),
        pages=tuple(PageTimes(text=page.text, **_times(page.start, page.end, rate)) for page in pages),
        lines=tuple(LineTimes(lines=row.lines, second=row.second, **_times(row.start, row.end, rate)) for row in lines),
    )
    return made.model_dump_json(indent=1)


def _whole(pieces: Sequence[Spoken]) -> list[Spoken]:
    """Words as they are written: pieces that follow without a space belong together."""
    words: list[Spoken] = []
    for piece in pieces:
        if piece.glued and words:
            before = words[-1]
            words[-1] = Spoken(before.text + piece.text, before.start, piece.end, before.glued, before.timed)
        else:
            words.append(piece)
    return words


def _times(first: int, last: int, rate: Fraction) -> dict[str, float]:
    seconds = {"start": round(seconds_of(first, rate), 3), "end": round(seconds_of(last, rate), 3)}
    return {"start_frame": first, "end_frame": last, **seconds}
