"""Grammar: a request in plain words becomes typed edits, without a model.

Knows patterns and what they mean; knows nothing about how edits are carried out. What it does not understand it
says, with what is nearest to it.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from ..errors import BriefError
from .asked import Asked
from .edits import Edit
from .lexicon import Rule, lexicon
from .meaning import MEANINGS
from .targets import Targets, Unfound

_JOINS = re.compile(r"\s*(?:[;.!]|,?\s+(?:and\s+)?then|,\s*and|,|\s+and|\s+but|\s+plus)\s+", re.IGNORECASE)
"""Where one edit may end and the next begin."""
_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”»]|(?<!\w)[‘']([^‘’']+)[’'](?!\w)")
EXAMPLES = 7
"""Things that can be said which a person is shown at once."""


def parse(request: str, asked: Asked) -> list[Edit]:
    """The edits that a request asks for, in order.

    Raises:
        BriefError: it is not understood, or speaks of what the film does not have; the hint shows what can be said.
    """
    quotes: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quotes.append(next(filter(None, found.groups())))
        return f"⟦{len(quotes) - 1}⟧"

    text = _QUOTED.sub(keep, " ".join(request.split()))
    asked = asked._replace(targets=Targets(asked.targets.plan, tuple(quotes)))
    missing: list[str] = []
    edits = _clauses(text, asked, missing)
    if edits is None:
        raise _puzzled(asked.targets.said(text), missing)
    return edits


def _clauses(text: str, asked: Asked, missing: list[str]) -> list[Edit] | None:
    """The longest first clause that is understood, then the rest likewise."""
    if not _plain(text):
        return []
    whole = _clause(text, asked, missing)
    if whole is not None:
        return whole
    for join in reversed(list(_JOINS.finditer(text))):
        first = _clause(text[: join.start()], asked, missing)
        if first is None:
            continue
        rest = _clauses(text[join.end() :], asked._replace(before=tuple(first)), missing)
        if rest is not None:
            return [*first, *rest]
    return None


def _plain(text: str) -> str:
    """A clause without politeness and punctuation round it."""
    text = text.strip().strip(",.;!").strip()
    polite = "|".join(sorted(map(re.escape, lexicon().polite), key=len, reverse=True))
    while True:
        shorter = re.sub(
            rf"^(?:{polite})(?:,|\s)\s*|,?\s+(?:please|now|thanks|thank you)[.!]?$|\?$", "", text, flags=re.I
        )
        if shorter == text:
            return text
        text = shorter.strip()


def _clause(text: str, asked: Asked, missing: list[str]) -> list[Edit] | None:
    """The edits of one clause by the first rule that fits it, as it stands or without its politeness."""
    readings = dict.fromkeys((text.strip().strip(",.;!").strip(), _plain(text)))
    for rule, pattern in _patterns():
        found = next(filter(None, map(pattern.fullmatch, readings)), None)
        if not found:
            continue
        parts = {name: value for name, value in found.groupdict().items() if value is not None}
        try:
            edits = MEANINGS[rule.name](parts, asked)
        except Unfound as error:
            if str(error):
                missing.append(str(error))
            continue
        if edits:
            return edits
    return None


@cache
def _patterns() -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    book = lexicon()
    return tuple(
        (rule, re.compile(book.pattern(template), re.IGNORECASE)) for rule in book.rules for template in rule.match
    )


def sayings() -> tuple[str, ...]:
    """Examples of all that can be said, one a rule."""
    return tuple(rule.say[0] for rule in lexicon().rules)


def _puzzled(text: str, missing: Sequence[str]) -> BriefError:
    """The error for a request that is not understood: why, what is nearest, and what else can be said."""
    every = [say for rule in lexicon().rules for say in rule.say]
    near = sorted(every, key=lambda say: -SequenceMatcher(None, text.lower(), say.lower()).ratio())
    if missing:
        return BriefError(" ".join(dict.fromkeys(missing)), f"For example: {near[0]}")
    others = [say for say in sayings() if say != near[0]][:EXAMPLES]
    return BriefError(
        f"“{text}” is not understood without a model.",
        f"Did you mean something like: {near[0]}? One can also say: {'; '.join(others)}.",
    )
