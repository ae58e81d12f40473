"""`chat`, `talk` and `forget`: a film made by talking, over lines or over sound, and what was said deleted."""

import os
import select
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import Model, Money, Rounds, ToolSeconds, settings_for

if TYPE_CHECKING:
    from ..settings import Settings
    from ..talk import Heard, Reply
    from ..talk.partner import FilmPartner

STEP = 0.2
"""Seconds between two looks at what is being made."""
LONGEST = 64_000
"""Bytes of a line; the rest of it is not kept in memory."""

Seconds = Annotated[float | None, typer.Option(help="Length of the film; asked for if not given.")]
Shape = Annotated[str, typer.Option(help="9:16, 16:9, 1:1, 4:5 or WIDTHxHEIGHT; asked for if not given.")]


def chat(
    out: Annotated[Path, typer.Option("--out", "-o", help="The project folder; one that is there is gone on with.")],
    seconds: Seconds = None,
    size: Shape = "",
    model: Model = None,
    money: Money = None,
    tool_seconds: ToolSeconds = None,
    rounds: Rounds = None,
) -> None:
    r"""Make a film by chatting: a line in, a line out. At the end of input a running film is finished.

    Examples:
        reelwright chat --out films/tea

        printf 'a film about tea\n20 seconds\nyes\n' | reelwright chat --out films/tea
    """
    partner = open_partner(out, seconds, size, settings_for(out, model, None, money, tool_seconds, rounds))
    prompt = sys.stdin.isatty() and sys.stdout.isatty()
    from ..talk import Heard

    try:
        _show(partner.open())
        for line in _lines(0, prompt):
            told = partner.hear(Heard(text=line)) if line else partner.tick()
            _show(told)
            if partner.finished:
                return
        while partner.busy:
            _show(partner.tick())
            select.select([], [], [], STEP)
    except (KeyboardInterrupt, BrokenPipeError) as error:
        partner.close()
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _show(partner.tick())
        raise typer.Exit(130) from None
    partner.close()
    _show(partner.tick())
    if not partner.satisfied:
        raise typer.Exit(1)


def talk(
    project: Annotated[Path, typer.Argument(help="The project folder; one that is there is gone on with.")],
    heard: Annotated[
        str, typer.Option("--in", help="A recording instead of the microphone; - reads raw 16-bit mono at 16 kHz.")
    ] = "",
    out: Annotated[
        str, typer.Option("--out", "-o", help="A WAV instead of the loudspeaker; - writes raw 16-bit mono at 16 kHz.")
    ] = "",
    voice: Annotated[str, typer.Option(help="The voice that talks with you.")] = "",
    seconds: Seconds = None,
    size: Shape = "",
    model: Model = None,
    money: Money = None,
    tool_seconds: ToolSeconds = None,
    rounds: Rounds = None,
) -> None:
    """Make a film by talking. What is said stays on this machine, unless the settings name a cloud provider.

    Examples:
        reelwright talk films/tea

        reelwright talk films/tea --in me.wav --out answer.wav

        arecord -r 16000 -f S16_LE | reelwright talk films/tea --in - --out - | aplay -r 16000 -f S16_LE
    """
    from ..talk.booth import Booth
    from ..talk.session import Session
    from ..talk.streams import Microphone, WavOut, from_file, from_pipe, run, to_pipe

    settings = settings_for(project, model, None, money, tool_seconds, rounds)
    partner = open_partner(project, seconds, size, settings)
    booth = Booth(partner.studio(), voice=voice)
    booth.ready()
    device = None if heard else Microphone()
    sink = WavOut(Path(out)) if out not in {"", "-"} else to_pipe(sys.stdout.buffer) if out else device
    frames = device.frames() if device else from_pipe(0) if heard == "-" else from_file(Path(heard))
    words = sys.stderr if out == "-" else sys.stdout
    session = Session(partner, booth, live=device is not None, seen=lambda turn: print(_line(turn), file=words))
    try:
        run(session, frames, sink or (lambda frame: None))
    except KeyboardInterrupt:
        partner.close()
        print(*(reply.text for reply in partner.tick()), file=words)
        raise typer.Exit(130) from None
    finally:
        for stream in {device, sink}:
            if isinstance(stream, Microphone | WavOut):
                stream.close()
    if not partner.satisfied:
        raise typer.Exit(1)


def _line(turn: "Heard | Reply") -> str:
    from ..talk import Heard

    return f"> {turn.text}" if isinstance(turn, Heard) else turn.text


def open_partner(out: Path, seconds: float | None, size: str, settings: "Settings") -> "FilmPartner":
    """The partner for a folder, with what the command line says of the film."""
    from ..errors import BriefError
    from ..folder import check_folder
    from ..model import LONGEST as MOST_SECONDS
    from ..model import Brief
    from ..talk.draft import Draft
    from ..talk.partner import FilmPartner
    from ..talk.studios import Studios
    from .intake import parse_size

    check_folder(out)
    if seconds is not None and not 2 <= seconds <= MOST_SECONDS:
        raise BriefError(f"A film of {seconds:g} seconds cannot be made.", f"Ask for 2 to {MOST_SECONDS} --seconds.")
    default = Brief(text="film")
    given = {"seconds": seconds, "size": parse_size(size) if size else None}
    known = {name: value for name, value in given.items() if value is not None}
    studios = Studios(out, settings)
    mind = studios.private().mind("writer")
    return FilmPartner(studios, default.model_copy(update=known), Draft.model_validate(known), mind=mind)


def _show(replies: "tuple[Reply, ...]") -> None:
    """All replies to one line in one line."""
    if replies:
        print(" ".join(reply.text for reply in replies), flush=True)


def _lines(source: int, prompt: bool) -> Iterator[str]:
    """Lines as they come, stripped; an empty one where there was none for a moment."""
    kept, asked = b"", False
    while True:
        if prompt and not asked:
            print("> ", end="", flush=True)
            asked = True
        ready, _, _ = select.select([source], [], [], STEP)
        if not ready:
            yield ""
            continue
        piece = os.read(source, 65536)
        *lines, kept = (kept + piece).split(b"\n")
        kept = kept[:LONGEST]
        for line in lines if piece else [kept]:
            asked = False
            text = line[:LONGEST].decode("utf-8", "replace").strip()
            if text:
                yield text
        if not piece:
            return


def forget(
    project: Annotated[Path, typer.Argument(help="A project folder.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete what was said and recorded while a film was made by talking. The film and its brief stay.

    Example: reelwright forget films/tea --yes
    """
    from ..errors import ProjectError
    from ..talk.transcript import forget as delete
    from ..talk.transcript import kept

    if not project.is_dir():
        raise ProjectError(f"There is no project at {project}.", "Check the folder's name.")
    files = kept(project)
    if not files:
        print(f"Nothing that was said is kept in {project}.")
        return
    if not yes:
        for path in files:
            print(path)
        if not typer.confirm(f"Delete these {len(files)} files?"):
            raise typer.Exit(1)
    for path in delete(project):
        print(f"deleted {path}")
