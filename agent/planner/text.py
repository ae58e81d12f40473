"""Text: cleaned, cut into sentences, reduced to the words that carry its topic.

Knows nothing about Markdown, scripts or shots.
"""

import re
import unicodedata
from functools import lru_cache

from .language import Language

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""Control characters, and marks that reorder or hide what a reader sees."""
_URL = re.compile(r"(?:https?://|www\.)([\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:/[^\s)\]>]*[\w/])?", re.I)
_WORD = re.compile(r"\w+(?:['’.,\-–]\w+)*")
_CLAUSE = re.compile(r"[,;:.!?…—–)\]}”»\"，、；：。！？」』،؛؟]$")
_OPENING = re.compile(r"^[(\[{“„«\"「『—–]")
_CJK_BREAK = re.compile(r"(?<=[，、；：,;])")
SPEECH = re.compile(r"[“„«\"]([^“”„«»\"]+)[”“»\"]")
"""Somebody's words inside a sentence."""
LONGEST_WORD = 60
"""Letters of the longest word that can be shown; what is longer is not a word."""
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3005-\u9fff]")
LONGEST_RUN = 28
"""Characters of a sentence without spaces that one shot can carry."""
SUFFIXES = ("ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "en", "ly", "s", "e", "y")


def clean(text: str) -> str:
    r"""One line of text: composed characters, single spaces, a web address reduced to its host, nothing hidden.

    >>> clean("See https://bees.example/a?b\tnow")
    'See bees.example now'
    """
    text = HIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    return " ".join(map(_cut, _URL.sub(lambda url: url[1].removeprefix("www."), text).split()))


def _cut(word: str) -> str:
    if len(word) <= LONGEST_WORD or _UNSPACED.search(word):
        return word
    return word[: LONGEST_WORD - 1] + "…"


def speakable(text: str) -> bool:
    """Whether there is anything to say: a letter or a digit."""
    return any(map(str.isalnum, text))


def sentences(text: str, code: str) -> list[str]:
    """Sentences in order; pieces without a letter are left out, runs without spaces are cut at their commas.

    >>> sentences("Dr. Bee paid $3.50. Really?", "en")
    ['Dr. Bee paid $3.50.', 'Really?']
    """
    from sentencex import segment

    found = (" ".join(piece.split()) for piece in segment(code, text))
    return [part for piece in found if speakable(piece) for part in _runs(piece)]


def _runs(sentence: str) -> list[str]:
    if max(map(len, sentence.split())) <= LONGEST_RUN or not _UNSPACED.search(sentence):
        return [sentence]
    parts, room = [""], LONGEST_RUN
    for clause in _CJK_BREAK.split(sentence):
        for start in range(0, len(clause), room):
            piece = clause[start : start + room]
            if parts[-1] and len(parts[-1]) + len(piece) > room:
                parts.append("")
            parts[-1] += piece
    return [part.strip() for part in parts if speakable(part)]


def sentence(text: str) -> str:
    """A fragment made fit to be spoken alone: a capital first, a full stop last.

    >>> sentence("wax seals every cell"), sentence("Inside the hive:")
    ('Wax seals every cell.', 'Inside the hive.')
    """
    if re.search("[，、；：]$", text.strip()):
        return text.strip()
    text = text.strip().rstrip(":;,–—- ")
    text = capital(text)
    if not text or re.search(r"[.!?…。！？؟][\"”’»)\]]*$", text):
        return text
    return text + ("。" if re.search("[\u3005-\u9fff]$", text) else ".")


def capital(text: str) -> str:
    """The text with its first letter in upper case, unless the word has capitals of its own (iPhone, pH)."""
    first = text.split(" ", 1)[0]
    return text if any(map(str.isupper, first)) else text[:1].upper() + text[1:]


@lru_cache(maxsize=20_000)
def bare(word: str) -> str:
    """A word as it is looked up: lower case, no punctuation round it, typographic apostrophes made plain.

    >>> bare("“Don’t,”")
    "don't"
    """
    found = _WORD.search(word)
    return found[0].lower().replace("’", "'") if found else ""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its commonest endings, so that `bees` finds `bee`: light, and the same for every language.

    >>> stem("bees"), stem("flying"), stem("honey")
    ('bee', 'fly', 'honey')
    """
    word = word.casefold()
    if word.endswith("ees"):
        return word[:-1]
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not (suffix == "y" and word[-2:-1] in "aeou"):
            return word[: -len(suffix)]
    return word


def topic_words(text: str, tongue: Language) -> list[str]:
    """Stems of the words that carry a topic, in order; characters in pairs where a script has no spaces."""
    found: list[str] = []
    for word in text.split():
        plain = bare(word)
        if _UNSPACED.search(plain):
            found += [plain[at : at + 2] for at in range(len(plain) - 1)] or [plain]
        elif plain and plain not in tongue.stop and (len(plain) > 1 or plain.isdigit()):
            found.append(stem(plain.removesuffix("'s")))
    return found


def ends_clause(word: str) -> bool:
    """Whether a reader rests after this word."""
    return bool(_CLAUSE.search(word))


def opens_clause(word: str) -> bool:
    """Whether a reader rests before this word: it opens a quotation or a parenthesis."""
    return bool(_OPENING.match(word))
