"""Sayings: what a document's blocks become when they are spoken, grouped by what must stay together.

Knows documents and languages; knows nothing about lengths, ranks or shots.
"""

import re
from collections.abc import Iterator

from ...tools.media import Frozen
from ..model import Part
from .language import Language
from .markdown import Block, Document
from .numbers import alike, count
from .text import bare, capital, clean, ends_clause, sentence, sentences, speakable

KEEP_WHOLE = 6
"""A list of so many entries stays whole or goes; a longer one may lose its end."""
SHORT_ENTRY = 3
"""Words of an entry that is better spoken in one sentence with its neighbours."""
JOINED = 5
"""Entries that one sentence can carry."""


class Saying(Frozen):
    """One sentence to be spoken, and what it is in the brief."""

    text: str
    part: Part = "say"
    by: str = ""
    speaker: str = ""


class Group(Frozen):
    """Sayings that stand or fall together, the block they come from, and the group they lean on (-1 for none)."""

    sayings: tuple[Saying, ...]
    block: int
    heading: str = ""
    needs: int = -1
    skip: int = 0

    @property
    def text(self) -> str:
        """All it says."""
        return " ".join(saying.text for saying in self.sayings)


def groups(document: Document, tongue: Language) -> list[Group]:
    """All that the document can say, in order."""
    found: list[Group] = []
    for index, block in enumerate(document.blocks):
        following = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
        if block.kind == "quote":
            said = [text for each in sentences(clean(block.items[0]), tongue.code) for text in [sentence(each)]]
            if said:
                quote = tuple(Saying(text=text, part="quote", by=block.by) for text in said)
                found.append(Group(sayings=quote, block=index, heading=block.heading))
        elif block.kind == "text":
            found += _paragraph(block, index, len(found), tongue, _leads(block, following))
        else:
            found += _list(block, index, found, tongue)
    return found


def _leads(block: Block, following: Block | None) -> bool:
    return (
        following is not None
        and following.kind in ("list", "steps", "rows")
        and following.heading == block.heading
        and clean(block.items[0]).endswith((":", "："))
    )


def _paragraph(block: Block, index: int, base: int, tongue: Language, leads: bool) -> list[Group]:
    said = [sentence(text) for text in sentences(_unwrap(block.items[0]), tongue.code)]
    found: list[Group] = []
    for at, text in enumerate(said):
        part: Part = "lead" if leads and at == len(said) - 1 else "say"
        saying = Saying(text=text, part=part, speaker=block.speaker)
        if found and part == "say" and _pairs(found[-1].sayings[-1].text, text, tongue):
            found[-1] = found[-1].model_copy(update={"sayings": (*found[-1].sayings, saying)})
            continue
        needs = base + len(found) - 1 if _leans(text, tongue, first=not at) else -1
        found.append(Group(sayings=(saying,), block=index, heading=block.heading, needs=needs))
    return found


def _unwrap(text: str) -> str:
    """Join hard-wrapped lines; a line that is a sentence or a verse of its own keeps its end."""
    lines = [clean(line) for line in text.split("\n")]
    lines = [line for line in lines if speakable(line)]
    wrapped = any(len(line) > 55 for line in lines)
    return " ".join(
        line if wrapped or ends_clause(line) or at == len(lines) - 1 else f"{line}." for at, line in enumerate(lines)
    )


def _leans(text: str, tongue: Language, first: bool) -> bool:
    words = [bare(word) for word in text.split()[:5]]
    if first:
        return bool(words) and words[0] in tongue.leans - tongue.conjunctions - {"so", "then", "also"}
    return any(word in tongue.leans for word in words[:1]) or any(
        word in tongue.leans & tongue.pronouns for word in words[1:]
    )


def _pairs(one: str, other: str, tongue: Language) -> bool:
    """Whether two sentences set a number against a number of the same kind."""
    first, second = count(one.split(), tongue), count(other.split(), tongue)
    if not (first and second and first.written and second.written and max(len(one), len(other)) < 80):
        return False
    return alike(first, second)


def _list(block: Block, index: int, found: list[Group], tongue: Language) -> list[Group]:
    """A list's groups. Its lead is taken out of `found` to stand or fall with it."""
    lead = found.pop() if found and found[-1].sayings[-1].part == "lead" and found[-1].block == index - 1 else None
    opening = lead.sayings if lead else ()
    entries = [entry for item in block.items if speakable(entry := clean(item))]
    if _short(entries):
        said = list(_joined(entries, opening[-1].text if opening else "", tongue))
        opening = opening[:-1]
    else:
        part: Part = "say" if block.kind == "rows" else "step" if _is_sequence(block, opening, tongue) else "item"
        said = [Saying(text=sentence(text), part=part) for entry in entries for text in sentences(entry, tongue.code)]
    base, needs = len(found), lead.needs if lead else -1
    if needs < 0 and entries and _leans(entries[0], tongue, first=False):
        needs = base - 1
    head = len(said) if len(entries) <= KEEP_WHOLE else min(3, len(said))
    groups = [Group(sayings=(*opening, *said[:head]), block=index, heading=block.heading, needs=needs)] if said else []
    for at, saying in enumerate(said[head:]):
        groups.append(Group(sayings=(saying,), block=index, heading=block.heading, needs=base + at))
    return groups


def _short(entries: list[str]) -> bool:
    total = sum(len(entry.split()) for entry in entries)
    return len(entries) > 1 and total <= SHORT_ENTRY * len(entries) and not any("," in entry for entry in entries)


def _joined(entries: list[str], lead: str, tongue: Language) -> Iterator[Saying]:
    """Short entries as enumerations: `You need flour, water and salt.`."""
    entries = [entry.rstrip(".;,") for entry in entries]
    wide = bool(re.search("[\u3005-\u9fff]", "".join(entries)))
    comma, last = ("、", "、") if wide else (", ", f" {tongue.joins} " if tongue.joins else ", ")
    for at in range(0, len(entries), JOINED):
        part = entries[at : at + JOINED]
        text = comma.join(part[:-1]) + last + part[-1] if len(part) > 1 else part[0]
        opening = "" if at or not lead else lead.rstrip(".。:：") + ("：" if wide else ": ")
        yield Saying(text=sentence(opening + text if opening else capital(text)), part="items")


def _is_sequence(block: Block, opening: tuple[Saying, ...], tongue: Language) -> bool:
    if block.kind == "steps":
        return True
    said = " ".join(saying.text for saying in opening) + " " + block.heading
    return any(bare(word) in tongue.sequence for word in said.split())
