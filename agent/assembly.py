"""Assembly through the door: each stretch of a film is a call of its own, so a change encodes only what it touches.

Knows nothing about what the timeline tells.
"""

import contextvars
from concurrent.futures import ThreadPoolExecutor

from ..tools.assemble import AssembleRequest, Cut, Encoded, EncodeRequest
from ..tools.assemble.stretches import joined, requests
from ..tools.registry import ASSEMBLE, ENCODE
from .events import Stage, Working
from .studio import Studio

MOST = 4
"""Stretches encoded side by side: each takes some 300 MB in vertical HD."""


def assemble(studio: Studio, request: AssembleRequest, *, target: str, stage: Stage) -> Cut:
    """The film of a timeline. A short one is a single call; what fell back to something else is told."""
    rows = requests(request)
    if len(rows) > 1:
        request = joined(request, _encode(studio, rows, target, stage))
    cut = studio.call(ASSEMBLE, request, target=target, stage=stage).result
    if cut.note:
        studio.warn(target, cut.note)
    return cut


def _encode(studio: Studio, rows: tuple[EncodeRequest, ...], target: str, stage: Stage) -> list[Encoded]:
    """All stretches, as many at once as the door lets through; every finished one is kept, whatever the others do."""
    here, done = contextvars.copy_context(), 0

    def one(numbered: tuple[int, EncodeRequest]) -> Encoded:
        nonlocal done
        number, row = numbered
        result = studio.call(ENCODE, row, target=f"{target}-{number:02}", stage=stage).result
        done += 1
        studio.log.emit(Working(stage=stage, target=target, part=0.9 * done / len(rows), total=len(rows)))
        return result

    with ThreadPoolExecutor(max_workers=min(studio.settings.jobs, MOST)) as pool:
        return list(pool.map(lambda row: here.copy().run(one, row), enumerate(rows, 1)))
