"""The quote: what generating is expected to take, in money and seconds, before anything is made.

Knows what was measured on this machine and what a tool says of itself; chooses nothing.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..memory.timings import Timings
from ..tools.errors import Refused, ToolError
from ..tools.media import seconds_of
from ..tools.video.diffusion import GenerateRequest
from .events import Basis, Quoted
from .generate import Maker, maker_of, request_of
from .model import Brief, Shot
from .shoot import handle_of
from .studio import Studio


class Expected(NamedTuple):
    """What one clip is expected to take; no seconds where nobody can say."""

    money: float
    seconds: float | None
    basis: Basis


def expected(studio: Studio, maker: Maker, request: GenerateRequest) -> Expected:
    """Measured where this machine made such clips with these options before, else as the tool estimates."""
    tool, quote = maker.tool, maker.tool.quote(request)
    film = seconds_of(request.frames + 2 * request.handle, request.rate)
    timings = Timings(studio.settings.cache)
    pace = timings.pace(tool.name, tool.version, draft=request.draft, size=str(request.size))
    if pace is not None:
        return Expected(quote.money, pace * film, "measured")
    return Expected(quote.money, quote.seconds or None, "estimated" if quote.seconds else "unknown")


def quoted(studio: Studio, brief: Brief, shots: Sequence[Shot]) -> Quoted | None:
    """What the generated shots are expected to take that are still to be made; None where none is."""
    if all(shot.source != "generate" for shot in shots):
        return None
    try:
        maker = maker_of(studio)
        clips = list(_clips(studio, brief, shots, maker))
    except (ToolError, Refused):  # shooting says why, shot by shot
        return None
    if not clips:
        return None
    seconds = [clip.seconds for clip in clips if clip.seconds is not None]
    bases = {clip.basis for clip in clips}
    return Quoted(
        shots=len(clips),
        drafts=sum(shot.draft for shot in shots if shot.source == "generate"),
        by=maker.title,
        money=sum(clip.money for clip in clips),
        seconds=sum(seconds) if len(seconds) == len(clips) else None,
        basis="unknown" if "unknown" in bases else "estimated" if "estimated" in bases else "measured",
    )


def _clips(studio: Studio, brief: Brief, shots: Sequence[Shot], maker: Maker) -> Iterator[Expected]:
    for shot in shots:
        if shot.source == "generate":
            request = request_of(studio, brief, shot, maker, handle_of(brief), shot.take)
            if not studio.door.holds(maker.tool, request):
                yield expected(studio, maker, request)
