"""The whole error tree, by who can act.

ReelwrightError                  tools/errors.py: message and hint
├── BriefError                   the user: the brief or an option cannot be worked with
├── PlanError                    the model: asked again with the validation message
├── ToolError                    tools/errors.py
│   ├── ToolMissing              install the extra the hint names
│   ├── ToolBusy                 tried again
│   └── ToolFailed               the next provider takes over
├── BudgetExceeded               the user: raise a limit; the best cut so far is kept
├── DiskFull                     tools/errors.py: the user makes room
├── Refused                      tools/errors.py: policy, URL, path, media
├── ProjectError                 the user: the folder is not what it should be
└── Stopped                      the user stopped it; the state is saved
"""

from ..tools.errors import DiskFull, ReelwrightError, Refused, ToolBusy, ToolError, ToolFailed, ToolMissing

__all__ = [
    "BriefError",
    "BudgetExceeded",
    "DiskFull",
    "PlanError",
    "ProjectError",
    "ReelwrightError",
    "Refused",
    "Stopped",
    "ToolBusy",
    "ToolError",
    "ToolFailed",
    "ToolMissing",
]


class BriefError(ReelwrightError):
    """The brief, or an option beside it, cannot be worked with."""


class PlanError(ReelwrightError):
    """A model's answer is not a plan."""


class BudgetExceeded(ReelwrightError):
    """The next call does not fit into the money, seconds or rounds that were granted."""


class ProjectError(ReelwrightError):
    """The project folder is in use, damaged, or belongs to something else."""


class Stopped(ReelwrightError):
    """The user stopped the work; everything finished so far is kept."""
