"""What tokens cost: a table by model name, overruled by what the settings say.

Knows nothing about budgets. A price that nobody knows is None, never a guess.
"""

import math
import tomllib
from functools import cache
from importlib.resources import files

from . import Options, Question

A_TOKEN = 3
"""Bytes of text that we count a token for before asking: fewer than the usual four, so that a quote is rather high."""
A_PICTURE = 1600
"""Tokens of a picture: the most that a provider counts for one of our sizes (Anthropic: width x height / 750)."""
HOME = ("://localhost", "://127.0.0.1", "://[::1]")


@cache
def _table() -> dict[str, dict[str, tuple[float, float]]]:
    rows = tomllib.loads((files(__package__) / "prices.toml").read_text("utf-8"))
    return {house: {name: (pair[0], pair[1]) for name, pair in models.items()} for house, models in rows.items()}


def price(model: str, options: Options) -> tuple[float, float] | None:
    """US dollars for a million tokens asked and said; None where nobody knows.

    >>> price("openai:gpt-4o-mini-2024-07-18", Options())
    (0.15, 0.6)
    >>> price("openai:my-own", Options(base_url="http://localhost:8000/v1"))
    (0.0, 0.0)
    """
    if options.price_in is not None or options.price_out is not None:
        return options.price_in or 0.0, options.price_out or 0.0
    if options.base_url:  # another house's server: its prices are not the table's
        return (0.0, 0.0) if any(home in options.base_url for home in HOME) else None
    house, _, name = model.partition(":")
    fitting = [known for known in _table().get(house, {}) if name.startswith(known)]
    return _table()[house][max(fitting, key=len)] if fitting else None


def tokens_of(question: Question) -> int:
    """Tokens that a question is taken to have before it is asked: rather too many than too few."""
    texts = [text for _, text in question.messages] + [question.shape, question.spelled]
    return math.ceil(sum(len(text.encode()) for text in texts) / A_TOKEN) + A_PICTURE * len(question.images)


def money(rate: tuple[float, float] | None, asked: int, said: int) -> float:
    """US dollars.

    >>> money((2.0, 8.0), 1_000_000, 500_000)
    6.0
    """
    return (rate[0] * asked + rate[1] * said) / 1e6 if rate else 0.0
