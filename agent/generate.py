"""Generating: which shots a video model pictures, what it is told in its own prompt style, and the take it makes.

Knows shots and rows of families; knows nothing about pipelines or memory (tools/video/diffusion does).
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..tools.inspect import StillsRequest
from ..tools.media import Asset, seconds_of
from ..tools.registry import GENERATE, STILLS
from ..tools.video import Picture
from ..tools.video.diffusion import GenerateRequest
from ..tools.video.diffusion.families import Family, Style
from .door import Delivery
from .drawing import said
from .errors import BudgetExceeded, Refused, ToolError, ToolMissing
from .footage import open_to_footage
from .model import Brief, Script, Shot
from .outside import accepted, unready
from .studio import Studio

LETTERED = {"title", "chapter", "end", "quote", "figure"}
"""Layouts that are there to be read: a video model cannot spell."""
NEGATIVE = "text, letters, captions, watermark, logo, deformed hands, flicker, low quality"
"""What no shot wants; words on screen are the captions' work."""
CAMERAS = {
    "hold": ("static shot", "the camera stands still"),
    "drift": ("slow drift", "the camera drifts slowly to one side"),
    "push": ("slow push in", "the camera moves slowly closer"),
    "pull": ("slow pull back", "the camera moves slowly away"),
    "pan": ("slow pan", "the camera pans slowly across the scene"),
}
"""Each camera as a tag and as a clause."""
LOOKS = {
    "clean": "bright, uncluttered, soft even light",
    "bold": "saturated colours, strong contrast, hard light",
    "cinematic": "film still, shallow depth of field, warm low light",
    "editorial": "documentary, natural light, muted colours",
    "playful": "cheerful colours, simple shapes, soft daylight",
    "technical": "precise close detail, cool neutral light",
}
"""Each style sheet in words."""


class Maker(NamedTuple):
    """Who generates here: the family's row, where it is one of ours, and whether it goes on from a picture."""

    family: Family | None = None
    text: bool = True
    follows: bool = False


def generated(studio: Studio, brief: Brief, script: Script, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """The shots, those that words can picture from a video model; where none may be used the film says why."""
    try:
        maker = maker_of(studio)
        _admitted(studio, brief, maker)
    except (ToolError, Refused) as error:
        studio.warn("script", f"No picture is generated: {error} Shots are motion graphics.", degraded=True)
        return shots
    chosen = {shot.id for shot in shots if shot.lines and shot.layout not in LETTERED and open_to_footage(shot)}
    if not chosen:
        studio.warn("script", "No shot can be generated: each shows numbers, lists, titles or pictures of its own.")
    return tuple(shot.model_copy(update={"source": "generate"}) if shot.id in chosen else shot for shot in shots)


def maker_of(studio: Studio) -> Maker:
    """The first provider that is ready.

    Raises:
        ToolError, Refused: none is, and why the preferred one is not.
    """
    from ..tools.video.diffusion.provider import Diffusion
    from ..tools.video.hosted.provider import Hosted

    problem: ToolError | Refused | None = None
    for tool in studio.door.registry.providers(GENERATE):
        try:
            tool.ready()
        except (ToolError, Refused) as error:
            problem = problem or error
            continue
        if isinstance(tool, Diffusion):
            return Maker(tool.row(), text=tool.can("text") or tool.can("still"), follows=tool.can("image"))
        return Maker(follows=isinstance(tool, Hosted) and tool.follows)
    raise problem or ToolMissing("No provider of video.generate is installed.", "Reinstall reelwright.")


def _admitted(studio: Studio, brief: Brief, maker: Maker) -> None:
    row = maker.family
    if row is None:
        accepted(studio, brief)
        return
    studio.door.policy.licensed(row.licence, row.title)
    if brief.licences and not any(fnmatchcase(row.licence, each) for each in brief.licences):
        raise Refused(
            f"The brief allows the licences {', '.join(brief.licences)}, and {row.title} has {row.licence}.",
            f"Add it: --licences {','.join([*brief.licences, row.licence])}.",
        )
    if not maker.text:
        raise ToolMissing(f"{row.title} begins from a picture, not from words.", "Set the folder of another family.")


def unfollowed(shots: Sequence[Shot]) -> tuple[Shot, ...]:
    """The shots, of which only those wait for another that can go on from its last picture.

    Drawn cards have no look to continue: waiting for one another would only cost time.
    """
    made = {shot.id for shot in shots if shot.source == "generate"}
    return tuple(
        shot if not shot.follows or {shot.id, shot.follows} <= made else shot.model_copy(update={"follows": ""})
        for shot in shots
    )


def take(studio: Studio, brief: Brief, shot: Shot, attempt: int, handle: int) -> Delivery[Picture] | None:
    """The generated take; where it cannot be had the shot is drawn, and the film says so."""
    try:
        maker = maker_of(studio)
        request = GenerateRequest(
            prompt=worded(pictured(shot, _spoken(studio, shot)), shot.camera, shot.style, maker.family),
            negative=NEGATIVE,
            size=brief.size,
            rate=brief.rate,
            frames=shot.frames,
            handle=handle,
            seed=shot.seed + 1000 * attempt,
            family=maker.family.name if maker.family else "",
            first=_before(studio, brief, shot, handle) if maker.follows else None,
        )
        made = studio.call(GENERATE, request, target=shot.id, stage="shoot", without=unready(studio))
    except (Refused, ToolError, BudgetExceeded) as error:
        studio.warn(shot.id, f"Its picture cannot be generated: {error} It is drawn.", degraded=True)
        return None
    for note in made.result.notes:
        studio.warn(shot.id, f"{made.tool}: {note}.")
    return Delivery(Picture(video=made.result.video), made.tool, made.key, made.cost, made.cached)


def _spoken(studio: Studio, shot: Shot) -> str:
    plan = studio.record.plan if studio.record else None
    lines = {line.id: line.text for line in plan.script.lines} if plan else {}
    return said(shot, lines) if all(line in lines for line in shot.lines) else ""


def _before(studio: Studio, brief: Brief, shot: Shot, handle: int) -> Asset | None:
    """The picture of the generated take it follows that is on screen when this take, handle and all, begins."""
    take = studio.record.takes.get(shot.follows) if studio.record and shot.follows else None
    if take is None or take.asset is None or take.asset.frames is None or not take.tool.startswith(GENERATE.name):
        return None
    seconds = seconds_of(take.asset.frames - 2 * handle, brief.rate)
    request = StillsRequest(film=take.asset, seconds=(seconds,), width=brief.size.width)
    return studio.call(STILLS, request, target=shot.id, stage="shoot").result.images[0]


def pictured(shot: Shot, spoken: str) -> str:
    """What is seen: the director's words for it; where these only repeat what is spoken, that alone.

    >>> shot = Shot(id="shot01", scene="s1", lines=("l1",), prompt="Bees dance. (warm, Honey)")
    >>> pictured(shot, "Bees dance."), pictured(shot.model_copy(update={"prompt": "A bee on a comb"}), "Bees dance.")
    ('Bees dance.', 'A bee on a comb')
    """
    repeats = not shot.prompt or (bool(spoken) and shot.prompt.startswith(spoken))
    return (spoken if repeats else shot.prompt) or shot.card.headline or "an empty scene"


def worded(subject: str, camera: str, sheet: str, family: Family | None = None) -> str:
    """A shot as the family reads it best: tags, one sentence or a paragraph, cut to about the words it takes in."""
    style: Style = family.style if family else "paragraph"
    most = family.words if family else 90
    tag, clause = CAMERAS.get(camera, CAMERAS["drift"])
    look = LOOKS.get(sheet, "")
    around = " ".join([tag if style == "tags" else clause, look]).split()
    words = " ".join(subject.split()[: max(8, most - len(around) - 8)]).strip(" .!?…。,;:")
    if style == "tags":
        return ", ".join(part for part in (words, tag, look) if part)
    if style == "sentence":
        return f"{words}, {clause}{f', {look}' if look else ''}."
    framed = [clause[0].upper() + clause[1:], look and f"The look: {look}"]
    parts = [words, *framed, "One continuous shot without any text"]
    return " ".join(f"{part}." for part in parts if part)
