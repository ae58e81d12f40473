"""Icons looked up by words: Lucide's line icons, and Noto's outline emoji for what Lucide lacks.

Knows nothing about layouts. A word that fits no icon gives none: a wrong picture is worse than none.
"""

import contextlib
import importlib.util
import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path as File
from types import MappingProxyType
from typing import Any

from ... import fonts
from ...errors import ToolMissing
from .shapes import Path, Point

_HINT = "Install the icons: pip install 'reelwright[film]'"
GRID = 24.0
"""Icons are drawn on a square of this side."""
_SAME: Mapping[str, str] = MappingProxyType(
    {
        "bee": "honeybee",
        "honey": "honey pot",
        "hive": "hexagon",
        "relay": "repeat",
        "water": "droplets",
        "rain": "cloud rain",
        "bicycle": "bike",
        "salary": "banknote",
        "photosynthesis": "leaf sun",
        "nectar": "droplet",
        "jar": "honey pot",
        "wing": "feather",
        "wax": "hexagon",
        "cell": "hexagon",
        "enzyme": "flask",
        "teaspoon": "spoon",
        "dawn": "sunrise",
        "money": "coin",
        "train": "train front",
        "idea": "lightbulb",
        "growth": "trending up",
        "people": "users",
        "person": "user",
        "company": "building",
        "city": "building",
        "ocean": "waves",
        "sea": "waves",
        "forest": "trees",
        "earth": "globe",
        "world": "globe",
        "video": "film",
        "speed": "gauge",
        "fast": "zap",
        "energy": "zap",
        "safety": "shield",
        "secure": "shield",
        "teacher": "graduation cap",
        "education": "graduation cap",
        "doctor": "stethoscope",
        "sleep": "moon",
        "night": "moon",
        "day": "sun",
        "winter": "snowflake",
        "spring": "flower",
        "love": "heart",
        "thank": "heart",
        "sugar": "candy",
    }
)
_WEAK = frozenset(
    re.findall(r"\w+", "a an the of and or to in on at by for with from into is are it its one two every all")
)
_PLAIN = frozenset({"face", "hand", "sign", "symbol", "with", "button", "and", "of"})


def icon(words: str) -> Path | None:
    """The best icon for the words, on a grid of GRID by GRID; None where nothing fits."""
    name = find(words)
    return outline(name) if name else None


@lru_cache(maxsize=1024)
def find(words: str) -> str | None:
    """The name of the best icon for the words: every token counts, whole names most."""
    if words.startswith("emoji:"):  # a name already
        return words
    exact = "-".join(_SAME.get(words.lower().strip(), words.lower()).split())
    if exact in _names():
        return exact
    tokens = [_stem(token) for token in re.findall(r"\w+", words.lower()) if token not in _WEAK]
    wanted = [_stem(part) for token in tokens for part in _SAME.get(token, token).split()]
    scores: dict[str, float] = defaultdict(float)
    for token in wanted:
        for name, weight in _index().get(token, {}).items():
            scores[name] += weight
    best = max(scores, key=lambda name: (scores[name], -len(name), name), default=None)
    return best if best and scores[best] >= 3.0 else None


@lru_cache(maxsize=256)
def outline(name: str) -> Path:
    """The icon's filled outline."""
    if name.startswith("emoji:"):
        return _glyph(chr(int(name[6:], 16)))
    import pathops
    from fontTools.svgLib.path import SVGPath

    drawn = pathops.Path()
    SVGPath.fromstring(source(name)).draw(drawn.getPen(glyphSet=None))
    return widened(drawn)


def source(name: str) -> bytes:
    """A Lucide icon's SVG."""
    with _database() as base:
        row = base.execute("SELECT svg FROM icons WHERE name = ?", (name,)).fetchone()
    return bytes(row[0], "utf-8")


def every() -> list[tuple[str, str]]:
    """Each icon's name, and the words of it."""
    drawn = [(name, name.replace("-", " ")) for name in sorted(_names())]
    return [*drawn, *((name, " ".join(words)) for name, words in _emoji())]


@cache
def _names() -> frozenset[str]:
    with _database() as base:
        return frozenset(row[0] for row in base.execute("SELECT name FROM icons"))


@cache
def _index() -> Mapping[str, Mapping[str, float]]:
    index: dict[str, dict[str, float]] = defaultdict(dict)

    def note(token: str, name: str, weight: float) -> None:
        index[token][name] = max(index[token].get(name, 0.0), weight)

    with _database() as base:
        aliases = base.execute("SELECT name, alias FROM icon_aliases").fetchall()
        tags = base.execute("SELECT name, tag FROM icon_tags").fetchall()
    shared = Counter(tag for _, tag in tags)
    for name, title in [*((name, name) for name in _names()), *aliases]:
        tokens = [_stem(token) for token in title.split("-") if not token.isdigit()]
        for token in tokens:
            note(
                token,
                name,
                10.0 if len(tokens) == 1 else 6.0 / len(tokens) + (4.0 / len(tokens) if token == tokens[0] else 0),
            )
    for name, tag in tags:
        tokens = [_stem(token) for token in re.findall(r"\w+", tag.lower())]
        if len(tokens) == 1:
            # A tag on many icons says little about each.
            note(
                tokens[0], name, (4.6 if shared[tag] <= 3 else 3.6 if shared[tag] <= 8 else 1.5) - 0.3 * name.count("-")
            )
    for name, tokens in _emoji():
        for token in tokens:
            note(token, name, 4.9 if len(tokens) == 1 else 5.5 / len(tokens) + (1.0 if token == tokens[-1] else 0))
    return index


def _emoji() -> list[tuple[str, list[str]]]:
    face = fonts.family("Inter", 500)
    found = []
    for code in range(0x1F300, 0x1FAFF):
        title = unicodedata.name(chr(code), "").lower().replace("-", " ")
        tokens = [_stem(token) for token in title.split() if token not in _PLAIN]
        if tokens and "Emoji" in fonts.runs(chr(code), face)[0][1].family:
            found.append((f"emoji:{code:x}", tokens))
    return found


def _glyph(letter: str) -> Path:
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.ttLib import TTFont

    face = fonts.runs(letter, fonts.family("Inter", 500))[0][1]
    with TTFont(face.path, lazy=True) as font:
        glyphs = font.getGlyphSet()
        pen = DecomposingRecordingPen(glyphs)
        glyphs[font.getBestCmap()[ord(letter)]].draw(pen)
        path = _path(pen.value)
    left, top, right, bottom = path.bounds
    factor = 21 / max(right - left, bottom - top)
    upright = Path(tuple((kind, tuple((x, -y) for x, y in points)) for kind, points in path.steps))
    centred = upright.moved(-(left + right) / 2, (top + bottom) / 2)
    return centred.scaled(factor).moved(GRID / 2, GRID / 2)


def widened(drawn: Any) -> Path:
    """A pathops path's line as a filled outline."""
    import pathops
    from fontTools.pens.recordingPen import RecordingPen

    drawn.stroke(1.75, pathops.LineCap.ROUND_CAP, pathops.LineJoin.ROUND_JOIN, 4)
    drawn.convertConicsToQuads(0.01)
    drawn.simplify(fix_winding=True)
    pen = RecordingPen()
    drawn.draw(pen)
    return _path(pen.value)


def _path(commands: Sequence[tuple[str, tuple[Any, ...]]]) -> Path:
    from fontTools.pens.basePen import decomposeQuadraticSegment

    steps: list[tuple[str, tuple[Point, ...]]] = []
    here: Point = (0.0, 0.0)
    for kind, points in commands:
        if kind == "moveTo":
            steps.append(("m", points))
        elif kind == "lineTo":
            steps.append(("l", points))
        elif kind == "curveTo":
            steps.append(("b", points))
        elif kind == "qCurveTo":
            if points[-1] is None:
                first, last = points[0], points[-2]
                here = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
                steps.append(("m", (here,)))
                points = (*points[:-1], here)
            for control, end in decomposeQuadraticSegment(points):
                steps.append(("b", (_toward(here, control), _toward(end, control), end)))
                here = end
        if points and points[-1] is not None:
            here = points[-1]
    return Path(tuple(steps))


def _toward(start: Point, control: Point) -> Point:
    return (start[0] + (control[0] - start[0]) * 2 / 3, start[1] + (control[1] - start[1]) * 2 / 3)


def _stem(token: str) -> str:
    for ending in ("ies", "ing", "es", "s"):
        if token.endswith(ending) and len(token) - len(ending) >= 3 and not token.endswith("ss"):
            return token[: -len(ending)] + ("y" if ending == "ies" else "")
    return token


def _database() -> Any:
    spec = importlib.util.find_spec("lucide")
    if spec is None or not spec.submodule_search_locations:
        raise ToolMissing("The icons are not installed.", _HINT)
    file = File(next(iter(spec.submodule_search_locations))) / "data" / "lucide-icons.db"
    return contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True))
