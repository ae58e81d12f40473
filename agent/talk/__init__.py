"""Talking a film into being: one partner that asks, plans, makes and revises, over text or over sound.

Knows nothing about microphones or files; what is said and heard are values.
"""

from typing import Literal, Protocol

from ...tools.media import Frozen


class Heard(Frozen):
    """One turn of a person: the words, and how sure the ear is of them (0 to 1; typed words are sure)."""

    text: str
    confidence: float = 1.0
    recording: str = ""
    """Where its sound is kept, inside the project."""
    cut: bool = False
    """It went on for longer than was listened to."""


class Reply(Frozen):
    """One thing the session says: short enough to be listened to, without markup."""

    text: str
    kind: Literal["say", "ask", "progress", "bye"] = "say"


class Partner(Protocol):
    """Who a person talks to. Calls never wait for a render: it runs beside them, and `tick` tells of it."""

    @property
    def finished(self) -> bool:
        """True once the goodbye was said and nothing is being made."""
        ...

    @property
    def busy(self) -> bool:
        """True while a film is being made."""
        ...

    def open(self) -> tuple[Reply, ...]:
        """The first words."""
        ...

    def hear(self, heard: Heard) -> tuple[Reply, ...]:
        """Take a person's turn and answer it."""
        ...

    def tick(self) -> tuple[Reply, ...]:
        """What is to be told since the last call: progress, a finished film, a failure."""
        ...

    def close(self) -> None:
        """End of input: stop what is being made in order, keep what is finished."""
        ...
