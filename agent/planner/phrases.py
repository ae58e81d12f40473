"""Phrases: which few words of a sentence belong on the screen, or in a search box.

Knows words and their weights; knows nothing about layouts.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .language import Language
from .text import bare, ends_clause, opens_clause, stem, topic_words

LONGEST = 7
"""Words of a headline."""
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
    'second stomach made just for honey.'
    """
    plain = [bare(word) for word in words]
    spans = [
        (_score(plain, words, start, end, weight, tongue), start, end)
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + longest) + 1)
        if _holds(plain, words, start, end, tongue)
    ]
    if not spans:
        return _first_clause(words, longest)
    best = max(spans, key=lambda span: (round(span[0], 6), -span[1]))
    return best[1], best[2]


def _first_clause(words: Sequence[str], longest: int) -> Span:
    for at, word in enumerate(words[:longest], start=1):
        if ends_clause(word):
            return 0, at
    return 0, min(len(words), longest)


def _holds(plain: list[str], words: Sequence[str], start: int, end: int, tongue: Language) -> bool:
    """Whether the span can stand alone: one clause, no loose ends, no lost "not"."""
    first, last = plain[start], plain[end - 1]
    whole = _opens(words, start) and ends_clause(words[end - 1])
    if not first or not last or (first in tongue.determiners | tongue.qualifiers and not whole):
        return False
    loose = tongue.conjunctions | tongue.auxiliaries | tongue.leans
    if (first in loose or last in tongue.stop) and not (whole and end - start > 2):
        return False
    if any(word in tongue.negations for word in plain[_clause_start(words, start) : start]):
        return False
    return not any(_breaks(plain, words, at, start, tongue) for at in range(start, end - 1))


def _breaks(plain: list[str], words: Sequence[str], at: int, start: int, tongue: Language) -> bool:
    """Whether a clause ends after word `at`; the comma between two adjectives does not end one."""
    if opens_clause(words[at + 1]):
        return True
    adjectives = words[at].endswith(",") and start and plain[start - 1] in tongue.determiners and at == start
    adjectives = adjectives and plain[at + 1] not in tongue.stop
    return ends_clause(words[at]) and not adjectives


def _opens(words: Sequence[str], start: int) -> bool:
    return start == 0 or ends_clause(words[start - 1]) or opens_clause(words[start])


def _clause_start(words: Sequence[str], at: int) -> int:
    while at and not ends_clause(words[at - 1]):
        at -= 1
    return at


def _score(
    plain: list[str], words: Sequence[str], start: int, end: int, weight: Mapping[str, float], tongue: Language
) -> float:
    topical = [word for word in plain[start:end] if word and word not in tongue.stop]
    length = end - start
    score = sum(weight.get(stem(word), 1.2) for word in topical) - 0.3 * (length - len(topical))
    score -= 0.6 * max(0, length - 4) + (0.6 if length == 1 else 0.0)
    score -= 0.8 * sum(word in tongue.conjunctions for word in plain[start:end])
    score -= 1.2 * sum(word in tongue.leans & tongue.pronouns for word in plain[start:end])
    if len(words) > 4 and length == len(words):
        score -= 1.5
    if not _opens(words, start):
        before = plain[start - 1]
        score -= 0.0 if before in tongue.determiners | tongue.prepositions else 0.3 if before in tongue.stop else 0.9
    if not ends_clause(words[end - 1]) and end < len(words):
        after = plain[end]
        score -= 0.15 if after in tongue.prepositions | tongue.conjunctions | tongue.auxiliaries else 0.5
        score -= 0.0 if after in tongue.stop else 0.5
        score -= 0.8 if after in tongue.leans & tongue.pronouns else 0.0
    if plain[start] in tongue.prepositions:
        score -= 0.4
    return score


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
