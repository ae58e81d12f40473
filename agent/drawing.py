"""Drawing: which shots a program draws, who writes the program, and how it is mended by its own error.

Knows wishes and programs; knows nothing about how a program is kept from doing anything else (tools/code does).
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import Field

from ..memory.skills import SkillShelf
from ..prompts import render
from ..tools.code import LONGEST, CodeRequest, ProgramFailed
from ..tools.code.skills import Skill, api, clear, matches, read, shipped, skill
from ..tools.errors import ToolError, ToolFailed
from ..tools.media import Frozen, seconds_of
from ..tools.registry import CODE
from ..tools.video import Picture
from .door import Delivery
from .errors import PlanError
from .model import Brief, Script, Shot, Take
from .studio import Studio

PLAIN = {"statement", "definition", "icons"}
"""Layouts that only put a line's words on the screen: a picture of what it is about says more."""
EVERY = 3
"""Of so many shots at most one is drawn unasked: a film stays of one piece."""
REPAIRS = 2
"""Times a program may be mended by its own error."""
EXAMPLE = "pendulums"
"""The shipped program that a model is shown."""
_WISH = re.compile(r"[ \t]*\[drawn:\s*([^\]]+)\]", re.IGNORECASE)


class Wish(NamedTuple):
    """What a brief wants drawn, and the words before it."""

    words: str
    before: str


class Program(Frozen):
    """What a model answers."""

    program: str = Field(min_length=1, max_length=LONGEST)


class Drawn(NamedTuple):
    """A take's picture, and the program that drew it."""

    delivery: Delivery[Picture]
    program: str


def unmarked(brief: Brief) -> Brief:
    """The brief without its `[drawn: …]` marks, which nobody reads aloud.

    >>> unmarked(Brief(text="A pendulum swings. [drawn: a pendulum] It slows.")).text
    'A pendulum swings. It slows.'
    """
    text = _WISH.sub("", brief.text)
    return brief if text == brief.text or not re.search(r"\w", text) else brief.model_copy(update={"text": text})


def wishes(brief: Brief) -> Iterator[Wish]:
    """The marks of a brief: `[drawn: what]` behind the sentence that it is shown to."""
    for found in _WISH.finditer(brief.text):
        yield Wish(found[1].strip(), _words(_WISH.sub("", brief.text[: found.start()])))


def wished(studio: Studio, brief: Brief, script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """The shots, with programs for those that the brief wishes to be drawn."""
    found = {shot.id: shot for shot in shots}
    lines = {line.id: line.text for line in script.lines}
    skills = shelf(studio).ranked(shipped())
    for wish in wishes(brief):
        near = [s for s in shots if s.lines and wish.before.endswith(_words(" ".join(lines[n] for n in s.lines)))]
        near = near or [s for s in shots if s.lines and wish.before.endswith(_words(lines[s.lines[-1]]))]
        if not near or near[-1].source == "own":
            studio.warn("script", f"The wish [drawn: {wish.words}] stands behind no sentence of the film.")
            continue
        best = clear(wish.words, skills) or next((match.skill for match in matches(wish.words, skills)), None)
        if best is None and studio.mind("director") is None:
            studio.warn(near[-1].id, f"No skill draws {wish.words!r}; name a model, and it writes the program.")
            continue
        found[near[-1].id] = _by(near[-1], best.program if best else "", wish.words)
    return tuple(found.values())


def drawn(studio: Studio, script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """The shots, with programs for a few that have no better picture by now and that skills plainly fit."""
    if studio.settings.source == "generate":  # what nobody wished to be drawn is a video model's then
        return shots
    lines = {line.id: line.text for line in script.lines}
    skills = shelf(studio).ranked(shipped())
    used, last = {shot.program for shot in shots if shot.source == "code"}, -EVERY
    rows = list(shots)
    for at, shot in enumerate(shots):
        if shot.source == "code":
            last = at
        if shot.source != "motion" or shot.layout not in PLAIN or at - last < EVERY:
            continue
        chosen = clear(said(shot, lines), skills) if script.language == "en" else None
        if chosen and chosen.program not in used and _sandboxed(studio):
            used.add(chosen.program)
            rows[at], last = _by(shot, chosen.program, chosen.says), at
    return tuple(rows)


def _by(shot: Shot, program: str, wish: str) -> Shot:
    why = "a program draws what it says"
    return shot.model_copy(update={"source": "code", "program": program, "prompt": wish, "why": why})


def _sandboxed(studio: Studio) -> bool:
    """Whether programs run here: without a sandbox nothing is planned that would only be missed."""
    try:
        studio.door.registry.providers(CODE)[0].ready()
    except ToolError:
        return False
    return True


def said(shot: Shot, lines: Mapping[str, str]) -> str:
    """The words that are spoken over a shot."""
    words = [word for line in shot.lines for word in lines[line].split()]
    start, end = shot.words
    return " ".join(words[start:end] if end else words)


def shelf(studio: Studio) -> SkillShelf:
    """Where this user's programs are kept."""
    return SkillShelf(studio.settings.cache / "skills" if studio.settings.cache else None)


def draw(studio: Studio, brief: Brief, shot: Shot, attempt: int, handle: int) -> Drawn:
    """The shot, drawn by its program, or by one that the director's model writes and mends.

    Raises:
        ToolError: no program could be had, or none that works.
    """
    program, mind, problem = shot.program if attempt == 0 else "", studio.mind("director"), ""
    for repair in range(REPAIRS + 1):
        if repair:
            program = _mended(studio, shot, program, problem)
        elif not program:
            if mind is None:
                raise ToolFailed("Nothing here writes another program.", "Name a model in reelwright.toml.")
            program = mind.ask(_question(brief, shot, attempt), Program, target=shot.id, stage="shoot").program
        try:
            return Drawn(
                studio.call(CODE, request(brief, shot, program, handle), target=shot.id, stage="shoot"), program
            )
        except ToolError as error:
            if mind is None or not isinstance(error.__cause__, ProgramFailed):
                raise
            problem = error.__cause__.message
    raise ToolFailed(f"The program was mended {REPAIRS} times and still fails: {problem}", "Ask for a simpler picture.")


def _mended(studio: Studio, shot: Shot, program: str, problem: str) -> str:
    mind = studio.mind("director")
    assert mind is not None
    question = render("mend", problem=problem, wish=shot.prompt, program=program, api=api())
    try:
        return mind.ask(question, Program, target=shot.id, stage="shoot").program
    except PlanError as error:
        raise ToolFailed(f"The program was not mended: {error.message}", error.hint) from error


def _question(brief: Brief, shot: Shot, attempt: int) -> str:
    other = f" (picture {attempt + 1}: the one before was sent back, so draw it another way)" if attempt else ""
    return render(
        "draw",
        wish=f"{shot.prompt}{other}",
        line=" ".join(shot.queries) or shot.card.headline or "nothing",
        seconds=f"{seconds_of(shot.frames, brief.rate):.1f}",
        shape=f"{brief.size.width} by {brief.size.height} pixels",
        api=api(),
        example=skill(EXAMPLE).program,
    )


def request(brief: Brief, shot: Shot, program: str, handle: int) -> CodeRequest:
    """What the renderer of programs is asked for."""
    return CodeRequest(
        program=program,
        size=brief.size,
        rate=brief.rate,
        frames=shot.frames,
        handle=handle,
        seed=shot.seed,
        style=shot.style,
        palette=shot.palette,
        captioned=bool(shot.lines),
        words=shot.card.headline,
    )


def judged(studio: Studio, takes: dict[str, Take], faulty: set[str]) -> None:
    """Tell the shelf how the programs of these takes were judged."""
    for take in takes.values():
        if take.program and take.asset:
            shelf(studio).judge(_skill(take.program), good=take.shot not in faulty)


def _skill(program: str) -> Skill:
    """A program's skill; one that does not say what it draws is found by nothing, and kept for the record."""
    known = next((each for each in shipped() if each.program == program), None)
    if known:
        return known
    try:
        return read("written", program)
    except (ValueError, SyntaxError):
        return Skill(name="written", says="A program that does not say what it draws.", tags=(), program=program)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
