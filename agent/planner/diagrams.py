"""Diagrams: charts, timelines, routes and definitions, where a line's own words hold what they show.

Knows words and numbers; every label and value on a card is the brief's.
"""

import re
from collections.abc import Sequence

from ...tools.video import Card, Datum, Figure
from .language import Language
from .numbers import counts
from .phrases import tidy
from .pieces import Piece
from .text import bare, ends_clause

CHART, TIMELINE, ROUTE, DEFINITION = 4.6, 4.4, 3.4, 2.1
"""How well each suits where its words are found: better than a list, a plain number or a statement."""
LEAST, MOST, LONGEST = 3, 8, 6
"""Rows of a chart, and moments of a timeline at most."""
_YEAR = re.compile(r"^[(“\"]?(?P<year>1\d{3}|20\d\d)[.,;:!?)”\"]*$")
_DATED = re.compile(
    r"^(?:(?:in|im jahr|en)\s+)?(?P<when>\d{3,4}(?:\s?(?:BCE?|AD|CE|v\. Chr\.|n\. Chr\.))?)\s*[:–—,-]\s+", re.I
)
_IS_A = {"is", "are", "means", "ist", "sind", "bedeutet", "heißt"}
_ONE = {"a", "an", "ein", "eine", "einen", "einer"}
_FROM, _TO, _VIA = {"from", "von", "de"}, {"to", "nach", "à"}, {"via", "through", "over", "über", "par"}
_LIGHT = {"and", "then", "on", "und", "dann", "weiter", "et", "puis"}

Diagram = tuple[float, str, Card, tuple[int, ...]]
"""Score, layout, card, and the words at which its parts are spoken."""


def diagrams(piece: Piece, rows: Sequence[str], title: str, tongue: Language) -> list[Diagram]:
    """All diagrams that a piece holds; `rows` are the entries of the whole list that it is part of."""
    if piece.part in ("item", "step", "lead"):
        return [*_chart(rows, _spots(piece, rows), _lead(piece) or title, tongue), *_dates(piece, rows, title)]
    if piece.part == "items" and len(piece.lines) == 1:
        named = _named(piece, tongue)
        return _chart(list(named), tuple(named.values()), title, tongue)
    return [*_route(piece), *_years(piece), *_definition(piece, tongue)]


def _chart(rows: Sequence[str], spots: Sequence[int], headline: str, tongue: Language) -> list[Diagram]:
    """Entries of a name and a number each. All of them are shown, however many are spoken over one shot."""
    pairs = [each for each in (_datum(row, tongue) for row in rows) if each]
    if not LEAST <= len(rows) <= MOST or len(pairs) != len(rows):
        return []
    units = {(figure.prefix, figure.suffix, figure.label) for _, figure in pairs}
    if len(units) > 1:
        return []
    prefix, suffix, unit = units.pop()
    data = tuple(
        Datum(label=name, value=figure.value, written=f"{prefix}{figure.value:,.{figure.decimals}f}{suffix}")
        for name, figure in pairs
    )
    card = Card(headline=headline, data=data, unit=unit)
    return [(CHART, _kind(data, suffix), card, (0, *spots) if headline else tuple(spots))]


def _kind(data: Sequence[Datum], suffix: str) -> str:
    if len(data) > LEAST and all(_YEAR.match(datum.label) for datum in data):
        return "line"
    whole = sum(datum.value for datum in data)
    return "ring" if suffix.strip() == "%" and 99 <= whole <= 101 and len(data) <= 5 else "bars"


def _datum(row: str, tongue: Language) -> tuple[str, Figure] | None:
    """`China: 462 tonnes` as a name and a number, if that is all the row says."""
    name, colon, rest = row.partition(":")
    words = rest.rstrip(" .,;").split()
    if not colon or not name.strip() or len(name.split()) > 4 or not 1 <= len(words) <= 5:
        return None
    found, year = counts(words, tongue), _YEAR.match(words[0])
    if not found and year and len(words) > 1:
        # `1498 miles` is no year.
        return tidy(name.split()), Figure(value=float(year["year"]), label=" ".join(words[1:]))
    if len(found) != 1 or found[0].start or not found[0].written:
        return None
    number, unit = found[0], words[found[0].end :]
    share = unit[:1] == ["%"]
    suffix = "%" if share else number.figure.suffix
    figure = number.figure.model_copy(update={"suffix": suffix, "label": " ".join(unit[share:])})
    return tidy(name.split()), figure


def _spots(piece: Piece, rows: Sequence[str]) -> tuple[int, ...]:
    """When each row comes: with its words, at once where an earlier shot has said it, last where a later one will."""
    own = {line.text.strip(): at for line, at in zip(piece.lines, piece.begins, strict=True)}
    first = next((at for at, row in enumerate(rows) if row.strip() in own), 0)
    return tuple(own.get(row.strip(), 0 if at < first else max(own.values())) for at, row in enumerate(rows))


def _named(piece: Piece, tongue: Language) -> dict[str, int]:
    """The short entries that one line names, `China: 462 tonnes, Turkey: 118 tonnes`, and where each is spoken."""
    words = piece.lines[0].text.split()
    found, begin = {}, 0
    for at, word in enumerate(words, start=1):
        closes = word.endswith((",", ";")) or at == len(words)
        if closes or bare(words[at]) == tongue.joins:
            own = words[begin:at]
            if own and bare(own[0]) == tongue.joins:
                own = own[1:]
            found[" ".join(own)] = min(max(0, begin - piece.start), piece.end - piece.start - 1)
            begin = at
    return found


def _lead(piece: Piece) -> str:
    return tidy(piece.lines[0].text.split()) if piece.part == "lead" else ""


def _dates(piece: Piece, rows: Sequence[str], title: str) -> list[Diagram]:
    """Entries that each open with a year; those that an earlier shot has said stand there already."""
    hits = [_DATED.match(row) for row in rows]
    if not 2 <= len(rows) <= LONGEST or piece.start or not piece.closes or not all(hits):
        return []
    own = {line.text.strip() for line in piece.lines}
    last = max((at for at, row in enumerate(rows) if row.strip() in own), default=-1)
    items = [f"{hit['when']}: {tidy(row[hit.end() :].split())}" for hit, row in zip(hits, rows, strict=True) if hit][
        : last + 1
    ]
    headline, spots = _lead(piece) or title, _spots(piece, rows)[: last + 1]
    card = Card(headline=headline, items=tuple(items))
    return [(TIMELINE, "timeline", card, (0, *spots) if headline else spots)] if items else []


def _years(piece: Piece) -> list[Diagram]:
    """A sentence whose clauses each open with a year: `In 1851 …, in 1865 …`."""
    words = piece.words
    at = [
        place
        for place, word in enumerate(words)
        if _YEAR.match(word) and place and bare(words[place - 1]) in {"in", "im", "en", "since", "seit", "by"}
        and (place == 1 or ends_clause(words[place - 2]) or bare(words[place - 2]) in _LIGHT)
    ]  # fmt: skip
    if len(at) < 2 or at[0] != 1:
        return []
    ends = [*(place - 1 for place in at[1:]), len(words)]
    items = []
    for place, end in zip(at, ends, strict=True):
        said = words[place + 1 : end]
        while said and bare(said[-1]) in _LIGHT:
            said = said[:-1]
        hit = _YEAR.match(words[place])
        if hit is None or not 2 <= len(said) <= 12:
            return []
        items.append(f"{hit['year']}: {tidy(said)}")
    return [(TIMELINE, "timeline", Card(items=tuple(items)), tuple(place - 1 for place in at))]


def _route(piece: Piece) -> list[Diagram]:
    """`From Bremen over Prague to Vienna`: names with capitals, joined by the small words of a journey."""
    words = piece.words
    for start, word in enumerate(words):
        if bare(word) not in _FROM:
            continue
        names, at = [], start
        while at < len(words) and bare(words[at]) in _FROM | _TO | _VIA | _LIGHT:
            begin = at + 1
            while begin < len(words) and bare(words[begin]) in _TO | _VIA | _LIGHT:
                begin += 1
            end = begin
            while end < len(words) and words[end][:1].isupper() and (end == begin or not ends_clause(words[end - 1])):
                end += 1
            if end == begin:
                break
            names.append((begin, tidy(words[begin:end])))
            at = end
        if 2 <= len(names) <= 6 and all(len(name.split()) <= 3 for _, name in names):
            card = Card(items=tuple(name for _, name in names))
            return [(ROUTE, "map", card, tuple(place for place, _ in names))]
    return []


def _definition(piece: Piece, tongue: Language) -> list[Diagram]:
    """`Nectar is a sweet liquid that flowers make`: a term of one to three words, and what it is."""
    words = piece.words
    if len(piece.lines) > 1 or piece.start or not piece.closes:
        return []
    at = next((place for place, word in enumerate(words[:5]) if bare(word) in _IS_A), 0)
    term = words[1:at] if words and bare(words[0]) in tongue.determiners else words[:at]
    said = words[at + 1 :]
    if not 1 <= len(term) <= 3 or not 4 <= len(said) <= 22 or bare(said[0]) not in _ONE:
        return []
    if any(bare(word) in tongue.stop or re.search(r"\d", word) or ends_clause(word) for word in term):
        return []
    return [(DEFINITION, "definition", Card(headline=tidy(term), body=tidy(said)), (0, at + 1))]
