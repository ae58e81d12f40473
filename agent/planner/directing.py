"""Directing with a model: the shots stand, each with its words and its time; the model says what is seen.

Knows shots and words; a model can neither move a cut nor put words on screen that are not said.
"""

from collections.abc import Sequence
from functools import partial
from typing import get_args

from ...prompts import fence, render
from ..mind import Mind
from ..model import Script, Shot, Source, Treatment
from .drafts import MOST_SHOTS, ON_SCREEN, Camera, DraftShot, DraftShots
from .research import strangers
from .text import bare

FOUND = {"own", "stock", "generate"}
"""Sources that a model cannot ask for: such pictures find their shots, by name or meaning, or by --source."""
HEADLINES = {"statement", "title", "chapter", "definition"}
"""Layouts whose headline may be worded anew: the others show parts that belong together."""


def directed(director: Mind, script: Script, shots: Sequence[Shot], lessons: str = "") -> tuple[Shot, ...]:
    """The shots with prompts, queries, camera, source and words on screen as the director sees them."""
    told = {shot.id: words_of(shot, script) for shot in shots}
    found: dict[str, DraftShot] = {}
    heard, known = [shot for shot in shots if shot.lines], {shot.id for shot in shots}
    for at in range(0, len(heard), MOST_SHOTS):
        batch = heard[at : at + MOST_SHOTS]
        prompt = _prompt(script, batch, told, lessons)
        check = partial(_objection, names=[shot.id for shot in batch], known=known, told=told)
        answer = director.ask(prompt, DraftShots, target="shots", stage="direct", check=check)
        found |= {draft.id: draft for draft in answer.shots}
    order = {shot.id: at for at, shot in enumerate(shots)}
    return tuple(_with(shot, found[shot.id], told[shot.id], order) if shot.id in found else shot for shot in shots)


def film_of(treatment: Treatment | None) -> str:
    """A treatment as one sentence for a prompt."""
    if treatment is None:
        return "a short film"
    parts = [treatment.logline, treatment.audience and f"for {treatment.audience}", treatment.tone]
    return "; ".join(part for part in parts if part) or "a short film"


def words_of(shot: Shot, script: Script) -> str:
    """The words that are heard while a shot is seen."""
    texts = {line.id: line.text for line in script.lines}
    words = [word for line in shot.lines for word in texts[line].split()]
    return " ".join(words[slice(*shot.words)] if shot.words != (0, 0) else words)


def _prompt(script: Script, batch: Sequence[Shot], told: dict[str, str], lessons: str) -> str:
    places = [f"{scene.id}: {scene.place or scene.heading}" for scene in script.scenes if scene.place or scene.heading]
    rows = [f"{shot.id} ({shot.scene}): {told[shot.id]}" for shot in batch]
    return render(
        "shots",
        treatment=film_of(script.treatment),
        places="; ".join(places) or "as the words have it",
        cameras=", ".join(get_args(Camera)),
        sources=", ".join(_sources()),
        letters=str(ON_SCREEN),
        lessons=lessons,
        shots=fence("shots", "\n".join(rows)),
    )


def _sources() -> list[str]:
    return [source for source in get_args(Source) if source not in FOUND]


def _objection(drafts: DraftShots, names: Sequence[str], known: set[str], told: dict[str, str]) -> str:
    given = [draft.id for draft in drafts.shots]
    lacking, twice = [name for name in names if name not in given], len(given) != len(set(given))
    if lacking or twice or set(given) - set(names):
        return f"each of {', '.join(names)} once: {', '.join(lacking) or 'another one'} does not stand right"
    for draft in drafts.shots:
        if draft.source and draft.source not in _sources():
            return f"{draft.id}: {draft.source!r} is no source, only {', '.join(_sources())}"
        if draft.follows and (draft.follows not in known or draft.follows >= draft.id):
            return f"{draft.id}: it can follow an earlier shot only, not {draft.follows!r}"
        if draft.on_screen and not _said(draft.on_screen, told[draft.id]):
            return f"{draft.id}: {draft.on_screen!r} is not word for word from its own words"
        if wrong := strangers(" ".join([draft.prompt, *draft.queries]), told[draft.id]):
            return f"{draft.id}: {wrong} is not among its words"
    return ""


def _said(shown: str, heard: str) -> bool:
    return f" {_plain(shown)} " in f" {_plain(heard)} "


def _plain(text: str) -> str:
    return " ".join(plain for word in text.split() if (plain := bare(word)))


def _with(shot: Shot, draft: DraftShot, heard: str, order: dict[str, int]) -> Shot:
    changed: dict[str, object] = {"prompt": draft.prompt, "queries": draft.queries, "camera": draft.camera}
    if draft.source:
        changed["source"] = draft.source
    if draft.follows and order[draft.follows] < order[shot.id]:
        changed["follows"] = draft.follows
    if draft.on_screen and shot.layout in HEADLINES:
        first = _plain(heard).split().index(_plain(draft.on_screen).split()[0])
        changed |= {"card": shot.card.model_copy(update={"headline": draft.on_screen, "accent": ""}), "spots": (first,)}
    return shot.model_copy(update=changed)
