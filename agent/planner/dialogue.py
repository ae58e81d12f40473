"""Dialogue: paragraphs that begin with a speaker's name ("Anna: …") become turns, each its speaker's.

Knows documents; knows nothing about voices. "Note: …" is no speaker, unless the cast says so.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from .markdown import Block, Document

TURN = re.compile(r"^\s*(?P<name>[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,2})\s*[:：]\s+(?P<said>\S.*)$", re.S)
_LABELS = frozenset(
    re.findall(
        r"\w+",
        "note tip step example warning fact source date place time title summary result why how what when where who"
        " before after pros cons first second third finally remember important hint problem solution day week chapter",
    )
)
"""Words that open a paragraph with a colon and say what it is, not whose."""


def attributed(document: Document, cast: Collection[str] = ()) -> Document:
    """The document with its dialogue cut into turns.

    A name speaks where the cast has it; else it takes two names, one of which comes back or nothing else is said:
    one label that comes again ("Day: …") is no dialogue.
    """
    names = _speakers(document, {name.casefold() for name in cast})
    if not names:
        return document
    blocks = [turn for block in document.blocks for turn in _turns(block, names)]
    return document.model_copy(update={"blocks": tuple(blocks)})


def _lines(block: Block) -> Iterator[str]:
    if block.kind in ("text", "list"):
        for item in block.items:
            yield from (line for line in item.split("\n") if line.strip())


def _speakers(document: Document, cast: set[str]) -> set[str]:
    said: list[str] = []
    others = 0
    for block in document.blocks:
        for line in _lines(block):
            found = TURN.match(line)
            name = found["name"] if found and len(found["said"].split()) > 1 else ""
            if name[:1].isupper() and name.casefold() not in _LABELS:
                said.append(name.casefold())
            others += not name or block.kind == "list"
    counts = Counter(said)
    if len(counts) > 1 and (max(counts.values()) > 1 or not others):
        return set(counts)
    return set(counts) & cast


def _turns(block: Block, names: set[str]) -> Iterator[Block]:
    """A block's turns; a line without a name goes on with the turn before it."""
    if block.kind not in ("text", "list") or not any(_name(line, names) for line in _lines(block)):
        yield block
        return
    if block.kind == "list" and not all(_name(item.split("\n")[0], names) for item in block.items):
        yield block
        return
    speaker, said = "", list[str]()
    for line in _lines(block):
        found = _name(line, names)
        if found is not None:
            if said:
                yield _turn(block, speaker, said)
            speaker, said = found["name"], [found["said"]]
        else:
            said.append(line)
    yield _turn(block, speaker, said)


def _name(line: str, names: set[str]) -> "re.Match[str] | None":
    found = TURN.match(line)
    return found if found and found["name"].casefold() in names else None


def _turn(block: Block, speaker: str, said: list[str]) -> Block:
    return block.model_copy(update={"kind": "text", "items": ("\n".join(said),), "speaker": speaker})
