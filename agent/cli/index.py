"""`index add`, `list`, `search`, `show`, `rm`, `verify`, `export` and `move`: a library of footage for films."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .hits import seek
from .shelf import bar, caption, must, opened, place_of, tell

if TYPE_CHECKING:
    from ...tools.stock import StockKind

index = typer.Typer(
    name="index", no_args_is_help=True, help="A library of footage: photos, clips, sounds and drawings, found by words."
)


class Kind(StrEnum):
    """What a segment is."""

    video = "video"
    image = "image"
    audio = "audio"
    vector = "vector"

    @property
    def literal(self) -> "StockKind":
        """For those who know no enumeration."""
        kinds: dict[Kind, StockKind] = {
            Kind.video: "video",
            Kind.image: "image",
            Kind.audio: "audio",
            Kind.vector: "vector",
        }
        return kinds[self]


class Stands(StrEnum):
    """How a picture stands."""

    landscape = "landscape"
    portrait = "portrait"
    square = "square"


Folder = Annotated[Path | None, typer.Option("--index", help="The library; the one of your settings if not given.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]
Home = Annotated[str, typer.Argument(help="chroma, big, qdrant, chroma+URL or qdrant+URL.")]


@index.command()
def add(
    places: Annotated[list[str], typer.Argument(help="Files, folders and URLs.")],
    folder: Folder = None,
    licence: Annotated[str, typer.Option(help="Their licence, such as CC0-1.0; side-car files say it better.")] = "",
    author: Annotated[str, typer.Option(help="Who made them.")] = "",
    home: Annotated[str, typer.Option(help="Where a new library keeps its vectors: chroma, big or qdrant.")] = "",
    jobs: Annotated[int, typer.Option(min=1, help="Files that are looked at side by side.")] = 2,
    hear: Annotated[bool, typer.Option("--hear", help="Write down what is said in clips and sounds.")] = False,
    captions: Annotated[
        bool | None,
        typer.Option(
            "--captions/--no-captions",
            help="Let a model that sees caption what has no caption; without either: where a critic or one of your "
            "own is set.",
        ),
    ] = None,
    money: Annotated[float | None, typer.Option(min=0, help="US dollars that captions may cost.")] = None,
) -> None:
    """Bring in footage, and bring up to date what came from there before; go on after a kill by running it again.

    Examples:
        reelwright index add ~/Pictures ~/clips --licence CC0-1.0 --author "Ada Brook"

        reelwright index add talk.mp4 --hear --index films/library

        reelwright index add ~/Pictures --captions --money 0.50
    """
    from ...tools.stock.examine import Origin
    from ..downloads import landed

    with opened(folder, home=home, hear=hear) as library:
        local = [landed(place, library.folder) if "://" in place else place for place in places]
        urls = [place for place in places if "://" in place]
        origin = Origin(licence=licence, author=author, url=urls[0] if len(urls) == 1 else "")
        with bar("indexing") as progress:
            tell(library.add(local, origin, jobs=jobs, progress=progress))
        caption(library, captions, money)


@index.command()
def fetch(
    text: Annotated[str, typer.Argument(help="What the footage should show.")],
    source: Annotated[
        list[str], typer.Option("--from", help="pexels, pixabay, openverse, commons, archive or s3; may be repeated.")
    ],
    folder: Folder = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="image (the default), video, audio or vector.")] = None,
    count: Annotated[int, typer.Option(min=1, max=50, help="How many of each.")] = 5,
    licence: Annotated[list[str] | None, typer.Option(help="Only this licence, such as CC-BY-*.")] = None,
) -> None:
    """Bring footage of a remote library into yours, with its licence, author and source.

    Examples:
        reelwright index fetch "waves on rocks" --from openverse --from commons --licence "CC0-*"

        reelwright index fetch "city at night" --from pexels --kind video --count 3
    """
    from .. import remotes
    from ..settings import load_settings

    settings = load_settings()
    cache = settings.cache / "remotes" if settings.cache else None
    found = [remotes.remote(name, settings.tools, cache) for name in source]
    with opened(folder) as library:
        kinds = [one.literal for one in kind or (Kind.image,)]
        report = remotes.fetch(
            library, found, text, kinds, count, licence or (), warn=lambda message: print(message, file=sys.stderr)
        )
        tell(report)


@index.command("list")
def list_library(folder: Folder = None, as_json: Json = False) -> None:
    """Say what a library holds, and list its files.

    Example: reelwright index list
    """
    from rich.console import Console
    from rich.table import Table

    with opened(folder, new=False) as library:
        stats, rows = library.stats(), library.index.catalogue.files()
        if as_json:
            print(stats.model_dump_json())
            for row in rows:
                print(row.model_dump_json(exclude={"recipe"}))
            return
        table = Table("file", "bytes", "segments or problem")
        for row in rows:
            count = len(library.index.catalogue.of_file(row.file)) if row.file else 0
            table.add_row(row.place, f"{row.size:,}", row.problem or str(count))
        console = Console()
        console.print(table)
        console.print(
            f"{stats.segments:,} segments of {stats.files:,} files in {library.folder} ({stats.home}, "
            f"{stats.bytes / 1e6:.1f} MB)",
            highlight=False,
            soft_wrap=True,
        )


@index.command()
def search(
    text: Annotated[str, typer.Argument(help="What the footage should show.")],
    folder: Folder = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only this kind; may be given twice.")] = None,
    orientation: Annotated[Stands | None, typer.Option(help="Only pictures that stand so.")] = None,
    seconds: Annotated[float, typer.Option(min=0, help="Clips and sounds of at least this length.")] = 0.0,
    licence: Annotated[list[str] | None, typer.Option(help="Only this licence, such as CC-BY-*.")] = None,
    colour: Annotated[str, typer.Option(help="Only pictures with much of this colour, such as blue.")] = "",
    people: Annotated[bool | None, typer.Option("--people/--no-people", help="With faces, or without.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many.")] = 10,
    as_json: Json = False,
) -> None:
    """Find footage by what it shows: by meaning, by words, and by what it is.

    Examples:
        reelwright index search "waves break on rocks" --kind video --seconds 4

        reelwright index search "a quiet forest" --orientation portrait --colour green
    """
    from ...tools.stock import Filter

    wanted = Filter(
        kinds=tuple(one.value for one in kind or ()),
        orientation=orientation.value if orientation else None,
        seconds=seconds,
        licences=tuple(licence or ()),
        colour=colour.lower(),
        people=people,
    )
    with opened(folder, new=False) as library:
        seek(library, text, wanted, k, as_json)


@index.command()
def show(name: Annotated[str, typer.Argument(help="An id, or a file.")], folder: Folder = None) -> None:
    """Show everything that is known of a file's segments, as JSON.

    Example: reelwright index show photos/cliff.jpg
    """
    with opened(folder, new=False) as library:
        rows = library.show(name)
        must(bool(rows), name)
        for segment in rows:
            print(json.dumps(json.loads(segment.model_dump_json(exclude_defaults=True)), ensure_ascii=False, indent=1))


@index.command()
def rm(name: Annotated[str, typer.Argument(help="An id, a file or a folder.")], folder: Folder = None) -> None:
    """Forget footage; the files themselves stay where they are.

    Example: reelwright index rm ~/Pictures/old
    """
    with opened(folder, new=False) as library:
        gone = library.remove(name)
        must(gone > 0, name)
        print(f"{gone} segments forgotten")


@index.command()
def verify(
    folder: Folder = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend it, or make it anew from its originals.")] = False,
) -> None:
    """Say what is wrong with a library: damage, and files that changed or vanished. 1 where something is.

    Examples:
        reelwright index verify

        reelwright index verify --repair
    """
    from ...memory.manifest import rebuild
    from ...tools.stock.catalogue import DamagedIndex, OutdatedIndex, OutdatedVectors

    place = place_of(folder)
    try:
        with opened(folder, new=False) as library:
            faults = library.verify()
            for fault in faults:
                print(fault)
            if repair:
                with bar("mending") as progress:
                    tell(library.mend(progress=progress))
                faults = library.verify()
    except (DamagedIndex, OutdatedIndex) as error:
        print(error.message)
        faults = [error.message]
        if repair:
            rebuild(place, vectors=isinstance(error, OutdatedVectors))
            with opened(folder, new=False) as library, bar("making it anew") as progress:
                tell(library.mend(progress=progress))
                faults = library.verify()
    print("all is well" if not faults else f"{len(faults)} faults; mend them: reelwright index verify --repair")
    raise typer.Exit(1 if faults else 0)


@index.command()
def export(
    folder: Folder = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A file; standard output if not given.")] = None,
) -> None:
    """Write every segment as a line of JSON.

    Example: reelwright index export --out library.jsonl
    """
    from ...memory.project import write_whole

    with opened(folder, new=False) as library:
        if out is not None:
            write_whole(out, "".join(f"{line}\n" for line in library.export()))
            return
        for line in library.export():
            print(line)


@index.command()
def move(home: Home, folder: Folder = None) -> None:
    """Take a library to another home, as it grows; `doctor` says when.

    Examples:
        reelwright index move big

        reelwright index move qdrant+http://vectors.example.org:6333
    """
    with opened(folder, new=False) as library, bar(f"moving to {home}") as progress:
        moved = library.move(home, progress)
        print(f"{moved.stats().segments:,} segments in {home}")
        moved.close()
