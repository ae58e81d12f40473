"""Reelwright: from a brief to a finished film.

from reelwright import Brief, Studio

for event in Studio.open("myfilm").make(Brief(text="# How bees make honey ...")):
    print(event)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agent.errors import ReelwrightError
    from .agent.events import Event
    from .agent.graph import build
    from .agent.model import Brief, Budget, Film, Plan
    from .agent.run import serializer
    from .agent.settings import Settings
    from .agent.studio import Studio
    from .tools.base import Job, Tool
    from .tools.registry import Registry

__all__ = [
    "Brief",
    "Budget",
    "Event",
    "Film",
    "Job",
    "Plan",
    "ReelwrightError",
    "Registry",
    "Settings",
    "Studio",
    "Tool",
    "build",
    "serializer",
]
_HOMES = {
    "Brief": "agent.model",
    "Budget": "agent.model",
    "Event": "agent.events",
    "Film": "agent.model",
    "Job": "tools.base",
    "Plan": "agent.model",
    "ReelwrightError": "agent.errors",
    "Registry": "tools.registry",
    "Settings": "agent.settings",
    "Studio": "agent.studio",
    "Tool": "tools.base",
    "build": "agent.graph",
    "serializer": "agent.run",
}


def __getattr__(name: str) -> object:
    """Names are loaded when they are first used, so that `import reelwright` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
