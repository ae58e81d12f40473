"""`voices`: who can speak here, in which languages, and how they sound."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ...tools.registry import AnyTool
    from ...tools.speech import Voice


def voices(
    say: Annotated[str, typer.Option(help="Write a sample of each voice saying this.")] = "",
    language: Annotated[str, typer.Option(help="Only voices of this language, such as en or pt-br.")] = "",
    name: Annotated[str, typer.Option(help="Only this voice.")] = "",
    out: Annotated[Path, typer.Option("--out", "-o", help="Where samples go.")] = Path("voices"),
) -> None:
    """List the voices of this machine, and sample them.

    Examples:
        reelwright voices --language en

        reelwright voices --say "Honey never spoils." --language en --out samples
    """
    from ...tools.registry import SPEECH, Registry
    from ..settings import load_settings

    settings = load_settings()
    providers = Registry.installed(settings.tools, settings.order).providers(SPEECH)
    every = [(voice, tool) for tool in providers for voice in getattr(tool, "voices", tuple)()]
    rows = _fitting(every, language, name)
    if say:
        _sample(rows, say, language, out)
        return
    whole = not (language or name)
    shown = {tool.name: tool for _, tool in rows} | ({tool.name: tool for tool in providers} if whole else {})
    _show(rows, {tool.name: _state(tool) for tool in shown.values()})


def _fitting(every: "list[tuple[Voice, AnyTool]]", language: str, name: str) -> "list[tuple[Voice, AnyTool]]":
    """The voices of that language and name; BriefError where there are none, with those there are."""
    from ..errors import BriefError

    begin = f"{language.lower()}-" if language else ""
    rows = [
        (voice, tool)
        for voice, tool in every
        if (voice.language == "any" or f"{voice.language}-".startswith(begin)) and name in {"", voice.name}
    ]
    if language and not name and all(voice.language == "any" for voice, _ in rows):
        tags = sorted({voice.language.split("-")[0] for voice, _ in every} - {"any"})
        raise BriefError(f"No voice speaks {language!r}.", f"Spoken are {', '.join(tags)}: reelwright voices")
    if not rows:
        raise BriefError(f"No voice is called {name!r}.", "See them all: reelwright voices")
    return rows


def _show(rows: "list[tuple[Voice, AnyTool]]", states: dict[str, str]) -> None:
    """A table of voices, and under it what each provider lacks."""
    from rich.console import Console
    from rich.table import Table

    table = Table("voice", "language", "", "provider", "here")
    for voice, tool in rows:
        where = "" if voice.local else ", in the cloud"
        here = "no" if states[tool.name] else "ready"
        table.add_row(voice.name, voice.language, voice.gender, voice.provider + where, here)
    Console().print(table)
    for provider, hint in states.items():
        if hint:
            print(f"{provider}: {hint}")


def _state(tool: "AnyTool") -> str:
    """Empty where it could speak now, else the command that would make it."""
    from ...tools.errors import ToolMissing
    from .models import installed_models

    try:
        tool.ready()
    except ToolMissing as error:
        return error.hint
    known = installed_models()
    missing = [model for model in tool.models if any(path is None for _, path in known.held(model))]
    return f"reelwright models pull {' '.join(missing)}" if missing else ""


def _sample(rows: "list[tuple[Voice, AnyTool]]", text: str, language: str, out: Path) -> None:
    import tempfile

    from ...memory.assets import AssetStore, copy_whole
    from ...tools.base import Job
    from ...tools.errors import ToolError
    from ...tools.speech import SpeechRequest
    from .models import installed_models

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shelf, weights = AssetStore(Path(folder) / "assets"), installed_models()
        for voice, tool in rows:
            if not voice.local and len(rows) > 1:
                print(f"{voice.name}: in the cloud, so only by itself: reelwright voices --say … --name {voice.name}")
                continue
            scratch = Path(folder) / voice.name
            scratch.mkdir()
            tongue = (language or "en") if voice.language == "any" else voice.language
            request = SpeechRequest(text=text, language=tongue, voice=voice.name)
            try:
                tool.ready()
                speech = tool.run(request, Job(scratch, shelf, weights))
            except ToolError as error:
                print(f"{voice.name}: {error}")
                continue
            target = out / f"{voice.name}.wav"
            copy_whole(shelf.path(speech.audio.id), target)
            print(f"{voice.name}: {target}")
