"""Exhibits: what a brief shows and nobody reads aloud, tables and code, each on the shot whose line is about it.

Knows lines, tables and code; knows nothing about how they are drawn.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ...tools.video import Card
from ..model import Line
from .language import Language
from .markdown import Exhibit
from .pieces import Piece
from .tables import Table, table
from .text import bare, stem

SHOWN = 7.0
"""What an exhibit is worth on the line that stands beside it in the brief: more than any other card."""
NAMED = 5.4
"""What a chart is worth on another line that names what it shows."""
_TWICE = 2
"""Words of a table that a line has to say so that it is about the table."""
_ASKS = {
    "race": "overtook overtake overtakes passed lead leads race ahead caught rank ranking überholt überholte führt",
    "ring": "share shares part parts percent portion slice made consists whole anteil anteile teil prozent besteht",
    "area": "total altogether together sum volume combined amount mountain insgesamt zusammen summe menge",
    "line": "grew grow grows rose rise rises fell fall falls fallen decline climbed climb doubled tripled trend since "
    "over every year years month months day growth wuchs wächst stieg steigt fiel fällt sank seit jahr jahre monat",
    "dots": "range ranges spread gap differ differs apart between distance far change changed spanne unterschied",
    "bars": "most largest biggest compare compared best top least meisten größte vergleich",
}
"""Words by which a line asks for a kind of chart, the most telling kind first."""
_KINDS = {kind: frozenset(words.split()) for kind, words in _ASKS.items()}
_LANGUAGES = {"py": "Python", "js": "JavaScript", "ts": "TypeScript", "sh": "Shell", "bash": "Shell", "sql": "SQL"}
FEWEST_ROUNDS, MOST_PARTS, MOST_BARS, FEWEST_MOMENTS = 3, 5, 8, 3


class Shown(NamedTuple):
    """A card for an exhibit, its layout, and how well it suits."""

    score: float
    layout: str
    card: Card


def anchors(exhibits: Sequence[Exhibit], lines: Sequence[Line], tongue: Language) -> dict[str, list[Exhibit]]:
    """By line, what stands beside it: the last line of the paragraph before, else the line that names most of it."""
    found: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits:
        beside = [line for line in lines if _plain(line.text) in _plain(exhibit.near)]
        if not beside and exhibit.kind == "table":
            data = tabled(exhibit)
            about = [_about(line, data) for line in lines]
            beside = [lines[about.index(max(about))]] if max(about, default=0) >= 1 else []
        if beside:
            found.setdefault(beside[-1].id, []).append(exhibit)
    return found


def _about(line: Line, data: Table) -> float:
    """How much of a table a line names; what asks for a chart that the table can be counts half."""
    said = line.text.split()
    asks = any({bare(word) for word in said} & _KINDS[kind] for kind in _possible(data))
    return len(_stems(said) & _words_of(data)) + 0.5 * asks


def shown(
    piece: Piece, beside: Sequence[Exhibit], exhibits: Sequence[Exhibit], headline: str, tongue: Language
) -> list[Shown]:
    """What may stand over a piece: what is beside its line, on the line's last piece, and tables that it names."""
    last = piece.lines[-1]
    mine = [exhibit for exhibit in beside if piece.closes and last.part in ("say", "lead")]
    found = []
    for exhibit in exhibits:
        if exhibit.kind == "code":
            if exhibit in mine:
                found.append(Shown(SHOWN, "code", Card(kicker=_named(exhibit), headline=headline, code=exhibit.text)))
            continue
        data = tabled(exhibit)
        named = len(_stems(piece.words) & _words_of(data)) >= _TWICE and piece.part == "say"
        if exhibit in mine or named:
            score = SHOWN if exhibit in mine else NAMED
            found.append(Shown(score, kind_of(data, piece.words), card_of(data, headline)))
    return found


def tabled(exhibit: Exhibit) -> Table:
    """The exhibit's table, with its source."""
    found = table(exhibit.text, exhibit.title)
    return found if found.source else found.model_copy(update={"source": exhibit.source})


def card_of(data: Table, headline: str = "") -> Card:
    """A chart's card: what the table is called, else what the line says."""
    source = data.source
    return Card(headline=data.title or headline, data=data.data, rounds=data.rounds, unit=data.unit, source=source)


def kind_of(data: Table, words: Sequence[str] = ()) -> str:
    r"""The chart that the words ask for, if the data can be drawn so; else the one that suits the data.

    >>> from .tables import table
    >>> years = table("year,hives\n2019,4\n2020,6\n2021,9")
    >>> kind_of(years), kind_of(years, "Altogether the hives made".split())
    ('line', 'area')
    """
    said = {bare(word) for word in words}
    can = _possible(data)
    asked = [kind for kind, asking in _KINDS.items() if said & asking and kind in can]
    return asked[0] if asked else can[0]


def _possible(data: Table) -> list[str]:
    """Charts that show the table truly, the most fitting first."""
    positive = all(datum.value >= 0 for datum in data.data)
    over_time = data.ordered and len(data.data) >= FEWEST_MOMENTS
    racing = len(data.rounds) >= FEWEST_ROUNDS and len(data.data) > 1 and positive
    ring = not over_time and positive and len(data.data) <= MOST_PARTS and (data.whole or not data.rounds)
    found = [
        *(["race", "area"] if racing else []),
        *(["line", *(["area"] if positive else [])] if over_time else []),
        *(["ring"] if ring and data.whole else []),
        *(["dots"] if not over_time and (len(data.data) > MOST_BARS or len(data.rounds) == 2) else []),
        "bars",
        *(["ring"] if ring and not data.whole else []),
        *(["dots"] if not over_time else []),
    ]
    return list(dict.fromkeys(found))


def _named(exhibit: Exhibit) -> str:
    return exhibit.title or _LANGUAGES.get(exhibit.info, exhibit.info.capitalize())


def _plain(text: str) -> str:
    return " ".join(filter(None, (bare(word) for word in text.split())))


def _stems(words: Sequence[str]) -> set[str]:
    return {stem(bare(word)) for word in words if len(bare(word)) > 1}


def _words_of(data: Table) -> set[str]:
    names = [data.title, data.unit, *(datum.label for datum in data.data), *(each.name for each in data.rounds)]
    return {word for word in _stems(" ".join(names).split()) if len(word) > 2}
