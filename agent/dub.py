"""Dubbing: the lines of a finished film in another language, on the same shots, which are timed anew to the new voice.

Knows nothing about pictures: words that stand on the cards are translated like those that are spoken.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, create_model

from ..memory.assets import AssetStore
from ..prompts import render
from ..tools.errors import ToolError
from ..tools.listen import primary
from ..tools.media import Frozen
from ..tools.registry import SPEECH
from ..tools.speech import Pause
from ..tools.video import Card
from .door import assets_in
from .errors import BriefError
from .mind import Mind
from .model import Brief, Line, Plan, Script, Shot
from .pace import words_of
from .studio import Studio

ANY = "any"
"""The language of a voice that speaks every one."""


RULE = "---"
"""Stands alone in a translation by hand between what is spoken and what is shown."""


class Translation(Frozen):
    """The lines of a script in another language, and the texts of its pictures, one for each."""

    lines: tuple[Annotated[str, Field(min_length=1)], ...]
    shown: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Empty leaves the pictures as they are."""


def languages(studio: Studio) -> tuple[str, ...]:
    """The languages that somebody speaks on this machine, `any` where a voice speaks all."""
    spoken = set()
    for tool in studio.door.registry.providers(SPEECH):
        try:
            tool.ready()
            for model in tool.models:
                studio.door.weights.path(model)
        except ToolError:
            continue
        spoken |= {primary(voice.language) for voice in getattr(tool, "voices", tuple)()}
    return tuple(sorted(spoken))


def check_language(studio: Studio, script: Script, language: str) -> None:
    """Raise BriefError where nobody here speaks it, or where the film speaks it already."""
    if primary(language) == primary(script.language):
        raise BriefError(f"The film already speaks {script.language!r}.", "Choose another --language.")
    known = languages(studio)
    if ANY not in known and primary(language) not in known:
        hint = f"These are spoken: {', '.join(known) or 'none'}. `reelwright voices` says what more can be fetched."
        raise BriefError(f"No voice here speaks {language!r}.", hint)


def shown_in(plan: Plan) -> tuple[str, ...]:
    """Every text that the film shows: title, headings and what stands on the cards, each once; no code, no sources."""
    texts = [plan.script.title, *(scene.heading for scene in plan.script.scenes)]
    for shot in plan.shots:
        card = shot.card
        texts += [card.kicker, card.headline, card.body, *card.items, *(datum.label for datum in card.data)]
        texts += [card.figure.label] if card.figure else []
    return tuple(dict.fromkeys(text for text in texts if any(mark.isalpha() for mark in text)))


def translate(mind: Mind, plan: Plan, language: str) -> Translation:
    """What the film says and shows, as a model puts it in `language`, each line about as long.

    Raises:
        PlanError: the model does not give one line for each.
        BudgetExceeded: the question does not fit into what was granted.
        ToolError: no model could be asked.
    """
    lines, shown = [line.text for line in plan.script.lines], shown_in(plan)
    counts = {"lines": len(lines), "shown": len(shown)}
    fields: dict[str, Any] = {name: (_exactly(count), ...) for name, count in counts.items()}
    schema = create_model("Translation", __base__=Translation, **fields)
    numbered = ("\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1)) for texts in (lines, shown))
    told = {name: str(count) for name, count in counts.items()}
    spoken, written = numbered
    prompt = render("dub", language=language, texts=spoken, cards=written, **told)
    found = mind.ask(prompt, schema, target="script", stage="write")
    return Translation(lines=_clean(found.lines), shown=_clean(found.shown))


def template(plan: Plan) -> str:
    """What a person translates line by line: first what is spoken, then what is shown."""
    return "\n".join((*(line.text for line in plan.script.lines), RULE, *shown_in(plan), ""))


def by_hand(text: str, plan: Plan, name: str) -> Translation:
    """A translation that a person wrote: a line for each of the template's, or for what is spoken only."""
    rows = [line.strip() for line in text.splitlines() if line.strip()]
    place = rows.index(RULE) if RULE in rows else len(rows)
    found = Translation(lines=_clean(rows[:place]), shown=_clean(rows[place + 1 :]))
    lines, shown = [line.text for line in plan.script.lines], shown_in(plan)
    for given, wanted, what in ((found.lines, lines, "lines"), (found.shown or shown, shown, "texts on screen")):
        if len(given) != len(wanted):
            raise BriefError(
                f"{name} has {len(given)} {what}, and the film has {len(wanted)}.",
                "Write one line for each, in their order: " + " / ".join(wanted),
            )
    return found


def dubbed(brief: Brief, plan: Plan, found: Translation, language: str, voice: str = "") -> tuple[Brief, Plan]:
    """The brief and the plan of the same film in another language.

    Voices that were chosen for the first language are not kept: their names mean nothing in another.
    """
    said = dict(zip((line.id for line in plan.script.lines), found.lines, strict=True))
    shown = dict(zip(shown_in(plan), found.shown, strict=True)) if found.shown else {}
    scenes = tuple(
        scene.model_copy(
            update={
                "narrator": "",
                "heading": shown.get(scene.heading, scene.heading),
                "lines": tuple(_line(line, said[line.id]) for line in scene.lines),
            }
        )
        for scene in plan.script.scenes
    )
    title = shown.get(plan.script.title, plan.script.title)
    script = plan.script.model_copy(update={"title": title, "scenes": scenes, "language": language})
    words = {line.id: (len(words_of(line.text)), len(words_of(said[line.id]))) for line in plan.script.lines}
    shots = tuple(_shot(shot, words).model_copy(update={"card": _card(shot.card, shown)}) for shot in plan.shots)
    changes = {"language": language, "voice": voice, "cast": (), "recording": None}
    return brief.model_copy(update=changes), Plan(script=script, shots=shots)


def carry(brief: Brief, source: AssetStore, target: AssetStore) -> None:
    """The person's own files, which the new film shows too."""
    for asset in assets_in(brief):
        target.take(source.path(asset.id), asset)


def _exactly(count: int) -> Any:
    return Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=count, max_length=count)]


def _clean(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(text.split()) for text in texts)


def _card(card: Card, shown: dict[str, str]) -> Card:
    """The card with its words in the other language; which of them stand out the layout chooses."""
    if not shown:
        return card
    changes = {name: shown.get(text, text) for name in ("kicker", "headline", "body") if (text := getattr(card, name))}
    items = tuple(shown.get(item, item) for item in card.items)
    data = tuple(datum.model_copy(update={"label": shown.get(datum.label, datum.label)}) for datum in card.data)
    figure = card.figure and card.figure.model_copy(update={"label": shown.get(card.figure.label, card.figure.label)})
    return card.model_copy(update={**changes, "items": items, "data": data, "figure": figure, "accent": ""})


def _line(line: Line, text: str) -> Line:
    """Pauses stand about where they stood; a stressed word has no place that could be counted."""
    before, after = len(words_of(line.text)), len(words_of(text))
    pauses = tuple(Pause(before=_place(pause.before, before, after), seconds=pause.seconds) for pause in line.pauses)
    original = line.original or line.text
    return line.model_copy(update={"text": text, "original": original, "pauses": pauses, "emphasis": (), "rest": None})


def _shot(shot: Shot, words: dict[str, tuple[int, int]]) -> Shot:
    """The same stretch of the lines, counted in the words of the translation."""
    before, after = (sum(words[line][side] for line in shot.lines) for side in (0, 1))
    if not before or not after:
        return shot
    first, last = shot.words if any(shot.words) else (0, before)
    start, end = _place(first, before, after), _place(last, before, after)
    spots = tuple(min(_place(first + spot, before, after) - start, after - 1) for spot in shot.spots)
    return shot.model_copy(
        update={"words": (start, max(end, start + 1)) if any(shot.words) else (0, 0), "spots": spots}
    )


def _place(word: int, before: int, after: int) -> int:
    """Where a word of a text of `before` words lies in one of `after` words.

    >>> [_place(word, 4, 8) for word in range(5)]
    [0, 2, 4, 6, 8]
    """
    return round(word * after / before) if before else 0
