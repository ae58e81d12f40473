"""Outside: which generators are set up here, and whether the terms of one are allowed.

Knows providers and briefs; knows no service (tools/video/hosted does).
"""

from fnmatch import fnmatchcase

from ..tools.registry import GENERATE
from .errors import Refused, ToolError
from .model import Brief
from .studio import Studio


def unready(studio: Studio) -> frozenset[str]:
    """Generators that are not set up here: nothing is less than asked for where another one is."""
    found = set()
    for tool in studio.door.registry.providers(GENERATE):
        try:
            tool.ready()
        except (ToolError, Refused):
            found.add(tool.name)
    return frozenset(found)


def allowed(studio: Studio, brief: Brief, licence: str, what: str) -> None:
    """Return if policy and brief allow a licence, else raise Refused."""
    studio.door.policy.licensed(licence, what)
    if brief.licences and not any(fnmatchcase(licence, each) for each in brief.licences):
        raise Refused(
            f"The brief allows the licences {', '.join(brief.licences)}, and {what} has {licence}.",
            f'Add it: --licences "{",".join([*brief.licences, licence])}".',
        )
