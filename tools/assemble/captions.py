"""Captions of a timeline: one ASS file to burn, .srt and .vtt to lay beside it, and where every box of text stands.

Knows nothing about encoders. Texts are the script's; whatever looks like markup in them is shown as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..fonts import Face, ass_runs, runs
from ..timeline import Timeline
from ..video import TextBox
from . import Finish
from .layout import Placed, fits, place_label, place_page, place_subtitle, plain
from .look import Look, look
from .pages import Page, paginate
from .sheet import Event, Sheet, Turn
from .subtitles import LINE, srt, subtitles, vtt

_GROW, _SHRINK = Fraction(7, 100), Fraction(12, 100)
"""Seconds in which an active word swells and comes back."""


@dataclass(frozen=True)
class Captions:
    """`ass` is empty where nothing is to be burned; `faces` are the typefaces it needs; `sheet` is what is burned."""

    sheet: Sheet
    ass: str
    srt: str
    vtt: str
    faces: tuple[Face, ...]
    boxes: tuple[TextBox, ...]


def captions(timeline: Timeline, finish: Finish) -> Captions:
    """Everything written over or beside the film."""
    view = look(finish.style, timeline.size)
    shown = _Layer(view)
    if finish.captions == "karaoke":
        for page in paginate(timeline.cues, timeline.rate, lambda text: fits(text, view), timeline.frames):
            shown.page(page)
    elif finish.captions == "subtitle":
        # A narrow frame has room for fewer letters than the timed-text rules allow.
        em = view.style.subtitle_size * view.unit
        line = min(LINE, max(12.0, view.area.width / (0.58 * em)))
        for row in subtitles(timeline.cues, timeline.rate, timeline.frames, timeline.cuts(), line):
            shown.lines("subtitle", place_subtitle(row, view), row.start, row.end)
    for label in timeline.labels:
        if label.text.strip():
            shown.lines("label", [place_label(label.text, view)], label.start, label.end)
    beside = subtitles(timeline.cues, timeline.rate, timeline.frames, timeline.cuts())
    sheet = Sheet(timeline.size, timeline.rate, shown.styles(), tuple(shown.events))
    return Captions(
        sheet=sheet,
        ass=sheet.delivered(),
        srt=srt(beside, timeline.rate),
        vtt=vtt(beside, timeline.rate),
        faces=tuple(sorted(shown.faces, key=lambda face: face.family)),
        boxes=tuple(shown.boxes),
    )


def caption_boxes(timeline: Timeline, finish: Finish) -> tuple[TextBox, ...]:
    """Where every caption and label stands, in pixels, and when."""
    return captions(timeline, finish).boxes


class _Layer:
    """The events of a script in the making."""

    def __init__(self, view: Look) -> None:
        self.view = view
        self.events: list[Event] = []
        self.faces: set[Face] = set()
        self.boxes: list[TextBox] = []

    def page(self, page: Page) -> None:
        """Words that light up as they are spoken."""
        rows = place_page(page, self.view)
        lit = _lit(page)
        for row in rows:
            assert row.word is not None
            span = lit.get(page.words.index(row.word))
            if span and self.view.style.box:
                self.events.append(Event(0, "box", *span, "\\an7\\pos(0,0)\\p1", _box(row, self.view)))
            self._text(1, "page", page.start, page.end, row, self._lighting(page, span))
        self._box(plain(page), rows, page.start, page.end)

    def lines(self, style: str, rows: list[Placed], start: int, end: int) -> None:
        """Standing text."""
        for row in rows:
            self._text(1, style, start, end, row)
        self._box(" ".join(row.text for row in rows), rows, start, end)

    def _lighting(self, page: Page, span: tuple[int, int] | None) -> tuple[Turn, ...]:
        if span is None:
            return ()
        style = self.view.style
        on, off = span
        lit, unlit = f"\\1c{_colour(style.active)}", f"\\1c{_colour(style.fill)}"
        if style.box:
            lit, unlit = f"{lit}\\bord0\\shad0", f"{unlit}\\bord{self._px(style.outline)}\\shad{self._px(3)}"
        turns = [Turn(on, lit)]
        if style.pop != 1:
            percent = round(style.pop * 100)
            turns.append(Turn(on, f"\\fscx{percent}\\fscy{percent}", lasts=_GROW))
            turns.append(Turn(on, "\\fscx100\\fscy100", after=_GROW, lasts=_SHRINK))
        return tuple(turns if off >= page.end else [*turns, Turn(off, unlit)])

    def _text(self, layer: int, style: str, start: int, end: int, row: Placed, turns: tuple[Turn, ...] = ()) -> None:
        self.faces.update(face for _, face in runs(row.text, row.face))
        tags = f"\\an5\\pos({row.x:.1f},{row.y:.1f})\\fs{row.face.ass_size(row.em):.2f}"
        text = row.mark + ass_runs(row.text, row.face, row.em)
        self.events.append(Event(layer, style, start, end, tags, text, turns))

    def _px(self, pixels: float) -> str:
        return f"{pixels * self.view.unit:.2f}"

    def _box(self, text: str, rows: Iterable[Placed], start: int, end: int) -> None:
        rows = list(rows)
        self.boxes.append(
            TextBox(
                text=text,
                left=int(min(row.left for row in rows)),
                top=int(min(row.top for row in rows)),
                right=-int(-max(row.right for row in rows) // 1),
                bottom=-int(-max(row.bottom for row in rows) // 1),
                start=start,
                end=end,
            )
        )

    def styles(self) -> tuple[str, ...]:
        """Style lines; none where there is nothing to show."""
        if not self.events:
            return ()
        style = self.view.style
        return (
            self._style("page", self.view.page, style.fill, style.edge, style.outline, 3.0, "60"),
            self._style("subtitle", self.view.subtitle, style.fill, style.edge, style.outline * 0.55, 2.5, "60"),
            self._style("label", self.view.label, "#FFFFFF", style.edge, 3.2, 0.0, "FF", alpha="00"),
            self._style("box", self.view.page, style.box or style.fill, style.edge, 0.0, 4.0, "80"),
        )

    def _style(
        self, name: str, face: Face, fill: str, edge: str, outline: float, shadow: float, shade: str, alpha: str = "00"
    ) -> str:
        self.faces.add(face)
        colours = f"{_colour(fill, alpha)},{_colour(fill, alpha)},{_colour(edge, alpha)},{_colour(edge, shade)}"
        measures = f"0,0,0,0,100,100,0,0,1,{self._px(outline)},{self._px(shadow)},5,0,0,0,-1"
        return f"Style: {name},{face.family},{face.ass_size(40):.2f},{colours},{measures}".replace("&,", ",")


def _lit(page: Page) -> dict[int, tuple[int, int]]:
    """The frames in which each word is the active one: from its start to the next word's."""
    if not all(word.timed for word in page.words):
        return {}
    starts = [max(word.start, page.start) for word in page.words]
    ends = [*starts[1:], page.end]
    return {n: (first, last) for n, (first, last) in enumerate(zip(starts, ends, strict=True)) if last > first}


def _box(row: Placed, view: Look) -> str:
    """A rounded box behind a word, drawn."""
    across, down, r = 0.16 * row.em, 0.13 * row.em, 0.2 * row.em
    edge = view.style.outline * view.unit
    left, right = row.left + edge - across, row.right - edge + across
    top, bottom = row.top + edge - down, row.bottom - edge - 0.06 * row.em + down
    k = 0.45 * r
    corners = [(left, top, 1, 1), (right, top, -1, 1), (right, bottom, -1, -1), (left, bottom, 1, -1)]
    path = []
    for number, (x, y, across_in, down_in) in enumerate(corners):
        upright, flat = (x, y + down_in * r), (x + across_in * r, y)
        inner, outer = (x, y + down_in * k), (x + across_in * k, y)
        # Clockwise: corners are entered by their upright side, then by their flat one.
        points = [upright, inner, outer, flat] if number % 2 == 0 else [flat, outer, inner, upright]
        first, *curve = (f"{px:.1f} {py:.1f}" for px, py in points)
        path.append(f"{'l' if number else 'm'} {first} b {' '.join(curve)}")
    return " ".join(path)


def _colour(code: str, alpha: str = "") -> str:
    red, green, blue = code[1:3], code[3:5], code[5:7]
    return f"&H{alpha}{blue}{green}{red}" + ("" if alpha else "&")
