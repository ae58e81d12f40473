"""Skills: programs that are known to draw or to answer what they say, found by the words of what is wanted.

Knows words and programs; knows nothing about who asks, nor about verdicts (memory/skills.py does).
"""

import ast
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from ..media import Frozen

SUBJECT = 2
"""First tags of a skill that name the thing itself; the others say what it may stand for."""
TOLD = 10
"""Words of a sentence for each that a skill knows: a single one in a long sentence says little."""


class Skill(Frozen):
    """A program with a name, one sentence on what it draws, the words it is found by, and those that rule it out."""

    name: str
    says: str
    tags: tuple[str, ...]
    bars: tuple[str, ...] = ()
    program: str


class Match(NamedTuple):
    """A skill, and how many of the words that were asked for it knows."""

    skill: Skill
    words: int


def read(name: str, text: str) -> Skill:
    """A program's skill, from its docstring: a sentence, an empty line, `tags: …`; ValueError if it has none."""
    doc = ast.get_docstring(ast.parse(text)) or ""
    found, bars = (re.search(rf"^{row}:\s*(.+)$", doc, re.MULTILINE) for row in ("tags", "not"))
    if not doc or not found:
        raise ValueError(f"the program {name} says neither what it draws nor by what words it is found")
    barred = tuple(bars[1].split()) if bars else ()
    return Skill(name=name, says=doc.splitlines()[0], tags=tuple(found[1].split()), bars=barred, program=text)


@cache
def shipped(kind: Literal["skills", "questions"] = "skills") -> tuple[Skill, ...]:
    """The programs that we ship: `skills` draw, `questions` answer."""
    folder = files(__package__) / kind
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".reel"))
    return tuple(read(name.removesuffix(".reel"), (folder / name).read_text("utf-8")) for name in found)


def skill(name: str) -> Skill:
    """A shipped skill by its name; KeyError if there is none."""
    return {each.name: each for each in shipped()}[name]


def matches(words: str, skills: Iterable[Skill]) -> list[Match]:
    """The skills that know a word of these, the one that knows most first; equals stay in their order.

    >>> [match.skill.name for match in matches("A pendulum keeps time", shipped())]
    ['pendulums']
    """
    said = _plain(words)
    found = [Match(each, len(said & _plain(" ".join(each.tags)))) for each in skills]
    return sorted((match for match in found if match.words), key=lambda match: -match.words)


def clear(words: str, skills: Iterable[Skill]) -> Skill | None:
    """The skill whose own subject a sentence is plainly about, where no other comes as near.

    One word in a long sentence is not enough, and a word that rules the skill out is.

    >>> found = clear("Each pendulum keeps its own time.", shipped())
    >>> found.name if found else None
    'pendulums'
    >>> clear("Waves break on the beach.", shipped()) is None
    True
    >>> clear("The team compares the data of one year.", shipped()) is None
    True
    """
    said = _plain(words)
    found = [match for match in matches(words, skills) if said & _plain(" ".join(match.skill.tags[:SUBJECT]))]
    found = [match for match in found if not said & _plain(" ".join(match.skill.bars))]
    if not found or (len(found) > 1 and found[0].words == found[1].words):
        return None
    return found[0].skill if len(re.findall(r"\w+", words)) <= TOLD * found[0].words else None


def api(name: str = "reel") -> str:
    """What a program may call, as its author reads it: every public name of a module here, with what it says."""
    text = (files(__package__) / f"{name}.py").read_text("utf-8")
    return "\n".join(line for node in ast.parse(text).body for line in _told(node, ""))


def _told(node: ast.stmt, margin: str) -> list[str]:
    if isinstance(node, ast.ClassDef):
        rows = [f"{margin}class {node.name}: {_first(node)}"]
        return rows + [line for each in _fields(node) for line in _told(each, "    ")]
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in {"main", "plain"}:
        back = ast.unparse(node.returns) if node.returns else "None"
        if node.decorator_list:
            return [f"{margin}{node.name}: {back}", f"{margin}    # {_first(node)}"]
        return [f"{margin}def {node.name}({ast.unparse(node.args)}) -> {back}: {_first(node)}"]
    if margin and isinstance(node, ast.AnnAssign):
        return [margin + ast.unparse(node)]
    if margin and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        assert isinstance(node.value.value, str)
        return [f"{margin}    # {node.value.value}"]
    return []


def _fields(node: ast.ClassDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node) else node.body


def _first(node: ast.ClassDef | ast.FunctionDef) -> str:
    return (ast.get_docstring(node) or "").splitlines()[0]


def _plain(words: str) -> set[str]:
    """Lower-case words without a plural's s.

    >>> sorted(_plain("Waves, gears and DNA"))
    ['and', 'dna', 'gear', 'wave']
    """
    found = re.findall(r"[^\W\d_]+", words.lower())
    return {re.sub(r"(?<=[^s])s$", "", word) if len(word) > 3 else word for word in found}
