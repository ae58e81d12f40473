"""What a person means by a turn: one intent, and what was said with it.

Knows nothing about how it was found out: the grammar and a model answer with the same value.
"""

from typing import Literal, Protocol

from pydantic import Field

from ...tools.media import Frozen

Intent = Literal[
    "yes", "no", "details", "revise", "status", "cost", "time", "describe", "take", "plan", "who", "where", "stop",
    "go", "undo", "repeat", "help", "hello", "thanks", "bye", "forget", "publish", "default", "unclear",
]  # fmt: skip
Shape = Literal["", "vertical", "wide", "square", "four by five"]
Expecting = Literal["topic", "content", "details", "agree", "making", "made", "stopped", "confirm"]
"""What the session waits for, which decides what a bare "short" or "tea" means."""


class Meaning(Frozen):
    """A turn, understood. What is empty was not said."""

    intent: Intent
    topic: str = Field(default="", max_length=300)
    """What the film is about, in a few words."""
    content: str = Field(default="", max_length=20_000)
    """What the film is to say, in the person's own words."""
    seconds: float = Field(default=0.0, ge=0, le=36_000)
    shape: Shape = ""
    audience: str = Field(default="", max_length=120)
    number: int = Field(default=0, ge=-1, le=999)
    """Of the shot or scene that is spoken of; -1 is the last one."""
    scene: bool = False
    """The number counts scenes."""
    request: str = Field(default="", max_length=4000)
    """What is to be changed in the plan or the film, in the person's words."""

    @property
    def detailed(self) -> bool:
        """Whether it says anything about the film that is asked for."""
        return bool(self.topic or self.content or self.seconds or self.shape or self.audience)


class Reader(Protocol):
    """Finds out what is meant."""

    def read(self, text: str, expecting: Expecting) -> Meaning:
        """The meaning of a turn; `unclear` where nothing fits."""
        ...
