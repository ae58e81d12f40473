"""Targets: which scenes, lines and shots a person means by "the second line", "scenes 2 to 4", "the hive scene".

Knows a plan and how people point at its parts; knows nothing about what shall become of them.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..model import Plan, Shot
from ..planner.language import language
from ..planner.text import topic_words
from .edits import FILM, Place
from .lexicon import Lexicon, lexicon

QUOTE = re.compile(r"⟦(\d+)⟧")
"""Where a quotation was taken out of a request."""


class Unfound(LookupError):
    """The words point at nothing; the message says so in words for people, where they look as if they should."""


class Targets(NamedTuple):
    """A plan that is pointed at, and the quotations of the request."""

    plan: Plan
    quotes: tuple[str, ...] = ()

    def places(self, text: str) -> tuple[Place, ...]:
        """What the words point at, at least one.

        Raises:
            Unfound: nothing of the film.
        """
        words = re.sub(r"\s+", " ", text.strip().strip(",.;").lower())
        words = re.sub(r"^(?:all )?(?:of )?(?:the|this|that|my|our|both)\s+(?=\S)", "", words)
        for reading in (self._whole, self._inside, self._run, self._listed, self._single):
            found = reading(words)
            if found:
                return tuple(dict.fromkeys(found))
        raise Unfound("")

    def one(self, text: str) -> Place:
        """The one thing that the words point at; Unfound where they are several."""
        found = self.places(text)
        if len(found) > 1:
            raise Unfound(f"“{text}” is more than one thing.")
        return found[0]

    def shots(self, places: Sequence[Place]) -> tuple[Shot, ...]:
        """The shots that show these places, in the film's order."""
        script = self.plan.script
        named = {place.id for place in places if place.of == "shot"}
        scenes = {place.id for place in places if place.of == "scene"}
        lines = {place.id for place in places if place.of == "line"}
        lines |= {line.id for scene in script.scenes if scene.id in scenes for line in scene.lines}
        return tuple(shot for shot in self.plan.shots if shot.id in named or lines & {*shot.lines})

    def said(self, text: str) -> str:
        """The text with its quotations put back, without the marks."""
        whole = QUOTE.sub(lambda found: self.quotes[int(found[1])], text.strip())
        return whole.strip()

    def _whole(self, words: str) -> tuple[Place, ...]:
        book = lexicon()
        if words in book.film:
            return (FILM,)
        if words in book.title:
            return (Place(of="title"),)
        shots = self.plan.shots
        if words in book.ending:
            return (Place(of="shot", id=shots[-1].id) if not shots[-1].lines else self._all("scene")[-1],)
        if words in book.opening:
            return (Place(of="shot", id=shots[0].id) if not shots[0].lines else self._all("scene")[0],)
        return ()

    def _all(self, noun: str) -> tuple[Place, ...]:
        of: str = lexicon().nouns.get(noun, noun)
        among: dict[str, tuple[Place, ...]] = {
            "scene": tuple(Place(of="scene", id=scene.id) for scene in self.plan.script.scenes),
            "line": tuple(Place(of="line", id=line.id) for line in self.plan.script.lines),
            "shot": tuple(Place(of="shot", id=shot.id) for shot in self.plan.shots),
        }
        return among[of]

    def _inside(self, words: str) -> tuple[Place, ...]:
        """The first line of the second scene, shot 2 in scene 3."""
        found = re.fullmatch(r"(.+?) (?:of|in|from|inside|within) (.+)", words)
        if not found or not re.search(rf"\b{lexicon().noun}\b", found[1]):
            return ()
        try:
            outer = self.places(found[2])
        except Unfound:
            return ()
        if outer == (FILM,):
            return self.places(found[1])
        if any(place.of != "scene" for place in outer):
            return ()
        inside = {place.id for place in outer}
        script = self.plan.script
        script = script.model_copy(update={"scenes": tuple(each for each in script.scenes if each.id in inside)})
        shots = tuple(shot for shot in self.plan.shots if shot.scene in inside)
        return Targets(self.plan.model_copy(update={"script": script, "shots": shots}), self.quotes).places(found[1])

    def _run(self, words: str) -> tuple[Place, ...]:
        """The last two lines, scenes 2 to 4, all shots."""
        book = lexicon()
        found = re.fullmatch(rf"(first|last|final|opening|closing) {book.number} {book.noun}", words)
        if found:
            every, many = self._all(book.singular(found[3])), book.count(found[2])
            self._room(every, many, found[3])
            return every[:many] if found[1] in ("first", "opening") else every[-many:]
        found = re.fullmatch(rf"{book.noun} {book.number} ?(?:to|through|until|-|–) ?{book.number}", words)
        if found:
            every, first, last = self._all(book.singular(found[1])), book.count(found[2]), book.count(found[3])
            self._room(every, max(first, last), found[1])
            return every[min(first, last) - 1 : max(first, last)]
        found = re.fullmatch(rf"(?:all|every|each)(?: the| of the)? {book.noun}", words)
        return self._all(book.singular(found[1])) if found else ()

    def _room(self, every: tuple[Place, ...], number: int, noun: str) -> None:
        if not 1 <= number <= len(every):
            noun = lexicon().singular(noun)
            plural = noun if len(every) == 1 else f"{noun}s"
            raise Unfound(f"There is no {noun} {number}: the film has {len(every)} {plural}.")

    def _listed(self, words: str) -> tuple[Place, ...]:
        """Several, with commas and "and"; the noun may stand once."""
        parts = [
            part for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+(?:the\s+)?|\s*&\s*|\s+with\s+", words) if part
        ]
        if len(parts) < 2:
            return ()
        nouns = [re.search(rf"\b{lexicon().noun}\b", part) for part in parts]
        noun = next((found[1] for found in nouns if found), "")
        if not noun:
            return ()
        places: list[Place] = []
        for part, own in zip(parts, nouns, strict=True):
            whole = part if own or part in lexicon().title else self._with(part, noun)
            places += self.places(whole)
        return tuple(places)

    def _with(self, part: str, noun: str) -> str:
        numbered = re.fullmatch(lexicon().number, part)
        return f"{lexicon().singular(noun)} {part}" if numbered else f"{part} {lexicon().singular(noun)}"

    def _single(self, words: str) -> tuple[Place, ...]:
        book = lexicon()
        found = re.fullmatch(rf"{book.noun} (?:number |no\.? ?|#)?{book.number}", words)
        if found:
            return self._at(found[1], book.count(found[2]))
        found = re.fullmatch(rf"(.+?) {book.noun}", words)
        if found and found[1] in book.ordinals:
            return self._at(found[2], book.ordinals[found[1]])
        numbered = re.fullmatch(rf"(\d+)(?:st|nd|rd|th) {book.noun}", words)
        if numbered:
            return self._at(numbered[2], int(numbered[1]))
        named = next((p for of in ("scene", "line", "shot") for p in self._all(of) if p.id.lower() == words), None)
        if named:
            return (named,)
        return self._about(words, book)

    def _at(self, noun: str, number: int) -> tuple[Place, ...]:
        every = self._all(lexicon().singular(noun))
        at = number - 1 if number > 0 else len(every) + number
        self._room(every, at + 1, noun)
        return (every[at],)

    def _about(self, words: str, book: Lexicon) -> tuple[Place, ...]:
        """The scene about the hive, the hive scene, the line "Wax seals every cell", or a quotation alone."""
        found = re.fullmatch(
            rf"{book.noun}(?: (?:about|on|with|where|called|saying|that (?:says|mentions|shows)))? (.+)", words
        )
        if found:
            return self._matching(book.singular(found[1]), found[2])
        found = re.fullmatch(rf"(.+) {book.noun}", words)
        if found:
            return self._matching(book.singular(found[2]), found[1])
        return self._matching("line", words) if QUOTE.fullmatch(words) else ()

    def _matching(self, noun: str, words: str) -> tuple[Place, ...]:
        """The one whose words say most of these."""
        wanted = self.said(words)
        tongue = language(self.plan.script.language)
        topics = {*topic_words(wanted, tongue)}
        scored: list[tuple[float, int, Place]] = []
        for at, place in enumerate(self._all(noun)):
            text = self._text(place)
            share = len(topics & {*topic_words(text, tongue)}) / max(len(topics), 1)
            scored.append((2.0 if wanted.lower() in text.lower() else share, -at, place))
        best = max(scored, key=lambda each: each[:2], default=None)
        if best is None or best[0] < 0.5:
            raise Unfound(f"No {noun} is about “{wanted}”.")
        return (best[2],)

    def _text(self, place: Place) -> str:
        plan = self.plan
        if place.of == "line":
            return next(line.text for line in plan.script.lines if line.id == place.id)
        if place.of == "scene":
            scene = next(scene for scene in plan.script.scenes if scene.id == place.id)
            return " ".join((scene.heading, *(line.text for line in scene.lines)))
        shot = next(shot for shot in plan.shots if shot.id == place.id)
        return " ".join((shot.prompt, shot.card.headline, shot.card.body, *shot.card.items, *shot.card.icons))
