"""Captions as events of an ASS script: words that light up or spring in, standing lines, boxes, notices.

Knows nothing about the timeline: pages and lines come ready, places and looks are asked for.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor
from unicodedata import category

from ..errors import ToolFailed
from ..fonts import Face, ass_runs, runs
from ..timeline import Cue
from ..video import TextBox
from .drawing import colour, rounded, word_box
from .layout import Placed, panel, place_below, place_label, place_lines, place_page, plain
from .look import Look
from .pages import Page
from .sheet import Event, Turn
from .subtitles import Subtitle

_GROW, _SHRINK = Fraction(7, 100), Fraction(12, 100)
"""Seconds in which an active word swells and comes back."""
_SHADE = "60"
"""Alpha of shadows."""
_HIDDEN = "\\alpha&HFF&"
_SECOND = "title"
"""Style of a second language; so named that checks, which judge one language, pass it by."""
_WHOLE = 0.01
"""Parts of a pixel that arithmetic may leave."""
_HALO, _SOFT = 7.0, 6.0
"""Width of the dark round quiet letters, and how softly it ends: together 4.5:1 on white (tests measure it)."""


class Layer:
    """The events of a script in the making: `view` sets the captions, `below` a second language under pages."""

    def __init__(self, view: Look, below: Look, boxed: bool = False) -> None:
        self.view = view
        self.below = below
        self.boxed = boxed
        self.events: list[Event] = []
        self.faces: set[Face] = set()
        self.boxes: list[TextBox] = []
        self.missing: set[str] = set()

    def page(self, page: Page, popping: bool) -> None:
        """Words that light up as they are spoken, or come in only then."""
        rows = place_page(page, self.view)
        lit = _lit(page)
        boxed = bool(self.view.style.box) and not popping
        for row in rows:
            assert row.word is not None
            span = lit.get(page.words.index(row.word))
            if span and boxed:
                self._drawn(word_box(row, self.view), *span)
            if popping:
                on, off = span or (page.start, page.end)
                self._text("page", page.start, page.end, row, self._popping(page, on, off, bool(span)), _HIDDEN)
            else:
                self._text("page", page.start, page.end, row, self._lighting(page, span))
        self._box(plain(page), rows, page.start, page.end)

    def second(self, rows: Iterable[Subtitle]) -> None:
        """The second language under pages."""
        for row in rows:
            if row.second:
                placed = place_below(row.second, self.below)
                for line in placed:
                    self._text(_SECOND, row.start, row.end, line)
                self._box(" ".join(row.second), placed, row.start, row.end)

    def lines(self, row: Subtitle) -> None:
        """Standing lines, the second language after the first."""
        placed = place_lines(row, self.view, self.boxed)
        edges = panel(placed, self.view) if self.boxed else None
        if edges:
            self._drawn(rounded(*edges, self.view.style.radius * self.view.em), row.start, row.end)
        soft = f"\\blur{self._px(_SOFT)}" if self.view.part == "minimal" else ""
        for number, line in enumerate(placed):
            self._text("subtitle" if number < len(row.lines) else _SECOND, row.start, row.end, line, tags=soft)
        self._box(" ".join((*row.lines, *row.second)), placed, row.start, row.end, edges)

    def label(self, label: Cue) -> None:
        """A standing notice."""
        row = place_label(label.text, self.view)
        self._text("label", label.start, label.end, row)
        self._box(row.text, [row], label.start, label.end)

    def _lighting(self, page: Page, span: tuple[int, int] | None) -> tuple[Turn, ...]:
        if span is None:
            return ()
        style = self.view.style
        on, off = span
        lit, unlit = f"\\1c{colour(style.active)}", f"\\1c{colour(style.fill)}"
        if style.box:
            lit, unlit = f"{lit}\\bord0\\shad0", f"{unlit}\\bord{self._px(style.outline)}\\shad{self._px(3)}"
        turns = [Turn(on, lit)]
        if style.pop != 1:
            percent = round(style.pop * 100)
            turns.append(Turn(on, f"\\fscx{percent}\\fscy{percent}", lasts=_GROW))
            turns.append(Turn(on, "\\fscx100\\fscy100", after=_GROW, lasts=_SHRINK))
        return tuple(turns if off >= page.end else [*turns, Turn(off, unlit)])

    def _popping(self, page: Page, on: int, off: int, timed: bool) -> tuple[Turn, ...]:
        """A word springs in: small, a little too large, right; in the active colour until the next one."""
        style = self.view.style
        # A dark active colour is made for a box: without one the box's own colour stands out.
        active = style.box or style.active
        shown = f"\\1c{colour(active if timed and len(page.words) > 1 else style.fill)}"
        turns = [
            Turn(on, f"\\1a&H00&\\3a&H00&\\4a&H{_SHADE}&\\fscx72\\fscy72{shown}"),
            Turn(on, "\\fscx106\\fscy106", lasts=_GROW),
            Turn(on, "\\fscx100\\fscy100", after=_GROW, lasts=_SHRINK),
        ]
        return tuple(turns if off >= page.end else [*turns, Turn(off, f"\\1c{colour(style.fill)}")])

    def _text(
        self, style: str, start: int, end: int, row: Placed, turns: tuple[Turn, ...] = (), tags: str = ""
    ) -> None:
        parts = runs(row.text, row.face)
        self.faces.update([row.face, *(face for _, face in parts)])
        # Joiners, marks and controls need no glyph of their own; what cannot be printed is left out.
        letters = ((letter, face) for part, face in parts for letter in part if category(letter)[0] in "LNPS")
        self.missing.update(letter for letter, face in letters if not face.covers(letter))
        place = f"\\an5\\pos({row.x:.1f},{row.y:.1f})\\fs{row.face.ass_size(row.em):.2f}"
        text = row.mark + ass_runs(row.text, row.face, row.em)
        self.events.append(Event(1, style, start, end, place + tags, text, turns))

    def _drawn(self, path: str, start: int, end: int) -> None:
        self.events.append(Event(0, "box", start, end, "\\an7\\pos(0,0)\\p1", path))

    def _px(self, pixels: float) -> str:
        return f"{pixels * self.view.unit:.2f}"

    def _box(
        self,
        text: str,
        rows: Sequence[Placed],
        start: int,
        end: int,
        edges: tuple[float, float, float, float] | None = None,
    ) -> None:
        around = edges or (
            min(row.left for row in rows),
            min(row.top for row in rows),
            max(row.right for row in rows),
            max(row.bottom for row in rows),
        )
        left, top = (floor(place + _WHOLE) for place in around[:2])
        right, bottom = (ceil(place - _WHOLE) for place in around[2:])
        self.boxes.append(TextBox(text=text, left=left, top=top, right=right, bottom=bottom, start=start, end=end))

    def styles(self) -> tuple[str, ...]:
        """Style lines of what is used; none where there is nothing to show.

        Raises:
            ToolFailed: letters were asked for that no typeface has.
        """
        if self.missing:
            letters = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in sorted(self.missing)[:8])
            raise ToolFailed(
                f"No installed typeface has {letters}.",
                "Write the captions without them, or choose captions = none: .srt and .vtt carry any letter.",
            )
        used = {event.style for event in self.events}
        return tuple(line for name, line in self._styles().items() if name in used)

    def _styles(self) -> dict[str, str]:
        style, view = self.view.style, self.view
        drawn = self._style("box", view.face, style.box or style.fill, style.edge, 0.0, 4.0, "80")
        if self.boxed:
            clear = f"{round(255 * (1 - style.panel_alpha)):02X}"
            drawn = self._style("box", view.face, style.panel, style.edge, 0.0, 0.0, "FF", clear)
        return {
            "page": self._style("page", view.face, style.fill, style.edge, style.outline, 3.0, _SHADE),
            "subtitle": self._standing("subtitle", view),
            _SECOND: self._standing(_SECOND, self.below if view.part in {"karaoke", "big"} else view),
            "label": self._style("label", view.label, "#FFFFFF", style.edge, 3.2, 0.0, "FF"),
            "box": drawn,
        }

    def _standing(self, name: str, view: Look) -> str:
        style = view.style
        if self.boxed:
            return self._style(name, view.face, style.panel_ink, style.panel, 0.0, 0.0, "FF")
        if view.part == "minimal":
            return self._style(name, view.face, style.fill, style.edge, _HALO, 0.0, _SHADE)
        return self._style(name, view.face, style.fill, style.edge, style.outline * 0.55, 2.5, _SHADE)

    def _style(
        self, name: str, face: Face, fill: str, edge: str, outline: float, shadow: float, shade: str, clear: str = "00"
    ) -> str:
        colours = f"{colour(fill, clear)},{colour(fill, clear)},{colour(edge, '00')},{colour(edge, shade)}"
        measures = f"0,0,0,0,100,100,0,0,1,{self._px(outline)},{self._px(shadow)},5,0,0,0,-1"
        return f"Style: {name},{face.family},{face.ass_size(40):.2f},{colours},{measures}"


def _lit(page: Page) -> dict[int, tuple[int, int]]:
    """The frames in which each word is the active one: from its start to the next word's."""
    if not all(word.timed for word in page.words):
        return {}
    starts = [max(word.start, page.start) for word in page.words]
    ends = [*starts[1:], page.end]
    return {n: (first, last) for n, (first, last) in enumerate(zip(starts, ends, strict=True)) if last > first}
