"""Titles: a music-led sequence of moving shots for a brief that is only a topic.

It shows the topic's words and no others. Knows words and seconds; knows nothing about scripts that speak.
"""

from ...tools.media import frames_of
from ...tools.video import Card
from ..model import Brief, Script, Shot
from .exhibits import card_of, kind_of, tabled
from .language import Language
from .looks import Look
from .markdown import read
from .phrases import runs, tidy
from .pictures import pictures

LONGEST_TITLES = 15
"""Seconds beyond which a topic alone does not carry a film."""
BEAT = 2.5
"""Seconds of a shot that we aim at; criteria.md allows 2 to 5."""
LONGEST_SHOT = 5.0


def titles(brief: Brief, script: Script, look: Look, tongue: Language) -> tuple[Shot, ...]:
    """Shots without lines, exact to the length asked for or to fifteen seconds."""
    total = frames_of(min(brief.seconds, LONGEST_TITLES), brief.rate)
    cards = _cards(script.title, tongue, min(brief.seconds, LONGEST_TITLES))
    cards = _charted(cards, brief.text)
    edges = [round(total * at / len(cards)) for at in range(len(cards) + 1)]
    return tuple(
        Shot(
            id=f"shot{at + 1:02}",
            scene=script.scenes[0].id,
            lines=(),
            prompt=f"{script.title}: {card.headline}",
            queries=tuple(filter(None, (card.headline.lower()[:60],))),
            camera="push" if at % 2 == 0 else "drift",
            frames=edges[at + 1] - edges[at],
            cues=(0,) * (1 + len(card.icons)),
            seed=brief.seed * 1000 + at,
            style=look.style,
            palette=look.palette,
            layout=layout,
            motif=look.motifs[at % len(look.motifs)],
            card=card,
        )
        for at, (layout, card) in enumerate(cards)
    )


def _charted(cards: list[tuple[str, Card]], text: str) -> list[tuple[str, Card]]:
    """The cards with the brief's tables in place of what repeats the title's words."""
    tables = [tabled(exhibit) for exhibit in read(text).exhibits if exhibit.kind == "table"]
    charts = [(kind_of(each), card_of(each)) for each in tables][: max(1, len(cards) - 2)]
    if not charts or len(cards) < 2:
        return cards
    inner = cards[1 : max(1, len(cards) - 1 - len(charts))]
    return [cards[0], *inner, *charts, cards[-1]]


def _cards(title: str, tongue: Language, seconds: float) -> list[tuple[str, Card]]:
    """Title, the topic's words one by one, its pictures, and the title again."""
    words = title.split()
    drawn = tuple(pictures(words, tongue).values())[:3]
    whole = [("title", Card(headline=title, icons=drawn[:2]))]
    closing = [("end", Card(headline=title))]
    room = max(1, round(seconds / BEAT))
    needed = max(1, -int(-seconds // LONGEST_SHOT))
    kinetic = [("statement", Card(headline=phrase, icons=())) for phrase in _phrases(words, tongue)]
    icons = [("icons", Card(headline=title, icons=drawn))] if drawn else []
    inner = (kinetic[:1] + icons + kinetic[1:])[: max(0, room - 2)]
    cards = [*whole, *inner, *closing][:room] if room > 1 else whole
    while len(cards) < needed:
        cards.insert(
            -1,
            ("statement", Card(headline=title)) if cards[-2][0] != "statement" else ("chapter", Card(headline=title)),
        )
    return cards


def _phrases(words: list[str], tongue: Language) -> list[str]:
    """The topic's stretches of words, long ones word by word."""
    found: list[str] = []
    for start, end in runs(words, tongue):
        parts = [words[start:end]] if end - start <= 2 else [[word] for word in words[start:end]]
        found += [tidy(part) for part in parts]
    return [phrase for phrase in dict.fromkeys(found) if phrase and phrase != tidy(words)]
