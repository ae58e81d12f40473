"""Cards: every way a piece could be put on screen, with how well it would suit.

Every word on a card is a word of the brief. Knows phrases and numbers; knows nothing about the shots around it.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from ...tools.video import Card, Figure
from .diagrams import diagrams
from .exhibits import shown
from .language import Language
from .markdown import Exhibit
from .numbers import RATES, Count, alike, count, turn
from .phrases import JOINS, accent, headline, phrase, tidy
from .pictures import pictures
from .pieces import Piece
from .text import SPEECH, bare, ends_clause, stem

QUOTE_WORDS = 22
"""A longer quotation is shown by its strongest phrase."""
ENTRY_WORDS = 8
"""A longer list entry is shown by its strongest phrase."""


_SPEAKER = re.compile(r"(?<=\s)(?:(?:Dr|Prof)\. )?[A-ZÄÖÜÉ][\w'’-]+(?: [A-ZÄÖÜÉ][\w'’-]+)+(?:, [^.]{3,40})?")


ONE_ICON, PLAIN = 0.25, 0.2
"""What a lone icon is worth, and a statement that a run of statements pushes to another card."""
LEAD_WORDS = 7
"""Words that lead up to a number and may stand over it."""


class Choice(NamedTuple):
    """A layout with its card, the words at which its parts are spoken, and how well it suits (1 is plain)."""

    score: float
    layout: str
    card: Card
    spots: tuple[int, ...] = ()


class Context(NamedTuple):
    """What a card needs to know of the film."""

    title: str
    weight: Mapping[str, float]
    tongue: Language
    lead: str = ""
    """What the list is about: the phrase of the line that opens it, or its heading."""
    rows: tuple[str, ...] = ()
    """The entries of the list that the piece is part of."""
    exhibits: tuple[Exhibit, ...] = ()
    beside: Mapping[str, Sequence[Exhibit]] = MappingProxyType({})
    """By line, the tables and code that stand beside it."""


def choices(piece: Piece, film: Context) -> list[Choice]:
    """All cards for a piece; a statement is always among them, and the same words on a chapter's card."""
    words, tongue = piece.words, film.tongue
    if piece.part == "quote":
        return [_quote(piece, film), _statement(piece, film)]
    drawn = [Choice(*each) for each in diagrams(piece, film.rows, film.lead, tongue)]
    if len(piece.lines) > 1 and piece.part in ("item", "step", "lead"):
        icons = _icons(piece, film, film.lead)
        several = [icons] if len(icons.card.icons) > 1 else []
        return [_entries(piece, film), *several, *drawn, _statement(piece, film)]
    found = [_statement(piece, film), *drawn, *_spoken(piece), *_comparison(piece, film), *_exhibits(piece, film)]
    if piece.part in ("item", "step"):
        found.append(_entries(piece, film))
    number = count(words, tongue)
    if number:
        found.append(_figure(piece, number, film))
    found += _enumeration(piece, film)
    icons = _icons(piece, film, "")
    plain = found[0]._replace(score=PLAIN, layout="chapter")
    return [*found, plain, *([icons] if icons.card.icons else [])]


def _statement(piece: Piece, film: Context) -> Choice:
    words = piece.words
    text, start = phrase(words, film.weight, film.tongue)
    opening = _opening(words, start, film.tongue)
    key = accent(text.split(), film.tongue)
    card = Card(kicker=opening, headline=text, accent=key, icons=_pictures(words, film, 1))
    return Choice(1.0, "statement", card, (_early(start),))


def _opening(words: list[str], before: int, tongue: Language) -> str:
    """The short clause that a sentence opens with, to stand over its headline: `Inside the hive`."""
    end = next((at for at in range(1, min(6, before) + 1) if ends_clause(words[at - 1])), 0)
    return tidy(words[:end]) if end and bare(words[0]) not in JOINS else ""


def _exhibits(piece: Piece, film: Context) -> list[Choice]:
    if not film.exhibits:
        return []
    text, start = phrase(piece.words, film.weight, film.tongue)
    beside = film.beside.get(piece.lines[-1].id, ())
    return [
        Choice(score, layout, card, (_early(start),))
        for score, layout, card in shown(piece, beside, film.exhibits, text, film.tongue)
    ]


def _early(at: int) -> int:
    """A headline stands before it is spoken: nobody looks at an empty frame for more than three words."""
    return min(at, 3) if at < 6 else 0


def _quote(piece: Piece, film: Context) -> Choice:
    words = piece.words
    start, end = (0, len(words)) if len(words) <= QUOTE_WORDS else headline(words, film.weight, film.tongue)
    text = " ".join(words[start:end]).strip('"“”„«»')
    return Choice(6.0, "quote", Card(headline=text, source=piece.lines[0].by), (0,))


def _spoken(piece: Piece) -> list[Choice]:
    """Somebody's words inside a sentence: `“It works,” says Anna Berg.`."""
    text = " ".join(piece.words)
    found = SPEECH.search(text)
    if not found or len(found[1].split()) < 3:
        return []
    said = _SPEAKER.search(f"{text[: found.start()][:-1]} {text[found.end() :]}")
    card = Card(headline=found[1].rstrip(",;: "), source=said[0].rstrip(" .,") if said else "")
    return [Choice(5.5, "quote", card, (len(text[: found.start()].split()),))]


def _figure(piece: Piece, number: Count, film: Context) -> Choice:
    label = number.figure.label.split()
    things = label[: next((at for at, word in enumerate(label) if word in RATES), len(label))]
    counted = _pictures(things, film, 1)
    card = Card(kicker=_kicker(piece, number, film.tongue), figure=number.figure, icons=counted)
    score = 3.5 if number.written else 1.3 if number.figure.value > 3 and number.figure.label else 0.2
    return Choice(score, "figure", card, (number.start,))


def _kicker(piece: Piece, number: Count, tongue: Language) -> str:
    """What stands over a number: the words that lead up to it, if they are few, else the word that hedges it."""
    words, at = piece.words, number.start
    start = next((edge for edge in range(at, 0, -1) if ends_clause(words[edge - 1])), 0)
    lead = words[start:at]
    while lead and bare(lead[0]) in tongue.conjunctions:
        lead = lead[1:]
    if lead and len(lead) <= LEAD_WORDS and not (bare(lead[0]) in tongue.leans and len(lead) < 3):
        return tidy(lead)
    while at and bare(words[at - 1]) in tongue.qualifiers:
        at -= 1
    return tidy(words[at : number.start])


def subject_of(words: list[str], tongue: Language) -> str:
    """What a sentence is about: the words before its verb, if they are few.

    >>> from .language import language
    >>> subject_of("Fresh nectar is".split(), language("en"))
    'Fresh nectar'
    """
    for at, word in enumerate(words[:6]):
        if bare(word) in tongue.auxiliaries:
            plain = words[1:at] if words and bare(words[0]) in tongue.determiners else words[:at]
            return tidy(plain) if plain and bare(plain[0]) not in tongue.stop else ""
        if ends_clause(word):
            break
    return ""


def _comparison(piece: Piece, film: Context) -> list[Choice]:
    """Two sentences, or two clauses of one, that set a number against another of its kind."""
    words, tongue = piece.words, film.tongue
    named = 0
    if len(piece.lines) == 1 and not piece.start:
        named = next((at for at, word in enumerate(words[:5], start=1) if word.endswith(":")), 0)
    edge = piece.begins[1] if len(piece.lines) == 2 and not piece.start else turn(words, tongue)
    if not edge:
        return []
    sides = [words[named:edge], words[edge:]]
    first, second = (count(side, tongue) for side in sides)
    if not (first and second and first.written and second.written and alike(first, second)):
        return []
    names = [_name(sides[0], sides[1], first, tongue), _name(sides[1], sides[0], second, tongue)]
    if not all(names) or names[0] == names[1]:
        return []
    labels = [number.figure.label for number in (first, second)]
    units = {label.split()[0] if label else "" for label in labels}
    unit = units.pop() if len(units) == 1 and not first.figure.suffix else ""
    shared = (
        tidy(words[:named])
        if named
        else ""
        if unit
        else next((label for label in labels if label and label not in names), "")
    )
    items = tuple(
        f"{name}: {figured(each.figure)} {unit}".strip() for name, each in zip(names, (first, second), strict=True)
    )
    spots = (named, edge)
    return [Choice(5.0, "comparison", Card(headline=tidy([shared]), items=items), (0, *spots) if shared else spots)]


def _name(side: list[str], other: list[str], number: Count, tongue: Language) -> str:
    """What one side is called: its subject, else the words it opens with and the other side lacks."""
    words = side
    while words and bare(words[0]) in tongue.breaks | tongue.contrast:
        words = words[1:]
    subject = subject_of(words, tongue)
    if subject:
        return subject
    others = {stem(bare(word)) for word in other}
    opening: list[str] = []
    for word in words[: max(0, number.start - (len(side) - len(words)))][:3]:
        plain = bare(word)
        if stem(plain) in others or plain in tongue.auxiliaries | tongue.prepositions | tongue.hedges:
            break
        opening.append(word)
    while opening and bare(opening[0]) in tongue.determiners:
        opening = opening[1:]
    return tidy(opening[:1] if opening and bare(opening[0]) in tongue.stop else opening)


def figured(figure: Figure) -> str:
    """A figure as text.

    >>> figured(Figure(value=2000000, prefix="$"))
    '$2,000,000'
    """
    return f"{figure.prefix}{figure.value:,.{figure.decimals}f}{figure.suffix}"


def _entries(piece: Piece, film: Context) -> Choice:
    """Entries of a list, each as it is spoken; the line that opens the list may be spoken over its headline."""
    begins = [*piece.begins, len(piece.words)]
    leads = piece.part == "lead"
    items, icons = [], []
    for begin, end in pairwise(begins[1:] if leads else begins):
        words = piece.words[begin:end]
        if len(words) > ENTRY_WORDS:
            start, stop = headline(words, film.weight, film.tongue)
            words = words[start:stop]
        items.append(tidy(words))
        icons.append(next(iter(_pictures(piece.words[begin:end], film, 1)), ""))
    layout = "steps" if piece.lines[-1].part == "step" else "list"
    title = tidy(piece.words[: begins[1]]) if leads else film.lead
    spots = tuple(begins[:-1]) if leads or not title else (0, *begins[:-1])
    card = Card(headline=title, items=tuple(items), icons=tuple(icons))
    return Choice(3.0 if len(items) > 1 else 0.9, layout, card, spots)


def _enumeration(piece: Piece, film: Context) -> list[Choice]:
    """A sentence that names three things or more: `flour, water and salt`."""
    words, tongue = piece.words, film.tongue
    start = next((at + 1 for at, word in enumerate(words) if word.endswith((":", "："))), 0)
    parts: list[tuple[int, int]] = []
    begin = start
    for at in range(start, len(words)):
        last = bare(words[at]) == tongue.joins and at > begin
        if last:
            parts.append((begin, at))
            begin = at + 1
        elif words[at].endswith((",", ";")) or at == len(words) - 1:
            parts.append((begin, at + 1))
            begin = at + 1
    parts = [part for part in parts if part[1] > part[0]]
    if piece.part == "items" and not start and piece.closes and len(parts) > 1:
        pass
    elif len(parts) < 3 or any(end - begin > 3 for begin, end in parts) or (not start and piece.part != "items"):
        return []
    lead = ""
    if start:
        first, end = (0, start) if start <= 6 else headline(words[:start], film.weight, tongue)
        lead = tidy(words[first:end])
    items = tuple(tidy(words[begin:end]) for begin, end in parts)[:6]
    spots = tuple(begin for begin, _ in parts)[:6]
    card = Card(headline=lead or film.lead, items=items)
    return [Choice(3.2, "list", card, (0, *spots) if card.headline else spots)]


def _icons(piece: Piece, film: Context, lead: str) -> Choice:
    """Two or three things that the sentence names, drawn as they are named."""
    words = piece.words
    found = dict(list(pictures(words, film.tongue).items())[:3])
    start, end = headline(words, film.weight, film.tongue)
    text = lead or tidy(words[start:end])
    opening = "" if lead else _opening(words, start, film.tongue)
    key = accent(text.split(), film.tongue)
    card = Card(kicker=opening, headline=text, accent=key, icons=tuple(found.values()))
    return Choice(
        1.1 + 0.25 * len(found) if len(found) > 1 else ONE_ICON, "icons", card, (_early(0 if lead else start),)
    )


def _pictures(words: list[str], film: Context, most: int) -> tuple[str, ...]:
    """What could be drawn beside the words, the rarest word first."""
    found = pictures(words, film.tongue)
    ranked = sorted(found, key=lambda at: -film.weight.get(stem(bare(words[at])), 1.0))
    return tuple(found[at] for at in ranked[:most])
