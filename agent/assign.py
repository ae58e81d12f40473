"""Assignment: which footage shows which shot, weighed over the whole film instead of shot by shot.

Knows scores and facts; knows nothing about searches, files or pictures. First the best one-to-one assignment of shots
to pictures (near duplicates are one picture), then the neighbours: no two shots of one file side by side, not the same
shot size three times.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..tools.media import Size
from ..tools.stock import Segment
from ..tools.stock.look import NEAR
from .model import Pick, Shot

ENOUGH = 0.36
"""Worth below which a drawing says more: measured on labelled pictures (tests/benchmarks/stock_quality.py): of
the five best answers to a query the wrong ones score 0.34, the right ones 0.49 in the middle."""
_CROP = 0.12
"""What losing the whole picture to the crop would cost."""
_SHORT = 0.15
"""What a clip costs that has to be stretched to twice its length."""
_COARSE = 0.06
"""What a picture costs that is blown up to twice its size or more."""
_MOVING = 0.02
"""What movement is worth where nothing was promised."""
_PROMISE = 0.06
"""What a clip costs that moves where the shot promised rest, or rests where it promised movement."""
_SAME_FILE, _SAME_SIZE = 0.08, 0.03
"""What neighbours cost."""
_RESTING, _MOVED = {"static", "still", "hold", "locked"}, {"handheld", "tracking", "follow", "pan", "fly"}
_ROUNDS = 50


def assign(
    shots: Sequence[Shot], candidates: Mapping[str, Sequence[Pick]], size: Size, rate: Fraction
) -> dict[str, str]:
    """Segment ids by shot id, for the shots that footage shows well enough; no picture twice."""
    names = [shot.id for shot in shots if candidates.get(shot.id)]
    if not names:
        return {}
    by_id = {shot.id: shot for shot in shots}
    picture = _pictures([pick.segment for name in names for pick in candidates[name]])
    worth = {
        (name, pick.segment.id): _worth(by_id[name], pick, size, rate) for name in names for pick in candidates[name]
    }
    held = {
        name: {picture[pick.segment.id]: pick.segment for pick in reversed(_best_first(candidates[name], worth, name))}
        for name in names
    }
    columns = sorted({number for row in held.values() for number in row})
    place = {number: at for at, number in enumerate(columns)}
    table = np.full((len(names), len(columns) + len(names)), -1.0)
    for row, name in enumerate(names):
        for number, segment in held[name].items():
            table[row, place[number]] = worth[name, segment.id]
        table[row, len(columns) + row] = ENOUGH
    given = [int(at) for at in best_assignment(table)]
    chosen = {name: columns[at] if at < len(columns) else -1 for name, at in zip(names, given, strict=True)}
    chosen = _settled(names, chosen, held, worth)
    return {name: held[name][number].id for name, number in chosen.items() if number >= 0}


def _best_first(picks: Sequence[Pick], worth: Mapping[tuple[str, str], float], name: str) -> list[Pick]:
    return sorted(picks, key=lambda pick: (-worth[name, pick.segment.id], pick.segment.id))


def _worth(shot: Shot, pick: Pick, size: Size, rate: Fraction) -> float:
    """How well it answers, less what showing it here would cost."""
    segment = pick.segment
    worth = pick.score
    if segment.width and segment.height:
        here, there = size.width / size.height, segment.width / segment.height
        worth -= _CROP * (1 - min(here / there, there / here))
        blown = max(size.width / segment.width, size.height / segment.height)
        worth -= _COARSE * min(1.0, max(0.0, blown - 1))
    if segment.kind != "video":
        return worth - (_PROMISE if shot.camera in _MOVED else 0)
    seconds = float(shot.frames / rate)
    worth -= _SHORT * min(1.0, max(0.0, seconds / max(segment.seconds, 0.1) - 1))
    if shot.camera in _RESTING:
        return worth - _PROMISE * min(1.0, segment.motion / 0.05)
    return worth + (_PROMISE if shot.camera in _MOVED else _MOVING) * min(1.0, segment.motion / 0.02)


def _pictures(segments: Sequence[Segment]) -> dict[str, int]:
    """A number for each segment; near duplicates share theirs."""
    unique = sorted({segment.id: segment for segment in segments}.values(), key=lambda segment: segment.id)
    hashes = np.array([int(segment.looks or "0", 16) for segment in unique], np.uint64)
    seen = np.array([bool(segment.looks) for segment in unique], bool)
    numbers: dict[str, int] = {}
    first: list[int] = []
    for at, segment in enumerate(unique):
        alike = (np.bitwise_count(hashes[first] ^ hashes[at]) <= NEAR) & seen[first] & seen[at]
        if not alike.any():
            first.append(at)
        numbers[segment.id] = int(alike.argmax()) if alike.any() else len(first) - 1
    return numbers


def best_assignment(table: NDArray[np.float64]) -> NDArray[np.intp]:
    """A column for each row, no column twice, the sum as large as can be (Jonker and Volgenant's shortest paths).

    >>> best_assignment(np.array([[0.9, 0.8], [0.9, 0.1]])).tolist()
    [1, 0]
    """
    cost = -np.asarray(table, np.float64)
    rows, columns = cost.shape
    down, across = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)
    for row in range(rows):
        shortest = np.full(columns, np.inf)
        before = np.full(columns, -1)
        done = np.zeros(columns, bool)
        at, column, reach = row, -1, 0.0
        while True:
            way = reach + cost[at] - down[at] - across
            better = ~done & (way < shortest)
            shortest[better], before[better] = way[better], column
            column = int(np.where(done, np.inf, shortest).argmin())
            reach = float(shortest[column])
            done[column] = True
            if owner[column] < 0:
                break
            at = int(owner[column])
        inner = done & (owner >= 0)
        down[row] += reach
        down[owner[inner]] += reach - shortest[inner]
        across[done] -= reach - shortest[done]
        while column >= 0:  # along the path each column changes hands
            previous = int(before[column])
            owner[column] = owner[previous] if previous >= 0 else row
            column = previous
    given = np.zeros(rows, np.intp)
    taken = np.flatnonzero(owner >= 0)
    given[owner[taken]] = taken
    return given


def _settled(
    names: Sequence[str],
    chosen: dict[str, int],
    held: Mapping[str, Mapping[int, Segment]],
    worth: Mapping[tuple[str, str], float],
) -> dict[str, int]:
    """Change one shot, or two with each other, as long as the film gains by it."""

    def total(trial: Mapping[str, int]) -> float:
        row = [held[name].get(trial[name]) if trial[name] >= 0 else None for name in names]
        sums = sum(worth[name, segment.id] if segment else ENOUGH for name, segment in zip(names, row, strict=True))
        return sums - _neighbours(row)

    now = total(chosen)
    for _ in range(_ROUNDS):
        moves = [trial for at, name in enumerate(names) for trial in _moves(at, name, names, chosen, held)]
        best = max(((total(trial), -number) for number, trial in enumerate(moves)), default=(now, 0))
        if best[0] <= now + 1e-9:
            return chosen
        now, chosen = best[0], moves[-best[1]]
    return chosen


def _moves(
    at: int, name: str, names: Sequence[str], chosen: Mapping[str, int], held: Mapping[str, Mapping[int, Segment]]
) -> list[dict[str, int]]:
    used = set(chosen.values()) - {-1}
    trials = [{**chosen, name: number} for number in (-1, *sorted(held[name])) if number not in used]
    for other in names[at + 1 :]:
        mine, theirs = chosen[name], chosen[other]
        if mine != theirs and (mine < 0 or mine in held[other]) and (theirs < 0 or theirs in held[name]):
            trials.append({**chosen, name: theirs, other: mine})
    return trials


def _neighbours(row: Sequence[Segment | None]) -> float:
    cost = 0.0
    for at in range(1, len(row)):
        one, other = row[at - 1], row[at]
        if one is not None and other is not None and one.file == other.file:
            cost += _SAME_FILE
        three = [segment.shot_size if segment else "" for segment in row[max(0, at - 2) : at + 1]]
        if len(three) == 3 and three[0] and len(set(three)) == 1:
            cost += _SAME_SIZE
    return cost
