"""Caption files read: .srt and .vtt cues, and the events of .ass scripts.

Knows nothing about what a good caption is, nor about sound.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from ..errors import Refused

_TIMES = re.compile(r"(?:(\d+):)?(\d+):(\d+)[,.](\d+)\s*-->\s*(?:(\d+):)?(\d+):(\d+)[,.](\d+)")
_TAG = re.compile(r"\{[^}]*\}")
_MARKUP = re.compile(r"<[^>]*>")
_SUNG = re.compile(r"\{[^}]*\\[kK][fo]?(\d+)[^}]*\}([^{]*)")
_LIT = re.compile(r"\\t\((\d+),\d+,[^)]*\\1?c&|\\1?c&")
_LONGEST = 16 * 1024**2


@dataclass(frozen=True)
class CaptionCue:
    """What is shown from `start` to `end` seconds: a subtitle, or a karaoke page."""

    start: float
    end: float
    lines: tuple[str, ...]
    kind: Literal["subtitle", "page"] = "subtitle"
    lit: tuple[tuple[str, float], ...] = ()
    """Words of a karaoke page with the second at which each lights up, where the script says so."""

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(self.lines)


@dataclass(frozen=True)
class Event:
    """One dialogue line of an .ass script, with its place in the script's pixels."""

    start: float
    end: float
    style: str
    lines: tuple[str, ...]
    top: float
    bottom: float
    left: float
    right: float
    lit: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Script:
    """An .ass script: the size it is written for, and its text events."""

    width: float
    height: float
    events: tuple[Event, ...]


def read_cues(path: Path) -> tuple[CaptionCue, ...]:
    """The cues of a caption file in order.

    Raises:
        Refused: it is no text, or holds no cue.
    """
    cues = _pages(read_script(path)) if path.suffix == ".ass" else _subtitles(_text(path))
    if not cues:
        raise Refused(f"{path.name} holds no captions.", "Give an .srt, .vtt or .ass file.")
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def read_script(path: Path) -> Script:
    """The events of an .ass script with their places; drawings are left out."""
    width, height, fields, styles, events = 384.0, 288.0, list[str](), dict[str, dict[str, str]](), list[Event]()
    for line in _text(path).splitlines():
        key, _, rest = line.partition(":")
        rest = rest.strip()
        if key == "PlayResX":
            width = _number(rest, width)
        elif key == "PlayResY":
            height = _number(rest, height)
        elif key == "Format":
            fields = [field.strip() for field in rest.split(",")]
        elif key == "Style":
            row = dict(zip(fields, (part.strip() for part in rest.split(",")), strict=False))
            styles[row.get("Name", "")] = row
        elif key == "Dialogue":
            row = dict(zip(fields, rest.split(",", len(fields) - 1), strict=False))
            event = _event(row, styles, width, height)
            if event is not None:
                events.append(event)
    return Script(width, height, tuple(events))


def _event(row: dict[str, str], styles: dict[str, dict[str, str]], width: float, height: float) -> Event | None:
    style, raw = styles.get(row.get("Style", ""), {}), row.get("Text", "")
    tags = "".join(_TAG.findall(raw))
    lines = tuple(part.strip() for part in re.split(r"\\[Nn]", _TAG.sub("", raw)) if part.strip())
    if re.search(r"\\p[1-9]", tags) or not lines:
        return None
    size = _number(_last(r"\\fs([\d.]+)", tags), _number(style.get("Fontsize", ""), 48.0))
    # No font is opened here: letters are taken as narrow as they come, so that what lies outside surely does.
    across, down = max(len(line) for line in lines) * size * 0.28, len(lines) * size
    anchor = int(_number(_last(r"\\an(\d)", tags), _number(style.get("Alignment", ""), 2)))
    x, y = _anchor(anchor, row, style, width, height)
    place = re.search(r"\\(?:pos|move)\(\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)", tags)
    if place:
        x, y = float(place[1]), float(place[2])
    column, level = (anchor - 1) % 3, (anchor - 1) // 3
    left, top = x - across * column / 2, y - down * (1 - level / 2)
    times = _clock(row.get("Start", "")), _clock(row.get("End", ""))
    lit = _lighting(raw, " ".join(lines), times[0])
    return Event(*times, row.get("Style", ""), lines, top, top + down, left, left + across, lit)


def _lighting(raw: str, text: str, start: float) -> tuple[tuple[str, float], ...]:
    r"""When words light up: by karaoke tags (\k), or where one word changes its colour (\1c, at once or by \t)."""
    found, clock = list[tuple[str, float]](), start
    for hundredths, word in _SUNG.findall(raw):
        if word.strip():
            found.append((word.strip(), clock))
        clock += int(hundredths) / 100
    if found or " " in text:
        return tuple(found)
    change = _LIT.search(raw)
    return ((text, start + (int(change[1]) / 1000 if change[1] else 0.0)),) if change else ()


def _anchor(
    anchor: int, row: dict[str, str], style: dict[str, str], width: float, height: float
) -> tuple[float, float]:
    margin = {
        side: _number(row.get(side, ""), 0) or _number(style.get(side, ""), 0)
        for side in ("MarginL", "MarginR", "MarginV")
    }
    columns = (margin["MarginL"], (width + margin["MarginL"] - margin["MarginR"]) / 2, width - margin["MarginR"])
    levels = (height - margin["MarginV"], height / 2, margin["MarginV"])
    return columns[(anchor - 1) % 3], levels[(anchor - 1) // 3]


def _pages(script: Script) -> list[CaptionCue]:
    """Events shown together are one page; a page whose words are lit one by one is still one page."""
    groups: dict[tuple[float, float, str], list[Event]] = {}
    for event in script.events:
        if event.style.lower() not in {"label", "notice", "title", "box"}:
            groups.setdefault((event.start, event.end, event.style), []).append(event)
    cues = []
    for (start, end, style), events in sorted(groups.items()):
        lines = events[0].lines if len(events) == 1 else _lines(events)
        kind: Literal["subtitle", "page"] = "page"
        if "sub" in style.lower() or script.width > script.height:
            kind = "subtitle"
        lit = sorted((pair for event in events for pair in event.lit), key=lambda pair: pair[1])
        cues.append(CaptionCue(start, end, lines, kind, tuple(lit)))
    return _merged(cues)


def _lines(events: list[Event]) -> tuple[str, ...]:
    """Words that are placed one by one, as the lines they form."""
    rows: list[list[Event]] = []
    for event in sorted(events, key=lambda each: each.top + each.bottom):
        middle = (event.top + event.bottom) / 2
        if rows and middle < rows[-1][0].bottom - (rows[-1][0].bottom - rows[-1][0].top) / 4:
            rows[-1].append(event)
        else:
            rows.append([event])
    ordered = (sorted(row, key=lambda each: each.left) for row in rows)
    return tuple(" ".join(" ".join(event.lines) for event in row) for row in ordered)


def _merged(cues: list[CaptionCue]) -> list[CaptionCue]:
    merged: list[CaptionCue] = []
    for cue in cues:
        last = merged[-1] if merged else None
        if last and last.lines == cue.lines and last.kind == cue.kind and abs(cue.start - last.end) <= 0.05:
            merged[-1] = CaptionCue(last.start, cue.end, cue.lines, cue.kind, last.lit)
        else:
            merged.append(cue)
    return merged


def _subtitles(text: str) -> list[CaptionCue]:
    cues = []
    marks = list(_TIMES.finditer(text))
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    for mark, end in zip(marks, ends, strict=True):
        # The line with the times ends first (settings of .vtt stand there); a blank line ends the cue.
        body = text[mark.end() : end].partition("\n")[2].split("\n\n")[0]
        lines = tuple(_MARKUP.sub("", line).strip() for line in body.splitlines() if line.strip())
        if lines:
            cues.append(CaptionCue(_seconds(*mark.groups()[:4]), _seconds(*mark.groups()[4:]), lines))
    return cues


def _text(path: Path) -> str:
    if path.stat().st_size > _LONGEST:
        raise Refused(f"{path.name} is too large for a caption file.", "Give an .srt, .vtt or .ass file.")
    try:
        return path.read_text("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise Refused(f"{path.name} is not text in UTF-8.", "Save the captions as UTF-8.") from error


def _seconds(hours: str | None, minutes: str, seconds: str, part: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{part}")


def _clock(words: str) -> float:
    found = re.match(r"\s*(\d+):(\d+):(\d+)[.:](\d+)", words)
    return _seconds(found[1], found[2], found[3], found[4]) if found else 0.0


def _number(words: str, otherwise: float) -> float:
    try:
        return float(words)
    except ValueError:
        return otherwise


def _last(pattern: str, tags: str) -> str:
    found = re.findall(pattern, tags)
    return str(found[-1]) if found else ""


def gaps(cues: tuple[CaptionCue, ...]) -> list[tuple[float, float]]:
    """(time, seconds) between each cue and the next; negative where they overlap."""
    return [(one.end, other.start - one.end) for one, other in pairwise(cues)]
