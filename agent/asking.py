"""Asking: a question about a film becomes a program, the program looks at the frames, and both are shown.

Knows questions and films; knows nothing about how a program is kept from doing anything else (tools/code does).
"""

import json
import tempfile
from pathlib import Path
from typing import NamedTuple

from ..prompts import render
from ..tools.code import AskRequest, Found, ProgramFailed
from ..tools.code.skills import Skill, api, matches, shipped
from ..tools.errors import ToolError, ToolFailed
from ..tools.media import Asset
from ..tools.registry import ASK
from .drawing import REPAIRS, Program
from .errors import BriefError, Refused
from .mind import Mind
from .settings import Settings
from .studio import Studio


class Answer(NamedTuple):
    """What was found, by which program, by whom it was written, and the pictures it shows."""

    value: object
    program: str
    author: str
    pictures: tuple[Path, ...]


def film_of(place: Path) -> Path:
    """The film that a person means: a file, or the delivered film of a project folder; Refused if there is none."""
    film = place / "out" / "film.mp4" if place.is_dir() else place
    if not film.is_file():
        raise Refused(f"There is no film {film}.", "Name a video file, or the folder of a finished film.")
    return film


def ask_film(place: Path, question: str, settings: Settings, out: Path | None = None) -> Answer:
    """Answer a question about a film by a program: written by the director's model, else one that we ship.

    Args:
        out: a folder for the pictures that the answer shows; without one they are not kept.

    Raises:
        BriefError: no model is named, and no shipped program answers this.
        Refused: there is no such film, or it cannot be read.
        ToolError: there is no sandbox, or no program worked.
    """
    film = film_of(place)
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio.open(Path(folder) / "question", settings)
        asset = _asset(film)
        studio.door.assets.take(film, asset)
        mind = studio.mind("director")
        if mind is None:
            skill = _shipped(question)
            return _answer(studio, _asked(studio, asset, skill.program, question), skill.program, skill.name, out)
        found, program = _written(studio, mind, asset, question)
        return _answer(studio, found, program, mind.name, out)


def _shipped(question: str) -> Skill:
    known = shipped("questions")
    best = next((match.skill for match in matches(question, known)), None)
    if best is None:
        told = "; ".join(f"{each.says[0].lower()}{each.says[1:].rstrip('.')}" for each in known)
        raise BriefError(
            "No shipped program answers this.",
            f"Name a model in reelwright.toml, and it writes one. Without a model you may ask for: {told}.",
        )
    return best


def _written(studio: Studio, mind: Mind, film: Asset, question: str) -> tuple[Found, str]:
    prompt, problem = render("look", question=question, api=api("asker")), ""
    for _ in range(REPAIRS + 1):
        program = mind.ask(prompt, Program, stage="review").program
        try:
            return _asked(studio, film, program, question), program
        except ToolError as error:
            if not isinstance(error.__cause__, ProgramFailed):
                raise
            problem = error.__cause__.message
        prompt = render("mend", problem=problem, wish=question, program=program, api=api("asker"))
    raise ToolFailed(f"The program was mended {REPAIRS} times and still fails: {problem}", "Ask in other words.")


def _asked(studio: Studio, film: Asset, program: str, question: str) -> Found:
    request = AskRequest(film=film, program=program, asked=question)
    return studio.call(ASK, request, target="film", stage="review").result


def _answer(studio: Studio, found: Found, program: str, author: str, out: Path | None) -> Answer:
    kept = []
    for number, picture in enumerate(found.pictures, start=1):
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            kept.append(out / f"picture-{number}.png")
            kept[-1].write_bytes(studio.door.assets.path(picture.id).read_bytes())
    return Answer(json.loads(found.answer), program, author, tuple(kept))


def _asset(film: Path) -> Asset:
    import hashlib

    with film.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    ending = film.suffix.lstrip(".").lower()
    name = ending if ending.isascii() and ending.isalnum() and len(ending) <= 8 else "mp4"
    return Asset(id=digest, kind="video", format=name, origin=film.name)
