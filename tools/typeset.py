"""Break text into balanced lines and pick the largest size that fits a box.

Knows nothing about ASS or layouts: it returns lines and sizes.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CLOSERS = "、。，．・：；？！」』）】〉》〕”’ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々％"
_OPENERS = "「『（【〈《〔“‘"
_PIECE = re.compile(rf"[{_OPENERS}]*[{_WIDE}][{_CLOSERS}]*|[^\s{_WIDE}]+[{_CLOSERS}]*|\s+")
_WEAK = frozenset(re.findall(r"\w+", "a an and as at but by for from in into is of on or so than that the to was with"))
_LINE = 1.0e6


class Measures(Protocol):
    """A face, or a face with tracking: whatever knows how wide a text is."""

    def measure(self, text: str, em_px: float, /) -> float:
        """Advance width in pixels."""
        ...


@dataclass(frozen=True)
class Setting:
    """Text set in lines at one size; `cut` where words had to go."""

    lines: tuple[str, ...]
    em: float
    leading: float
    """Baseline to baseline in pixels."""
    width: float
    cut: bool = False

    @property
    def height(self) -> float:
        """From the top of the first capitals' line to the last descenders, as leading counts it."""
        return self.leading * len(self.lines)


def pieces(text: str) -> list[str]:
    """The smallest parts that stay together, each with the white space after it; CJK breaks between letters."""
    parts: list[str] = []
    for found in _PIECE.finditer(" ".join(text.split())):
        if found[0].isspace() and parts:
            parts[-1] += " "
        elif not found[0].isspace():
            parts.append(found[0])
    return parts


def wrap(text: str, face: Measures, em: float, width: float, max_lines: int = 99) -> tuple[str, ...] | None:
    """Lines no wider than `width`, as few as possible and of even length; None where `max_lines` do not suffice.

    A line does not end in a weak word ("of", "the") where another break is about as even.
    """
    parts = pieces(text)
    widths = [face.measure(part.rstrip(), em) for part in parts]
    if not parts or max(widths) > width:
        return None if parts else ()
    advances = [face.measure(part, em) for part in parts]
    count = _fewest(advances, widths, width)
    if count > max_lines:
        return None
    cuts = _balanced(parts, advances, widths, width, count)
    return tuple("".join(parts[start:end]).rstrip() for start, end in itertools.pairwise(cuts))


def fit(
    text: str,
    face: Measures,
    width: float,
    height: float,
    sizes: Sequence[float],
    *,
    max_lines: int = 99,
    leading: float = 1.12,
) -> Setting:
    """Set `text` at the largest of `sizes` that fits the box; at the smallest, words give way to an ellipsis."""
    for em in sorted(sizes, reverse=True):
        allowed = min(max_lines, max(int(height / (em * leading) + 0.001), 1))
        lines = wrap(text, face, em, width, allowed)
        if lines is not None:
            return _setting(lines, face, em, leading)
    em = min(sizes)
    allowed = min(max_lines, max(int(height / (em * leading) + 0.001), 1))
    return _setting(_shorten(text, face, em, width, allowed), face, em, leading, cut=True)


def _setting(lines: tuple[str, ...], face: Measures, em: float, leading: float, cut: bool = False) -> Setting:
    return Setting(lines, em, em * leading, max((face.measure(line, em) for line in lines), default=0.0), cut)


def _shorten(text: str, face: Measures, em: float, width: float, allowed: int) -> tuple[str, ...]:
    parts = [small for part in pieces(text) for small in _crumbs(part, face, em, width)]
    lines: list[str] = []
    line = ""
    for part in parts:
        if line and face.measure((line + part).rstrip(), em) > width:
            lines.append(line.rstrip())
            line = ""
        line += part
    lines.append(line.rstrip())
    if len(lines) <= allowed:
        return tuple(lines)
    last = lines[allowed - 1]
    while last and face.measure(last.rstrip(" ,.;:") + "…", em) > width:
        last = last[:-1]
    return (*lines[: allowed - 1], last.rstrip(" ,.;:") + "…")


def _crumbs(part: str, face: Measures, em: float, width: float) -> list[str]:
    if face.measure(part.rstrip(), em) <= width:
        return [part]
    crumbs, start = [], 0
    for end in range(1, len(part) + 1):
        if end - start > 1 and face.measure(part[start:end], em) > width:
            crumbs.append(part[start : end - 1])
            start = end - 1
    return [*crumbs, part[start:]]


def _fewest(advances: Sequence[float], widths: Sequence[float], width: float) -> int:
    count, line = 1, 0.0
    for advance, bare in zip(advances, widths, strict=True):
        if line and line + bare > width:
            count, line = count + 1, 0.0
        line += advance
    return count


def _balanced(
    parts: Sequence[str], advances: Sequence[float], widths: Sequence[float], width: float, count: int
) -> list[int]:
    """Cut points for `count` lines with the least unevenness (dynamic programming over breaks)."""
    total = list(itertools.accumulate(advances, initial=0.0))
    target = total[-1] / count
    size = len(parts)
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, (0,))] + [(_LINE**3, ())] * size
    for row in range(1, count + 1):
        fresh: list[tuple[float, tuple[int, ...]]] = [(_LINE**3, ())] * (size + 1)
        for end in range(row, size + 1):
            for start in range(end - 1, -1, -1):
                length = total[end - 1] + widths[end - 1] - total[start]
                if length > width:
                    break
                cost = best[start][0] + ((length - target) / width) ** 2 + _rag(parts[end - 1], end == size)
                if cost < fresh[end][0]:
                    fresh[end] = (cost, (*best[start][1], end))
        best = fresh
    return list(best[size][1])


def _rag(part: str, last: bool) -> float:
    word = part.strip().lower()
    if last:
        return 0.0
    if word in _WEAK:
        return 0.06
    return -0.03 if word[-1:] in {",", ".", ";", ":", "—", "–"} else 0.0
