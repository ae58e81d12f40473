"""Furnish: shots get the footage that shows them, of the person's library first, of remote ones for what that misses.

Knows candidates, who brings them and who ranks them; knows nothing about how they are weighed (agent/assign.py).
"""

from collections.abc import Mapping, Sequence

from .assign import assign
from .footage import KEPT, candidates, library_of, open_to_footage
from .model import Brief, Pick, Script, Shot
from .procure import procurer
from .rerank import reranked
from .studio import Studio

Candidates = dict[str, list[Pick]]


def furnished(
    studio: Studio, brief: Brief, script: Script, shots: tuple[Shot, ...]
) -> tuple[tuple[Shot, ...], dict[str, str]]:
    """Footage for the shots that it shows well enough, each picture once; and why there is none for the others."""
    library, remote = library_of(studio), procurer(studio, brief)
    if library is None and remote is None:
        return shots, {}
    words = {line.id: line.text for line in script.lines}
    found: Candidates = {shot.id: [] for shot in shots if shot.lines and open_to_footage(shot)}
    if library is not None:
        with library:
            found |= candidates(library, brief, shots, words)
    if remote is not None:
        here = assign(shots, found, brief.size, brief.rate)
        missing = [shot for shot in shots if shot.id in found and shot.id not in here]
        found = _joined(found, remote.procure(missing, words))
    if studio.settings.rerank:
        found = reranked(studio, script.title, shots, words, found)
    chosen = assign(shots, found, brief.size, brief.rate)
    given = tuple(_with(shot, found[shot.id], chosen) if shot.id in found else shot for shot in shots)
    return given, {shot.id: _best(shot.candidates) for shot in given if shot.id in found and not shot.chosen}


def _joined(one: Candidates, other: Mapping[str, Sequence[Pick]]) -> Candidates:
    rows = {name: {pick.segment.id: pick for pick in (*picks, *other.get(name, ()))} for name, picks in one.items()}
    return {
        name: sorted(picks.values(), key=lambda pick: (-pick.score, pick.segment.id)) for name, picks in rows.items()
    }


def _with(shot: Shot, picks: Sequence[Pick], chosen: Mapping[str, str]) -> Shot:
    name = chosen.get(shot.id, "")
    kept = [pick for pick in picks if pick.segment.id == name] + [pick for pick in picks if pick.segment.id != name]
    changes: dict[str, object] = {"candidates": tuple(kept[:KEPT]), "chosen": name}
    if name:
        changes |= {"source": "stock", "why": f"footage answers it at {kept[0].score:.2f}"}
    else:
        changes |= {"why": f"no footage shows it well enough ({_best(picks)})"}
    return shot.model_copy(update=changes)


def _best(picks: Sequence[Pick]) -> str:
    return f"the best is {picks[0].segment.name!r} at {picks[0].score:.2f}" if picks else "nothing answers it"
