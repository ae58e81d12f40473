"""Backdrops: the moving background of a drawn shot, by our own field model where settings ask for it.

Knows shots and captions; knows nothing about networks (tools/video/fields) or how a field is coloured.
"""

from ..tools.media import Asset
from ..tools.registry import FIELDS
from ..tools.video import MotionRequest
from ..tools.video.fields import FieldRequest
from ..tools.video.motion.renderer import compose
from .errors import Refused, ToolError
from .generate import told
from .model import Shot
from .planner.backdrops import called_for, instead
from .planner.language import language
from .studio import Studio


def caption_of(shot: Shot, words: str, code: str) -> str:
    """What the background shows: what the words call for, else what the motif shows; nothing where that is sharp.

    >>> shot = Shot(id="shot02", scene="s1", lines=("l1",), motif="mesh", seed=1002)
    >>> caption_of(shot, "The ocean covers most of the planet.", "en"), caption_of(shot, "Thank a flower.", "en")
    ('ocean waves', 'slow, large smoke')
    """
    usual = instead(shot.motif, shot.seed)
    return usual and (called_for(words, language(code)) or usual)


def backdrop(studio: Studio, shot: Shot, request: MotionRequest) -> MotionRequest:
    """The request, with a field to colour where one is asked for; else, told why, its motif."""
    if studio.settings.backdrops != "generated" or request.motif != shot.motif:
        return request
    plan = studio.record.plan if studio.record else None
    caption = caption_of(shot, told(studio, shot)[1], plan.script.language if plan else "en")
    if not caption:
        return request
    asked = FieldRequest(prompt=caption, size=request.size, seed=request.seed, calm=tuple(compose(request).boxes))
    try:
        field: Asset = studio.call(FIELDS, asked, target=shot.id, stage="shoot").result.clip
    except (Refused, ToolError) as error:
        studio.warn(shot.id, f"Its background is drawn by formulas: {error}")
        return request
    return request.model_copy(update={"field": field})
