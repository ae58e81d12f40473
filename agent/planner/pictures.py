"""Pictures: which words name a thing that an icon shows for certain.

Knows words and their neighbours; knows nothing about how icons look.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from .language import Language
from .text import bare, ends_clause, stem


@cache
def _table(code: str) -> Mapping[str, str]:
    rows = tomllib.loads((files(__package__) / "pictures.toml").read_text("utf-8"))
    pairs = (entry.partition("=") for entry in rows.get(code, "").split())
    return {stem(word): (words or word).replace("-", " ") for word, _, words in pairs}


def pictures(words: Sequence[str], tongue: Language) -> dict[int, str]:
    """What to look an icon up by, for each word that names a thing; no icon twice.

    >>> from .language import language
    >>> pictures("Worker bees fan the water in the hive".split(), language("en"))
    {1: 'bee', 4: 'droplets', 7: 'hive'}
    """
    found: dict[int, str] = {}
    for at, word in enumerate(words):
        shown = _table(tongue.code).get(stem(bare(word).removesuffix("'s")), "")
        if shown and shown not in found.values() and not _is_verb(words, at, tongue):
            found[at] = shown
    return found


def _is_verb(words: Sequence[str], at: int, tongue: Language) -> bool:
    """Whether a word that could be a thing (to fan, to seal) is what somebody does here."""
    before = bare(words[at - 1]) if at and not ends_clause(words[at - 1]) else ""
    after = bare(words[at + 1]) if at + 1 < len(words) and not ends_clause(words[at]) else ""
    if tongue.code != "en" or before in tongue.determiners | tongue.prepositions - {"to"}:
        return False
    return before == "to" or after in tongue.determiners | tongue.pronouns - {"that", "who", "which", "what"}
