"""Coverage: what a brief asks for, and what of it no line and no shot has.

Knows words; knows nothing about who planned. What is said is covered, since every word of every line is in a shot.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from ...tools.media import Frozen
from ..model import Script, Shot
from .language import Language
from .markdown import read
from .numbers import counts
from .sayings import groups
from .text import SPEECH, bare, topic_words

A_THIRD = 0.34
"""The share of an event's topic words that its telling has, in the words of whoever tells it."""
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CAPITAL = re.compile(r"[^\W\d_a-z]\w+")


class Demand(Frozen):
    """One thing that a brief asks for: a sentence is an event; places and people are names; quoted words are shown."""

    kind: Literal["event", "name", "number", "shown"]
    words: str

    def __str__(self) -> str:
        return f"{self.kind} “{self.words}”"


def demands(text: str, tongue: Language) -> tuple[Demand, ...]:
    """What the sentences of a brief ask for, each once, in order."""
    found: dict[Demand, None] = {}
    for group in groups(read(text), tongue):
        for saying in group.sayings:
            found |= dict.fromkeys(_in(saying.text, tongue))
    return tuple(found)


def _in(text: str, tongue: Language) -> Iterable[Demand]:
    words = text.split()
    if len(set(topic_words(text, tongue))) > 1:
        yield Demand(kind="event", words=text)
    yield from (Demand(kind="number", words=each) for each in _DIGITS.findall(text))
    for quoted in SPEECH.findall(text):
        yield Demand(kind="shown", words=quoted)
    if tongue.code.startswith("de"):  # every noun has a capital there
        return
    for before, word in itertools.pairwise(words):
        if before[-1:] not in '.!?:“"„«' and _CAPITAL.match(word.strip("“”\"'(),")) and not counts([word], tongue):
            yield Demand(kind="name", words=word.strip("“”\"'(),.;:!?"))


def missing(wanted: Sequence[Demand], script: Script, shots: Sequence[Shot], tongue: Language) -> tuple[Demand, ...]:
    """The demands that no line says and no card shows."""
    lines = {line.id: line.text for line in script.lines}
    cards = " ".join(_shown(shot) for shot in shots)
    whole = " ".join([script.title, *lines.values(), *(line.by for line in script.lines), cards])
    told = [_stems(text, tongue) for text in (*lines.values(), *_scenes(script), whole)]
    plain = _plain(whole)
    numbers = set(_DIGITS.findall(whole))
    return tuple(each for each in wanted if not _covered(each, plain, numbers, told, tongue))


def _covered(one: Demand, plain: str, numbers: set[str], told: Sequence[set[str]], tongue: Language) -> bool:
    if one.kind == "number":
        return one.words in numbers
    if one.kind in ("name", "shown"):
        return f" {_plain(one.words).strip()} " in plain or (one.kind == "name" and bare(one.words) in plain.split())
    stems = _stems(one.words, tongue)
    return any(len(stems & has) >= A_THIRD * len(stems) for has in told)


def _scenes(script: Script) -> Iterable[str]:
    return (" ".join([scene.heading, *(line.text for line in scene.lines)]) for scene in script.scenes)


def _shown(shot: Shot) -> str:
    card = shot.card
    figure = f"{card.figure.value:g} {card.figure.label}" if card.figure else ""
    return " ".join([card.kicker, card.headline, card.body, *card.items, card.source, figure])


def _stems(text: str, tongue: Language) -> set[str]:
    return set(topic_words(text, tongue))


def _plain(text: str) -> str:
    return f" {' '.join(bare(word) for word in text.split() if bare(word))} "
