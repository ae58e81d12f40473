"""Revision: an instruction in plain words becomes typed edits on the plan, and only what they touch is made again.

Knows nothing about how pictures and voices are made.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...tools.media import Frozen
from ..errors import BriefError
from ..model import Brief, Plan

if TYPE_CHECKING:
    from ..mind import Mind
    from ..record import Record
    from .edits import Edit

COSTLY = 0.5
"""The share of the shots beyond which making them again is a question, not a matter of course."""


class Proposal(Frozen):
    """What an instruction would change. `Studio.make(brief, plan)` carries it out."""

    brief: Brief
    plan: Plan
    summary: str
    """What changes, in a sentence or two that can be read aloud."""
    diff: str
    """The same as a list for the eye: a line an edit, what was and what will be."""
    costly: bool = False
    """It throws away what cannot be had back for nothing, so a person is asked first."""


def propose(record: "Record", request: str, mind: "Mind | None" = None) -> Proposal:
    """What `request` would change in the film of `record`; with a `mind` free words are understood too.

    Raises:
        BriefError: the request is not understood, does not fit the film, or changes nothing; the hint helps.
    """
    if record.plan is None:
        raise BriefError("There is no plan yet that could be changed.", "Make the film first.")
    if not request.strip():
        raise BriefError("Nothing is asked for.", 'Say what to change: reelwright revise DIR "remove the last scene".')
    from ..history import standing

    record = record.model_copy(update={"plan": standing(record)})
    return proposal(record, understood(record, request, mind))


def understood(record: "Record", request: str, mind: "Mind | None" = None) -> "list[Edit]":
    """The edits that a request asks for: by the grammar where it understands, else by the mind."""
    from .asked import Asked
    from .grammar import parse
    from .targets import Targets

    assert record.plan is not None
    takes = {shot: [*record.aside.get(shot, ()), take] for shot, take in record.takes.items()}
    try:
        return parse(request, Asked(record.brief, Targets(record.plan), takes))
    except BriefError:
        if mind is None:
            raise
    from .thinking import think

    return think(record, request, mind)


def proposal(record: "Record", edits: "Sequence[Edit]") -> Proposal:
    """What these edits would change.

    Raises:
        BriefError: they do not fit the film, or change nothing.
    """
    from .carry import edited
    from .difference import difference, summary, touched

    assert record.plan is not None
    old = (record.brief, record.plan)
    new = edited(*old, edits)
    diff = difference(old, new)
    if not diff:
        raise BriefError("That changes nothing: the film is so already.", "Say what should be different.")
    lost = touched((old[0], new[0]), old[1], new[1])
    paid = any(take.cost for name, take in record.takes.items() if name in lost)
    return Proposal(
        brief=new[0],
        plan=new[1],
        summary=summary(edits, old, new),
        diff=diff,
        costly=paid or len(lost) > COSTLY * len(old[1].shots),
    )
