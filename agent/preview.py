"""The preview: out/preview/ grows while shots finish, and plays from the first of them on.

Knows which shots stand and in which order; tools/assemble/preview.py knows how a take becomes a fragment.
"""

import hashlib
import threading
import uuid
from fractions import Fraction
from itertools import takewhile
from pathlib import Path

from pydantic import Field, ValidationError

from ..memory.project import write_whole
from ..tools.assemble.preview import Listed, Spoken, Stretch, fragment, playlist, speak
from ..tools.assemble.watch import finished, page
from ..tools.errors import Refused, ToolError
from ..tools.media import Frozen, seconds_of
from .events import Preview
from .model import Brief, Plan, Shot, Sound, Take
from .pace import starts_of
from .studio import Studio

FOLDER, PLAYLIST, PAGE = "out/preview", "index.m3u8", "preview.html"
_PLAN = "preview.json"
_ONE_AT_A_TIME = threading.Lock()
"""Shots finish in threads, and each of them rewrites the playlist."""


class Row(Frozen):
    """A shot as it stands in the preview; without a file it could not be made."""

    shot: str
    """What was shot, by hash: a row for a shot that has changed since is void."""
    file: str = ""
    init: str = ""


class Rows(Frozen):
    """What the preview holds, by shot id."""

    rows: dict[str, Row] = Field(default_factory=dict)


def preview(studio: Studio, brief: Brief, take: Take, handle: int) -> None:
    """Put a finished take into the preview, or mark that its shot could not be made; tell what can be watched.

    A film in a further size, and one whose plan is not on record, has no preview.
    """
    plan, sound = _planned(studio, brief)
    if plan is None or take.shot not in {shot.id for shot in plan.shots}:
        return
    folder = studio.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        row = _row(studio, plan, sound, brief.rate, take, handle, folder)
    except (ToolError, Refused) as error:
        studio.warn(take.shot, f"The shot is missing from the preview: {error}")
        row = Row(shot=_digests(plan)[take.shot])
    with _ONE_AT_A_TIME:
        shown = _write(folder, plan, brief.rate, take.shot, row)
    if take.asset is not None:
        seconds = seconds_of(shown, brief.rate)
        studio.log.emit(
            Preview(target=take.shot, asset=take.asset, playlist=str(folder / PLAYLIST), seconds=round(seconds, 3))
        )


def close(folder: Path, title: str, language: str, film: str) -> None:
    """The film is there: what stood in for it goes, for it is as large as the takes, and the page shows the film.

    Args:
        folder: the project's.
        film: where it lies, as seen from the page.
    """
    place = folder / FOLDER
    if not place.is_dir():
        return
    with _ONE_AT_A_TIME:
        write_whole(place / PAGE, finished(title, language, film))
        for path in place.iterdir():
            if path.name != PAGE:
                path.unlink(missing_ok=True)


def _planned(studio: Studio, brief: Brief) -> tuple[Plan | None, dict[str, Sound]]:
    record = studio.record
    if record is None or record.brief.size != brief.size:
        return None, {}
    return record.plan, record.sound


def _row(
    studio: Studio, plan: Plan, sound: dict[str, Sound], rate: Fraction, take: Take, handle: int, folder: Path
) -> Row:
    digest = _digests(plan)[take.shot]
    if take.asset is None:
        return Row(shot=digest)
    number = next(at for at, shot in enumerate(plan.shots) if shot.id == take.shot)
    shot, start = plan.shots[number], starts_of(plan.shots)[number]
    with _ONE_AT_A_TIME:
        voice = _voice(studio, plan, sound, rate, folder)
    place = Stretch(start=start, frames=shot.frames, handle=handle, rate=rate)
    name = f"{number + 1:03}-{_hash(f'{take.asset.id} {place} {voice.stem if voice else None}')}.m4s"
    part = folder / f".{name}.part"
    try:
        head = fragment(studio.door.assets.path(take.asset.id), voice, place, part)
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
    init = f"init-{_hash(head)}.mp4"
    _put(folder / init, head)
    return Row(shot=digest, file=name, init=init)


def _voice(studio: Studio, plan: Plan, sound: dict[str, Sound], rate: Fraction, folder: Path) -> Path | None:
    """The film's voice, encoded once for all shots; None where nobody speaks."""
    lines = [line for line in sound.values() if line.speech]
    if not lines:
        return None
    frames = sum(shot.frames for shot in plan.shots)
    facts = [f"{line.speech.audio.id} {line.start}" for line in lines if line.speech]
    path = folder / f"voice-{_hash(f'{frames} {rate} {facts}')}.m4a"
    if not path.is_file():
        shelf = studio.door.assets
        spoken = [Spoken(shelf.path(line.speech.audio.id), line.start) for line in lines if line.speech]
        speak(spoken, frames, rate, path)
    return path


def _write(folder: Path, plan: Plan, rate: Fraction, shot: str, row: Row) -> int:
    """Playlist and page with the new row; returns the frames that can be watched without a gap."""
    digests = _digests(plan)
    old = _load(folder / _PLAN).rows
    rows = {name: each for name, each in old.items() if digests.get(name) == each.shot and _there(folder, each)}
    rows[shot] = row
    done = list(takewhile(lambda each: each.id in rows, plan.shots))
    listed = [_listed(each, rows[each.id]) for each in done]
    complete = len(done) == len(plan.shots)
    write_whole(folder / _PLAN, Rows(rows=rows).model_dump_json(indent=1))
    longest = max(each.frames for each in plan.shots)
    write_whole(folder / PLAYLIST, playlist(listed, rate, longest, complete))
    write_whole(folder / PAGE, page(plan.script.title, plan.script.language, PLAYLIST))
    if complete:
        _tidy(folder, rows)
    return sum(each.frames for each in takewhile(lambda each: each.file, listed))


def _there(folder: Path, row: Row) -> bool:
    return not row.file or ((folder / row.file).is_file() and (folder / row.init).is_file())


def _listed(shot: Shot, row: Row) -> Listed:
    return Listed(name=shot.id, frames=shot.frames, init=row.init, file=row.file)


def _tidy(folder: Path, rows: dict[str, Row]) -> None:
    """Fragments of takes that were shot again, or of an earlier plan, are no longer listed."""
    used = {name for row in rows.values() for name in (row.file, row.init)}
    for path in (*folder.glob("*.m4s"), *folder.glob("init-*.mp4")):
        if path.name not in used:
            path.unlink(missing_ok=True)


def _load(path: Path) -> Rows:
    try:
        return Rows.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return Rows()


def _put(path: Path, data: bytes) -> None:
    """A file that appears whole: a player may ask for it at any time."""
    if path.is_file():
        return
    # Two shots that finish together write the same one.
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    temporary.write_bytes(data)
    temporary.replace(path)


def _digests(plan: Plan) -> dict[str, str]:
    """What each shot is and where it stands, by hash."""
    return {
        shot.id: _hash(f"{start} {shot.model_dump_json()}")
        for shot, start in zip(plan.shots, starts_of(plan.shots), strict=True)
    }


def _hash(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()[:12]
