"""Which planner plans: a chat model where there is a writer, else the offline one."""

from collections.abc import Mapping

from ..door import Door
from ..events import Warned
from ..mind import Mind, Role
from . import Planner


def choose_planner(minds: Mapping[Role, Mind], door: Door) -> Planner:
    """The planner that asks the writer, or the offline one."""
    from .offline import Offline

    writer = minds.get("writer")
    if writer is None:
        return Offline()
    from .model import ModelPlanner

    def warn(message: str) -> None:
        door.emit(Warned(target="script", message=message, degraded=True))

    return ModelPlanner(writer, Offline(), warn)
