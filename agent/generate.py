"""Generating: who generates here, what a shot asks of it, and the take that it makes.

Knows shots and rows of families; knows nothing about prompts (prompt.py) or about pipelines and memory
(tools/video/diffusion).
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..memory.timings import Timing, Timings
from ..tools.inspect import StillsRequest
from ..tools.media import Asset, seconds_of
from ..tools.registry import GENERATE, STILLS, AnyTool
from ..tools.video import Making, Picture
from ..tools.video.diffusion import Generated, GenerateRequest
from ..tools.video.diffusion.drafts import Draft
from ..tools.video.diffusion.families import Family
from ..tools.video.hosted.provider import Hosted
from .door import Delivery
from .drawing import said
from .errors import BudgetExceeded, Refused, ToolError, ToolMissing
from .likeness import shown, tint_of
from .model import Brief, Scene, Shot
from .outside import allowed, unready
from .prompt import NEGATIVE, pictured, worded
from .studio import Studio


class Maker(NamedTuple):
    """Who generates here: the tool, the family's row where it is one of ours, and what it can begin from."""

    tool: AnyTool
    family: Family | None = None
    text: bool = True
    follows: bool = False
    """It goes on from a picture."""
    ends: bool = False
    """It ends on a picture."""
    lora: Draft | None = None
    """What drafts are made by, where that is set up."""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.family.title if self.family else self.tool.name

    @property
    def still(self) -> bool:
        """It makes single pictures, which are then moved."""
        return self.family is not None and bool(self.family.still)

    @property
    def refers(self) -> bool:
        """It takes the picture of whom a clip shows, beside one to begin from."""
        return self.family is not None and self.family.refers


def maker_of(studio: Studio) -> Maker:
    """The first provider that is ready.

    Raises:
        ToolError, Refused: none is, and why the preferred one is not.
    """
    from ..tools.video.diffusion.provider import Diffusion

    problem: ToolError | Refused | None = None
    for tool in studio.door.registry.providers(GENERATE):
        try:
            tool.ready()
        except (ToolError, Refused) as error:
            problem = problem or error
            continue
        if isinstance(tool, Diffusion):
            begins = tool.can("text") or tool.can("still")
            return Maker(tool, tool.row(), begins, tool.can("image"), tool.can("ends"), tool.draft())
        return Maker(tool, follows=isinstance(tool, Hosted) and tool.follows)
    raise problem or ToolMissing("No provider of video.generate is installed.", "Reinstall reelwright.")


def admitted(studio: Studio, brief: Brief, maker: Maker) -> None:
    """Return if policy and brief allow what the maker's pictures are licensed as, and it can begin from words.

    Raises:
        Refused: the licence is not allowed.
        ToolMissing: it begins from a picture only.
    """
    row = maker.family
    if isinstance(maker.tool, Hosted):
        allowed(studio, brief, maker.tool.licence, maker.tool.title)
    if row is None:
        return
    allowed(studio, brief, row.licence, row.title)
    if not maker.text:
        raise ToolMissing(f"{row.title} begins from a picture, not from words.", "Set the folder of another family.")


def barred(studio: Studio, brief: Brief, maker: Maker) -> str:
    """Why drafts may not be made by their LoRA; empty where they may, or there is none."""
    if maker.lora is not None:
        try:
            allowed(studio, brief, maker.lora.licence, maker.lora.title)
        except Refused as error:
            return error.message
    return ""


def tell_barred(studio: Studio, brief: Brief, maker: Maker) -> None:
    """Say once that drafts are made without their LoRA, and why."""
    why = barred(studio, brief, maker)
    told = f"{why} Drafts take fewer steps without it."
    if why and all(warning.message != told for warning in studio.log.warnings):
        studio.warn("script", told)


def unfollowed(shots: Sequence[Shot]) -> tuple[Shot, ...]:
    """The shots, of which only those wait for another that can go on from its last picture.

    Drawn cards have no look to continue: waiting for one another would only cost time.
    """
    made = {shot.id for shot in shots if shot.source == "generate"}
    return tuple(
        shot if not shot.follows or {shot.id, shot.follows} <= made else shot.model_copy(update={"follows": ""})
        for shot in shots
    )


def request_of(
    studio: Studio, brief: Brief, shot: Shot, maker: Maker, handle: int, attempt: int = 0, first: Asset | None = None
) -> GenerateRequest:
    """What a shot asks of the maker: it refers to the character that it names, or else begins with its picture."""
    scene, spoken = told(studio, shot)
    subject = pictured(shot, spoken)
    likeness = shown(brief, f"{subject} {spoken}")
    picture = likeness.picture if likeness else None
    begun = picture if maker.follows and not maker.refers else None
    return GenerateRequest(
        prompt=worded(subject, shot, scene, maker.family, tint_of(brief, studio.door.assets)),
        negative=NEGATIVE,
        size=brief.size,
        rate=brief.rate,
        frames=max(shot.frames, 1),  # a plan that was never fitted has no times yet
        handle=handle,
        seed=shot.seed + 1000 * attempt,
        family=maker.family.name if maker.family else "",
        first=first or begun,
        reference=picture if maker.refers else None,
        draft=shot.draft,
        lora=not (shot.draft and barred(studio, brief, maker)),
        sound=maker.family is None or maker.family.sound,
    )


def take(studio: Studio, brief: Brief, shot: Shot, attempt: int, handle: int) -> Delivery[Picture] | None:
    """The generated take; where it cannot be had the shot is drawn, and the film says so."""
    try:
        maker = maker_of(studio)
        first = _before(studio, brief, shot, handle) if maker.follows else None
        request = request_of(studio, brief, shot, maker, handle, attempt, first)
        if not request.lora:
            tell_barred(studio, brief, maker)
        made = studio.call(GENERATE, request, target=shot.id, stage="shoot", without=unready(studio))
    except (Refused, ToolError, BudgetExceeded) as error:
        studio.warn(shot.id, f"Its picture cannot be generated: {error} It is drawn.", degraded=True)
        return None
    for note in made.result.notes:
        studio.warn(shot.id, f"{made.tool}: {note}.")
    if not made.cached:
        _timed(studio, request, made)
    picture = Picture(video=made.result.video, sound=made.result.sound, making=_making(studio, request, made))
    return Delivery(picture, made.tool, made.key, made.cost, made.cached)


def _making(studio: Studio, request: GenerateRequest, made: Delivery[Generated]) -> Making:
    result, record = made.result, studio.record
    if made.cached and record is not None:  # what it took when it was made is still known
        takes = [*record.takes.values(), *(take for aside in record.aside.values() for take in aside)]
        known = next((take.making for take in takes if take.making and take.request_key == made.key), None)
        if known is not None:
            return known
    return Making(
        model=result.model,
        preset=result.preset,
        steps=result.steps,
        draft=request.draft,
        seconds=round(made.cost.seconds, 3),
        memory=result.memory,
    )


def _timed(studio: Studio, request: GenerateRequest, made: Delivery[Generated]) -> None:
    """Remember how long it took, for the next quote."""
    tool = next(tool for tool in studio.door.registry.tools() if tool.name == made.tool)
    row = Timing(
        tool=tool.name,
        version=tool.version,
        model=made.result.model,
        preset=made.result.preset,
        draft=request.draft,
        size=str(request.size),
        film=seconds_of(request.frames + 2 * request.handle, request.rate),
        took=made.cost.seconds,
        memory=made.result.memory,
    )
    Timings(studio.settings.cache).note(row)


def told(studio: Studio, shot: Shot) -> tuple[Scene | None, str]:
    """The shot's scene and the words that are spoken over it, as far as a plan is on record."""
    plan = studio.record.plan if studio.record else None
    if plan is None:
        return None, ""
    scene = next((scene for scene in plan.script.scenes if scene.id == shot.scene), None)
    lines = {line.id: line.text for line in plan.script.lines}
    return scene, said(shot, lines) if all(line in lines for line in shot.lines) else ""


def _before(studio: Studio, brief: Brief, shot: Shot, handle: int) -> Asset | None:
    """The picture of the generated take it follows that is on screen when this take, handle and all, begins."""
    take = studio.record.takes.get(shot.follows) if studio.record and shot.follows else None
    if take is None or take.asset is None or take.asset.frames is None or not take.tool.startswith(GENERATE.name):
        return None
    seconds = seconds_of(take.asset.frames - 2 * handle, brief.rate)
    request = StillsRequest(film=take.asset, seconds=(seconds,), width=brief.size.width)
    return studio.call(STILLS, request, target=shot.id, stage="shoot").result.images[0]
