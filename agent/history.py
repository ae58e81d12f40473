"""History: every version of a film that was delivered, in versions/, and the way back and forth between them.

Knows briefs, plans and films as they were; knows nothing about how they are made again: all is in the cache.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ..memory.project import DamagedRecord, RecordFile
from ..tools.media import Frozen, seconds_of
from .errors import ProjectError
from .model import Brief, Film, Plan, Take
from .pace import fixed, settled
from .record import Record

if TYPE_CHECKING:
    from .studio import Studio

FOLDER = "versions"
SCHEMA = 1


class Version(Frozen):
    """A delivered film: what it was asked for, and what it was made of."""

    number: int
    parent: int = 0
    """The version that it was a revision of; 0 for the first."""
    request: str = ""
    """The revision in words; empty for a film that was made from its brief."""
    made: str = ""
    """When, as ISO 8601 in UTC."""
    brief: Brief
    plan: Plan
    film: Film

    @property
    def seconds(self) -> float:
        """How long the film is."""
        return seconds_of(self.film.timeline.frames, self.film.timeline.rate)


def begun(
    folder: Path, old: Record | None, brief: Brief, plan: Plan | None, *, approve: bool, request: str = ""
) -> Record:
    """The record of a film whose making begins; what the folder holds from before stays known to it."""
    fresh = Record(brief=brief, approve=approve, request=request)
    if old is None:
        return fresh
    if old.version == 0 and old.film is not None:  # a film from before there was a history
        old = old.model_copy(update={"version": _write(folder, old)})
    kept: dict[str, object] = {"answers": old.answers, "begun": old.begun}
    kept |= {"aside": put_aside(old, {}), "version": old.version, "film": old.film, "versions": old.versions}
    return fresh.model_copy(update=kept | ({"plan": old.plan, "takes": old.takes} if plan is not None else {}))


def put_aside(record: Record, takes: Mapping[str, Take]) -> dict[str, tuple[Take, ...]]:
    """The takes of the record that others replace now, beside those that were put aside before; each once."""
    aside = dict(record.aside)
    for name, take in record.takes.items():
        if take.asset is not None and take not in aside.get(name, ()):
            aside[name] = (*aside.get(name, ()), take)
    return {name: left for name, found in aside.items() if (left := tuple(t for t in found if t != takes.get(name)))}


def keep_version(studio: "Studio") -> None:
    """Keep the film that was just delivered; one that nobody asked a change of and that is known is at that version."""
    record = studio.record
    if record is None or record.plan is None or record.film is None:
        return
    for known in versions(studio.folder) if not record.request else ():
        if (known.brief, known.plan, known.film.file) == (record.brief, record.plan, record.film.file):
            studio.note(version=known.number, request="")
            return
    studio.note(version=_write(studio.folder, record), request="")


def _write(folder: Path, record: Record) -> int:
    assert record.plan is not None
    assert record.film is not None
    number = max((version.number for version in versions(folder)), default=0) + 1
    version = Version(
        number=number,
        parent=record.version,
        request=record.request,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        brief=record.brief,
        plan=fitted(record),
        film=record.film,
    )
    _file(folder, number).save(version)
    return number


def versions(folder: Path) -> tuple[Version, ...]:
    """All versions of the film in `folder`, the oldest first; a damaged one is passed over."""
    found = []
    for path in sorted((folder / FOLDER).glob("*.json")):
        if path.stem.isdigit():
            try:
                version = _file(folder, int(path.stem)).load()
            except DamagedRecord:
                continue
            found += [version] if version is not None else []
    return tuple(found)


def _file(folder: Path, number: int) -> RecordFile[Version]:
    return RecordFile(folder / FOLDER / f"{number:04}.json", Version, SCHEMA)


def fitted(record: Record) -> Plan:
    """The record's plan with the rests that its film has, for films that were made before plans kept them."""
    plan, sound = record.plan, record.sound
    assert plan is not None
    lines = plan.script.lines
    if fixed(plan.script) or any(line.id not in sound for line in lines) or not lines:
        return plan
    rests = {
        one.id: max(sound[other.id].start - sound[one.id].start - sound[one.id].frames, 0)
        for one, other in pairwise(lines)
    }
    cards = 0
    for shot in reversed(plan.shots):
        if shot.lines:
            break
        cards += shot.frames
    end = sum(shot.frames for shot in plan.shots) - cards
    last = sound[lines[-1].id]
    rests[lines[-1].id] = max(end - last.start - last.frames, 0)
    return Plan(script=settled(plan.script, rests), shots=plan.shots)


def standing(record: Record) -> Plan:
    """The record's plan as fitted, with the takes that review ended with: a revision begins with no other."""
    plan = fitted(record)
    made = {name: take.attempt for name, take in record.takes.items() if take.asset}
    shots = tuple(shot.model_copy(update={"take": made.get(shot.id, shot.take)}) for shot in plan.shots)
    return plan.model_copy(update={"shots": shots})


def back(folder: Path, record: Record, steps: int = 1) -> Version:
    """The version so many revisions before the film; a revision that was not finished is the first of them.

    Raises:
        ProjectError: there is none.
    """
    known = {version.number: version for version in versions(folder)}
    at = record.version
    if record.status != "finished":
        steps -= 1
    for _ in range(steps):
        at = known[at].parent if at in known else 0
    if at not in known:
        first = min(known, default=0)
        raise ProjectError(
            "There is nothing to undo." if record.version == first else f"There are not {steps} versions before this.",
            f"`reelwright history {folder}` lists them.",
        )
    return known[at]


def forth(folder: Path, record: Record, steps: int = 1) -> Version:
    """The version that was undone: the newest revision of this one, so many times.

    Raises:
        ProjectError: there is none.
    """
    known = versions(folder)
    at = record.version
    for _ in range(steps):
        at = max((version.number for version in known if version.parent == at), default=0)
        if not at:
            raise ProjectError("There is nothing to redo.", f"`reelwright history {folder}` lists what there is.")
    return next(version for version in known if version.number == at)
