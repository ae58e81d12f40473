"""Timing: edits that give what is said less or more time.

Knows lines, clauses and rests; knows nothing about pictures, voices or music.
"""

from collections.abc import Mapping, Sequence

from ...tools.media import frames_of
from ..errors import BriefError
from ..model import Line, Script
from ..pace import LINE_PAUSE
from ..planner.language import Language, language
from ..planner.pace import seconds
from ..planner.phrases import weights
from ..planner.text import bare, ends_clause, sentence, topic_words
from .draft import Draft, length, rewritten
from .edits import Cut, Lengthen, Place, Rewrite, Shorten
from .wording import cut, rewrite

QUARTER = 0.25
"""What "shorter" and "longer" mean where no seconds are named."""
LONGEST_REST = 1.5
"""Seconds of silence after a line beyond which a viewer takes it for a fault."""
SHORTEST_CARD = 0.8
"""Seconds in which a card can still be read."""
FEWEST = 3
"""Words that a shortened line keeps."""


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
