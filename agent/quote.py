"""The quote: what generating is expected to take, in money and seconds, before anything is made.

Knows what was measured on this machine and what a tool says of itself; chooses nothing.
"""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from ..memory.timings import Timings
from ..tools.errors import Refused, ToolError
from ..tools.media import seconds_of
from ..tools.video.diffusion import GenerateRequest
from .bridges import asked, planned
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
    """What the generated shots are expected to take that are still to be made, with bridges; None where none is."""
    if all(shot.source != "generate" for shot in shots):
        return None
    try:
        maker = maker_of(studio)
        clips = dict(_clips(studio, brief, shots, maker))
        between = list(_between(studio, brief, shots, maker, clips))
    except (ToolError, Refused):  # shooting says why, shot by shot
        return None
    if not clips:
        return None
    whole = [*clips.values(), *between]
    seconds = [clip.seconds for clip in whole if clip.seconds is not None]
    bases = {clip.basis for clip in whole}
    return Quoted(
        shots=len(clips),
        drafts=sum(shot.draft for shot in shots if shot.source == "generate"),
        by=maker.title,
        money=sum(clip.money for clip in whole),
        seconds=sum(seconds) if len(seconds) == len(whole) else None,
        basis="unknown" if "unknown" in bases else "estimated" if "estimated" in bases else "measured",
    )


def _clips(studio: Studio, brief: Brief, shots: Sequence[Shot], maker: Maker) -> Iterator[tuple[str, Expected]]:
    for shot in shots:
        if shot.source == "generate":
            request = request_of(studio, brief, shot, maker, handle_of(brief), shot.take)
            if not studio.door.holds(maker.tool, request):
                yield shot.id, expected(studio, maker, request)


def _between(
    studio: Studio, brief: Brief, shots: Sequence[Shot], maker: Maker, made: Container[str]
) -> Iterator[Expected]:
    """Bridges to and from the shots that are made."""
    for pair in planned(studio, brief, shots, maker):
        if pair[0].id in made or pair[1].id in made:
            yield expected(studio, maker, asked(studio, brief, pair, maker))
