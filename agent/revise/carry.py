"""Carrying out: an edit on a draft gives another draft. Pure: nothing is made, nothing is asked.

Knows which function does which edit; knows nothing about how a request was worded.
"""

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import BriefError
from ..model import Brief, Plan
from . import looks, timing, wording
from .cover import check
from .draft import Draft
from .edits import (
    Captions,
    Cut,
    Edit,
    Insert,
    Length,
    Lengthen,
    Move,
    Music,
    Picture,
    Replace,
    Rewrite,
    Shorten,
    Sizes,
    Style,
    Swap,
    Tongue,
    UseChoice,
    UseTake,
    Voice,
)

SOME = 0.8
"""How much of a film stays when it is to be "shorter", and by how much of its inverse it grows."""
_DONE_BY: dict[type[Any], Callable[[Draft, Any], Draft]] = {
    Cut: wording.cut,
    Shorten: timing.shorten,
    Lengthen: timing.lengthen,
    Rewrite: wording.rewrite,
    Replace: wording.replace,
    Insert: wording.insert,
    Swap: wording.swap,
    Move: wording.move,
    Picture: looks.picture,
    UseTake: looks.use_take,
    UseChoice: looks.use_choice,
    Voice: looks.voice,
    Music: looks.music,
    Style: looks.style,
    Captions: looks.captions,
    Sizes: looks.sizes,
    Tongue: looks.tongue,
    Length: looks.seconds,
}


def edited(brief: Brief, plan: Plan, edits: Sequence[Edit]) -> tuple[Brief, Plan]:
    """Brief and plan after the edits, one after another.

    Raises:
        BriefError: an edit names what the film does not have, or leaves nothing of it.
    """
    draft = Draft(brief=brief, plan=plan)
    for edit in edits:
        draft = _one(draft, edit)
    if not draft.plan.shots:
        raise BriefError("Nothing would be left of the film.", "Keep at least one scene.")
    check(draft.plan)
    return draft.brief, draft.plan


def _one(draft: Draft, edit: Edit) -> Draft:
    if isinstance(edit, Shorten | Lengthen) and edit.at.of == "film":
        asked, change = draft.brief.seconds, edit.seconds
        sign = -1 if isinstance(edit, Shorten) else 1
        wanted = asked + sign * change if change else asked * (SOME if sign < 0 else 1 / SOME)
        edit = Length(seconds=round(max(wanted, 2.0)))
    return _DONE_BY[type(edit)](draft, edit)
