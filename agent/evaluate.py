"""Evaluate: the checks on any file, without a project."""

import tempfile
from pathlib import Path

from ..memory.assets import AssetStore
from ..tools.base import Job
from ..tools.errors import Refused, ToolError
from ..tools.inspect import Check
from ..tools.inspect.film import inspect
from ..tools.models import Models
from ..tools.profiles import profiles
from ..tools.registry import LISTEN, Registry
from .errors import BriefError
from .settings import load_settings


def evaluate_file(film: Path, *, script: Path | None, seconds: float | None, profile: str) -> tuple[Check, ...]:
    """Measure a film on disk; words are heard where a script is given and the `listen` extra is here.

    Raises:
        Refused: the file cannot be read.
        BriefError: an option does not fit.
    """
    if not film.is_file():
        raise Refused(f"There is no file {film}.", "Check the name.")
    if profile and profile not in profiles():
        raise BriefError(f"There is no profile {profile!r}.", f"Use one of {', '.join(profiles())}.")
    text = script.read_text("utf-8") if script else ""
    return inspect(
        film,
        profile=profiles()[profile] if profile else None,
        script=text,
        expected_seconds=seconds,
        hear=_hear if text else None,
    )


def _hear(path: Path) -> str | None:
    """What is said in a film, or None where nothing here can listen."""
    from ..tools.listen import ListenRequest
    from ..tools.media import Asset

    settings = load_settings()
    with tempfile.TemporaryDirectory() as folder:
        shelf = AssetStore(Path(folder) / "assets")
        copy = Path(folder) / f"film{path.suffix}"
        copy.write_bytes(path.read_bytes())
        asset = shelf.add(copy, lambda digest: Asset(id=digest, kind="audio", format=path.suffix.strip(".") or "mp4"))
        job = Job(Path(folder), shelf, Models.installed(settings.cache, settings.models))
        tool = Registry.installed(settings.tools, settings.order).providers(LISTEN)[0]
        try:
            tool.ready()
            return tool.run(ListenRequest(audio=asset), job).text
        except ToolError:
            return None
