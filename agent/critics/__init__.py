"""Critics: every take is measured by itself, and looked at by a model where one can see; their notes say what to mend.

Knows takes and notes; knows nothing about how the film is cut or measured as a whole (agent/review.py does).
"""

from typing import NamedTuple

from ..model import Note
from ..state import State
from ..studio import Studio
from .measured import looks_of, notes_on_takes
from .seen import notes_on_frames

EXPLAINS = {"black": "take black", "freeze": "take frozen", "variety": "take repeated"}
"""Checks of the whole film, and the note on a take that explains them more exactly."""


class Criticism(NamedTuple):
    """What the critics of takes say, and a line for each on what they did."""

    notes: tuple[Note, ...]
    scores: dict[str, str]


def criticise(studio: Studio, state: State) -> Criticism:
    """Notes on every take; a critic who cannot work is left out and that is told, never taken for praise."""
    looks = looks_of(studio, state)
    measured = notes_on_takes(state, looks)
    broken = {note.target for note in measured if note.severity == "fail"}
    seen = notes_on_frames(studio, state, broken)
    scores = {"takes": f"{'fail' if broken else 'pass'}: {len(broken)} of {len(looks)} takes are at fault"}
    if seen is None:
        return Criticism(measured, scores)
    wrong = {note.target for note in seen.notes if note.severity == "fail"}
    verdict = "fail" if wrong else "pass" if seen.asked else "skip"
    scores["vision"] = f"{verdict}: {seen.asked} takes looked at by {seen.critic}, {len(wrong)} at fault"
    return Criticism((*measured, *seen.notes), scores)


def settled(film: tuple[Note, ...], takes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The film's notes without those that only reach into a shot from its faulty neighbour."""
    return tuple(note for note in film if not _explained(note, takes))


def _explained(note: Note, takes: tuple[Note, ...]) -> bool:
    reason = EXPLAINS.get(note.problem.partition(":")[0])
    guilty = {each.target for each in takes if reason and each.problem.startswith(reason)}
    return bool(guilty) and note.remedy == "reshoot" and note.target not in guilty
