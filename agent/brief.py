"""Briefs that are only a topic: the questions that fill them, the prompt for a chat assistant, brief.md.

Knows text; knows nothing about terminals, files or planning.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

from pydantic import Field

from ..prompts import render
from ..tools.media import Frozen
from .planner.language import detect, language
from .planner.markdown import read
from .planner.text import bare, capital, clean, sentence, speakable

MOST = 5
"""Questions that a person is asked."""


class Question(Frozen):
    """What to ask, what becomes of the answer, and what opens a list by language."""

    ask: str
    kind: Literal["text", "steps", "quote"] = "text"
    lead: dict[str, str] = Field(default_factory=lambda: {"en": "Step by step:", "de": "Schritt für Schritt:"})


class Beat(Frozen):
    """A kind of film: the topics that ask for it, and its questions."""

    name: str
    match: str
    questions: tuple[Question, ...]


@cache
def _beats() -> tuple[Beat, ...]:
    rows = tomllib.loads((files(__package__) / "planner" / "beats.toml").read_text("utf-8"))
    return tuple(Beat.model_validate(row) for row in rows["beats"])


def is_topic(text: str) -> bool:
    r"""Whether a brief names a topic and says nothing about it.

    >>> is_topic("How bees make honey"), is_topic("# Bees\n\nBees fly.")
    (True, False)
    """
    return not read(text).blocks


def topic_of(text: str) -> str:
    """The topic in a brief, without "make a film about".

    >>> topic_of("Make a 30-second video about how bees make honey.")
    'How bees make honey'
    """
    line = read(text).title or next((clean(line) for line in text.splitlines() if speakable(line)), "")
    return line.strip().rstrip(".:")


def questions(text: str) -> tuple[str, ...]:
    """At most five questions whose answers make the topic a brief, from the beat structure that fits it.

    >>> questions("How bees make honey")[2]
    'Which steps lead to honey, one after another?'
    """
    return tuple(question.ask for question in _asked(topic_of(text)))


def kind_of(topic: str) -> str:
    """The kind of film that a topic asks for, as beats.toml names it.

    >>> kind_of("How to tie a bowline")
    'tutorial'
    """
    plain = topic.rstrip("?!. ")
    return next(beat.name for beat in _beats() if re.search(beat.match, plain))


def _asked(topic: str) -> list[Question]:
    plain = topic.rstrip("?!. ")
    for beat in _beats():
        found = re.search(beat.match, plain)
        if found:
            names = {"rest": plain.split(" ", 1)[-1], **found.groupdict(), "topic": plain}
            return [
                question.model_copy(update={"ask": capital(Template(question.ask).safe_substitute(names))})
                for question in beat.questions[:MOST]
            ]
    return []


def compose(text: str, answers: Mapping[str, str]) -> str:
    """The brief that the answers make: Markdown with the topic as its heading. Empty answers are left out.

    Args:
        text: what the person typed.
        answers: answers by question, as `questions` words them.
    """
    topic = topic_of(text)
    code = detect(" ".join((topic, *answers.values())))
    parts = [f"# {topic}"]
    for question in _asked(topic):
        answer = answers.get(question.ask, "").strip()
        if speakable(answer):
            parts.append(_part(question, answer, code))
    return "\n\n".join(parts) + "\n"


def _part(question: Question, answer: str, code: str) -> str:
    if question.kind == "quote":
        return f"> {clean(answer)}"
    entries = _entries(answer, code) if question.kind == "steps" else []
    if len(entries) < 2:
        return "\n".join(sentence(clean(line)) for line in answer.splitlines() if speakable(line))
    lead = question.lead.get(code, "")
    return "\n\n".join(filter(None, (lead, "\n".join(f"- {entry}" for entry in entries))))


def _entries(answer: str, code: str) -> list[str]:
    """The entries of an answer: its lines, else its semicolons, else its sentences, else its commas."""
    joins = language(code).joins
    for mark in ("\n", ";", r"(?<=[.!?])\s+", ","):
        found = [re.sub(r"^\s*(?:[-*•]|\d+[.)])\s*", "", clean(part)) for part in re.split(mark, answer)]
        found = [part.rstrip(".,;") for part in found if speakable(part)]
        if len(found) > 1:
            first, *rest = found
            return [first, *(_without(part, joins) for part in rest)]
    return [clean(answer)]


def _without(entry: str, word: str) -> str:
    head, _, tail = entry.partition(" ")
    return tail if tail and word and bare(head) == word else entry


def chat_prompt(text: str, seconds: float = 30.0) -> str:
    """What to paste into any chat assistant so that it writes a brief of the shape we read best."""
    words = max(8, round((seconds - 4) * 2.3))
    return render("brief", topic=topic_of(text), seconds=f"{seconds:g}", words=str(words))


def brief_template(text: str) -> str:
    """brief.md for a topic: its questions as comments, which are not read, and the command that comes next."""
    topic = topic_of(text)
    head = "Answer below each question, in whole sentences. What you leave out is left out of the film. Then run:"
    parts = [f"# {topic}", f"<!-- {head}\n\n     reelwright make brief.md\n-->"]
    parts += [f"<!-- {number}. {each.replace('--', '–')} -->" for number, each in enumerate(questions(topic), start=1)]
    return "\n\n".join(parts) + "\n"
