"""Lexicon: the words that the grammar of edits reads, from grammar.toml.

Knows words; knows nothing about films.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field

from ...tools.media import Frozen
from ...tools.music import Mood


class Rule(Frozen):
    """One way to ask: what it means, an example that people are shown, and the patterns it is known by."""

    name: str
    say: tuple[str, ...]
    match: tuple[str, ...]


class Lexicon(Frozen):
    """The words and the rules of one language."""

    polite: tuple[str, ...]
    film: frozenset[str]
    title: frozenset[str]
    opening: frozenset[str]
    ending: frozenset[str]
    nouns: dict[str, str]
    ordinals: dict[str, int]
    numbers: dict[str, int]
    moods: dict[str, Mood]
    captions: dict[str, str]
    shapes: dict[str, str]
    languages: dict[str, str]
    rules: tuple[Rule, ...] = Field(min_length=1)

    @property
    def noun(self) -> str:
        """A pattern for scene, line, shot and their kin, one or several."""
        return rf"((?:{'|'.join(sorted(map(re.escape, self.nouns), key=len, reverse=True))})s?)"

    @property
    def number(self) -> str:
        """A pattern for a number in digits or words."""
        return rf"(\d+|{'|'.join(self.numbers)})"

    def count(self, text: str) -> int:
        """The number that is written."""
        return int(text) if text.isdigit() else self.numbers[text]

    def singular(self, noun: str) -> str:
        """Scene, line or shot for whatever a person calls it."""
        return self.nouns.get(noun) or self.nouns[noun.removesuffix("s")]

    def pattern(self, template: str) -> str:
        """A rule's pattern with the lists of the lexicon filled in."""
        lists = {
            "noun": self.noun[1:-1],
            "count": self.number[1:-1],
            "ordinals": "|".join(self.ordinals),
            "moods": _any(self.moods),
            "captions": _any(self.captions),
            "shapes": _any(self.shapes),
            "languages": _any(self.languages),
            "film": _any(self.film),
        }
        for name, words in lists.items():
            template = template.replace(f"<{name}>", f"(?:{words})")
        return template


def _any(words: "dict[str, object] | dict[str, Mood] | dict[str, str] | frozenset[str]") -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def lexicon() -> Lexicon:
    """The English one, which we ship."""
    data = tomllib.loads((files(__package__) / "grammar.toml").read_text("utf-8"))
    lists = {name: data[name] for name in ("film", "title", "opening", "ending")}
    found = {name: frozenset(words) for name, words in lists.items()}
    tables = {
        name: {word: key for key, words in data[name].items() for word in words}
        for name in ("nouns", "moods", "captions", "shapes", "languages")
    }
    return Lexicon.model_validate({**data, **found, **tables})
