"""From what a person typed to a Brief: files, references, sizes, their own pictures, and questions where facts lack."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import typer

from ...tools.assemble import Codec
from ...tools.media import SHAPES
from ..brief import brief_template, compose, is_topic, questions, topic_of
from ..errors import BriefError, Refused
from ..model import LONGEST, Brief, Deliverables, Reference
from ..planner.structures import structure as film_structure

if TYPE_CHECKING:
    from ...tools.media import Asset, Size
    from ...tools.video import Brand
    from ..settings import Settings

LARGEST = 3840
"""Pixels along the longer side of a film."""
MOST_TEXT = 100_000
"""Characters of a brief."""
TABLES = {".csv", ".tsv"}
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".mp4", ".mov", ".mkv", ".webm", ".gif"}


def read_brief(
    text: str,
    *,
    sources: Sequence[str],
    assets: Path | None,
    licences: str = "",
    out: Path | None,
    seconds: float,
    size: str,
    voice: str,
    style: str,
    structure: str = "",
    audience: str = "",
    language: str,
    seed: int,
    deliver: Deliverables,
    ask: bool,
    spoken: bool = False,
    look: tuple[Path | None, str] = (None, ""),
) -> Brief:
    """The Brief, or BriefError naming what does not fit. With `ask`, a bare topic is filled in by questions.

    Args:
        spoken: a recording speaks it, so that it lacks nothing.
        look: a brand file, and what to take the palette from.
    """
    if not 2 <= seconds <= LONGEST:
        raise BriefError(f"A film of {seconds:g} seconds cannot be made.", f"Ask for 2 to {LONGEST} --seconds.")
    shape, *others = parse_sizes(size)
    text = _text(text)
    references = tuple(_read(source) for source in sources)
    for reference in references:
        text = f"{text}\n\n{reference.text}"
    if len(text) > MOST_TEXT:
        raise BriefError(f"The brief has {len(text):,} characters.", f"Cut it to {MOST_TEXT:,}.")
    if not re.search(r"\w", text):
        raise BriefError("The brief is empty.", 'Say what the film is about: reelwright make "How bees make honey"')
    if is_topic(text) and not spoken:
        text = _fill_in(text, out, ask)
    return Brief(
        text=text,
        seconds=seconds,
        size=shape,
        voice=voice,
        style=style,
        structure=structure and film_structure(structure).name,
        audience=audience,
        language=language,
        seed=seed,
        deliver=deliver.model_copy(update={"sizes": tuple(others)}),
        references=references,
        brand=_brand(*look, project_folder(text, out)),
        licences=tuple(part.strip() for part in licences.split(",") if part.strip()),
        assets=tuple(own_assets(assets, out)) if assets else (),
    )


def with_likenesses(brief: Brief, folder: Path, settings: "Settings", said: Sequence[str]) -> Brief:
    """The brief with the reference pictures of the command line, and those of the settings beside them."""
    from ...memory.assets import AssetStore
    from ..likeness import from_settings, read_likenesses

    if not said and not settings.references:
        return brief
    shelf = AssetStore(folder / "assets")
    return from_settings(
        brief.model_copy(update={"likenesses": read_likenesses(said, shelf)}), settings.references, shelf
    )


def parse_sizes(text: str) -> "list[Size]":
    """One or more shapes with commas between them, each once: the film, then what follows from its plan."""
    return list(dict.fromkeys(parse_size(part.strip()) for part in text.split(",")))


def parse_codecs(text: str) -> tuple[Codec, ...]:
    """Codec names with commas between them; BriefError for one that is not known."""
    names = dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip())
    for name in names:
        if name not in get_args(Codec):
            raise BriefError(f"{name!r} is not a codec.", f"Use {', '.join(get_args(Codec))}.")
    return tuple(codec for codec in get_args(Codec) if codec in names and codec != "h264")


def parse_size(text: str) -> "Size":
    """A shape such as 9:16, or WIDTHxHEIGHT in pixels."""
    from ...tools.media import Size

    found = re.fullmatch(r"(\d+)x(\d+)", text)
    if text not in SHAPES and not found:
        raise BriefError(f"{text!r} is not a size.", f"Use {', '.join(SHAPES)} or WIDTHxHEIGHT.")
    width, height = SHAPES[text] if text in SHAPES else (int(found[1]), int(found[2]))  # type: ignore[index]
    if not (256 <= width <= LARGEST and 256 <= height <= LARGEST) or width % 2 or height % 2:
        raise BriefError(f"A film of {width}x{height} cannot be made.", f"Use even numbers from 256 to {LARGEST}.")
    return Size(width=width, height=height)


def slug(title: str) -> str:
    """A folder name from a title: letters, digits and hyphens, at most 48 characters."""
    words = "".join(letter if letter.isalnum() else " " for letter in title.casefold()).split()
    return "-".join(words)[:48].strip("-") or "film"


def project_folder(text: str, out: Path | None) -> Path:
    """Where the film of a brief is made: the folder that was named, else one named after the topic."""
    return out or Path("films") / slug(topic_of(text))


def own_assets(folder: Path, out: Path | None) -> "list[Asset]":
    """The person's pictures and clips, checked by the ffmpeg door and kept in the project; side-car text is read."""
    from ...memory.assets import AssetStore
    from ..own import bring_in

    if not folder.is_dir():
        raise BriefError(f"{folder} is not a folder.", "Give --assets a folder with pictures and clips.")
    if out is None:
        raise BriefError("--assets needs --out.", "Add --out FOLDER, so that the pictures have a project to live in.")
    shelf = AssetStore(out / "assets")
    return [bring_in(path, shelf) for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURES]


def _brand(file: Path | None, palette: str, folder: Path) -> "Brand | None":
    if file is None and not palette:
        return None
    from ...memory.assets import AssetStore
    from ..brand import branding

    return branding(file, palette, AssetStore(folder / "assets"), lambda said: print(said, file=sys.stderr))


def _text(text: str) -> str:
    if text == "-":
        return sys.stdin.read(MOST_TEXT * 4)
    path = Path(text)
    looks_like_file = len(text) < 1000 and "\n" not in text and path.suffix.lower() in {".md", ".txt", ".markdown"}
    if not looks_like_file:
        return text
    if not path.is_file():
        raise BriefError(f"There is no file {text}.", "Check the name, or write the brief in quotes.")
    if path.stat().st_size > MOST_TEXT * 4:
        raise BriefError(f"{text} has {path.stat().st_size:,} bytes.", f"Cut it to {MOST_TEXT:,} characters.")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BriefError(f"{text} is not text in UTF-8.", "Save it as UTF-8, or give a PDF to --from.") from error


def _read(source: str) -> Reference:
    from ...tools.read import read
    from ...tools.web import Web

    if "://" in source:
        reading = read(Web().read(source).body, source)
    else:
        path = Path(source)
        if not path.is_file():
            raise BriefError(f"There is no file {source}.", "Check what you gave to --from.")
        reading = read(path, path.name)
    if Path(source).suffix.lower() in TABLES and "://" not in source:
        return Reference(name=Path(source).name, text=_fenced(reading.text, Path(source)))
    if not re.search(r"\w", reading.text):
        raise Refused(f"{source} holds no text.", "A scan needs its text recognised first.")
    return Reference(name=source if "://" in source else Path(source).name, text=reading.text[:MOST_TEXT])


def _fenced(text: str, path: Path) -> str:
    """A CSV as the fence of a brief, named after its file unless it names itself and its source."""
    from ..planner.tables import table

    try:
        found = table(text)
    except ValueError as problem:
        hint = "Give a CSV with names in one column and numbers in the next."
        raise BriefError(f"{path} cannot be drawn: {problem}.", hint) from problem
    title = "" if found.title else re.sub(r"[_-]+", " ", path.stem).capitalize()
    source = "" if found.source else f" ({path.name})"
    plain = text.replace("`", "'")
    return f"`````data {title}{source}\n{plain}\n`````"


def _fill_in(topic: str, out: Path | None, ask: bool) -> str:
    """Ask what the topic lacks on a terminal; elsewhere leave the questions beside the film as brief.md."""
    if ask:
        print("A few questions, so that the film says only what you know. Enter skips one.", file=sys.stderr)
        answers = {question: typer.prompt(question, default="", show_default=False) for question in questions(topic)}
        return compose(topic, {question: answer for question, answer in answers.items() if answer.strip()})
    path = project_folder(topic, out) / "brief.md"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(brief_template(topic), "utf-8")
    print(
        f"There is only a topic, so this is a title sequence. For a narrated film answer the questions in {path}, "
        f"then run: reelwright make {path}",
        file=sys.stderr,
    )
    return topic
