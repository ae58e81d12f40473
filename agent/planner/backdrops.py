"""Backdrops: which moving background a shot gets from our field model, in words that the model was taught.

Knows words and motifs; knows nothing about fields or how they are drawn.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from .language import Language
from .text import stem, topic_words


@cache
def _motifs() -> dict[str, tuple[str, ...]]:
    rows = tomllib.loads((files(__package__) / "backdrops.toml").read_text("utf-8"))
    return {motif: tuple(captions) for motif, captions in rows["motifs"].items()}


@cache
def _words() -> dict[str, str]:
    rows = tomllib.loads((files(__package__) / "backdrops.toml").read_text("utf-8"))
    return {stem(word): caption for caption, words in rows["words"].items() for word in words.split()}


def called_for(words: Iterable[str], tongue: Language) -> str:
    """The caption that the words of a line call for, or nothing.

    >>> from .language import language
    >>> called_for("A stone falls into the pond".split(), language("en"))
    'polished marble'
    """
    return next((_words()[word] for word in topic_words(" ".join(words), tongue) if word in _words()), "")


def instead(motif: str, turn: int) -> str:
    """A caption for what a motif of formulas shows, another with every turn; nothing for sharp ones.

    >>> instead("grid", 0)
    ''
    """
    captions = _motifs().get(motif, ())
    return captions[turn % len(captions)] if captions else ""
