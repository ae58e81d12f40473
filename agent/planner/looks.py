"""Looks: the mood, style sheet, palette and motifs that a film's words suggest.

Knows words and style sheets; knows nothing about shots.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import cast

from ...tools.media import Frozen
from ...tools.music import Mood
from ...tools.video import Brand
from ...tools.video.motion.styles import motifs_for, palette_for, sheet, sheets
from ..model import Shot
from .language import Language
from .text import stem, topic_words

NIGHT = frozenset({"starfield", "city", "embers", "aurora"})
"""Motifs that want a dark palette."""
BEATS, APART = frozenset({"figure", "quote", "comparison"}), 2
"""Layouts that may stand on the accent colour, and how many other shots stand between two of them."""


class Look(Frozen):
    """What all shots of a film share: one style sheet, one palette, a small family of motifs."""

    style: str
    palette: str
    motifs: tuple[str, ...]


@cache
def _table(name: str) -> dict[str, tuple[str, ...]]:
    rows = tomllib.loads((files(__package__) / "looks.toml").read_text("utf-8"))
    if name == "motifs":
        return {key: tuple(words.split()) for key, words in rows[name].items()}
    return {key: tuple(map(stem, words.split())) for key, words in rows[name].items()}


def mood(text: str, tongue: Language, otherwise: Mood = "warm") -> Mood:
    """The mood that most of a text's words name.

    >>> from .language import language
    >>> mood("How bees make honey", language("en"))
    'warm'
    """
    return cast(Mood, _most("moods", text, tongue) or otherwise)


def look(title: str, mood: Mood, wanted: str, tongue: Language, seed: int, brand: Brand | None = None) -> Look:
    """The look for a topic; a style that was asked for by name wins. A brand's ground tells which motifs fit."""
    style = wanted if wanted in sheets() else _most("styles", title, tongue) or "clean"
    style = style if style in sheets() else sheets()[0]
    chosen = sheet(style)
    fitting = [motif for motif in _table("motifs")[mood] if motif in chosen.motifs]
    named = motifs_for(chosen, title)
    topical = named[:1] if named != chosen.motifs else ()
    palette = palette_for(chosen, title, seed)
    wanted_motifs = dict.fromkeys((*topical, *fitting, *chosen.motifs))
    dark = not brand.light if brand and brand.colour else palette.dark
    family = tuple(motif for motif in wanted_motifs if dark or motif not in NIGHT)[:3]
    return Look(style=style, palette=palette.name, motifs=family)


def brightened(shots: Iterable[Shot]) -> tuple[Shot, ...]:
    """The shots, of which a number or a quotation now and then stands on the accent colour: a film needs a beat."""
    found: list[Shot] = []
    since = 1
    for shot in shots:
        turns = shot.layout in BEATS and since >= APART and shot.motif not in NIGHT
        since = 0 if turns else since + 1
        found.append(shot.model_copy(update={"bright": True}) if turns else shot)
    return tuple(found)


def _most(table: str, text: str, tongue: Language) -> str:
    words = topic_words(text, tongue)
    named = [name for word in words for name, stems in _table(table).items() if word in stems]
    return max(named, key=lambda name: (named.count(name), -named.index(name)), default="")
