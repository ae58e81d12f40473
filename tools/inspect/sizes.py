"""Shot sizes and movement, against what was planned and promised.

Knows nothing about how a size is told: the plan names it.
"""

from collections.abc import Sequence
from itertools import groupby

from ..profiles import Profile
from . import Check, Span
from .frames import Picture

Shots = Sequence[tuple[int, int]]


def sizes_check(picture: Picture, shots: Shots, scales: Sequence[str], profile: Profile) -> Check:
    """At most two shots of one size in a row."""
    most = profile.limits.equal_sizes
    name, target, source = "sizes", f"at most {most} equal shot sizes in a row", "editing practice"
    if not scales or len(scales) != len(shots):
        reason = f"{len(scales)} sizes for {len(shots)} shots" if scales else "shot sizes not known"
        return Check(name=name, value=reason, target=target, verdict="skip", source=source)
    rows, at = list[tuple[str, int, int]](), 0
    for scale, same in groupby(scales):
        count = len(list(same))
        rows.append((scale, at, at + count))
        at += count
    long = [row for row in rows if row[2] - row[1] > most]
    return Check(
        name=name,
        value="; ".join(f"{last - first} times {scale}" for scale, first, last in long)
        or ", ".join(f"{scale} {list(scales).count(scale)}" for scale in dict.fromkeys(scales)),
        target=target,
        verdict="warn" if long else "pass",
        spans=tuple(
            Span(start=picture.time(shots[first][0]), end=picture.time(shots[last - 1][1])) for _, first, last in long
        ),
        source=source,
    )


def moving_check(picture: Picture, shots: Shots, promised: float | None) -> Check:
    """The share of shots that do not stand still for half of their time."""
    held = [sum(max(min(end, last) - max(start, first), 0) for start, end in picture.still) for first, last in shots]
    still = [shot for shot, frames in zip(shots, held, strict=True) if 2 * frames >= shot[1] - shot[0]]
    part = 1 - len(still) / len(shots)
    known = promised is not None
    return Check(
        name="moving",
        value=f"{len(shots) - len(still)} of {len(shots)} shots move",
        target=f"≥ {promised:.0%}" if known else "no share promised",
        verdict="skip" if promised is None else "pass" if part >= promised - 1e-6 else "fail",
        spans=tuple(Span(start=picture.time(first), end=picture.time(last)) for first, last in still) if known else (),
        source="most frequent complaint about peers",
    )
