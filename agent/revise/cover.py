"""Cover: every word of every line is shown by one shot, before a revision and after it.

Knows lines, words and shots; knows nothing about edits.
"""

from collections.abc import Collection, Mapping
from itertools import groupby, zip_longest

from ..errors import PlanError
from ..model import Brief, Plan, Script, Shot
from ..planner.shots import closing, redirect


def covered(shot: Shot, words: Mapping[str, int]) -> list[tuple[str, int]]:
    """The words that a shot covers, each as its line and its number in it; `words` counts them by line."""
    every = [(line, at) for line in shot.lines for at in range(words[line])]
    return every[shot.words[0] : shot.words[1]] if shot.words != (0, 0) else every


def check(plan: Plan) -> None:
    """Raise PlanError unless ids are unique and the shots cover the words of the script's lines once, in order."""
    for what, ids in (
        ("scene", [scene.id for scene in plan.script.scenes]),
        ("line", [line.id for line in plan.script.lines]),
        ("shot", [shot.id for shot in plan.shots]),
    ):
        double = next((name for name in ids if ids.count(name) > 1), None)
        if double is not None:
            raise PlanError(f"Two {what}s are called {double}.", "Give each its own name.")
    if not plan.shots:
        raise PlanError("The film has no shots left.", "Keep at least one.")
    count = counted(plan.script)
    lost = next((line for shot in plan.shots for line in shot.lines if line not in count), None)
    if lost is not None:
        raise PlanError(f"A shot shows the line {lost}, which the script does not have.", "Name a line of the script.")
    said = [(line, at) for line, words in count.items() for at in range(words)]
    shown = [word for shot in plan.shots for word in covered(shot, count)]
    if shown != said:
        pairs = zip_longest(said, shown)
        line = next((one or other or ("",) for one, other in pairs if one != other), ("",))[0]
        raise PlanError(f"The words of line {line} are not shown once and in order.", "Mend the shots of that line.")


def counted(script: Script) -> dict[str, int]:
    """How many words each line has."""
    return {line.id: len(line.text.split()) for line in script.lines}


def recovered(brief: Brief, old: Plan, script: Script, changed: Collection[str]) -> tuple[Shot, ...]:
    """The shots of a script that was edited: those of untouched lines as they were, new ones for the rest.

    Args:
        changed: lines whose text is new; lines that came, went or moved are found by comparing the scripts.
    """
    loose = _loose(old, script, changed)
    order = {line.id: at for at, line in enumerate(script.lines)}
    kept = [shot for shot in old.shots if shot.lines and not loose & {*shot.lines}]
    spoken = next((shot for shot in old.shots if shot.lines), None)
    titled = spoken is not None and spoken.layout == "title" and not loose.isdisjoint(spoken.lines)
    renewed = [line.id for line in script.lines if line.id in loose]
    made: list[Shot] = []
    free = [shot for shot in old.shots if shot.lines and loose & {*shot.lines}]
    for _, run in groupby(renewed, key=lambda line: (order[line] - renewed.index(line), _scene_of(script, line))):
        lines = list(run)
        opens = titled and order[lines[0]] == 0
        fresh = list(redirect(brief, script, lines, opens=opens))
        made += _like(fresh, free, lines, opens)
    shots = _ordered([*kept, *_named(made, old, brief)], old, order)
    return _ended(old, script, _housed(script, shots))


def _loose(old: Plan, script: Script, changed: Collection[str]) -> set[str]:
    """Lines whose shots must be made anew: changed, new or gone, and all that share a shot with such a line."""
    before, after = [line.id for line in old.script.lines], [line.id for line in script.lines]
    loose = {*changed, *(set(before) ^ set(after))}
    place = {line: at for at, line in enumerate(after)}
    scene = {line.id: scene.id for scene in script.scenes for line in scene.lines}
    for shot in old.shots:
        at = [place.get(line, -1) for line in shot.lines]
        apart = at != list(range(at[0], at[0] + len(at))) if at else False
        if apart or any(scene.get(line) != shot.scene for line in shot.lines):
            loose |= {*shot.lines}
    spoken = next((shot for shot in old.shots if shot.lines), None)
    if spoken is not None and spoken.layout == "title" and after and spoken.lines[0] != after[0]:
        loose |= {spoken.lines[0], after[0]}  # the title is spoken over: it goes where the film now begins
    while True:
        more = {line for shot in old.shots if loose & {*shot.lines} for line in shot.lines} - loose
        if not more:
            return loose
        loose |= more


def _scene_of(script: Script, line: str) -> str:
    return next(scene.id for scene in script.scenes if any(each.id == line for each in scene.lines))


def _like(fresh: list[Shot], free: list[Shot], lines: list[str], opens: bool) -> list[Shot]:
    """New shots take the ids, seeds, motifs and own files of the shots that they replace, as far as these go."""
    for at, shot in enumerate(fresh):
        before = next((each for each in free if {*each.lines} & {*(shot.lines or lines)}), None)
        if before is None:
            continue
        free.remove(before)
        same = {"id": before.id, "seed": before.seed, "motif": before.motif, "source": before.source}
        if before.layout == "chapter" and not at and not opens and len(shot.lines) == 1:
            same |= {"layout": "chapter", "card": before.card, "spots": (0,)}
        fresh[at] = shot.model_copy(update=same | {"asset": before.asset, "camera": before.camera})
    return fresh


def _named(made: list[Shot], old: Plan, brief: Brief) -> list[Shot]:
    """Ids and seeds that no shot had before, and the film's look."""
    taken, looks = {shot.id for shot in old.shots}, old.shots[0]
    seeds = max(shot.seed for shot in old.shots)
    motifs = list(dict.fromkeys(shot.motif for shot in old.shots))
    named: list[Shot] = []
    for at, shot in enumerate(made):
        look = {"style": looks.style, "palette": looks.palette}
        if shot.id in taken and shot.id not in {each.id for each in named}:
            named.append(shot.model_copy(update=look))
            continue
        seeds += 1
        number = next(n for n in range(len(taken) + 1, 10_000_000) if f"shot{n:02}" not in taken)
        taken.add(f"shot{number:02}")
        look |= {"id": f"shot{number:02}", "motif": motifs[at % len(motifs)]}
        named.append(shot.model_copy(update=look | {"seed": seeds}))
    return named


def _ordered(shots: list[Shot], old: Plan, order: Mapping[str, int]) -> tuple[Shot, ...]:
    """In the script's order; cards that nobody speaks over stay after the words that they stood after."""
    place: dict[str, tuple[int, int, int]] = {}
    for at, shot in enumerate(shots):
        place[shot.id] = (order[shot.lines[0]], shot.words[0], at) if shot.lines else (-1, 1, at)
    last, cards = -1, []
    closes = max((at for at, shot in enumerate(old.shots) if shot.lines), default=-1)
    for at, shot in enumerate(old.shots):
        if shot.lines:
            last = max((order[line] for line in shot.lines if line in order), default=last)
        elif shot.id not in place:
            place[shot.id] = (len(order) if at > closes else last, 1_000_000, at)
            cards.append(shot)
    return tuple(sorted([*shots, *cards], key=lambda shot: place[shot.id]))


def _housed(script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """Every shot in a scene that there is: a card goes with the words before it, the first with those after it."""
    scenes = {line.id: scene.id for scene in script.scenes for line in scene.lines}
    inside = next((scenes[shot.lines[0]] for shot in shots if shot.lines), script.scenes[0].id)
    housed = []
    for shot in shots:
        inside = scenes[shot.lines[0]] if shot.lines else inside
        housed.append(shot if shot.scene == inside else shot.model_copy(update={"scene": inside}))
    return tuple(housed)


def _ended(old: Plan, script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """The end card closes with what the film now says last."""
    if not script.lines or not old.script.lines:
        return shots
    one, other = old.script.lines[-1], script.lines[-1]
    last = shots[-1]
    if (one.id, one.text) == (other.id, other.text) or last.lines or last.layout != "end":
        return shots
    return (*shots[:-1], last.model_copy(update={"card": last.card.model_copy(update={"body": closing(script)})}))
