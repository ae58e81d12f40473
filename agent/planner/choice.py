"""Which planner plans: a chat model where one was given or named, else the offline one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..events import Event
from . import Planner

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def choose_planner(name: str, model: "BaseChatModel | None", emit: Callable[[Event], None]) -> Planner:
    """The planner for a chat model object, for a model's name such as `openai:gpt-5`, or offline."""
    from .offline import Offline

    if model is None and not name:
        return Offline()
    from .chat import ChatPlanner

    return ChatPlanner(model or name, Offline(), emit)
