"""Skills: programs that are known to draw what they say, found by the words of what is wanted.

Knows words and programs; knows nothing about who asks, nor about verdicts (memory/skills.py does).
"""

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ..media import Frozen

TOLD = 12
"""Words of a request, beyond its first, after which a single word says little about what it is about."""


class Skill(Frozen):
    """A program with a name, one sentence on what it draws, and the words it is found by."""

    name: str
    says: str
    tags: tuple[str, ...]
    program: str


class Match(NamedTuple):
    """A skill, and how many of the words that were asked for it knows."""

    skill: Skill
    words: int


def read(name: str, text: str) -> Skill:
    """A program's skill, from its docstring: a sentence, an empty line, and `tags: …`; ValueError if it has none."""
    doc = ast.get_docstring(ast.parse(text)) or ""
    found = re.search(r"^tags:\s*(.+)$", doc, re.MULTILINE)
    if not doc or not found:
        raise ValueError(f"the program {name} says neither what it draws nor by what words it is found")
    return Skill(name=name, says=doc.splitlines()[0], tags=tuple(found[1].split()), program=text)


@cache
def shipped(kind: str = "skills") -> tuple[Skill, ...]:
    """The programs that we ship: `skills` draw, `questions` answer."""
    folder = files(__package__) / kind
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".reel"))
    return tuple(read(name.removesuffix(".reel"), (folder / name).read_text("utf-8")) for name in found)


def skill(name: str) -> Skill:
    """A shipped skill by its name; KeyError if there is none."""
    return {each.name: each for each in shipped()}[name]


def matches(words: str, skills: Iterable[Skill]) -> list[Match]:
    """The skills that know a word of these, the one that knows most first; equals stay in their order.

    >>> [match.skill.name for match in matches("A pendulum is a clock", shipped())]
    ['pendulums']
    """
    said = set(_plain(words))
    found = [Match(each, len(said & set(_plain(" ".join(each.tags))))) for each in skills]
    return sorted((match for match in found if match.words), key=lambda match: -match.words)


def clear(words: str, skills: Sequence[Skill]) -> Skill | None:
    """The skill that a sentence is plainly about: it names the skill's own subject, and no other skill knows as much.

    >>> found = clear("Each pendulum keeps its own time.", shipped())
    >>> found.name if found else None
    'pendulums'
    >>> clear("The team compares the data of one year.", shipped()) is None
    True
    """
    found = [match for match in matches(words, skills) if subject(match.skill) & set(_plain(words))]
    if not found or (len(found) > 1 and found[0].words == found[1].words):
        return None
    told = len(re.findall(r"\w+", words))
    return found[0].skill if found[0].words > 1 or told <= TOLD else None


def subject(skill: Skill) -> set[str]:
    """What a skill draws, apart from what it may be used for: its first tags, which its name stands for."""
    return set(_plain(" ".join(skill.tags[:SUBJECT])))


SUBJECT = 2
"""First tags of a skill, singular and plural or two names of the thing itself, that make a match clear."""


def _plain(words: str) -> list[str]:
    """Lower-case words without a plural's s.

    >>> _plain("Waves, gears and DNA")
    ['wave', 'gear', 'and', 'dna']
    """
    return [
        re.sub(r"(?<=[^s])s$", "", word) if len(word) > 3 else word for word in re.findall(r"[^\W\d_]+", words.lower())
    ]
