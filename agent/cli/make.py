"""`make` and `resume`: a brief becomes a film, with progress."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import (
    Captions,
    Critic,
    Draft,
    Json,
    Library,
    Model,
    Money,
    Out,
    Remote,
    Rounds,
    Shots,
    Source,
    ToolSeconds,
    settings_for,
)

if TYPE_CHECKING:
    from ..events import Event
    from ..model import Deliverables
    from ..studio import Studio


def make(
    brief: Annotated[
        str, typer.Argument(help="The brief itself, a file with it (.md, .txt), or - for standard input.")
    ],
    source: Annotated[
        list[str] | None,
        typer.Option("--from", help="Text, Markdown, HTML, PDF, Word, .srt or .vtt with facts (FILE or URL)."),
    ] = None,
    assets: Annotated[Path | None, typer.Option(help="A folder with your own pictures and clips.")] = None,
    library: Library = None,
    remote: Remote = None,
    pictures: Source = None,
    draft: Draft = None,
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", help="A picture that generated shots keep to: NAME=FILE, or style=FILE."),
    ] = None,
    licences: Annotated[
        str, typer.Option(help="Licences that its footage may have, with commas: CC0-1.0,CC-BY-*.")
    ] = "",
    seconds: Annotated[float, typer.Option(help="Length of the film.")] = 30.0,
    size: Annotated[
        str, typer.Option(help="9:16, 16:9, 1:1, 4:5 or WIDTHxHEIGHT; several with commas come from one plan.")
    ] = "9:16",
    out: Out = None,
    voice: Annotated[str, typer.Option(help="A voice by name.")] = "",
    cast: Annotated[
        str, typer.Option(help="Voices of speakers, or of scenes by heading: Anna=af_heart,Ben=am_adam-1/softly")
    ] = "",
    clone_voice: Annotated[Path | None, typer.Option(help="Six seconds or more of the voice to clone.")] = None,
    consent: Annotated[str, typer.Option(help="That person's consent, in words; the record keeps it.")] = "",
    voice_over: Annotated[
        Path | None, typer.Option("--voice-over", help="Your own recording, in place of a voice.")
    ] = None,
    style: Annotated[str, typer.Option(help="A style sheet: clean, bold, cinematic…")] = "",
    structure: Annotated[
        str, typer.Option(help="explainer, story, list, product, news, tutorial, trailer or montage.")
    ] = "",
    audience: Annotated[str, typer.Option(help="Who will watch, in a few words, for a model that plans.")] = "",
    brand: Annotated[Path | None, typer.Option(help="A TOML file with your colours, typefaces and logo.")] = None,
    palette: Annotated[
        str, typer.Option("--palette-from", help="A picture, or a colour such as #0057B8, to take the palette from.")
    ] = "",
    data: Annotated[
        list[str] | None, typer.Option("--data", help="A CSV of numbers, drawn as the chart that your lines ask for.")
    ] = None,
    language: Annotated[str, typer.Option(help="A language tag such as en or de; detected if not given.")] = "",
    captions: Annotated[
        Captions | None, typer.Option(help="How captions look; karaoke on vertical films, else subtitle.")
    ] = None,
    also: Annotated[str, typer.Option(help="Further codecs: hevc, av1, vp9, prores, gif, webp.")] = "",
    soft: Annotated[bool, typer.Option("--soft", help="Put subtitles into the film that players switch on.")] = False,
    stems: Annotated[bool, typer.Option("--stems", help="Also deliver voice, music and effects as FLAC.")] = False,
    effects: Annotated[bool, typer.Option("--effects", help="A soft sound under every transition.")] = False,
    hardware: Annotated[bool, typer.Option("--hardware", help="Encode on the GPU where a trial run works.")] = False,
    seed: Annotated[int, typer.Option(help="Another number, another film from the same brief.")] = 0,
    approve: Annotated[bool, typer.Option("--approve", help="Ask before anything costly and before delivery.")] = False,
    model: Model = None,
    money: Money = None,
    tool_seconds: ToolSeconds = None,
    rounds: Rounds = None,
    critic: Critic = None,
    as_json: Json = False,
) -> None:
    """Make a film from a brief.

    Examples:
        reelwright make brief.md

        reelwright make "Honey" --from notes.pdf --assets photos --out films/honey --structure story

        reelwright make brief.md --size 9:16,16:9,1:1 --captions pop --also gif --stems

        reelwright make talk.md --cast Anna=af_heart,Ben=am_adam
    """
    from ..studio import Studio
    from .casting import with_voices
    from .intake import project_folder, read_brief, with_likenesses

    request = read_brief(
        brief,
        sources=[*(source or ()), *(data or ())],
        look=(brand, palette),
        assets=assets,
        licences=licences,
        out=out,
        seconds=seconds,
        size=size,
        voice=voice,
        style=style,
        structure=structure,
        audience=audience,
        language=language,
        seed=seed,
        deliver=_deliverables(also, captions, soft, stems, effects, hardware),
        ask=sys.stdin.isatty() and sys.stdout.isatty() and not as_json,
        spoken=voice_over is not None,
    )
    folder = project_folder(request.text, out)
    limits = (money, tool_seconds, rounds)
    settings = settings_for(folder, model, critic, *limits, library, pictures, remote, draft=draft, begun=False)
    request = with_likenesses(request, folder, settings, reference or ())
    request = with_voices(request, folder, settings, cast, clone_voice, consent, voice_over)
    watch(studio := Studio.open(folder, settings, approve=approve), lambda: studio.make(request), as_json)


def _deliverables(
    also: str, captions: Captions | None, soft: bool, stems: bool, effects: bool, hardware: bool
) -> "Deliverables":
    from ..model import Deliverables
    from .intake import parse_codecs

    return Deliverables(
        codecs=parse_codecs(also),
        captions=captions.value if captions else None,
        soft=soft,
        stems=stems,
        effects=effects,
        encoder="auto" if hardware else "software",
    )


def resume(
    project: Annotated[Path, typer.Argument(help="A project folder.")],
    yes: Annotated[bool, typer.Option("--yes", help="Answer the open question with yes.")] = False,
    no: Annotated[bool, typer.Option("--no", help="Answer the open question with no.")] = False,
    final: Annotated[bool, typer.Option("--final", help="Make generated shots that are drafts in full.")] = False,
    draft: Draft = None,
    shots: Shots = "",
    pictures: Source = None,
    library: Library = None,
    model: Model = None,
    money: Money = None,
    tool_seconds: ToolSeconds = None,
    rounds: Rounds = None,
    critic: Critic = None,
    as_json: Json = False,
) -> None:
    """Go on with a film after a stop, a kill or a question. Finished takes are not made again.

    Examples:
        reelwright resume films/honey

        reelwright resume films/honey --yes

        reelwright resume films/honey --final --shots 2,5
    """
    from ..errors import ProjectError
    from ..studio import Studio

    if not project.is_dir():
        raise ProjectError(f"There is no project at {project}.", "Run `reelwright make` first.")
    settings = settings_for(project, model, critic, money, tool_seconds, rounds, library, pictures, draft=draft)
    studio = Studio.open(project, settings)
    answer = True if yes else False if no else None
    if _again(project, pictures or library, bool(shots), final, draft):
        watch(studio, lambda: studio.render(draft=not final and bool(draft), shots=listed(shots)), as_json)
    else:
        watch(studio, lambda: studio.resume(answer), as_json)


def _again(project: Path, sources: object, some: bool, final: bool, draft: bool | None) -> bool:
    """Whether a planned film is made again, as drafts or in full; BriefError for what cannot be asked of it."""
    from ..errors import BriefError
    from ..record import load_record

    if not (sources or some or final or draft is not None):
        return False
    planned = load_record(project).plan is not None
    if planned and sources:
        raise BriefError(
            "The film is planned already, and its pictures are chosen.", "Run `reelwright make` again with --source."
        )
    if final and draft:
        raise BriefError("--final and --draft exclude each other.", "Ask for one of them.")
    if some and not (final or draft):
        raise BriefError("--shots goes with --final or --draft.", "Say which of them.")
    return planned and (final or draft is not None)


def listed(shots: str) -> tuple[str, ...]:
    """Shots with commas between them."""
    return tuple(part.strip() for part in shots.split(",") if part.strip())


def watch(studio: "Studio", start: "Callable[[], Iterator[Event]]", as_json: bool) -> None:
    """Show the events of a run; Ctrl-C stops it in order, a second one at once."""
    from ..events import Asking
    from .display import display

    before = signal.signal(signal.SIGINT, lambda *_: _interrupt(studio))
    try:
        show = display(as_json)
        asking: Asking | None = None
        with show:
            for event in start():
                show.event(event)
                asking = event if isinstance(event, Asking) else None
    finally:
        signal.signal(signal.SIGINT, before)
    if asking is None:
        return
    if sys.stdin.isatty() and not as_json:
        answer = typer.confirm(asking.question)
        watch(studio, lambda: studio.resume(answer), as_json)
    elif not as_json:
        print(f"Waiting for you: reelwright resume {studio.folder} --yes (or --no)")


def _interrupt(studio: "Studio") -> None:
    if studio.stopped:
        raise KeyboardInterrupt
    print("\nStopping: what is finished is kept. Press Ctrl-C again to leave at once.", file=sys.stderr)
    studio.stop()
