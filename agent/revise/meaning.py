"""Meaning: what each rule of the grammar asks for, as edits on the film that is spoken of.

Knows the parts of a matched rule and the film; knows nothing about patterns.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from ..errors import BriefError
from . import manner
from .asked import Asked, Parts
from .edits import (
    FILM,
    Cut,
    Edit,
    Insert,
    Length,
    Lengthen,
    Move,
    Picture,
    Place,
    Replace,
    Rewrite,
    Shorten,
    Swap,
    UseChoice,
    UseTake,
)
from .lexicon import lexicon
from .targets import Unfound

_VAGUE = {"bigger", "smaller", "larger", "longer", "shorter", "better", "bolder", "nicer", "different", "louder"}
"""Words that describe a change and are never the new words themselves."""


def _number(text: str) -> float:
    plain = text.lower()
    if plain in ("a", "half a"):
        return 1.0 if plain == "a" else 0.5
    return float(plain) if re.fullmatch(r"[\d.]+", plain) else float(lexicon().count(plain))


def _seconds(parts: Parts) -> float | None:
    return _number(parts["n"]) if "n" in parts else None


def _cut(parts: Parts, asked: Asked) -> list[Edit]:
    return [Cut(at=asked.targets.places(parts["at"]))]


def _length(parts: Parts, asked: Asked) -> list[Edit]:
    seconds = _number(parts["n"]) * (60 if parts["unit"].lower().startswith("min") else 1)
    if not 2 <= seconds <= 600:
        raise Unfound(f"A film of {seconds:g} seconds cannot be made: 2 to 600.")
    return [Length(seconds=seconds)]


def _shorten(parts: Parts, asked: Asked) -> list[Edit]:
    return [Shorten(at=place, seconds=_seconds(parts)) for place in asked.targets.places(parts["at"])]


def _lengthen(parts: Parts, asked: Asked) -> list[Edit]:
    return [Lengthen(at=place, seconds=_seconds(parts)) for place in asked.targets.places(parts["at"])]


def _words(parts: Parts, asked: Asked) -> str:
    text = asked.targets.said(parts["text"])
    if text.lower() in _VAGUE or not re.search(r"\w", text):
        raise Unfound("")
    return text


def _rewrite(parts: Parts, asked: Asked) -> list[Edit]:
    place = asked.targets.one(parts["at"])
    if place.of == "film":
        raise Unfound("")
    return [Rewrite(at=place, text=_words(parts, asked))]


def _title(parts: Parts, asked: Asked) -> list[Edit]:
    return [Rewrite(at=Place(of="title"), text=_words(parts, asked))]


def _scope(parts: Parts, asked: Asked) -> Place:
    return asked.targets.one(parts["at"]) if "at" in parts else FILM


def _replace(parts: Parts, asked: Asked) -> list[Edit]:
    new, old = asked.targets.said(parts["new"]), asked.targets.said(parts["old"])
    if not _says(asked, old):
        if _showing(asked, old):
            return _instead(parts, asked)
        raise Unfound(f"Nobody says “{old}” in this film.")
    return [Replace(old=old, new=new, at=_scope(parts, asked))]


def _change(parts: Parts, asked: Asked) -> list[Edit]:
    """Change X to Y, where X is words of the film."""
    old = asked.targets.said(parts["old"])
    if not _says(asked, old) or asked.targets.said(parts["new"]).lower() in _VAGUE:
        raise Unfound("")
    return [Replace(old=old, new=asked.targets.said(parts["new"]))]


def _says(asked: Asked, words: str) -> bool:
    script = asked.targets.plan.script
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
    return any(pattern.search(text) for text in (script.title, *(line.text for line in script.lines)))


def _insert(parts: Parts, asked: Asked) -> list[Edit]:
    where = parts.get("where", "").lower()
    if parts.get("edge", "").lower() in ("start", "beginning"):
        where = "before"
    place = asked.targets.one(parts["at"]) if "at" in parts else FILM
    return [Insert(at=place, text=_words(parts, asked), before=where in ("before", "at the start of"))]


def _picture(parts: Parts, asked: Asked) -> list[Edit]:
    if "old" in parts:
        return _instead(parts, asked)
    text = re.sub(r"^(?:the|a|an|some)\s+", "", _words(parts, asked), flags=re.I)
    return [Picture(at=place, text=text) for place in asked.targets.places(parts["at"])]


def _instead(parts: Parts, asked: Asked) -> list[Edit]:
    """Another picture wherever the old one is shown."""
    new, old = (re.sub(r"^(?:the|a|an)\s+", "", asked.targets.said(parts[name]), flags=re.I) for name in ("new", "old"))
    shown = _showing(asked, old)
    if not shown:
        raise Unfound(f"No shot shows “{old}”.")
    return [Picture(at=place, text=new) for place in shown]


def _showing(asked: Asked, thing: str) -> list[Place]:
    thing = re.sub(r"^(?:the|a|an)\s+", "", thing.lower())
    pattern = re.compile(rf"(?<!\w){re.escape(thing.rstrip('s'))}s?(?!\w)", re.IGNORECASE)
    return [
        Place(of="shot", id=shot.id)
        for shot in asked.targets.plan.shots
        if any(pattern.search(text) for text in (shot.motif, *shot.card.icons, *shot.queries, shot.prompt))
    ]


def _take(parts: Parts, asked: Asked) -> list[Edit]:
    """A take by number, the one before, or one that is not yet made."""
    if "at" not in parts and not asked.before:
        raise Unfound("")
    places = asked.targets.places(parts["at"]) if "at" in parts else _places(asked.before)
    edits: list[Edit] = []
    for shot in asked.targets.shots(places):
        made = sorted({shot.take, *(take.attempt for take in asked.takes.get(shot.id, ()))})
        if "n" in parts:
            number = int(_number(parts["n"])) - 1
            if number < 0 or number > made[-1] + 1:
                raise BriefError(f"{shot.id} has {len(made)} takes.", f"Say: make another take of {shot.id}")
        elif "other" in parts:
            others = [each for each in made if each != shot.take]
            if not others:
                raise BriefError(f"{shot.id} has only one take so far.", f"Say: make another take of {shot.id}")
            number = others[-1]
        else:
            number = made[-1] + 1
        edits.append(UseTake(shot=shot.id, take=number))
    return edits


def _choice(parts: Parts, asked: Asked) -> list[Edit]:
    """Footage that was weighed, by its number in `show`, or the one after what is shown."""
    if "at" not in parts and not asked.before:
        raise Unfound("")
    places = asked.targets.places(parts["at"]) if "at" in parts else _places(asked.before)
    edits: list[Edit] = []
    for shot in asked.targets.shots(places):
        names = [pick.segment.id for pick in shot.candidates]
        if not names:
            raise BriefError(
                f"No footage was weighed for {shot.id}.", "See which shots have some: reelwright show DIR."
            )
        number = (names.index(shot.chosen) + 1) % len(names) if shot.chosen in names else 0
        if "n" in parts:
            number = int(_number(parts["n"])) - 1
        elif "nth" in parts:
            number = lexicon().ordinals[parts["nth"].lower()] - 1
        if not 0 <= number < len(names):
            raise BriefError(f"{shot.id} has {len(names)} choices.", "See them: reelwright show DIR.")
        edits.append(UseChoice(shot=shot.id, choice=number))
    return edits


def _places(edits: Sequence[Edit]) -> tuple[Place, ...]:
    return tuple(edit.at for edit in edits if isinstance(edit, Picture | Rewrite | Shorten | Lengthen))


def _swap(parts: Parts, asked: Asked) -> list[Edit]:
    places = asked.targets.places(parts["at"])
    if len(places) != 2:
        raise Unfound("Two things change places: say “swap scenes 2 and 3”.")
    return [Swap(one=places[0], other=places[1])]


def _move(parts: Parts, asked: Asked) -> list[Edit]:
    if "first" in parts or "last" in parts:
        at, before = parts.get("first") or parts["last"], "first" in parts
        places = asked.targets.places(at)
        if len(places) != 1 or places[0].of not in ("scene", "line"):
            raise Unfound("")
        return [Move(at=places[0], to=FILM, before=before)]
    at_place = asked.targets.one(parts["at"])
    if "edge" in parts:
        return [Move(at=at_place, to=FILM, before=parts["edge"].lower() not in ("end", "bottom", "last"))]
    where = parts["where"].lower()
    return [Move(at=at_place, to=asked.targets.one(parts["to"]), before="after" not in where and where != "behind")]


MEANINGS: Mapping[str, Callable[[Parts, Asked], list[Edit]]] = {
    "captions": manner.captions,
    "music": manner.music,
    "size": manner.size,
    "language": manner.language,
    "seconds": _length,
    "choice": _choice,
    "take": _take,
    "voice": manner.voice,
    "style": manner.style,
    "swap": _swap,
    "move": _move,
    "insert": _insert,
    "replace": _replace,
    "picture": _picture,
    "shorten": _shorten,
    "lengthen": _lengthen,
    "title": _title,
    "rewrite": _rewrite,
    "change": _change,
    "cut": _cut,
}
"""What each rule of grammar.toml means."""
