"""The review node: the encoded cut is measured, its faults become notes, and the notes decide what is made again.

Maps seconds of the file to shots; knows nothing about how a fault is found (tools/inspect does).
"""

from collections.abc import Iterator
from typing import Any

from langgraph.runtime import Runtime

from ..tools.assemble.captions import caption_boxes
from ..tools.inspect import Check, InspectRequest, LedgerRow, PlacedText, Span, SpokenWord
from ..tools.media import seconds_of
from ..tools.profiles import profile_for
from ..tools.registry import INSPECT
from .critics import criticise, settled
from .critics.remedies import mended
from .cut import finish_of, sources
from .drawing import judged
from .errors import BudgetExceeded, ToolError
from .events import Reviewed
from .hearing import hear, notes_on, refusing
from .model import Brief, Candidate, Critique, Note, Plan, Shot, Take
from .pace import starts_of
from .shoot import handle_of
from .state import State
from .studio import Studio

RESHOOT = {"black", "freeze", "bars", "flash", "safe_area", "contrast", "variety", "warping", "flicker", "jumps"}
"""Faults of a picture, mended by another take."""
REMIX = {"loudness", "peak", "clipping", "voice_over_music"}
"""Faults of the mix, mended by another mix."""


def review(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Measure the cut and say good, again or spent; the best cut so far is kept."""
    studio, shots, rounds = runtime.context, state["shots"], state["round"]
    checks, spent = _measure(studio, state)
    heard = hear(studio, state)
    checks = tuple(heard.check if check.name == heard.check.name else check for check in checks)
    taken = criticise(studio, state)
    film = settled(notes_of(checks, shots, state["brief"]), taken.notes)
    notes = (*film, *taken.notes, *notes_on(heard, state.get("sound", {})))
    faults = [note for note in notes if note.severity == "fail"]
    before = state.get("critique")
    # What a round did not mend, another will not: the same faults again end the loop.
    stuck = before is not None and {*notes} >= {note for note in before.notes if note.severity == "fail"}
    over = spent or stuck or rounds >= studio.settings.budget.rounds
    mendable = any(note.remedy != "none" for note in faults)
    verdict = "good" if checks and not faults else "again" if mendable and not over else "spent"
    scores = {check.name: f"{check.verdict}: {check.value}" for check in checks} | taken.scores
    critique = Critique(scores=scores, notes=notes, verdict=verdict)
    candidate = Candidate(
        cut=state["cut"],
        timeline=state["timeline"],
        takes=state["takes"],
        critique=critique,
        shots=shots,
        sound=state.get("sound", {}),
    )
    best = min((state.get("best") or candidate, candidate), key=_faults)
    studio.note(critique=critique)
    studio.log.emit(Reviewed(round=rounds, critique=critique))
    changed: dict[str, Any] = {"critique": critique, "best": best, "round": rounds + 1}
    if verdict == "again":
        return changed | _mend(state, notes) | refusing(state, notes, heard)
    judged(studio, best.takes, {note.target for note in best.critique.notes if note.severity == "fail"})
    return changed | ({} if best is candidate else _back_to(studio, state, best))


def _measure(studio: Studio, state: State) -> tuple[tuple[Check, ...], bool]:
    """The checks, and whether the budget is spent; a film that cannot be measured is delivered and marked."""
    try:
        return studio.call(INSPECT, _request(state), target="film", stage="review").result.checks, False
    except (ToolError, BudgetExceeded) as error:
        studio.warn("film", f"The film could not be measured: {error}", degraded=True)
        return (), isinstance(error, BudgetExceeded)


def notes_of(checks: tuple[Check, ...], shots: tuple[Shot, ...], brief: Brief) -> tuple[Note, ...]:
    """A note for every check that did not pass: for each shot its span touches, or for the film."""
    notes: dict[Note, None] = {}
    for check in checks:
        if check.verdict in {"pass", "skip"}:
            continue
        severity = "fail" if check.verdict == "fail" else "warn"
        problem = f"{check.name}: {check.value}, wanted {check.target}"
        if check.name in RESHOOT and check.spans:
            for shot in _touched(check.spans, shots, brief):
                notes[Note(target=shot, severity=severity, problem=problem, remedy="reshoot")] = None
        else:
            remedy = "remix" if check.name in REMIX else "none"
            notes[
                Note(target="mix" if remedy == "remix" else "film", severity=severity, problem=problem, remedy=remedy)
            ] = None
    return tuple(notes)


def _request(state: State) -> InspectRequest:
    brief, script, shots = state["brief"], state["script"], state["shots"]
    cut, sound = state["cut"], state.get("sound", {})
    spoken = [line for line in sound.values() if line.speech]
    starts = starts_of(shots)
    return InspectRequest(
        film=cut.video,
        captions=cut.ass or cut.srt if script.narrated else None,
        script=" ".join(line.text for line in script.lines) if spoken else "",
        language=script.language,
        # A film that the script already says is short is not blamed for it again; one that runs over is.
        seconds=brief.seconds if not script.shorts or state["timeline"].frames > brief.frames else None,
        boxes=(*_boxes(shots, state["takes"], starts, handle_of(brief)), *_captions(state)),
        cuts=tuple(starts[1:]),
        moving=script.treatment.moving or None if script.treatment else None,
        speech=tuple(
            Span(start=seconds_of(line.start, brief.rate), end=seconds_of(line.start + line.frames, brief.rate))
            for line in spoken
        )
        if spoken
        else None,
        ledger=tuple(_ledger(state)),
        words=tuple(_words(state)),
        voice=cut.stems.get("voice"),
        music=cut.stems.get("music"),
    )


def _words(state: State) -> Iterator[SpokenWord]:
    """When each word is heard in the film, where the voice or its alignment told."""
    rate = state["brief"].rate
    for line in sorted(state.get("sound", {}).values(), key=lambda line: line.start):
        if line.speech is None or not line.speech.exact or not line.speech.audio.rate:
            continue
        start, a_second = seconds_of(line.start, rate), float(line.speech.audio.rate)
        for word in line.speech.words:
            yield SpokenWord(text=word.text, start=start + word.start / a_second, end=start + word.end / a_second)


def _boxes(shots: tuple[Shot, ...], takes: dict[str, Take], starts: list[int], handle: int) -> list[PlacedText]:
    boxes = []
    for shot, start in zip(shots, starts, strict=True):
        for box in takes[shot.id].boxes:
            first, last = max(box.start - handle, 0), min(box.end - handle, shot.frames)
            if last > first:
                placed = box.model_dump() | {"start": start + first, "end": start + last}
                boxes.append(PlacedText.model_validate(placed))
    return boxes


def _captions(state: State) -> list[PlacedText]:
    """Where captions and labels stand: outlined, so that they read on anything."""
    finish = finish_of(state)
    return [
        PlacedText.model_validate(box.model_dump() | {"outlined": True})
        for box in caption_boxes(state["timeline"], finish)
    ]


def _ledger(state: State) -> list[LedgerRow]:
    return [
        LedgerRow(asset=(asset.origin.splitlines() or [asset.id])[0], licence=asset.licence, origin=asset.origin)
        for asset in sources(state, state["takes"])
    ]


def _touched(spans: tuple[Span, ...], shots: tuple[Shot, ...], brief: Brief) -> list[str]:
    touched = []
    for shot, start in zip(shots, starts_of(shots), strict=True):
        begin, end = seconds_of(start, brief.rate), seconds_of(start + shot.frames, brief.rate)
        if any(span.start < end and span.end > begin for span in spans):
            touched.append(shot.id)
    return touched


def _mend(state: State, notes: tuple[Note, ...]) -> dict[str, Any]:
    """Put aside the takes that are noted, so that they are shot again, and correct the aim of the mix."""
    changed = mended(state, notes)
    if any(note.remedy == "remix" for note in notes):
        target = profile_for(state["brief"].size).loudness
        changed["aim"] = state.get("aim", target) + target - state["cut"].loudness
    return changed


def _back_to(studio: Studio, state: State, best: Candidate) -> dict[str, Any]:
    """The best cut's own shots and sound: what is delivered was timed to them."""
    studio.note(plan=Plan(script=state["script"], shots=best.shots), sound=best.sound)
    return {"cut": best.cut, "timeline": best.timeline, "shots": best.shots, "sound": best.sound, "takes": best.takes}


def _faults(candidate: Candidate) -> int:
    return sum(note.severity == "fail" for note in candidate.critique.notes)
