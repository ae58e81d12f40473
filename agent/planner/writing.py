"""Write: a brief becomes a script that says nothing the brief did not say, and says it in the time there is.

Knows documents, ranks and seconds; knows nothing about shots.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from ...tools.music import Mood
from ..model import Brief, Line, Scene, Script, Treatment
from ..pace import LEAD, LINE_PAUSE, LONGEST_CARD, LONGEST_PAUSE, SCENE_PAUSE, SHORTEST_PAUSE
from .dialogue import attributed
from .language import Language, detect, language
from .looks import mood
from .markdown import Document, read
from .pace import voiced
from .phrases import phrase, weights
from .pieces import needs_silence
from .ranking import centrality, keep
from .sayings import Group, groups
from .sources import cites
from .structures import Structure, structure
from .titles import LONGEST_TITLES

END_CARD = 2.0
"""Seconds of the end card, which nobody speaks over."""
TITLE_CARD = 1.8
"""Seconds of a title that stands before the first word."""
PRESSED = (LINE_PAUSE + SHORTEST_PAUSE) / 2
"""Seconds of the rest after a line in a film that is full."""
STRETCH = 0.15
"""A film with too little to say rests longer by at most this part of its length; it never speaks slower."""
SCENE_LINES = 3
"""Lines after which a new paragraph opens a new scene."""
FEWEST = 4
"""Groups from which on a film can do without one."""
UNFIT = 1e6
"""Seconds of what never fits."""
OVERRUN = 1.02
"""A film that is a little longer than asked keeps its sentence (criteria.md, "duration": 5 %)."""


def write(brief: Brief) -> Script:
    """The script of a brief."""
    document = attributed(read(brief.text), [name for name, _ in brief.cast])
    code = brief.language or detect(brief.text)
    tongue = language(code)
    found = groups(document, tongue)
    title = document.title or _title(found, tongue)
    film = structure(brief.structure)
    kept = _fitting(found, title, tongue, brief.seconds, film.longest if brief.structure else 0)
    spoken = sum(voiced(found[at].text) for at in kept)
    if not kept or spoken > 2 * brief.seconds:
        return _silent(brief, title, code, tongue, bool(found))
    shorts = (
        *_skipped(document, found, kept),
        *_left_out(found, kept, brief.seconds),
        *_too_little(found, kept, brief.seconds),
    )
    words = f"{title} {title} " + " ".join(found[at].text for at in kept)
    lead = mood(words, tongue, film.mood if brief.structure else "warm")
    scenes = scenes_of([found[at] for at in kept], tongue, lead, _spare(found, kept, title, tongue))
    scenes = _cited(scenes, brief)
    logline = next(line.text for scene in scenes for line in scene.lines)
    return Script(
        title=title,
        logline=logline,
        scenes=scenes,
        language=code,
        narrated=film.narrated or not brief.structure,
        treatment=_treatment(brief, film, logline, lead),
        shorts=shorts,
    )


def _treatment(brief: Brief, film: Structure, logline: str, lead: Mood) -> Treatment:
    """What the film is to be. No share of moving shots is promised: how visibly cards drift depends on the size."""
    own = {"image": "stills", "video": "footage"}
    kinds = dict.fromkeys(["motion graphics", *(own[asset.kind] for asset in brief.assets if asset.kind in own)])
    return Treatment.model_validate(
        {
            "logline": logline,
            "audience": brief.audience,
            "tone": lead,
            "structure": film.name if brief.structure else "",
            "arc": tuple(beat.tells for beat in film.beats) if brief.structure else (),
            "pictures": tuple(kinds),
        }
    )


def _cited(scenes: tuple[Scene, ...], brief: Brief) -> tuple[Scene, ...]:
    if not brief.references:
        return scenes
    return tuple(
        scene.model_copy(
            update={
                "lines": tuple(
                    line.model_copy(update={"cites": cites(line.text, brief.references)}) for line in scene.lines
                )
            }
        )
        for scene in scenes
    )


def _spare(found: Sequence[Group], kept: Sequence[int], title: str, tongue: Language) -> dict[int, int]:
    """Which of the kept groups the film can do without, by their place, the most dispensable with 1.

    Never its first or last, nor a list, nor one that another leans on.
    """
    chosen = [found[at] for at in kept]
    if len(chosen) < FEWEST:
        return {}
    value = centrality(chosen, title, tongue)
    needed = {found[at].needs for at in kept}
    free = [
        place
        for place in range(1, len(chosen) - 1)
        if kept[place] not in needed and len(chosen[place].sayings) == 1 and chosen[place].sayings[0].part == "say"
    ]
    ranked = sorted(free, key=lambda place: value[place])[: len(chosen) // 3]
    return {place: rank for rank, place in enumerate(ranked, start=1)}


def _title(found: Sequence[Group], tongue: Language) -> str:
    """A brief without a heading is named by its first phrase."""
    if not found:
        return "…"
    words = found[0].sayings[0].text.split()
    return phrase(words, weights([group.text for group in found], tongue), tongue)[0][:80]


def _fitting(found: Sequence[Group], title: str, tongue: Language, asked: float, longest: int = 0) -> list[int]:
    """Indexes of the groups that can be said in the time asked for."""
    if not found or asked < 4:
        return []
    cost = [
        voiced(group.text) + PRESSED * len(group.sayings) + (SCENE_PAUSE - LINE_PAUSE) / SCENE_LINES for group in found
    ]
    if longest:  # a structure of short sentences has no room for a long one
        cost = [
            each + (UNFIT if any(len(said.text.split()) > longest for said in group.sayings) else 0.0)
            for each, group in zip(cost, found, strict=True)
        ]
    first = found[0].sayings[0]
    opening = TITLE_CARD if needs_silence(Line(id="first", text=first.text, part=first.part), tongue) else LEAD
    return keep(found, centrality(found, title, tongue), cost, asked * OVERRUN - opening - END_CARD)


def scenes_of(
    kept: Sequence[Group], tongue: Language, lead: Mood, spare: Mapping[int, int] = MappingProxyType({})
) -> tuple[Scene, ...]:
    """A scene for each heading; under one heading, for each list, and for paragraphs as they add up."""
    parts: list[list[Group]] = []
    for _, run in groupby(kept, key=lambda group: group.heading):
        opened = False
        for group in run:
            last = parts[-1] if opened else None
            full = (
                last is not None
                and last[-1].block != group.block
                and (sum(len(each.sayings) for each in last) >= SCENE_LINES or _is_list(group) or _is_list(last[-1]))
            )
            if last is None or full:
                parts.append([group])
            else:
                last.append(group)
            opened = True
    scenes: list[Scene] = []
    number, place = 0, 0
    for index, part in enumerate(parts, start=1):
        lines = []
        for group in part:
            for saying in group.sayings:
                number += 1
                line = Line(id=f"l{number:02}", text=saying.text, part=saying.part, by=saying.by)
                lines.append(line.model_copy(update={"spare": spare.get(place, 0), "speaker": saying.speaker}))
            place += 1
        text = " ".join(line.text for line in lines)
        scenes.append(
            Scene(
                id=f"s{index}",
                heading=part[0].heading,
                mood=mood(text, tongue, lead) if scenes else lead,
                lines=tuple(lines),
            )
        )
    return tuple(scenes)


def _is_list(group: Group) -> bool:
    return group.sayings[-1].part in ("item", "step", "items")


def _left_out(found: Sequence[Group], kept: Sequence[int], asked: float) -> tuple[str, ...]:
    total = sum(len(group.sayings) for group in found)
    spoken = sum(len(found[at].sayings) for at in kept)
    if spoken == total:
        return ()
    full = round(sum(voiced(group.text) + LINE_PAUSE * len(group.sayings) for group in found) + LEAD + END_CARD)
    missing = next(group.sayings[0].text for at, group in enumerate(found) if at not in set(kept))
    verbs = ("does", "was") if total - spoken == 1 else ("do", "were")
    return (
        f"The brief holds about {full} s of narration: {total - spoken} of its {total} sentences {verbs[0]} not fit "
        f"in {asked:g} s and {verbs[1]} left out, first: “{missing[:200]}”",
    )


def _too_little(found: Sequence[Group], kept: Sequence[int], asked: float) -> tuple[str, ...]:
    spoken = sum(voiced(found[at].text) for at in kept)
    pauses = sum(len(found[at].sayings) for at in kept)
    usual = spoken + LINE_PAUSE * pauses + LEAD + END_CARD
    longest = min(spoken + LEAD + LONGEST_PAUSE * pauses + LONGEST_CARD, usual * (1 + STRETCH))
    if len(kept) < len(found) or longest >= 0.95 * asked:
        return ()
    return (f"The brief holds {usual:.0f} s of narration, not {asked:g} s: write more, or ask for fewer seconds.",)


def _skipped(document: Document, found: Sequence[Group], kept: Sequence[int]) -> tuple[str, ...]:
    """Code whose line is not in the film is not shown either; a table that cannot be read is named."""
    said = {line.text for at in kept for line in found[at].sayings}
    lost = [each for each in document.exhibits if each.kind == "code" and not any(line in each.near for line in said)]
    told = [
        f"A table of the brief is not shown: {each[7:]}." for each in document.skipped if each.startswith("table: ")
    ]
    return (*(["Code in the brief is not read aloud, and the line beside it is left out."] if lost else []), *told)


def _silent(brief: Brief, title: str, code: str, tongue: Language, had_words: bool) -> Script:
    """A music-led title sequence, for a brief that is only a topic or a film too short for its first sentence."""
    shorts = []
    if had_words:
        shorts.append(
            f"No sentence of the brief fits in {brief.seconds:g} s: the film shows its title and is not narrated."
        )
    else:
        shorts.append(
            "The brief names a topic and says nothing about it: the film is a title sequence without narration."
        )
    if brief.seconds > LONGEST_TITLES:
        shorts.append(
            f"It is {LONGEST_TITLES} s long, not {brief.seconds:g} s: answer the questions in brief.md for more."
        )
    scene = Scene(id="s1", heading="", mood=mood(title, tongue))
    return Script(title=title, scenes=(scene,), language=code, narrated=False, shorts=tuple(shorts))
