"""Wording: edits that change what is said, in which order, and for how long.

Knows lines and scenes; knows nothing about pictures, voices or music.
"""

import re
from collections.abc import Sequence

from ...tools.media import frames_of
from ...tools.video import Card
from ..errors import BriefError
from ..model import Line, Scene, Script
from ..pace import LINE_PAUSE
from ..planner.text import clean, sentence
from .draft import Draft, length, rewritten
from .edits import Cut, Insert, Move, Place, Replace, Rewrite, Swap


def cut(draft: Draft, edit: Cut) -> Draft:
    """Without those scenes and lines, and without those cards that nobody speaks over."""
    gone: set[str] = set()
    cards: set[str] = set()
    for at in edit.at:
        if at.of in ("film", "title"):
            raise BriefError("The whole film cannot be cut out of itself.", "Name a scene, a line or a shot.")
        if at.of == "shot" and not draft.shot(at.id).lines:
            cards.add(at.id)
            continue
        lines = {line.id for line in draft.lines_at(at)}
        if at.of == "shot":
            _whole(draft, at, lines)
        gone |= lines
    if cards:
        draft = _without_cards(draft, cards)
    if not gone:
        return draft
    return draft.told(rewritten(draft.script, lambda line: None if line.id in gone else line))


def _whole(draft: Draft, at: Place, lines: set[str]) -> None:
    shared = next((s for s in draft.plan.shots if s.id != at.id and lines & {*s.lines}), None)
    if shared is not None:
        name = next(iter(lines & {*shared.lines}))
        raise BriefError(
            f"{at.id} shows only a part of the line “{draft.line(name).text}”.",
            "Remove the line, say it differently, or ask for another picture.",
        )


def _without_cards(draft: Draft, cards: set[str]) -> Draft:
    shots = tuple(shot for shot in draft.plan.shots if shot.id not in cards)
    if not shots:
        raise BriefError("Nothing would be left to show.", "Keep at least one shot.")
    fewer = draft.model_copy(update={"plan": draft.plan.model_copy(update={"shots": shots})})
    return fewer.lasting(draft.brief.seconds + length(fewer) - length(draft))


def rewrite(draft: Draft, edit: Rewrite) -> Draft:
    """With other words at that place."""
    text = clean(edit.text)
    if edit.at.of in ("film", "title"):
        return _titled(draft, text)
    if edit.at.of == "shot":
        shot = draft.shot(edit.at.id)
        if len(shot.lines) == 1 and not shot.card.headline:
            return rewrite(draft, Rewrite(at=Place(of="line", id=shot.lines[0]), text=text))
        return draft.shown({shot.id: shot.model_copy(update={"card": _headed(shot.card, text)})})
    if edit.at.of == "scene":
        return _headlined(draft, draft.scene(edit.at.id), text)
    old, new = draft.line(edit.at.id), sentence(text)
    if new == old.text:
        return draft
    changes = {"text": new, "pauses": (), "emphasis": ()}
    script = rewritten(draft.script, lambda line: line.model_copy(update=changes) if line.id == old.id else line)
    return draft.told(script, {old.id})


def _titled(draft: Draft, text: str) -> Draft:
    """The title, on every card that shows it."""
    old = draft.script.title
    script = draft.script.model_copy(update={"title": text})
    shots = tuple(
        shot.model_copy(update={"card": _headed(shot.card, text)})
        if shot.card.headline == old
        else shot.model_copy(update={"card": shot.card.model_copy(update={"kicker": text})})
        if shot.card.kicker == old
        else shot
        for shot in draft.plan.shots
    )
    return draft.model_copy(update={"plan": draft.plan.model_copy(update={"script": script, "shots": shots})})


def _headed(card: Card, text: str) -> Card:
    accent = card.accent if card.accent.lower() in text.lower() else ""
    return card.model_copy(update={"headline": text, "accent": accent})


def _headlined(draft: Draft, scene: Scene, text: str) -> Draft:
    scenes = tuple(
        each.model_copy(update={"heading": text}) if each.id == scene.id else each for each in draft.script.scenes
    )
    script = draft.script.model_copy(update={"scenes": scenes})
    draft = draft.model_copy(update={"plan": draft.plan.model_copy(update={"script": script})})
    shown = {
        shot.id: shot.model_copy(update={"card": _headed(shot.card, text)})
        for shot in draft.plan.shots
        if shot.scene == scene.id and scene.heading and shot.card.headline == scene.heading
    }
    return draft.shown(shown)


def replace(draft: Draft, edit: Replace) -> Draft:
    """With `new` for `old` wherever it is said at that place, else wherever it is shown."""
    pattern = re.compile(rf"(?<!\w){re.escape(edit.old.strip())}(?!\w)", re.IGNORECASE)
    said = [line for line in draft.lines_at(edit.at) if pattern.search(line.text)]
    shown = [shot for shot in draft.shots_at(edit.at) if pattern.search(shot.card.headline) and not shot.lines]
    titled = edit.at.of in ("film", "title") and pattern.search(draft.script.title)
    if not (said or shown or titled):
        raise BriefError(f"Nobody says “{edit.old}” there.", "Use words that the film says; `show` lists them.")
    new = clean(edit.new)
    for line in said:
        text = pattern.sub(lambda found: _cased(new, found[0]), line.text)
        draft = rewrite(draft, Rewrite(at=Place(of="line", id=line.id), text=text))
    if titled:
        text = pattern.sub(lambda found: _cased(new, found[0]), draft.script.title)
        return _titled(draft, text)
    return draft


def _cased(new: str, old: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() and new[:1].islower() else new


def insert(draft: Draft, edit: Insert) -> Draft:
    """With one more line at that place."""
    lines = draft.lines_at(edit.at)
    if not lines:
        raise BriefError("This film has no lines to add one to.", "Make it from a brief that says something.")
    names = {line.id for line in draft.script.lines}
    number = next(n for n in range(len(names) + 1, 10_000_000) if f"l{n:02}" not in names)
    text = sentence(clean(edit.text))
    rest = frames_of(LINE_PAUSE, draft.brief.rate) if any(line.rest is not None for line in lines) else None
    new = Line(id=f"l{number:02}", text=text, rest=rest)
    anchor = lines[0] if edit.before else lines[-1]
    return draft.told(put(draft.script, (new,), anchor.id, edit.before))


def put(script: Script, new: Sequence[Line], anchor: str, before: bool) -> Script:
    """The script with new lines after the line `anchor`, or before it."""
    scenes = []
    for scene in script.scenes:
        lines: list[Line] = []
        for line in scene.lines:
            both = [*new, line] if before else [line, *new]
            lines += both if line.id == anchor else [line]
        scenes.append(scene.model_copy(update={"lines": tuple(lines)}))
    return script.model_copy(update={"scenes": tuple(scenes)})


def swap(draft: Draft, edit: Swap) -> Draft:
    """With the two in each other's place."""
    one, other = edit.one, edit.other
    if one.of != other.of or one.of not in ("scene", "line"):
        raise BriefError("Only two scenes or two lines can change places.", 'Say "swap scenes 2 and 3".')
    if one.of == "scene":
        names = {one.id: draft.scene(other.id), other.id: draft.scene(one.id)}
        scenes = tuple(names.get(scene.id, scene) for scene in draft.script.scenes)
        return draft.told(draft.script.model_copy(update={"scenes": scenes}), timed=False)
    lines = {one.id: draft.line(other.id), other.id: draft.line(one.id)}
    return draft.told(rewritten(draft.script, lambda line: lines.get(line.id, line)), timed=False)


def move(draft: Draft, edit: Move) -> Draft:
    """With it elsewhere."""
    if edit.at.of == "line" and edit.to.of in ("line", "scene", "film"):
        line = draft.line(edit.at.id)
        rest = [each for each in draft.lines_at(edit.to) if each.id != line.id]
        if not rest:
            return draft
        script = rewritten(draft.script, lambda each: None if each.id == line.id else each)
        anchor = rest[0] if edit.before else rest[-1]
        return draft.told(put(script, (line,), anchor.id, edit.before), timed=False)
    if edit.at.of != "scene" or edit.to.of not in ("scene", "film"):
        raise BriefError("Only scenes and lines can be moved.", 'Say "move scene 3 before scene 2".')
    scene = draft.scene(edit.at.id)
    others = [each for each in draft.script.scenes if each.id != scene.id]
    if edit.to.of == "film":
        at = 0 if edit.before else len(others)
    elif edit.to.id == scene.id:
        return draft
    else:
        at = others.index(draft.scene(edit.to.id)) + (0 if edit.before else 1)
    others.insert(at, scene)
    return draft.told(draft.script.model_copy(update={"scenes": tuple(others)}), timed=False)
