"""Captions of a timeline: an ASS script to burn, .srt, .vtt and .json to lay beside it, and where text stands and when.

Knows nothing about encoders. Texts are the script's; whatever looks like markup in them is shown as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..fonts import Face
from ..profiles import Profile, profile_for, profiles
from ..timeline import Timeline
from ..video import TextBox
from . import Finish
from .layer import Layer
from .layout import fits, room
from .look import SECOND, Look, Part, look
from .pages import PAGE, POP, Page, paginate
from .record import record
from .sheet import Sheet
from .subtitles import LINE, Measure, Subtitle, srt, subtitles, vtt
from .words import WIDE, cells

_PARTS: Mapping[str, Part] = MappingProxyType({"karaoke": "karaoke", "pop": "big", "minimal": "minimal"})
"""Whose letters a caption style is set in; the others are set as subtitles."""


@dataclass(frozen=True)
class Captions:
    """`ass` is empty where nothing is to be burned; `faces` are the typefaces it needs; `sheet` is what is burned."""

    sheet: Sheet
    ass: str
    srt: str
    vtt: str
    json: str
    """Words, pages and lines with their times (record.py)."""
    faces: tuple[Face, ...]
    boxes: tuple[TextBox, ...]


def captions(timeline: Timeline, finish: Finish) -> Captions:
    """Everything written over or beside the film.

    Raises:
        ToolFailed: no installed typeface has a letter that is to be shown.
    """
    stacked = any(cue.second.strip() for cue in timeline.cues)
    profile = profiles().get(finish.platform) or profile_for(timeline.size)
    part, brand = _PARTS.get(finish.captions, "subtitle"), finish.brand
    view = look(finish.style, timeline.size, profile, part, stacked, brand)
    below = look(finish.style, timeline.size, profile, "subtitle", brand=brand)
    shown = Layer(view, below, finish.captions == "box")
    speed = _speed(profile, finish.language)
    pages: list[Page] = []
    if finish.captions in {"karaoke", "pop"}:
        shape = POP if finish.captions == "pop" else PAGE
        pages = paginate(timeline.cues, timeline.rate, lambda text: fits(text, view), timeline.frames, shape)
        for page in pages:
            shown.page(page, finish.captions == "pop")
        if stacked:
            shown.second(_burned(timeline, shown.below, speed))
    elif finish.captions != "none":
        for row in _burned(timeline, view, speed, shown.boxed):
            shown.lines(row)
    for label in timeline.labels:
        if label.text.strip():
            shown.label(label)
    beside = subtitles(timeline.cues, timeline.rate, timeline.frames, timeline.cuts(), Measure(speed=speed))
    sheet = Sheet(timeline.size, timeline.rate, shown.styles(), tuple(shown.events))
    return Captions(
        sheet=sheet,
        ass=sheet.delivered(),
        srt=srt(beside, timeline.rate),
        vtt=vtt(beside, timeline.rate),
        json=record(timeline, finish, pages, beside),
        faces=tuple(sorted(shown.faces, key=lambda face: face.family)),
        boxes=tuple(shown.boxes),
    )


def _burned(timeline: Timeline, view: Look, speed: float, boxed: bool = False) -> list[Subtitle]:
    """Subtitles in lines as wide as the frame has room for, by measured letters."""
    pixels = room(view, boxed) / LINE

    def width(text: str) -> float:
        return max(cells(text), view.face.measure(text, view.em) / pixels)

    longest = min(LINE, max(8.0, room(view, boxed) / (0.62 * view.em)))
    measure = Measure(width, longest, speed, SECOND)
    return subtitles(timeline.cues, timeline.rate, timeline.frames, timeline.cuts(), measure)


def _speed(profile: Profile, language: str) -> float:
    """Cells a second that people read in a language; scripts with denser signs allow fewer of them."""
    limits = profile.limits
    signs = limits.reading_speeds.get(language.lower().split("-")[0])
    return signs * WIDE if signs else limits.reading_speed


def caption_boxes(timeline: Timeline, finish: Finish) -> tuple[TextBox, ...]:
    """Where every caption and label stands, in pixels, and when."""
    return captions(timeline, finish).boxes
