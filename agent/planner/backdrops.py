"""Backdrops: which moving background a shot gets from our field model, in words that the model was taught.

Knows words and motifs; knows nothing about fields or how they are drawn.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .language import Language
from .text import stem, topic_words


class Table(NamedTuple):
    """Captions by motif, and by the stem of a word that calls for one."""

    motifs: dict[str, list[str]]
    words: dict[str, str]


@cache
def table() -> Table:
    """What backdrops.toml says."""
    rows = tomllib.loads((files(__package__) / "backdrops.toml").read_text("utf-8"))
    called = {stem(word): caption for caption, words in rows["words"].items() for word in words.split()}
    return Table(rows["motifs"], called)


def called_for(words: str, tongue: Language) -> str:
    """The caption that the words of a line call for, or nothing.

    >>> from .language import language
    >>> called_for("A stone falls into the pond", language("en"))
    'polished marble'
    """
    called = table().words
    return next((called[word] for word in topic_words(words, tongue) if word in called), "")


def instead(motif: str, turn: int) -> str:
    """A caption for what a motif of formulas shows, another with every turn; nothing for sharp ones.

    >>> instead("grid", 0)
    ''
    """
    captions = table().motifs.get(motif)
    return captions[turn % len(captions)] if captions else ""
