"""What happens while a film is made: one closed union of events, read by people and machines alike.

Knows nothing about how events are shown; the CLI, `--json` and events.jsonl all read this stream.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from ..tools.media import Asset, Frozen, Size
from .model import Critique, Plan

Stage = Literal["write", "direct", "agree", "sound", "fit", "shoot", "cut", "review", "approve", "deliver"]


Basis = Literal["measured", "estimated", "unknown"]
"""What a quote rests on: this machine with this model and preset, what the tool makes of the family's row, nothing."""


def worth(seconds: float | None, basis: Basis) -> str:
    """Seconds as people say them.

    >>> worth(42.4, "measured"), worth(600, "estimated"), worth(None, "unknown")
    ('about 42 s as measured here', 'perhaps 10 min', 'nobody knows how long')
    """
    if seconds is None:
        return "nobody knows how long"
    sizes = ((120, 1, "s"), (7200, 60, "min"), (float("inf"), 3600, "h"))
    size, unit = next((size, unit) for most, size, unit in sizes if seconds < most)
    long = f"{seconds / size:.1f} {unit}" if seconds / size < 10 else f"{seconds / size:.0f} {unit}"
    return f"about {long} as measured here" if basis == "measured" else f"perhaps {long}"


class Started(Frozen):
    """Work on a film begins, or begins again."""

    type: Literal["started"] = "started"
    project: str
    seconds: float
    size: Size
    resumed: bool = False


class Planned(Frozen):
    """The plan stands: how many scenes, lines and shots, and what it is expected to cost."""

    type: Literal["planned"] = "planned"
    title: str
    planner: str
    scenes: int
    lines: int
    shots: int
    seconds: float
    money: float = 0.0
    """Expected US dollars for what is still to be made."""


class Quoted(Frozen):
    """What generating the shots that are still to be made is expected to take, before it is begun."""

    type: Literal["quoted"] = "quoted"
    shots: int
    drafts: int = 0
    """How many of the film's generated shots are drafts."""
    by: str
    """The model or provider."""
    money: float = 0.0
    seconds: float | None = None
    """None where nobody can say."""
    basis: Basis = "unknown"


class Working(Frozen):
    """A stage, or one line or shot of it, is at `part` (0 to 1)."""

    type: Literal["working"] = "working"
    stage: Stage
    target: str = ""
    part: float = Field(ge=0, le=1)
    total: int = 0
    """How many lines or shots the stage has, where known."""


class Preview(Frozen):
    """Something to look at before it is finished."""

    type: Literal["preview"] = "preview"
    target: str
    asset: Asset
    playlist: str = ""
    """The growing HLS playlist of the film so far, where the asset has just joined it."""
    seconds: float = 0.0
    """How much of the film that playlist plays, without a gap, from its beginning."""


class Took(Frozen):
    """A tool delivered."""

    type: Literal["took"] = "took"
    target: str
    tool: str
    seconds: float
    money: float = 0.0
    cached: bool = False


class Spent(Frozen):
    """What has been spent so far: US dollars and wall seconds of tool work."""

    type: Literal["spent"] = "spent"
    money: float
    seconds: float


class Reviewed(Frozen):
    """A cut was measured and judged."""

    type: Literal["reviewed"] = "reviewed"
    round: int
    critique: Critique


class Asking(Frozen):
    """The film waits for a person: `agree` to the plan, or `approve` the cut."""

    type: Literal["asking"] = "asking"
    stage: Literal["agree", "approve"]
    question: str
    plan: Plan | None = None
    file: str = ""


class Warned(Frozen):
    """Something is less than asked for; `degraded` marks the film."""

    type: Literal["warned"] = "warned"
    target: str
    message: str
    degraded: bool = False


class Finished(Frozen):
    """The film is delivered."""

    type: Literal["finished"] = "finished"
    title: str
    file: str
    seconds: float
    degraded: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """The same film in further sizes and codecs."""


class Failed(Frozen):
    """There is no film yet, and what to do about it."""

    type: Literal["failed"] = "failed"
    error: str
    message: str
    hint: str = ""


Event = Annotated[
    Started | Planned | Quoted | Working | Preview | Took | Spent | Reviewed | Asking | Warned | Finished | Failed,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads one event back from its JSON line."""
