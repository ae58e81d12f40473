"""Evaluate: the checks on any file, without a project."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..tools.base import Job
from ..tools.errors import Refused, ToolError
from ..tools.inspect import Inspection, SpokenWord
from ..tools.inspect.facts import Facts
from ..tools.inspect.film import inspect
from ..tools.inspect.provider import spoken_words
from ..tools.inspect.reading import BurntText
from ..tools.listen import ListenRequest
from ..tools.media import Asset
from ..tools.models import Models
from ..tools.profiles import profiles
from ..tools.registry import LISTEN, Registry
from .errors import BriefError
from .settings import Settings, load_settings


@dataclass(frozen=True)
class Ask:
    """What to hold the film against, and which senses to use."""

    script: Path | None = None
    captions: Path | None = None
    reference: Path | None = None
    voice: Path | None = None
    music: Path | None = None
    seconds: float | None = None
    profile: str = ""
    language: str = "en"
    listen: bool = True
    read: bool = False


def evaluate_file(film: Path, ask: Ask, progress: Callable[[float], None] | None = None) -> Inspection:
    """Measure a film on disk; words are heard where there is something to hold them against.

    Raises:
        Refused: a file is not there or cannot be read.
        BriefError: an option does not fit.
        ToolMissing: text should be read, and nothing here can.
    """
    for each in (film, ask.script, ask.captions, ask.reference, ask.voice, ask.music):
        if each and not each.is_file():
            raise Refused(f"There is no file {each}.", "Check the name.")
    if ask.profile and ask.profile not in profiles():
        raise BriefError(f"There is no profile {ask.profile!r}.", f"Use one of {', '.join(profiles())}.")
    facts = Facts(
        profile=profiles()[ask.profile] if ask.profile else None,
        script=_text(ask.script) if ask.script else "",
        language=ask.language,
        seconds=ask.seconds,
        captions=ask.captions,
        voice=ask.voice,
        music=ask.music,
        reference=ask.reference,
    )
    hear = _listener(load_settings(), ask.language) if ask.listen else None
    return inspect(
        film, facts, hear=hear, read=BurntText() if ask.read else None, progress=progress or (lambda _: None)
    )


def _text(script: Path) -> str:
    try:
        return script.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BriefError(f"{script.name} is not text in UTF-8.", "Save the script as UTF-8.") from error


class _OneFile:
    """A shelf that holds the film where it lies: nothing is copied."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def path(self, asset_id: str) -> Path:
        return self._path

    def add(self, path: Path, asset: Callable[[str], Asset]) -> Asset:
        raise ToolError("Listening keeps no files.")


def _listener(settings: Settings, language: str) -> Callable[[Path], tuple[SpokenWord, ...] | None]:
    def hear(film: Path) -> tuple[SpokenWord, ...] | None:
        asset = Asset(id="0" * 64, kind="audio", format="mp4")
        with tempfile.TemporaryDirectory() as folder:
            job = Job(Path(folder), _OneFile(film), Models.installed(settings.cache, settings.models))
            for tool in Registry.installed(settings.tools, settings.order).providers(LISTEN):
                try:
                    tool.ready()
                    return spoken_words(tool.run(ListenRequest(audio=asset, language=language), job))
                except ToolError:
                    continue
            return None

    return hear
