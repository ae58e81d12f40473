"""What flows through the graph: values and ids only, merged by id where branches meet.

A bare Fraction cannot be checkpointed: rates stand inside models.
"""

from typing import Annotated, NotRequired, TypedDict, TypeVar

from ..tools import assemble, media, speech, stock, timeline, video
from ..tools.assemble import Cut
from ..tools.media import Asset, Frozen
from ..tools.timeline import Timeline
from . import model
from .model import Brief, Candidate, Critique, Film, Script, Shot, Sound, Take

Value = TypeVar("Value")
CHECKPOINTED: tuple[type[Frozen], ...] = tuple(
    {
        kind: None
        for module in (media, speech, stock, video, timeline, assemble, model)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Frozen) and kind is not Frozen
    }
)
"""Every value class that a checkpoint may hold."""


def merge(old: dict[str, Value], new: dict[str, Value]) -> dict[str, Value]:
    """Both, the newest wins. A list reducer would grow on every loop.

    >>> merge({"a": 1, "b": 1}, {"b": 2})
    {'a': 1, 'b': 2}
    """
    return {**old, **new}


class State(TypedDict, total=False):
    """The film so far."""

    brief: Brief
    given: bool
    """The plan came with the brief: its lines and its pace stay as they are."""
    script: Script
    shots: tuple[Shot, ...]
    sound: Annotated[dict[str, Sound], merge]
    kept: Annotated[dict[str, Sound], merge]
    """The best take so far of each line that was sent back to be spoken again."""
    respeak: dict[str, tuple[str, ...]]
    """Lines whose scene fell into two voices, with the providers that are not asked again; set by fit."""
    takes: Annotated[dict[str, Take], merge]
    music: Asset | None
    effects: tuple[Asset, ...]
    bridges: Annotated[dict[str, Asset], merge]
    """Generated transitions by asset: the best cut may show others than the last one does."""
    timeline: Timeline
    cut: Cut
    critique: Critique | None
    round: int
    aim: float
    """LUFS that the mix aims at; review corrects it when the measured film missed its target."""
    best: Candidate | None
    film: Film


class LineTask(TypedDict):
    """One line on its way to be spoken."""

    brief: Brief
    script: Script
    line: str
    before: NotRequired[Sound]
    """The best take so far of a line that was misread."""
    mixed: NotRequired[Sound]
    """The take of a line whose neighbours are spoken by another voice, since its own failed there."""
    without: NotRequired[tuple[str, ...]]
    """Providers that are not asked."""


class ShotTask(TypedDict):
    """One shot on its way to be taken."""

    brief: Brief
    shot: Shot
    attempt: int
    final: bool
    """Nothing follows it."""
