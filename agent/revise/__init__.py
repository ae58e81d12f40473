"""Revision: an instruction in plain words becomes typed edits on the plan, and only what they touch is made again.

Knows nothing about how pictures and voices are made.
"""

from ...tools.media import Frozen
from ..model import Brief, Plan


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
