"""Dubbing: the lines of a finished film in another language, on the same shots, which are timed anew to the new voice.

Knows nothing about pictures: what stands on the cards stays in the language it was made in.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, create_model

from ..memory.assets import AssetStore
from ..prompts import render
from ..tools.errors import ToolError
from ..tools.listen import primary
from ..tools.media import Frozen
from ..tools.registry import SPEECH
from ..tools.speech import Pause
from .door import assets_in
from .errors import BriefError
from .mind import Mind
from .model import Brief, Line, Plan, Script, Shot
from .pace import words_of
from .studio import Studio

ANY = "any"
"""The language of a voice that speaks every one."""


class Translation(Frozen):
    """The lines of a script in another language, one for each."""

    lines: tuple[Annotated[str, Field(min_length=1)], ...]


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


def translate(mind: Mind, script: Script, language: str) -> tuple[str, ...]:
    """The script's lines as a model says them in `language`, each about as long.

    Raises:
        PlanError: the model does not give one line for each.
        BudgetExceeded: the question does not fit into what was granted.
        ToolError: no model could be asked.
    """
    count = len(script.lines)
    exactly = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=count, max_length=count)]
    schema = create_model("Translation", __base__=Translation, lines=(exactly, ...))
    lines = "\n".join(f"{number}. {line.text}" for number, line in enumerate(script.lines, 1))
    prompt = render("dub", language=language, count=str(count), lines=lines)
    return tuple(" ".join(line.split()) for line in mind.ask(prompt, schema, target="script", stage="write").lines)


def by_hand(text: str, script: Script, name: str) -> tuple[str, ...]:
    """A translation that a person wrote: a line for each of the script's, blank ones aside."""
    lines = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
    if len(lines) != len(script.lines):
        raise BriefError(
            f"{name} has {len(lines)} lines, and the film has {len(script.lines)}.",
            "Write one line for each, in their order: " + " / ".join(line.text for line in script.lines),
        )
    return lines


def dubbed(brief: Brief, plan: Plan, lines: Sequence[str], language: str, voice: str = "") -> tuple[Brief, Plan]:
    """The brief and the plan of the same film in another language.

    Voices that were chosen for the first language are not kept: their names mean nothing in another.
    """
    said = dict(zip((line.id for line in plan.script.lines), lines, strict=True))
    scenes = tuple(
        scene.model_copy(
            update={"narrator": "", "lines": tuple(_line(line, said[line.id], plan) for line in scene.lines)}
        )
        for scene in plan.script.scenes
    )
    script = plan.script.model_copy(update={"scenes": scenes, "language": language})
    words = {line.id: (len(words_of(line.text)), len(words_of(said[line.id]))) for line in plan.script.lines}
    shots = tuple(_shot(shot, words) for shot in plan.shots)
    changes = {"language": language, "voice": voice, "cast": (), "recording": None}
    return brief.model_copy(update=changes), Plan(script=script, shots=shots)


def carry(brief: Brief, source: AssetStore, target: AssetStore) -> None:
    """The person's own files, which the new film shows too."""
    for asset in assets_in(brief):
        target.take(source.path(asset.id), asset)


def _line(line: Line, text: str, plan: Plan) -> Line:
    """Pauses stand about where they stood; a stressed word has no place that could be counted."""
    before, after = len(words_of(line.text)), len(words_of(text))
    pauses = tuple(Pause(before=_place(pause.before, before, after), seconds=pause.seconds) for pause in line.pauses)
    original = line.original or line.text
    return line.model_copy(update={"text": text, "original": original, "pauses": pauses, "emphasis": ()})


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
