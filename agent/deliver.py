"""The deliver node: the best cut becomes the folder `out/`, with everything a person needs beside the film."""

import base64
import json
from pathlib import Path
from typing import Any

from langgraph.runtime import Runtime

from ..memory.assets import copy_whole
from ..memory.project import write_whole
from ..tools.errors import ToolError
from ..tools.inspect import StillsRequest
from ..tools.media import Asset, seconds_of
from ..tools.registry import STILLS
from .credit import credits_of
from .events import Finished, Working
from .model import Candidate, Film
from .pace import starts_of
from .state import State
from .storyboard import storyboard
from .studio import Studio


def deliver(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Pass the policy's last gate, write out/, and close the record. Raises Refused where the gate says no."""
    studio, best = runtime.context, state["best"]
    studio.log.emit(Working(stage="deliver", part=0.0))
    for warning in studio.door.policy.release(_ledger(state, best)):
        studio.warn("film", warning)
    film = _film(studio, state, best)
    out = studio.folder / "out"
    _write(studio, state, film, best, out)
    studio.note(status="finished", film=film, degraded=film.degraded, takes=best.takes)
    studio.door.cache.prune()
    finished = Finished(
        title=film.title,
        file=str(out / "film.mp4"),
        seconds=seconds_of(film.timeline.frames, film.timeline.rate),
        degraded=film.degraded,
        short=film.short,
    )
    studio.log.emit(Working(stage="deliver", part=1.0))
    studio.log.emit(finished)
    return {"film": film}


def _film(studio: Studio, state: State, best: Candidate) -> Film:
    spent = studio.door.ledger.spent
    return Film(
        project=studio.folder.name,
        title=state["script"].title,
        timeline=best.timeline,
        file=best.cut.video,
        takes=best.takes,
        spent=spent.money,
        seconds=spent.seconds,
        degraded=studio.degradations(),
        short=(*state["script"].shorts, *(note.problem for note in best.critique.notes if note.severity == "fail")),
    )


def _ledger(state: State, best: Candidate) -> list[Asset]:
    """Every asset that the delivered timeline shows or sounds."""
    used = {item.asset for track in best.timeline.tracks for item in track.items if item.type == "clip"}
    known = [take.asset for take in best.takes.values() if take.asset]
    known += [line.speech.audio for line in state.get("sound", {}).values() if line.speech]
    music = state.get("music")
    known += [music] if music else []
    known += [asset for asset in state["brief"].assets if any(shot.asset == asset.id for shot in state["shots"])]
    return [asset for asset in known if asset.id in used or asset in state["brief"].assets]


def _write(studio: Studio, state: State, film: Film, best: Candidate, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    shelf, cut = studio.door.assets, best.cut
    copy_whole(shelf.path(cut.video.id), out / "film.mp4")
    copy_whole(shelf.path(cut.srt.id), out / "film.srt")
    copy_whole(shelf.path(cut.vtt.id), out / "film.vtt")
    thumbs = _stills(studio, state, film, out)
    board = storyboard(film, state["script"], state["shots"], state.get("sound", {}), best.critique, thumbs)
    write_whole(out / "storyboard.html", board)
    write_whole(out / "timeline.json", film.timeline.model_dump_json(indent=1))
    write_whole(out / "credits.md", credits_of(film, _ledger(state, best), state["brief"], state["script"]))
    report = {
        "title": film.title,
        "seconds": seconds_of(film.timeline.frames, film.timeline.rate),
        "checks": best.critique.scores,
        "notes": [note.model_dump() for note in best.critique.notes],
        "verdict": best.critique.verdict,
        "rounds": state["round"],
        "loudness": cut.loudness,
        "peak": cut.peak,
        "degraded": film.degraded,
        "short": film.short,
        "spent": {"money": film.spent, "seconds": film.seconds},
        "planner": studio.planner.name,
    }
    write_whole(out / "report.json", json.dumps(report, ensure_ascii=False, indent=1))


def _stills(studio: Studio, state: State, film: Film, out: Path) -> dict[str, str]:
    """The poster goes to out/; returns a picture for each shot as a data URI."""
    shots, rate = state["shots"], film.timeline.rate
    middles = [
        seconds_of(start + shot.frames * 2 // 3, rate) for shot, start in zip(shots, starts_of(shots), strict=True)
    ]
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
        shot.id: "data:image/jpeg;base64," + base64.b64encode(shelf.path(image.id).read_bytes()).decode()
        for shot, image in zip(state["shots"], thumbs, strict=True)
    }
