"""The listing: title, description, hashtags and chapters, for where the film is published.

Written from the plan, so that it says nothing that the film does not say; by the chat model where there is one.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from pydantic import Field

from ..prompts import render
from ..tools.errors import ToolError
from ..tools.media import Frozen, seconds_of
from ..tools.timeline import Marker
from .errors import BudgetExceeded, PlanError
from .mind import Mind
from .model import Brief, Scene, Script, Shot
from .pace import starts_of
from .planner.language import language
from .planner.tags import FEWEST, MOST, hashtags
from .studio import Studio

LONGEST_TITLE, LONGEST_TEXT = 100, 400
"""Characters: what YouTube takes for a title, and what is read of a description before it is cut off."""
CHAPTER_SECONDS, CHAPTERS = 10.0, 3
"""YouTube shows chapters from three of at least ten seconds, the first at 0:00."""
_SOURCES = {"de": "Quellen", "fr": "Sources", "es": "Fuentes", "it": "Fonti", "pt": "Fontes", "nl": "Bronnen"}
_NAME = 44
"""Characters of a line that may stand as a chapter's name."""
_SENTENCES = 3
"""Sentences of the film in its description."""


class Chapter(Frozen):
    """A chapter as players and platforms write it: seconds from the film's first frame."""

    seconds: float
    name: str


class Listing(Frozen):
    """What is pasted beside the film. `by` is the planner that wrote it."""

    title: str
    description: str
    hashtags: tuple[str, ...]
    chapters: tuple[Chapter, ...] = ()
    sources: tuple[str, ...] = ()
    label: str = ""
    """The notice that parts are made by machines, where the policy asks for one."""
    language: str = "en"
    by: str = "offline"


class Draft(Frozen):
    """A listing as a model writes it."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    description: str = Field(min_length=1, max_length=LONGEST_TEXT)
    hashtags: tuple[str, ...] = Field(min_length=FEWEST, max_length=MOST)


def listing(studio: Studio, brief: Brief, script: Script, shots: tuple[Shot, ...], label: str = "") -> Listing:
    """The film's listing, with the notice that it shows; a model's is checked, else the plan's own words stand."""
    plain = offline(brief, script, shots, label)
    writer = studio.mind("writer")
    if writer is None:
        return plain
    try:
        draft = _ask(writer, brief, script)
    except (PlanError, ToolError, BudgetExceeded) as error:
        studio.warn("listing", f"The listing is in the film's own words: {error.message}")
        return plain
    tags = tuple(dict.fromkeys(_tag(word) for word in draft.hashtags if _tag(word)))
    return plain.model_copy(
        update={"title": _line(draft.title), "description": _line(draft.description), "hashtags": tags}
        | {"by": writer.name}
    )


def offline(brief: Brief, script: Script, shots: tuple[Shot, ...], label: str = "") -> Listing:
    """The listing in the film's own words: its logline, its first sentences, its topic words."""
    lines = [line.text for line in script.lines if line.part == "say"] or [line.text for line in script.lines[:1]]
    told = [text for text in dict.fromkeys([script.logline, *lines]) if text and text != script.title]
    marks = chapters(script, shots, brief.rate)
    return Listing(
        title=_short(script.title, LONGEST_TITLE),
        description=_short(" ".join(told[:_SENTENCES]), LONGEST_TEXT),
        hashtags=hashtags(script.title, [line.text for line in script.lines], language(script.language)),
        chapters=tuple(Chapter(seconds=round(seconds_of(mark.frame, brief.rate), 3), name=mark.name) for mark in marks),
        sources=tuple(dict.fromkeys(reference.name for reference in brief.references)),
        label=label,
        language=script.language,
    )


def chapters(script: Script, shots: Sequence[Shot], rate: Fraction) -> tuple[Marker, ...]:
    """Chapters from scenes: the first at the first frame, each ten seconds at least, three or none at all.

    A scene that begins before its chapter has lasted goes with it.
    """
    begins: dict[str, int] = {}
    for shot, start in zip(shots, starts_of(tuple(shots)), strict=True):
        begins.setdefault(shot.scene, start)
    length, least = sum(shot.frames for shot in shots), CHAPTER_SECONDS * rate
    found: list[Marker] = []
    for scene in script.scenes:
        if scene.id not in begins:
            continue
        frame = begins[scene.id]
        if length - frame >= least and (not found or frame - found[-1].frame >= least):
            name = _short(_name(scene, shots) if found else scene.heading or script.title, LONGEST_TITLE)
            found.append(Marker(frame=frame if found else 0, name=name, kind="chapter"))
    return tuple(found) if len(found) >= CHAPTERS else ()


def markdown(listed: Listing) -> str:
    """listing.md, to be pasted part by part."""
    parts = [f"# {listed.title}", pasted(listed)]
    return "\n\n".join(part for part in parts if part) + "\n"


def pasted(listed: Listing) -> str:
    """The description as platforms take it: plain text with chapters, sources, the notice and hashtags."""
    times = "\n".join(f"{_clock(chapter.seconds)} {chapter.name}" for chapter in listed.chapters)
    head = _SOURCES.get(listed.language.split("-")[0], "Sources")
    sources = "\n".join([f"{head}:", *(f"- {name}" for name in listed.sources)]) if listed.sources else ""
    tags = " ".join(f"#{tag}" for tag in listed.hashtags)
    return "\n\n".join(part for part in (listed.description, times, sources, listed.label, tags) if part)


def _name(scene: Scene, shots: Sequence[Shot]) -> str:
    """The heading, else the first line where it is short, else the words on screen."""
    said = scene.lines[0].text.rstrip(".。:") if scene.lines else ""
    headlines = (shot.card.headline for shot in shots if shot.scene == scene.id)
    return scene.heading or (said if len(said) <= _NAME else next(filter(None, headlines), said)).rstrip(".。")


def _ask(writer: Mind, brief: Brief, script: Script) -> Draft:
    film = "\n".join([script.title, *(line.text for line in script.lines)])
    prompt = render("listing", film=film, title=str(LONGEST_TITLE), description=str(LONGEST_TEXT))
    known = f"{brief.text}\n{film}"
    return writer.ask(prompt, Draft, target="listing", stage="deliver", check=lambda draft: _invented(draft, known))


def _invented(draft: Draft, known: str) -> str:
    """What is surely not from the film: a number that neither it nor the brief has, or a link."""
    text = f"{draft.title} {draft.description}"
    numbers = {number for number in re.findall(r"\d+", text) if number not in re.findall(r"\d+", known)}
    if numbers:
        return f"the number {min(numbers)} is not in the film"
    return "a link stands in it" if re.search(r"https?://|www\.", text) else ""


def _tag(word: str) -> str:
    return re.sub(r"\W", "", word)


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int) -> str:
    """At most so many characters, cut between words."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:–—") + "…"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours = f"{whole // 3600}:{whole // 60 % 60:02}" if whole >= 3600 else f"{whole // 60}"
    return f"{hours}:{whole % 60:02}"
