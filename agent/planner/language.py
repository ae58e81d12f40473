"""Languages: which one a text is in, and the word classes its sentences are read by.

Knows nothing about briefs or shots.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field, field_validator

from ...tools.media import Frozen

SCRIPTS = (
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7af\u1100-\u11ff"),
    ("zh", "\u3400-\u9fff"),
    ("ar", "\u0600-\u06ff"),
    ("he", "\u0590-\u05ff"),
    ("ru", "\u0400-\u04ff"),
    ("el", "\u0370-\u03ff"),
    ("hi", "\u0900-\u097f"),
    ("th", "\u0e00-\u0e7f"),
)
"""A script whose language we take for granted, in the order it is looked for: kana makes Han Japanese."""
SAMPLE = 3000
"""Characters that are enough to tell a language."""


class Language(Frozen):
    """Word classes of one language; a language we have no table for has empty ones."""

    code: str
    determiners: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    """Words that make a claim a possibility."""
    qualifiers: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    leans: frozenset[str] = frozenset()
    """Words by which a sentence leans on the one before it, so that it cannot stand alone."""
    contrast: frozenset[str] = frozenset()
    sequence: frozenset[str] = frozenset()
    percent: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    stop: frozenset[str] = frozenset()
    joins: str = ""
    numbers: dict[str, int] = Field(default_factory=dict)
    scales: dict[str, int] = Field(default_factory=dict)

    @field_validator(
        "determiners", "prepositions", "conjunctions", "auxiliaries", "pronouns", "other", "negations", "hedges",
        "qualifiers", "breaks", "leans", "contrast", "sequence", "percent", "months", mode="before",
    )  # fmt: skip
    @classmethod
    def _words(cls, words: object) -> object:
        return frozenset(words.split()) if isinstance(words, str) else words

    @field_validator("numbers", "scales", mode="before")
    @classmethod
    def _values(cls, pairs: object) -> object:
        return dict(pair.split("=") for pair in pairs.split()) if isinstance(pairs, str) else pairs


@cache
def _tables() -> dict[str, Language]:
    rows = tomllib.loads((files(__package__) / "languages.toml").read_text("utf-8"))
    found = {code: Language.model_validate({"code": code, **row}) for code, row in rows.items()}
    return {code: row.model_copy(update={"stop": _stop(row)}) for code, row in found.items()}


def _stop(row: Language) -> frozenset[str]:
    return frozenset().union(
        row.determiners, row.prepositions, row.conjunctions, row.auxiliaries, row.pronouns, row.other, row.qualifiers
    )


def language(tag: str) -> Language:
    """The word classes for a BCP 47 tag.

    >>> language("de-AT").joins, language("tlh").joins
    ('und', '')
    """
    code = re.split(r"[-_]", tag.lower())[0]
    return _tables().get(code) or Language(code=code or "en")


def detect(text: str) -> str:
    """The language of a text, by its script, then its small words, then a statistical model.

    Two words say little in any language: a short text whose small words do not give it away counts as English.

    >>> detect("Wie die Bienen aus Nektar ihren Honig machen"), detect("Espresso"), detect("蜜蜂采蜜。")
    ('de', 'en', 'zh')
    """
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample)) or 1
    for code, ranges in SCRIPTS:
        share = len(re.findall(f"[{ranges}]", sample)) / letters
        if share > (0.1 if code in ("ja", "ko") else 0.4):
            return code
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", sample.lower())
    return _by_small_words(words) or ("en" if len(words) < 3 else _by_model(sample))


def _by_small_words(words: list[str]) -> str:
    hits = sorted(((sum(word in row.stop for word in words), code) for code, row in _tables().items()), reverse=True)
    (best, code), (second, _) = hits[0], hits[1]
    return code if best >= 2 and best >= 1.3 * second else ""


def _by_model(sample: str) -> str:
    from py3langid import classify

    code, _ = classify(sample)
    return str(code)
