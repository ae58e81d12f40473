"""Wording: edits that change what is said, in which order, and for how long.

Knows lines and scenes; knows nothing about pictures, voices or music.
"""

import re
from collections.abc import Mapping, Sequence

from ...tools.media import frames_of
from ...tools.video import Card
from ..errors import BriefError
from ..model import Line, Scene, Script
from ..pace import LINE_PAUSE
from ..planner.language import Language, language
from ..planner.pace import seconds
from ..planner.phrases import weights
from ..planner.text import bare, clean, ends_clause, sentence, topic_words
from .draft import Draft, length, rewritten
from .edits import Cut, Insert, Lengthen, Move, Place, Replace, Rewrite, Shorten, Swap

QUARTER = 0.25
"""What "shorter" and "longer" mean where no seconds are named."""
LONGEST_REST = 1.5
"""Seconds of silence after a line beyond which a viewer takes it for a fault."""
SHORTEST_CARD = 0.8
"""Seconds in which a card can still be read."""
FEWEST = 3
"""Words that a shortened line keeps."""


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
    accent = card.accent if card.accent in text else ""
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
    new = Line(id=f"l{number:02}", text=text, rest=rest, pace=lines[-1].pace)
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


def shorten(draft: Draft, edit: Shorten) -> Draft:
    """Less to say at that place: a line loses clauses, a scene the line that it misses least."""
    if edit.at.of == "shot" and not draft.shot(edit.at.id).lines:
        return _held(draft, edit.at.id, edit.seconds, -1)
    lines = draft.lines_at(edit.at)
    tongue = language(draft.script.language)
    if len(lines) == 1:
        text = shorter(lines[0].text, tongue, edit.seconds)
        return rewrite(draft, Rewrite(at=Place(of="line", id=lines[0].id), text=text))
    if not lines:
        raise BriefError("Nothing is said there.", "Name a scene or a line.")
    total = sum(seconds(line.text) + LINE_PAUSE for line in lines)
    gone = spare(draft.script, lines, edit.seconds or QUARTER * total)
    if not gone or len(gone) == len(lines):
        longest = max(lines, key=lambda line: seconds(line.text))
        return shorten(draft, Shorten(at=Place(of="line", id=longest.id), seconds=edit.seconds))
    return cut(draft, Cut(at=tuple(Place(of="line", id=name) for name in gone)))


def spare(script: Script, lines: Sequence[Line], wanted: float) -> list[str]:
    """The lines that are missed least and together take about `wanted` seconds; at least one line stays.

    A line stands with those after it that lean on it, an opening of a list with its entries.
    """
    tongue = language(script.language)
    weight = weights([script.title, *(line.text for line in script.lines)], tongue)
    gone: list[str] = []
    left = list(lines)
    while wanted > QUARTER and len(left) > 1:
        groups = [group for at in range(len(left)) if (group := _leaning(left, at, tongue)) and len(group) < len(left)]
        fitting = [group for group in groups if _cost(group) <= wanted * 1.5] or ([] if gone else groups)
        if not fitting:
            break
        # The film's opening hook and its last word are missed most.
        worst = min(fitting, key=lambda group: _worth(group, weight, tongue) + (1.0 if group[0] is left[0] else 0.0))
        gone += [line.id for line in worst]
        left = [line for line in left if line not in worst]
        wanted -= _cost(worst)
    return gone


def _leaning(lines: Sequence[Line], at: int, tongue: Language) -> list[Line]:
    group = [lines[at]]
    for line in lines[at + 1 :]:
        entry = lines[at].part == "lead" and line.part in ("item", "step", "items")
        if not entry and bare(line.text.split()[0]) not in tongue.leans:
            break
        group.append(line)
    return group


def _cost(group: Sequence[Line]) -> float:
    return sum(seconds(line.text) + LINE_PAUSE for line in group)


def _worth(group: Sequence[Line], weight: Mapping[str, float], tongue: Language) -> float:
    words = [word for line in group for word in topic_words(line.text, tongue)]
    return sum(weight.get(word, 0.0) for word in words) / max(len(words), 1)


def shorter(text: str, tongue: Language, by: float | None = None) -> str:
    """The line without the clause that it misses least; BriefError where it is one clause.

    >>> from reelwright.agent.planner.language import language
    >>> shorter("Bees make honey, which never spoils, from nectar.", language("en"))
    'Bees make honey from nectar.'
    """
    words = text.split()
    wanted = by or QUARTER * seconds(text)
    edges = [0, *_rests(words, tongue), len(words)]
    spans = [(start, end) for at, start in enumerate(edges) for end in edges[at + 1 :]]
    found = []
    for start, end in spans:
        rest = [*words[:start], *words[end:]]
        inner = start > 0 and end < len(words)
        closed = start == 0 or end == len(words) or (ends_clause(words[start - 1]) and ends_clause(words[end - 1]))
        whole = bare(rest[0]) not in tongue.breaks or any(map(ends_clause, rest[:-1])) if rest else False
        if FEWEST <= len(rest) < len(words) and closed and whole:
            # What hangs on at the end is missed less than what leads in, and a parenthesis least.
            dear = 0.0 if inner else 0.6 if end == len(words) else 0.9
            found.append((dear + abs(seconds(" ".join(words[start:end])) - wanted), start, end))
    if not found:
        raise BriefError(f"“{text}” has no part that can be left out.", 'Say: change the line to "…".')
    _, start, end = min(found)
    head, tail = words[:start], words[end:]
    if head:
        head[-1] = head[-1].rstrip(",;:—–") or head[-1]
    stop = text[-1] if text[-1] in ".!?…。！？" else "."
    kept = " ".join(word for word in (*head, *tail) if word not in "—–")
    return sentence(kept if kept[-1] in ".!?…。！？" else kept + stop)


def _rests(words: Sequence[str], tongue: Language) -> list[int]:
    """Where a clause ends or begins: after punctuation, and before words such as "because"."""
    found = []
    for at in range(1, len(words)):
        opens = bare(words[at]) in tongue.breaks
        in_list = bare(words[at]) in tongue.conjunctions and any(map(ends_clause, words[max(at - 4, 0) : at]))
        if ends_clause(words[at - 1]) or (opens and not in_list):
            found.append(at)
    return found


def lengthen(draft: Draft, edit: Lengthen) -> Draft:
    """More time at that place: a card stands longer, a line is followed by a longer rest."""
    if edit.at.of == "shot" and not draft.shot(edit.at.id).lines:
        return _held(draft, edit.at.id, edit.seconds, 1)
    lines = draft.lines_at(edit.at)
    if not lines:
        raise BriefError("Nothing is said there.", "Name a scene or a line.")
    rate = draft.brief.rate
    total = edit.seconds or QUARTER * sum(seconds(line.text) for line in lines)
    rests = {line.id: LINE_PAUSE if line.rest is None else float(line.rest / rate) for line in lines}
    room = {name: max(LONGEST_REST - rest, 0.0) for name, rest in rests.items()}
    share = min(1.0, total / max(sum(room.values()), 0.01))
    if not any(room.values()):
        raise BriefError("The rests there are as long as a viewer bears.", 'Add words: add a line after it saying "…".')
    new = {name: frames_of(rests[name] + room[name] * share, rate) for name in rests}
    script = rewritten(
        draft.script, lambda line: line.model_copy(update={"rest": new[line.id]}) if line.id in new else line
    )
    return draft.told(script)


def _held(draft: Draft, name: str, by: float | None, sign: int) -> Draft:
    """A card that nobody speaks over, for more or less time."""
    shot, rate = draft.shot(name), draft.brief.rate
    step = frames_of(by, rate) if by else round(QUARTER * shot.frames)
    frames = max(shot.frames + sign * step, min(shot.frames, frames_of(SHORTEST_CARD, rate)))
    held = draft.shown({name: shot.model_copy(update={"frames": frames})})
    return held.lasting(draft.brief.seconds + length(held) - length(draft))
