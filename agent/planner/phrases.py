"""Phrases: which few words of a sentence belong on the screen, or in a search box.

Knows words and their weights; knows nothing about layouts.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .language import Language
from .pace import WIDE
from .text import bare, ends_clause, opens_clause, stem, topic_words

LONGEST = 7
"""Words of a headline."""
JOINS = frozenset({"and", "but", "so", "or", "und", "aber", "oder", "et", "mais", "y", "pero", "e", "ma", "mas", "en"})
ARTICLES = frozenset({"a", "an", "ein", "eine", "einen", "einem", "einer", "un", "une", "una", "um", "uma"})
PARTICLES = frozenset(
    {"back", "away", "out", "up", "down", "off", "over", "on", "in", "home", "again", "together", "free"}
    | {"nach", "mit", "auf", "aus", "an", "ab", "ein", "zu", "vor", "um", "wieder"}
)
"""Small words that end a clause well: `the phone comes back`, `der Zug fährt ab`."""
LONGEST_SENTENCE = 60
"""Words of a sentence in which a headline is looked for."""
LONGEST_WIDE = 14
"""Characters of a headline in a script without spaces."""
_WIDE_CLAUSE = re.compile(r"[，、；：。！？,;:!?\s]+")
Span = tuple[int, int]
"""First and last (exclusive) word."""


def weights(texts: Iterable[str], tongue: Language) -> dict[str, float]:
    """How much each stem says about its sentence: rare ones more than those in every sentence."""
    sets = [set(topic_words(text, tongue)) for text in texts]
    seen = Counter(stem for each in sets for stem in each)
    return {name: 1 + 0.4 * math.log(len(sets) / times) for name, times in seen.items()}


def headline(words: Sequence[str], weight: Mapping[str, float], tongue: Language, longest: int = LONGEST) -> Span:
    """The words that stand for the sentence on screen: a phrase it says, never across a clause, never its contrary.

    >>> from .language import language
    >>> words = "Each bee carries it home in a second stomach made just for honey.".split()
    >>> start, end = headline(words, {}, language("en"))
    >>> " ".join(words[start:end])
    'second stomach'
    """
    words = words[:LONGEST_SENTENCE]
    plain = [bare(word) for word in words]
    spans = [
        (_score(plain, words, start, end, weight, tongue), start, end)
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + longest) + 1)
        if _holds(plain, words, start, end, tongue)
    ]
    if not spans:
        return _plain_phrase(words, weight, tongue, longest)
    best = max(spans, key=lambda span: (round(span[0], 6), -span[1]))
    return best[1], best[2]


def _plain_phrase(words: Sequence[str], weight: Mapping[str, float], tongue: Language, longest: int) -> Span:
    """Where nothing can stand alone: the first clause, if it is short, else a stretch of words that claims nothing."""
    end = next((at for at, word in enumerate(words, start=1) if ends_clause(word)), len(words))
    if end <= longest + 2:
        return 0, end
    found = runs(words, tongue)
    if not found:
        return 0, min(end, longest)
    start, end = max(found, key=lambda run: sum(weight.get(stem(bare(word)), 1.2) for word in words[slice(*run)]))
    if start and _counts_or_owns(words[start - 1], tongue):
        start -= 1
    return start, min(end, start + longest)


def _counts_or_owns(word: str, tongue: Language) -> bool:
    """Whether a word says how many or whose ("every", "my"), which no headline may drop, unlike "the" and "a"."""
    return bare(word) in tongue.determiners - ARTICLES - {"the", "der", "die", "das", "den", "dem", "des", "le", "la"}


def _holds(plain: list[str], words: Sequence[str], start: int, end: int, tongue: Language) -> bool:
    """Whether the span can stand alone: one clause, no loose ends, no lost "not", no lost "perhaps"."""
    first, last = plain[start], plain[end - 1]
    opens, closes = _opens(plain, words, start), _closes(words, end)
    whole = opens and closes
    subclause = first in tongue.breaks - JOINS and closes and 4 <= end - start <= 6
    if (
        not first
        or not last
        or (first in tongue.conjunctions and not subclause)
        or (first in tongue.determiners and not whole)
    ):
        return False
    if (first in tongue.auxiliaries | tongue.leans | tongue.pronouns and not (whole and end - start > 2)) or (
        last in tongue.stop and not (whole and end - start > 2) and not (closes and last in PARTICLES)
    ):
        return False
    if not opens and (
        (first in tongue.negations and plain[start - 1] in tongue.auxiliaries) or plain[start - 1][:1].isdigit()
    ):
        return False
    if any(_ends(words, at) or opens_clause(words[at + 1]) for at in range(start, end - 1)):
        return False
    begin, finish = _clause(words, start)
    if tongue.negations.intersection((*plain[begin:start], *plain[end:finish])):
        return False
    return not tongue.hedges.intersection(plain[begin:start]) and _is_one_part(plain, start, end, opens, tongue)


def _is_one_part(plain: list[str], start: int, end: int, opens: bool, tongue: Language) -> bool:
    """Whether a span from inside a clause is one part of it, not the end of its subject with a verb behind.

    "The Great Storm of that night sank hundreds of ships": no night sank a ship.
    """
    article = plain[start - 1] in tongue.determiners if start else False
    if plain[start] in tongue.prepositions and tongue.determiners.intersection(plain[start + 2 : end]):
        return False
    if opens or (article and (start == 1 or plain[start - 2] in tongue.conjunctions)):
        return True
    inside = plain[start:end]
    if tongue.auxiliaries.intersection(inside):
        return False
    before = plain[start - 2] if article and start > 1 else plain[start - 1]
    if before not in tongue.prepositions:
        return True
    topical = sum(word not in tongue.stop for word in inside)
    return topical <= 2 and not tongue.determiners.intersection(inside)


def _ends(words: Sequence[str], at: int) -> bool:
    """Whether a clause ends with word `at`; the comma between two adjectives does not end one."""
    if not ends_clause(words[at]):
        return False
    adjectives = words[at].endswith(",") and at and bare(words[at - 1]) in ARTICLES
    return not (adjectives and at + 2 < len(words))


def _opens(plain: list[str], words: Sequence[str], start: int) -> bool:
    """Whether a clause begins here, or did one "and" ago."""
    if start and plain[start - 1] in JOINS and start - 1 == _clause(words, start - 1)[0]:
        return True
    return start == 0 or _ends(words, start - 1) or opens_clause(words[start])


def _closes(words: Sequence[str], end: int) -> bool:
    return end == len(words) or _ends(words, end - 1) or opens_clause(words[end])


def _clause(words: Sequence[str], at: int) -> Span:
    start, end = at, at + 1
    while start and not _ends(words, start - 1):
        start -= 1
    while end < len(words) and not _ends(words, end - 1):
        end += 1
    return start, end


def _score(
    plain: list[str], words: Sequence[str], start: int, end: int, weight: Mapping[str, float], tongue: Language
) -> float:
    inside, length = plain[start:end], end - start
    topical = [word for word in inside if word and word not in tongue.stop]
    opens, closes = _opens(plain, words, start), _closes(words, end)
    score = sum(weight.get(stem(word), 1.2) for word in topical) - 0.3 * (length - len(topical))
    score -= 0.5 * max(0, length - 4) + (1.4 if length == 1 else 0.0)
    score -= 0.8 * sum(word in tongue.conjunctions for word in inside)
    score -= 2.0 * sum(word in tongue.leans & tongue.pronouns for word in inside)
    if plain[start] in tongue.prepositions | tongue.breaks:
        score -= 1.4 if plain[start] in tongue.breaks else 0.4
    if (tongue.breaks - JOINS).intersection(plain[_clause(words, start)[0] : start]):
        score -= 2.6  # "before you add sugar" does not ask for sugar
    if not closes and (tongue.breaks - JOINS).intersection(inside[1:]):
        score -= 1.8  # "stays there until your phone"
    if length == len(words) and length > 6:
        score -= 1.5
    elif opens and closes and 3 <= length <= LONGEST:
        score += 1.0
    return (
        score
        + (0 if opens else _start_price(plain, start, tongue))
        + (0 if closes else _end_price(plain, words, end, tongue))
    )


def _start_price(plain: list[str], start: int, tongue: Language) -> float:
    before = plain[start - 1]
    if before in tongue.qualifiers:
        return -1.5
    return 0.0 if before in tongue.determiners | tongue.prepositions else -0.3 if before in tongue.stop else -0.9


def _end_price(plain: list[str], words: Sequence[str], end: int, tongue: Language) -> float:
    after = plain[end]
    if after not in tongue.stop:
        return -1.0
    price = -0.15 if after in tongue.prepositions | tongue.conjunctions | tongue.auxiliaries else -0.5
    price -= 0.8 if after in tongue.leans & tongue.pronouns else 0.0
    return price - (0.8 if _closes(words, end + 1) else 0.0)


def accent(words: Sequence[str], tongue: Language) -> str:
    """The word of a headline to set off by colour: the last that carries its topic; none where it is alone."""
    topical = [word for word in words if bare(word) and bare(word) not in tongue.stop]
    return tidy(topical[-1:]) if len(words) > 1 and topical else ""


def phrase(words: Sequence[str], weight: Mapping[str, float], tongue: Language) -> tuple[str, int]:
    """The headline as text, and the word it begins with; a clause where the script has no spaces."""
    start, end = headline(words, weight, tongue)
    text = tidy(words[start:end])
    if not WIDE.search(text) or len(text) <= LONGEST_WIDE:
        return text, start
    clauses = [clause for clause in _WIDE_CLAUSE.split(text) if clause and not _denies(clause)]
    fitting = [clause for clause in clauses if len(clause) <= LONGEST_WIDE] or [text]
    value = {
        clause: sum(weight.get(each, 1.0) for each in topic_words(clause, tongue)) / len(clause) ** 0.5
        for clause in fitting
    }
    return max(fitting, key=lambda clause: value[clause]), start


def _denies(clause: str) -> bool:
    return bool(re.search("[不没無无未非]", clause))


def tidy(words: Sequence[str]) -> str:
    """A phrase as it stands on a card: a capital first, no punctuation round it.

    >>> tidy(["second", "stomach,"])
    'Second stomach'
    """
    text = " ".join(words).strip(' ,;:.…–—-"“”„«»()[]{}「」『』、，。；：')
    first = text.split(" ", 1)[0]
    return text if any(map(str.isupper, first)) else text[:1].upper() + text[1:]


def runs(words: Sequence[str], tongue: Language) -> list[Span]:
    """Stretches of words that carry the topic, cut at small words and at the ends of clauses."""
    found: list[Span] = []
    start = 0
    for at in range(len(words) + 1):
        edge = at == len(words) or not bare(words[at]) or bare(words[at]) in tongue.stop
        if edge or (at and ends_clause(words[at - 1]) and at > start):
            if at > start:
                found.append((start, at))
            start = at + 1 if edge else at
    return found


def queries(words: Sequence[str], weight: Mapping[str, float], tongue: Language, title: str) -> tuple[str, ...]:
    """Searches for a stock library: the heaviest stretches of words, then the film's topic."""
    ranked = sorted(
        runs(words, tongue),
        key=lambda run: -sum(weight.get(stem(bare(words[at])), 1.2) for at in range(*run)),
    )
    found = [" ".join(filter(None, (bare(word) for word in words[start:end][-3:]))) for start, end in ranked[:2]]
    topic = " ".join(word for word in map(bare, title.split()) if word and word not in tongue.stop)
    return tuple(dict.fromkeys(filter(None, (*found, topic[:60]))))
