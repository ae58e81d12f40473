"""Outside: hosted generators as a film uses them: which are set up, and what their terms are weighed against.

Knows providers and briefs; knows no service (tools/video/hosted does).
"""

from fnmatch import fnmatchcase

from ..tools.registry import GENERATE
from ..tools.video.hosted.provider import Hosted
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


def accepted(studio: Studio, brief: Brief) -> None:
    """Return if policy and brief allow the terms of the generator that comes first, where it is a hosted one.

    Raises:
        Refused: they do not.
    """
    missing = unready(studio)
    first = next((tool for tool in studio.door.registry.providers(GENERATE) if tool.name not in missing), None)
    if not isinstance(first, Hosted):
        return
    studio.door.policy.licensed(first.licence, first.title)
    if brief.licences and not any(fnmatchcase(first.licence, each) for each in brief.licences):
        raise Refused(
            f"The brief allows the licences {', '.join(brief.licences)}, and {first.title} comes under "
            f"{first.licence}.",
            f'Add it: --licences "{",".join([*brief.licences, first.licence])}".',
        )
