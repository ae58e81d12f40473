"""The deliver node: the best cut becomes the folder `out/`, and the record is closed.

Knows who is asked and what is recorded; handover.py knows what stands in the folder.
"""

from pathlib import Path
from typing import Any

from langgraph.runtime import Runtime

from ..memory.project import write_whole
from ..tools.media import seconds_of
from .events import Finished, Working
from .handover import FILM, export, ledger, write_out
from .history import keep_version
from .listing import listing, markdown
from .model import Brief, Candidate, Film
from .passes import drafts
from .preview import close
from .reframe import further, next_size
from .state import State
from .studio import Studio
from .thumbs import thumbs


def deliver(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Pass the policy's last gate, write out/, and close the record. Raises Refused where the gate says no."""
    studio, brief, best = runtime.context, state["brief"], state["best"]
    assert best is not None
    studio.log.emit(Working(stage="deliver", part=0.0))
    for warning in studio.door.policy.release(ledger(state, best)):
        studio.warn("film", warning)
    out = studio.folder / "out"
    folder = out / str(brief.size) if further(brief) else out
    folder.mkdir(parents=True, exist_ok=True)
    export(studio, state, best, folder)
    film = _film(studio, state, best)
    write_out(studio, state, film, best, folder)
    _beside(studio, state, best, folder)
    close(studio.folder, film.title, state["script"].language, f"../{FILM}")
    _keep(studio, brief, film)
    studio.log.emit(Working(stage="deliver", part=1.0))
    if next_size(brief) is None:
        keep_version(studio)
        studio.door.cache.prune()
        studio.log.emit(_finished(studio, out))
    return {"film": film}


def _beside(studio: Studio, state: State, best: Candidate, folder: Path) -> None:
    """What goes with the film where it is published: its listing and three thumbnails."""
    notices = best.timeline.labels
    listed = listing(studio, state["brief"], state["script"], state["shots"], notices[0].text if notices else "")
    write_whole(folder / "listing.json", listed.model_dump_json(indent=1))
    write_whole(folder / "listing.md", markdown(listed))
    thumbs(studio, state, best.takes, folder)


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
        short=(
            *drafts(state["shots"]),
            *state["script"].shorts,
            *(note.problem for note in best.critique.notes if note.severity == "fail"),
        ),
    )


def _keep(studio: Studio, brief: Brief, film: Film) -> None:
    """Into the record; the film in a further size stands beside the first one."""
    status = "making" if next_size(brief) else "finished"
    if further(brief):
        versions = (studio.record.versions if studio.record else {}) | {str(brief.size): film}
        studio.note(status=status, versions=versions)
        return
    studio.note(status=status, film=film, degraded=film.degraded, takes=film.takes, versions={})


def _finished(studio: Studio, out: Path) -> Finished:
    record = studio.record
    assert record is not None
    assert record.film is not None
    films = {FILM: record.film} | {f"{size}/{FILM}": film for size, film in record.versions.items()}
    exports = [path.relative_to(out).as_posix() for path in sorted(out.rglob("film-*"))]
    film = record.film
    return Finished(
        title=film.title,
        file=str(out / FILM),
        seconds=seconds_of(film.timeline.frames, film.timeline.rate),
        degraded=tuple(dict.fromkeys(reason for each in films.values() for reason in each.degraded)),
        short=tuple(dict.fromkeys(reason for each in films.values() for reason in each.short)),
        others=tuple(str(out / name) for name in (*films, *exports) if name != FILM),
    )
