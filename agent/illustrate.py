"""Pictures for key phrases: what no icon is called finds the icon that means it.

Knows cards; knows nothing about how icons are drawn. Needs MiniLM (extra `stock`); without it cards stay as they are.
"""

from collections.abc import Sequence

from ..tools.errors import ToolMissing
from ..tools.stock import Embedder
from ..tools.stock.minilm import MODEL, MiniLM
from ..tools.video import Card
from ..tools.video.motion import icons
from ..tools.video.motion.meanings import NEAR, SURE, nearest
from .model import Plan, Script, Shot
from .studio import Studio

BARE = {"statement", "definition"}
"""Layouts that look better with a picture, and have room for one."""


def illustrator(studio: Studio) -> Embedder | None:
    """MiniLM where its weights lie here."""
    try:
        return MiniLM(studio.door.weights.path(MODEL))
    except ToolMissing:
        return None


def illustrate(shots: tuple[Shot, ...], script: Script, embedder: Embedder | None) -> tuple[Shot, ...]:
    """The shots with icons that are found by meaning; the embedder reads English."""
    if embedder is None or not script.language.startswith("en"):
        return shots
    wanted = sorted({phrase for shot in shots for phrase in _phrases(shot)})
    if not wanted:
        return shots
    found = dict(zip(wanted, nearest(embedder.embed(wanted)), strict=True))
    shown: set[str] = {name for shot in shots for name in shot.card.icons}
    return tuple(_pictured(shot, found, shown) for shot in shots)


def _phrases(shot: Shot) -> Sequence[str]:
    if shot.source != "motion":
        return ()
    if shot.card.icons:
        return [words for words in shot.card.icons if words and not icons.find(words)]
    return [shot.card.accent] if shot.layout in BARE and shot.card.accent else []


def _pictured(shot: Shot, found: dict[str, tuple[str, float]], shown: set[str]) -> Shot:
    phrases = _phrases(shot)
    if not phrases:
        return shot
    card = shot.card
    if card.icons:
        near = {phrase: found[phrase][0] for phrase in phrases if found[phrase][1] >= NEAR}
        return _with(shot, card.model_copy(update={"icons": tuple(near.get(words, words) for words in card.icons)}))
    name, cosine = found[phrases[0]]
    if cosine < SURE or name in shown:
        return shot
    shown.add(name)
    return _with(shot, card.model_copy(update={"icons": (name,)}))


def _with(shot: Shot, card: Card) -> Shot:
    return shot.model_copy(update={"card": card})


def illustrate_new(plan: Plan, before: Plan | None, studio: Studio) -> tuple[Shot, ...]:
    """The plan's shots with icons for those that a revision made anew; all others stay as they are."""
    if before is None:
        return plan.shots
    words = {shot.id: (shot.lines, shot.words, shot.prompt, shot.card.icons) for shot in before.shots}
    fresh = [
        shot for shot in plan.shots if words.get(shot.id) != (shot.lines, shot.words, shot.prompt, shot.card.icons)
    ]
    if not any(_phrases(shot) for shot in fresh):
        return plan.shots
    drawn = {shot.id: shot for shot in illustrate(tuple(fresh), plan.script, illustrator(studio))}
    return tuple(drawn.get(shot.id, shot) for shot in plan.shots)
