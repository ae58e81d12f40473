"""The folder that is handed over: the film, and everything a person needs beside it.

Knows nothing about the record or about who is asked; every picture and every further codec comes through the door.
"""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

from ..memory.assets import AssetStore, copy_whole
from ..memory.project import write_whole
from ..tools.assemble import AssembleRequest
from ..tools.errors import ToolError
from ..tools.inspect import StillsRequest
from ..tools.media import Asset, seconds_of
from ..tools.registry import STILLS
from .assembly import assemble
from .credit import credits_of
from .cut import finish_of, sources
from .model import Candidate, Film
from .pace import starts_of
from .state import State
from .storyboard import storyboard
from .studio import Studio

FILM = "film.mp4"


def write_out(studio: Studio, state: State, film: Film, best: Candidate, out: Path) -> None:
    """The film, captions, stems, storyboard, timeline, credits and the report."""
    shelf = studio.door.assets
    _media(shelf, best, out, state["brief"].deliver.stems)
    between = _between(state, film)
    thumbs = _stills(studio, state, film, between, out)
    board = storyboard(film, state["script"], state["shots"], state.get("sound", {}), best.critique, thumbs, between)
    write_whole(out / "storyboard.html", board)
    write_whole(out / "timeline.json", film.timeline.model_dump_json(indent=1))
    write_whole(out / "credits.md", credits_of(film, ledger(state, best), state["brief"], state["script"]))
    write_whole(out / "report.json", json.dumps(_report(studio, state, film, best), ensure_ascii=False, indent=1))


def export(studio: Studio, state: State, best: Candidate, out: Path) -> None:
    """The film in the further codecs asked for, each encoded from the same timeline, not from the film."""
    brief = state["brief"]
    for codec in brief.deliver.codecs:
        finish = finish_of(state).model_copy(update={"codec": codec, "stems": False, "soft": False})
        request = AssembleRequest(
            timeline=best.timeline,
            assets=sources(state, best.takes),
            finish=finish,
        )
        try:
            video = assemble(studio, request, target=codec, stage="deliver").video
        except ToolError as error:
            studio.warn(codec, f"The film is not delivered as {codec}: {error}", degraded=True)
            continue
        copy_whole(studio.door.assets.path(video.id), out / f"film-{codec}.{video.format}")


def ledger(state: State, best: Candidate) -> list[Asset]:
    """Every asset that the delivered timeline shows or sounds."""
    used = {item.asset for track in best.timeline.tracks for item in track.items if item.type == "clip"}
    known = list(sources(state, best.takes))
    known += [asset for asset in state["brief"].assets if any(shot.asset == asset.id for shot in state["shots"])]
    likenesses = [
        each.picture for each in state["brief"].likenesses if any(s.source == "generate" for s in state["shots"])
    ]
    return [*(asset for asset in known if asset.id in used or asset in state["brief"].assets), *likenesses]


def _media(shelf: AssetStore, best: Candidate, out: Path, stems: bool) -> None:
    cut = best.cut
    copy_whole(shelf.path(cut.video.id), out / FILM)
    beside = {"srt": cut.srt, "vtt": cut.vtt, "ass": cut.ass, "json": cut.words}
    for ending, asset in beside.items():
        if asset is not None:
            copy_whole(shelf.path(asset.id), out / f"film.{ending}")
    for name, stem in cut.stems.items() if stems else ():
        (out / "stems").mkdir(exist_ok=True)
        copy_whole(shelf.path(stem.id), out / "stems" / f"{name}.{stem.format}")


def _report(studio: Studio, state: State, film: Film, best: Candidate) -> dict[str, object]:
    cut, critique = best.cut, best.critique
    return {
        "title": film.title,
        "seconds": seconds_of(film.timeline.frames, film.timeline.rate),
        "checks": critique.scores,
        "notes": [note.model_dump() for note in critique.notes],
        "verdict": critique.verdict,
        "rounds": state["round"],
        "loudness": cut.loudness,
        "peak": cut.peak,
        "encoder": cut.encoder,
        "degraded": film.degraded,
        "short": film.short,
        "spent": {"money": film.spent, "seconds": film.seconds},
        "planner": studio.planner.name,
    }


def _between(state: State, film: Film) -> dict[str, Asset]:
    """The generated transitions that the film shows, by the shot that each leads to."""
    made = state.get("bridges", {})
    items = [item for track in film.timeline.tracks_of("video") for item in track.items if item.type == "clip"]
    return {item.name.rpartition(" to ")[2]: made[item.asset] for item in items if item.asset in made}


def _stills(studio: Studio, state: State, film: Film, between: Mapping[str, Asset], out: Path) -> dict[str, str]:
    """The poster goes to out/; returns a picture for each shot, and each transition to one, as a data URI."""
    shots, rate = state["shots"], film.timeline.rate
    begins = list(zip(shots, starts_of(shots), strict=True))
    seen = {shot.id: seconds_of(start + shot.frames * 2 // 3, rate) for shot, start in begins}
    seen |= {f"to {shot.id}": seconds_of(start, rate) for shot, start in begins if shot.id in between}
    middles = list(seen.values())
    try:
        poster = studio.call(
            STILLS,
            StillsRequest(film=film.file, seconds=(middles[0],), width=film.timeline.size.width),
            target="poster",
            stage="deliver",
        ).result.images[0]
        thumbs = studio.call(
            STILLS, StillsRequest(film=film.file, seconds=tuple(middles)), target="storyboard", stage="deliver"
        ).result.images
    except ToolError as error:
        studio.warn("storyboard", f"There are no pictures beside the film: {error}")
        return {}
    shelf = studio.door.assets
    copy_whole(shelf.path(poster.id), out / "poster.jpg")
    return {
        name: "data:image/jpeg;base64," + base64.b64encode(shelf.path(image.id).read_bytes()).decode()
        for name, image in zip(seen, thumbs, strict=True)
    }
