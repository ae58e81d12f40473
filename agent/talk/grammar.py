"""The dialogue's grammar: what a turn means, without a model, from the patterns of en.toml.

Knows what people say to us; knows nothing about the film or about what we answer.
"""

import re

from ..planner.text import capital
from .lexis import Lexis, lexis
from .meaning import Expecting, Intent, Meaning
from .words import GONE, Turn, turn_of

SHORT = 14
"""Words of a turn in which a question may stand anywhere; longer ones are content."""
TITLE = 14
"""Words of a topic; a longer sentence says something about one."""
_ASKED: tuple[Intent, ...] = ("forget", "status", "cost", "time", "take", "who", "plan", "publish")
_SHOT = r"\b(?P<before>(?!of\b)\w+) (?:shot|scene|picture)\b|\b(?:shot|scene|picture) (?:number )?(?P<after>\w+)"
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


class Grammar:
    """Reads turns by patterns."""

    def __init__(self, words: Lexis | None = None) -> None:
        self._words = words or lexis()

    def read(self, text: str, expecting: Expecting) -> Meaning:
        """The meaning of a turn in the light of what was asked."""
        text = text.replace(GONE, " ")
        turn = self._turn(text)
        if not turn.plain:
            return Meaning(intent="unclear")
        whole = self._whole(turn, expecting) or self._asked(turn, expecting) or self._described(turn)
        if whole:
            return whole
        if expecting == "topic":
            return self._opening(text)
        if expecting == "content":
            return self._content(text)
        if expecting == "details":
            return self._answer(text, turn)
        return self._change(text, turn)

    def _turn(self, text: str) -> Turn:
        """The plain words without what people say while they think."""
        turn, fillers = turn_of(text, self._words.numbers), set(self._words.fillers.split())
        words = list(turn.words)
        while len(words) > 1 and words[0].text in fillers:
            del words[0]
        while len(words) > 1 and words[-1].text in fillers:
            del words[-1]
        return Turn(text, tuple(words), " ".join(word.text for word in words))

    def _whole(self, turn: Turn, expecting: Expecting) -> Meaning | None:
        for name, pattern in self._words.hear.whole.items():
            if name == "default" and expecting not in {"topic", "content", "details"}:
                continue
            if re.fullmatch(pattern, turn.plain):
                return Meaning.model_validate({"intent": name})
        return None

    def _asked(self, turn: Turn, expecting: Expecting) -> Meaning | None:
        """A question in a short turn; before there is a film only one that the turn begins with."""
        if len(turn.words) > SHORT:
            return None
        early = expecting in {"topic", "content"}
        for intent in _ASKED:
            found = re.search(self._words.hear.part[intent], turn.plain)
            if found and (not early or (found.start() == 0 and len(turn.words) <= SHORT // 2)):
                shot = self._number(turn.plain, _SHOT)
                return Meaning(intent=intent, number=shot, request=turn.said if intent == "take" else "")
        return None

    def _described(self, turn: Turn) -> Meaning | None:
        number = self._number(turn.plain, self._words.describe.match)
        if not number:
            return None
        scene = re.search(rf"\b(?:{self._words.describe.scene})s?\b", turn.plain)
        return Meaning(intent="describe", number=number, scene=scene is not None)

    def _number(self, plain: str, pattern: str) -> int:
        """The number that stands before or after a shot or scene; -1 is the last, 0 none."""
        ordinals = dict(pair.split("=") for pair in self._words.describe.ordinals.split())
        for found in re.finditer(pattern, plain):
            word = found["after"] or found["before"] or ""
            if re.fullmatch(self._words.describe.last, word):
                return -1
            number = ordinals.get(word, word)
            if number.isdecimal() and 0 < int(number) < 1000:
                return int(number)
        return 0

    def _opening(self, text: str) -> Meaning:
        """The first answer: a topic with its details, and perhaps already what the film is to say."""
        first, *others = _SENTENCE.split(text.strip())
        details, rest = self._details(self._turn(first))
        topic = self._topic(rest)
        if len(topic.split()) > TITLE:
            return self._content(text)
        more = self._content(" ".join(others)) if others else Meaning(intent="unclear")
        found = {name: getattr(more, name) or getattr(details, name) for name in ("seconds", "shape", "audience")}
        content = more.content
        if not topic and not content and not any(found.values()):
            return Meaning(intent="unclear")
        return Meaning(intent="details", topic=capital(topic), content=content, **found)

    def _topic(self, turn: Turn) -> str:
        words = self._words
        article = r"(?:(?:a|an|the|1) )?(?:(?!how|why|what|when|where)[\w\0]+ ){0,3}?"
        patterns = (
            rf".*?\b(?:{words.film})s?\b(?: \S+){{0,4}}? (?:{words.about}) (?P<topic>.+)",
            *words.topic,
            rf"(?:(?:{words.lead}) )?{article}(?:{words.film})s?\b ?(?P<topic>.*)",
            rf"(?:(?:{words.lead}) )?(?P<topic>.+)",
        )
        found = next(filter(None, (re.fullmatch(pattern, turn.plain) for pattern in patterns)), None)
        if found is None:
            return ""
        start, end = found.span("topic")
        return _trimmed(turn, start, end, set(words.edges.split()))

    def _content(self, text: str) -> Meaning:
        """What the film is to say; sentences that only name its length, shape or audience are that instead."""
        kept, found = [], Meaning(intent="details")
        for sentence in _SENTENCE.split(text.strip()):
            details, rest = self._details(self._turn(sentence))
            if details.detailed and not self._left(rest):
                changes = {name: getattr(details, name) for name in ("seconds", "shape", "audience")}
                found = found.model_copy(update={name: value for name, value in changes.items() if value})
            elif re.search(r"\w", sentence):
                kept.append(sentence)
        said = " ".join(kept)
        if not said and not found.detailed:
            return Meaning(intent="unclear")
        return found.model_copy(update={"content": said})

    def _answer(self, text: str, turn: Turn) -> Meaning:
        """An answer to the question for length, shape and audience."""
        details, rest = self._details(turn)
        left = self._left(rest)
        if not details.seconds and left and (number := re.fullmatch(r"\d{1,3}", left[0])):
            details = details.model_copy(update={"seconds": float(number[0])})
        elif not details.seconds:
            guess = next((s for p, s in self._words.guesses.items() if re.search(rf"\b(?:{p})\b", rest.plain)), 0.0)
            details = details.model_copy(update={"seconds": guess})
        if not details.audience and re.fullmatch(self._words.audience.who, f"for {rest.plain.strip()}"):
            details = details.model_copy(update={"audience": rest.plain.strip()})
        if details.detailed:
            return details
        change = self._change(text, turn)
        return change if change.detailed else Meaning(intent="unclear", request=text)

    def _change(self, text: str, turn: Turn) -> Meaning:
        """A correction of the plan, or a revision of the film."""
        prefix = re.match(rf"(?:(?:{self._words.answer}) )+(?:but |and )?", turn.plain)
        rest = turn if prefix is None else self._turn(turn.original(prefix.end(), len(turn.plain)))
        details, left = self._details(rest)
        if details.detailed and not self._left(left):
            return details
        if added := re.fullmatch(self._words.add, rest.plain):
            start, end = added.span("content")
            return Meaning(intent="details", content=capital(rest.original(start, end)), request=text)
        for pattern in self._words.topic:
            if found := re.fullmatch(pattern, left.plain):
                start, end = found.span("topic")
                topic = _trimmed(left, start, end, set(self._words.edges.split()))
                return details.model_copy(update={"topic": capital(topic), "request": text})
        return Meaning(intent="revise", request=rest.said.strip() or text)

    def _details(self, turn: Turn) -> tuple[Meaning, Turn]:
        """Length, shape and audience, and the turn without them."""
        _, turn = turn.take(self._words.refused) if len(turn.words) > 3 else (None, turn)
        seconds, turn = self._seconds(turn)
        shape = ""
        for row in self._words.shapes:
            found, turn = turn.take(row.match)
            shape = shape or (row.name if found else "")
        found, turn = turn.take(self._words.audience.who)
        audience = found[0].removeprefix("for ") if found else ""
        if not audience:
            found, turn = turn.take(self._words.audience.lead)
            audience = found["who"] if found else ""
        return Meaning.model_validate(
            {"intent": "details", "seconds": seconds, "shape": shape, "audience": audience[:120]}
        ), turn

    def _seconds(self, turn: Turn) -> tuple[float, Turn]:
        words = self._words
        for pattern, value in ((words.and_half, 90.0), (words.half, 30.0), *words.lengths.items()):
            found, rest = turn.take(pattern)
            if found:
                return value, rest
        found, rest = turn.take(rf"(?P<m>\d+(?:\.\d+)?) (?:{words.minute})(?: (?:and )?(?P<s>\d+) (?:{words.second}))?")
        if found:
            return min(float(found["m"]) * 60 + float(found["s"] or 0), 36_000), rest
        found, rest = turn.take(rf"(?P<s>\d+(?:\.\d+)?)(?: (?:to|or) \d+)? (?:{words.second})(?: long)?")
        return (min(float(found["s"]), 36_000), rest) if found else (0.0, turn)

    def _left(self, turn: Turn) -> list[str]:
        """The words that say something beyond the details."""
        drop = {*self._words.drop.split(), *self._words.fillers.split()}
        return [word for word in turn.plain.split() if GONE not in word and word not in drop]


def _trimmed(turn: Turn, start: int, end: int, edges: set[str]) -> str:
    """The original words between two places, without connecting words at its ends and at what was taken."""
    words = turn.plain[start:end].split(" ") if turn.plain[start:end].strip() else []
    while words and (GONE in words[0] or words[0] in edges - {"the", "a", "an", "as", "at", "on", "in"}):
        start += len(words.pop(0)) + 1
    while words and (GONE in words[-1] or words[-1] in edges):
        end -= len(words.pop()) + 1
    return turn.original(start, end) if words else ""
