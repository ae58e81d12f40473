"""Planners turn a brief into a script, and a script into shots."""

from typing import Protocol

from ..model import Brief, Script, Shot


class Planner(Protocol):
    """What the write and direct nodes ask."""

    name: str

    def write(self, brief: Brief) -> Script:
        """Title, scenes and lines; BriefError if nothing can be made of the brief."""
        ...

    def direct(self, brief: Brief, script: Script) -> tuple[Shot, ...]:
        """Shots on estimated times, covering every word of every line once."""
        ...
