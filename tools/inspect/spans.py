"""Spans of seconds: joined, cut and kept apart.

Knows nothing about what was found in them.
"""

from collections.abc import Iterable, Sequence

from . import Span


def joined(spans: Iterable[Span], gap: float = 0.0) -> tuple[Span, ...]:
    """Spans in order, those closer than `gap` made one.

    >>> [(s.start, s.end) for s in joined([Span(start=0, end=1), Span(start=1.1, end=2)], 0.2)]
    [(0.0, 2.0)]
    """
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if found and span.start - found[-1].end <= gap:
            found[-1] = Span(start=found[-1].start, end=max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def outside(span: Span, holes: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of `span` when `holes` are taken out.

    >>> [(s.start, s.end) for s in outside(Span(start=0, end=3), [Span(start=1, end=2)])]
    [(0.0, 1.0), (2.0, 3.0)]
    """
    left, cursor = [], span.start
    for hole in joined(holes):
        if hole.end <= cursor or hole.start >= span.end:
            continue
        if hole.start > cursor:
            left.append(Span(start=cursor, end=hole.start))
        cursor = hole.end
    if cursor < span.end:
        left.append(Span(start=cursor, end=span.end))
    return tuple(left)


def runs(flags: Iterable[bool], step: float, start: float = 0.0) -> tuple[Span, ...]:
    """Stretches of frames that are flagged, in seconds; `step` is a frame.

    >>> [(s.start, s.end) for s in runs([False, True, True, False], 0.5)]
    [(0.5, 1.5)]
    """
    found, begun = [], None
    for index, flag in enumerate([*flags, False]):
        if flag and begun is None:
            begun = index
        elif not flag and begun is not None:
            found.append(Span(start=start + begun * step, end=start + index * step))
            begun = None
    return tuple(found)
