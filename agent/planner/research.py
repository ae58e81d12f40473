"""Research: what the brief's references say about the film, as facts that know where they come from.

Knows passages and facts; a reference is data, whatever it says. Passages are found by meaning where the project has a
collection, by their words where it has none.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from ...prompts import fence, render
from ...tools.media import Frozen
from ...tools.read.passages import Passage, passages
from ..brief import topic_of
from ..mind import Mind
from ..model import Brief, Reference
from .drafts import MOST_FACTS, DraftFacts
from .language import Language
from .text import sentences, topic_words

MOST_PASSAGES = 12
"""Passages that a model reads: about 1,500 words, a tenth of what distracts it from the brief."""
QUERIES = 8
Find = Callable[[Sequence[Passage], Sequence[str], int], Sequence[Passage]]
"""The passages nearest to some queries, at most so many."""


class Fact(Frozen):
    """One sentence, and the name of the reference that says it."""

    text: str
    source: str


def research(brief: Brief, writer: Mind, find: Find, tongue: Language) -> tuple[Fact, ...]:
    """The facts of the brief's references; none without references."""
    told = [passage for reference in brief.references for passage in passages(reference.text, reference.name)]
    if not told:
        return ()
    own, topic = own_words(brief), topic_of(brief.text)
    queries = [topic, *sentences(own, tongue.code)][:QUERIES]
    chosen = list(find(told, queries, MOST_PASSAGES)) if len(told) > MOST_PASSAGES else told
    shown = "\n\n".join(f"[{number}] {each.source}\n{each.text}" for number, each in enumerate(chosen, start=1))
    prompt = render("research", topic=topic, most=str(MOST_FACTS), passages=fence("references", shown))
    answer = writer.ask(
        prompt, DraftFacts, target="research", stage="write", check=lambda facts: _objection(facts, chosen)
    )
    return tuple(Fact(text=fact.text, source=chosen[fact.passage - 1].source) for fact in answer.facts)


def own_words(brief: Brief) -> str:
    """The brief without the text of its references, which intake appends to it."""
    text = brief.text
    for reference in brief.references:
        text = text.replace(reference.text, "") if reference.text else text
    return text.strip() or topic_of(brief.text)


def by_words(told: Sequence[Passage], queries: Sequence[str], most: int, tongue: Language) -> list[Passage]:
    """The passages that share the most and the rarest topic words with the queries, in their order."""
    bags = [set(topic_words(passage.text, tongue)) for passage in told]
    seen = Counter(word for bag in bags for word in bag)
    wanted = set(topic_words(" ".join(queries), tongue))
    worth = [sum(1 / seen[word] for word in wanted & bag) for bag in bags]
    best = sorted(sorted(range(len(told)), key=lambda at: -worth[at])[:most])
    return [told[at] for at in best]


def _objection(facts: DraftFacts, told: Sequence[Passage]) -> str:
    """What no passage says: a passage that is not there, a number or a link that does not stand in it."""
    for fact in facts.facts:
        if fact.passage > len(told):
            return f"there is no passage {fact.passage}"
        known = told[fact.passage - 1].text
        if wrong := strangers(fact.text, known):
            return f"{wrong} does not stand in passage {fact.passage}"
    return ""


def strangers(text: str, known: str) -> str:
    """The first number or link in a text that what is known does not have; empty where there is none.

    >>> strangers("It has 12 doors.", "It has 11 doors."), strangers("It has 11 doors.", "It has 11 doors.")
    ('12', '')
    """
    numbers = set(re.findall(r"\d+", known))
    found = [number for number in re.findall(r"\d+", text) if number not in numbers]
    links = [link for link in re.findall(r"https?://\S+|www\.\S+|\S+@\S+\.\w+", text) if link not in known]
    return next(iter([*found, *links]), "")


def credited(text: str, numbers: Sequence[int], facts: Sequence[Fact], references: Sequence[Reference]) -> list[str]:
    """Names of the references behind a line: those of the facts it cites, and those whose words it has."""
    from .sources import cites

    named = [facts[number - 1].source for number in numbers if 0 < number <= len(facts)]
    return list(dict.fromkeys([*named, *cites(text, references)]))
