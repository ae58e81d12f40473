"""Which planner plans: a chat model where one was given or named, else the offline one."""

from typing import TYPE_CHECKING

from ..door import Door
from ..events import Warned
from . import Planner

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def choose_planner(name: str, model: "BaseChatModel | None", door: Door) -> Planner:
    """The planner for a chat model object, for a model's name such as `openai:gpt-5`, or offline."""
    from .offline import Offline

    if model is None and not name:
        return Offline()
    from .model import MIND, Chat, ModelPlanner

    chat = Chat(model if model is not None else name)
    door.registry = door.registry.including(chat)

    def warn(message: str) -> None:
        door.emit(Warned(target="script", message=message, degraded=True))

    return ModelPlanner(
        chat.label, Offline(), lambda question: door.call(MIND, question, target="script", stage="write").result, warn
    )
