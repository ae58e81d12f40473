"""Hashtags: the things that a text is about, as one word each.

Knows words; knows nothing about platforms or films. It says no word that the text does not say.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from .language import Language
from .pictures import pictures
from .text import bare, ends_clause, stem

FEWEST, MOST = 5, 8
_CAPITAL_NOUNS = {"de"}
"""Languages that write every noun with a capital."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_KANA, _HAN = re.compile("[\u30a0-\u30ff]{2,8}"), re.compile("[\u3400-\u9fff]{2,}")
_SELDOM = ("ly", "ing", "ed")
"""Endings of English words that are seldom a thing."""
_COUNTED_IN = (
    "day days week weeks month months year years hour hours minute minutes second seconds gram grams degree degrees "
    "time times percent tag tage tagen woche wochen monat monate jahr jahre jahren stunde stunden minute minuten "
    "sekunde sekunden gramm grad prozent uhr mal jour jours semaine mois an ans heure heures fois día días semana "
    "mes año años hora horas vez giorno giorni settimana mese anno anni ora ore volta dia dias ano anos"
)
_MEASURES = frozenset(_COUNTED_IN.split())
"""What things are counted in, which no film is about."""
_LONGEST = 28
Found = tuple[str, str, float]
"""What a word is found by, how it is written, and how surely it is a thing."""


def hashtags(title: str, lines: Sequence[str], tongue: Language) -> tuple[str, ...]:
    """Five to eight tags without their sign, the most particular first; fewer where the text has no more.

    >>> from .language import language
    >>> hashtags("How bees make honey", ["Bees sip the nectar.", "Wax seals the honey."], language("en"))
    ('honey', 'bees', 'nectar', 'wax')
    """
    if any(map(_WIDE.search, (title, *lines))):
        return _wide(title, lines)
    score, shown = defaultdict[str, float](float), dict[str, str]()
    for number, text in enumerate((title, *lines)):
        for key, word, value in _things(text.split(), tongue):
            score[key] += value * (1.6 if number == 0 else 1.0)
            shown.setdefault(key, word)
    order = list(score)
    ranked = sorted((key for key in order if score[key] > 0.6), key=lambda key: (-score[key], order.index(key)))
    sure = [key for key in ranked if score[key] >= 1.0]
    return tuple(shown[key] for key in (sure if len(sure) >= FEWEST else ranked[:FEWEST])[:MOST])


def _things(words: Sequence[str], tongue: Language) -> Iterator[Found]:
    names = _names(words, tongue)
    drawn = pictures(words, tongue)
    at = 0
    while at < len(words):
        end = names.get(at, 0)
        if end:
            parts = [_letters(word) for word in words[at:end]]
            yield stem(parts[-1].lower()), "".join(parts)[:_LONGEST], 2.0
            at = end
            continue
        word = _letters(words[at])
        value = _sure(words, at, tongue) + 1.0 * (at in drawn)
        if _may_be(word, tongue) and value > 0:
            yield stem(word.lower()), word if tongue.code in _CAPITAL_NOUNS else word.lower(), value
        at += 1


def _names(words: Sequence[str], tongue: Language) -> dict[int, int]:
    """First word and end of every name: words with a capital inside a sentence, one after another."""
    found, at = dict[int, int](), 1
    while at < len(words) and tongue.code not in _CAPITAL_NOUNS:
        end = at
        while end < len(words) and _is_name(words, end, tongue) and (end == at or not ends_clause(words[end - 1])):
            end += 1
        if end > at:
            found[at] = end
        at = end + 1
    return found


def _is_name(words: Sequence[str], at: int, tongue: Language) -> bool:
    word = _letters(words[at])
    inside = words[at][:1].isalnum() and not words[at - 1].rstrip('"”»)').endswith((".", "!", "?", ":", "…"))
    return inside and word[:1].isupper() and _may_be(word, tongue)


def _sure(words: Sequence[str], at: int, tongue: Language) -> float:
    """How surely the word is a thing, by its neighbours."""
    before = bare(words[at - 1]) if at and not ends_clause(words[at - 1]) else ""
    after = bare(words[at + 1]) if at + 1 < len(words) and not ends_clause(words[at]) else ""
    word = _letters(words[at])
    if tongue.code in _CAPITAL_NOUNS:
        return (1.0 if before else 0.3) * word[:1].isupper()
    if before == "to" or before in tongue.pronouns or (word.endswith(_SELDOM) and tongue.code == "en"):
        return 0.0
    more = bool(after) and after not in tongue.stop and not after.isdigit()
    if not before and at + 1 < len(words) and _is_name(words, at + 1, tongue):
        return 0.0
    if not before:
        return 0.2 if after in tongue.determiners | tongue.prepositions else 0.8
    if before in tongue.determiners | tongue.prepositions or before.isdigit() or before in tongue.numbers:
        return 0.3 if more else 1.0
    second = bare(words[at - 2]) if at > 1 and not ends_clause(words[at - 2]) else ""
    described = before not in tongue.stop and (second in tongue.determiners or second in tongue.numbers)
    return 0.8 if described and not more else 0.2


def _may_be(word: str, tongue: Language) -> bool:
    plain = word.lower()
    counted = plain in _MEASURES or plain in tongue.numbers or plain in tongue.scales or plain in tongue.months
    return len(word) >= 3 and bool(re.fullmatch(r"[^\W\d_]+\d{0,4}", word)) and not counted and plain not in tongue.stop


def _letters(word: str) -> str:
    """The word without what stands round or hangs on it, its joints closed: `low-cost` is one tag."""
    return re.sub(r"[^\w]", "", re.sub(r"['’]s$", "", word.strip("\"“”„«»()[].,;:!?…—–'’")))


def _wide(title: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Scripts without spaces: the title, runs of katakana, and what is written more than once."""
    text = "\n".join((title, *lines))
    seen = Counter(_KANA.findall(text))
    for run in _HAN.findall(text):
        seen.update(run[at : at + size] for size in (2, 3, 4) for at in range(len(run) - size + 1))
    often = [run for run, times in seen.most_common() if times > 1]
    whole = [
        run for run in often if not any(run in other and seen[run] == seen[other] for other in often if run != other)
    ]
    plain = re.sub(r"\W", "", title)
    return tuple(dict.fromkeys([*([plain] if 2 <= len(plain) <= _LONGEST // 2 else []), *whole]))[:MOST]
