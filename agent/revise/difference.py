"""Difference: what two plans have not in common, as a list for the eye and as a sentence to be read aloud.

Knows briefs and plans; knows nothing about edits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from ..footage import picked
from ..model import Brief, Line, Plan, Scene, Shot
from ..storyboard import title_of
from .edits import (
    Captions,
    Cut,
    Edit,
    Insert,
    Length,
    Lengthen,
    Move,
    Music,
    Picture,
    Place,
    Replace,
    Rewrite,
    Shorten,
    Sizes,
    Style,
    Swap,
    Tongue,
    UseChoice,
    UseTake,
    Voice,
)

Named = TypeVar("Named", Scene, Line, Shot)
WIDEST = 60
"""Letters of a quotation in a summary."""


def difference(old: tuple[Brief, Plan], new: tuple[Brief, Plan]) -> str:
    """A line a change: what was, and what will be; empty where nothing changes."""
    return "\n".join((*_brief(old[0], new[0]), *_script(old[1], new[1]), *_shots(old[1], new[1])))


def _brief(old: Brief, new: Brief) -> Iterator[str]:
    pairs = (
        ("length", f"{old.seconds:g} s", f"{new.seconds:g} s"),
        ("size", _sizes(old), _sizes(new)),
        ("language", old.language or "of the brief", new.language or "of the brief"),
        ("style", old.style or "by topic", new.style or "by topic"),
        ("voice", old.voice or "by language", new.voice or "by language"),
        ("captions", old.deliver.captions or "by shape", new.deliver.captions or "by shape"),
        ("cast", _cast(old), _cast(new)),
    )
    yield from (f"~ {name}: {was} → {will}" for name, was, will in pairs if was != will)


def _sizes(brief: Brief) -> str:
    return ", ".join(map(str, (brief.size, *brief.deliver.sizes)))


def _cast(brief: Brief) -> str:
    return ", ".join(f"{speaker}: {voice}" for speaker, voice in brief.cast) or "nobody"


def _script(old: Plan, new: Plan) -> Iterator[str]:
    if old.script.title != new.script.title:
        yield f"~ title: “{old.script.title}” → “{new.script.title}”"
    if old.script.scenes[0].mood != new.script.scenes[0].mood:
        yield f"~ music: {old.script.scenes[0].mood} → {new.script.scenes[0].mood}"
    was, will = _by_id(old.script.scenes), _by_id(new.script.scenes)
    for name, scene in was.items():
        if name in will and scene.heading != will[name].heading:
            yield f"~ heading of {name}: “{scene.heading}” → “{will[name].heading}”"
        if name in will and scene.narrator != will[name].narrator:
            yield f"~ voice of {name}: {scene.narrator or 'the film’s'} → {will[name].narrator}"
    yield from _lines(_by_id(old.script.lines), _by_id(new.script.lines))
    yield from (f"! {short}" for short in new.script.shorts if short not in old.script.shorts)


def _lines(before: Mapping[str, Line], after: Mapping[str, Line]) -> Iterator[str]:
    yield from (f"- {name}: {line.text}" for name, line in before.items() if name not in after)
    for name, line in after.items():
        if name not in before:
            yield f"+ {name}: {line.text}"
        elif before[name].text != line.text:
            yield f"~ {name}: {before[name].text} → {line.text}"
        elif before[name].rest != line.rest and None not in (before[name].rest, line.rest):
            yield f"~ rest after {name}: {before[name].rest} → {line.rest} frames"
    if moved([*before], [*after]):
        yield f"~ order: {' '.join(after)}"


def moved(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether what both have stands in another order."""
    return [name for name in before if name in {*after}] != [name for name in after if name in {*before}]


def _shots(old: Plan, new: Plan) -> Iterator[str]:
    before, after = _by_id(old.shots), _by_id(new.shots)
    yield from (f"- {name}: {_picture(shot)}" for name, shot in before.items() if name not in after)
    for name, shot in after.items():
        if name not in before:
            yield f"+ {name}: {_picture(shot)}"
        elif shot.take != before[name].take:
            yield f"~ {name}: take {before[name].take + 1} → take {shot.take + 1}"
        elif _picture(before[name]) != _picture(shot):
            yield f"~ {name}: {_picture(before[name])} → {_picture(shot)}"
        elif not shot.lines and shot.frames != before[name].frames:
            yield f"~ {name}: stands for {before[name].frames} → {shot.frames} frames"


def _picture(shot: Shot) -> str:
    card = shot.card
    words = card.headline or " · ".join(card.items) or (card.figure.label if card.figure else "") or card.body
    icons = f" with {', '.join(card.icons)}" if card.icons else ""
    what = "your file" if shot.source == "own" else f"{shot.layout} on {shot.motif} ({shot.style} {shot.palette})"
    if shot.source == "stock" and (pick := picked(shot)):
        return f"footage “{title_of(pick)}” ({pick.score:.2f})"
    return f"{what}{icons}" + (f" “{words}”" if words else "")


def _by_id(named: Iterable[Named]) -> dict[str, Named]:
    return {each.id: each for each in named}


def summary(edits: Sequence[Edit], old: tuple[Brief, Plan], new: tuple[Brief, Plan]) -> str:
    """What the edits do, in a sentence or two that can be read aloud."""
    told = [_told(edit, old[1]) for edit in edits]
    head = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    text = f"I {head}."
    if round(new[0].seconds) != round(old[0].seconds) and not any(isinstance(edit, Length) for edit in edits):
        text += f" The film will last about {new[0].seconds:.0f} seconds."
    return text


def _told(edit: Edit, plan: Plan) -> str:
    match edit:
        case Cut():
            return f"take out {_listed([name_of(place, plan) for place in edit.at])}"
        case Shorten():
            return f"shorten {name_of(edit.at, plan)}"
        case Lengthen():
            return f"give {name_of(edit.at, plan)} more time"
        case Rewrite():
            return f"let {name_of(edit.at, plan)} say “{_short(edit.text)}”"
        case Replace():
            return f"say “{_short(edit.new)}” instead of “{_short(edit.old)}”"
        case Picture():
            return f"show {_short(edit.text)} in {name_of(edit.at, plan)}"
        case UseTake() | UseChoice():
            shot = name_of(Place(of="shot", id=edit.shot), plan)
            return f"use take {edit.take + 1} of {shot}" if isinstance(edit, UseTake) else _footage(edit, plan, shot)
        case Swap():
            return f"swap {name_of(edit.one, plan)} and {name_of(edit.other, plan)}"
        case Insert() | Move():
            return _placed(edit, plan)
        case _:
            return _dressed(edit)


def _footage(edit: UseChoice, plan: Plan, shot: str) -> str:
    """Its name, since numbers say little when they are read aloud."""
    picks = next((each.candidates for each in plan.shots if each.id == edit.shot), ())
    return f"show “{_short(title_of(picks[edit.choice]))}” in {shot}" if edit.choice < len(picks) else f"change {shot}"


def _placed(edit: Insert | Move, plan: Plan) -> str:
    where = "before" if edit.before else "after"
    if isinstance(edit, Insert):
        return f"add “{_short(edit.text)}” {where} {name_of(edit.at, plan)}"
    return f"move {name_of(edit.at, plan)} {where} {name_of(edit.to, plan)}"


def _dressed(edit: Edit) -> str:
    match edit:
        case Voice():
            whom = f"{edit.speaker}’s" if edit.speaker else "the"
            return f"change {whom} voice to {edit.name}"
        case Music():
            return f"change the music to {edit.mood}"
        case Style():
            return f"change the look to {' '.join(filter(None, (edit.sheet, edit.palette)))}"
        case Captions():
            return "leave the captions out" if edit.style == "none" else f"change the captions to {edit.style}"
        case Sizes():
            return f"make it {_listed([str(size) for size in edit.sizes])}"
        case Tongue():
            return f"translate it into {edit.language}"
        case Length():
            return f"make it {edit.seconds:g} seconds long"
        case _:
            return edit.kind


def name_of(place: Place, plan: Plan) -> str:
    """A place as people count it.

    >>> from ..model import Scene, Script
    >>> script = Script(title="Tea", scenes=(Scene(id="s1", heading=""),))
    >>> name_of(Place(of="scene", id="s1"), Plan(script=script, shots=()))
    'scene 1'
    """
    if place.of == "film":
        return "the film"
    if place.of == "title":
        return "the title"
    among = {
        "scene": [scene.id for scene in plan.script.scenes],
        "line": [line.id for line in plan.script.lines],
        "shot": [shot.id for shot in plan.shots],
    }
    ids = among[place.of]
    return f"{place.of} {ids.index(place.id) + 1}" if place.id in ids else place.id


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1].rstrip() + "…"


def touched(brief: tuple[Brief, Brief], old: Plan, new: Plan) -> set[str]:
    """Shots of the old plan whose takes are not used as they are."""
    if (brief[0].size, brief[0].rate) != (brief[1].size, brief[1].rate):
        return {shot.id for shot in old.shots}
    after = _by_id(new.shots)
    return {shot.id for shot in old.shots if after.get(shot.id) != shot}
