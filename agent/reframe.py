"""The reframe node: the same plan, voice and music in the next of the sizes asked for.

Knows nothing about pictures. Takes are made again for the new frame; what does not depend on it is cached.
"""

from typing import Any

from langgraph.runtime import Runtime

from ..tools.media import Size
from ..tools.profiles import profile_for
from .events import Working
from .model import Brief, Take
from .state import State
from .studio import Studio


def next_size(brief: Brief) -> Size | None:
    """The size to be made after the brief's own, None after the last."""
    sizes = brief.deliver.sizes
    place = sizes.index(brief.size) + 1 if brief.size in sizes else 0
    return sizes[place] if place < len(sizes) else None


def further(brief: Brief) -> bool:
    """Whether this size is a further one, delivered in a folder of its own."""
    return brief.size in brief.deliver.sizes


def reframe(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Put the takes aside and begin again at shooting."""
    brief, size = state["brief"], next_size(state["brief"])
    assert size is not None
    runtime.context.log.emit(Working(stage="shoot", target=str(size), part=0.0, total=len(state["shots"])))
    return {
        "brief": brief.model_copy(update={"size": size}),
        "takes": {shot.id: Take(shot=shot.id, attempt=shot.take) for shot in state["shots"]},
        "round": 0,
        "aim": profile_for(size).loudness,
        "best": None,
        "critique": None,
    }
