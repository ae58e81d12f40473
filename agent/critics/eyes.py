"""Eyes: a model that is shown pictures and asked for a value, by a mind or by a local vision model.

Knows how a picture is put before a model; knows nothing about what makes a shot good.
"""

import json
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from ...prompts import render
from ...tools.errors import ToolMissing
from ...tools.inspect import StillsRequest
from ...tools.media import Asset, seconds_of
from ...tools.registry import STILLS, VISION
from ...tools.vision import VisionRequest
from ..errors import PlanError
from ..minds import json_in
from ..model import Brief, Shot, Take
from ..shoot import handle_of
from ..studio import Studio

T = TypeVar("T", bound=BaseModel)
REPAIRS = 2
"""Times an answer that does not fit may be mended, as for every mind."""
WIDTH = 384
"""Pixels across of a frame that is shown: about what vision models take a picture in as."""
PLACES = (0.2, 0.55, 0.9)
"""Parts of a shot at which it is looked at: after the entrances, in the middle, before it leaves."""


class Eyes(Protocol):
    """Somebody who can see."""

    @property
    def name(self) -> str:
        """Who it is, in words for people."""
        ...

    def look(self, prompt: str, schema: type[T], images: tuple[Asset, ...], target: str) -> T:
        """What is seen, as a `schema`.

        Raises:
            PlanError: the answer does not fit after two repairs.
            BudgetExceeded: the question does not fit into what was granted.
            ToolError: nobody could be asked.
        """
        ...


@dataclass(frozen=True)
class MindEyes:
    """The critic's chat model, where one is named."""

    studio: Studio
    name: str

    def look(self, prompt: str, schema: type[T], images: tuple[Asset, ...], target: str) -> T:
        """Ask the mind; it mends its own answers."""
        mind = self.studio.mind("critic")
        assert mind is not None
        return mind.ask(prompt, schema, images=images, target=target, stage="review")


@dataclass(frozen=True)
class LocalEyes:
    """A vision model on this machine."""

    studio: Studio
    name: str

    def look(self, prompt: str, schema: type[T], images: tuple[Asset, ...], target: str) -> T:
        """Ask the capability `vision`, and mend what does not fit."""
        shape = json.dumps(schema.model_json_schema(), ensure_ascii=False)
        question, problem = f"{prompt}\n\n{render('shape', schema=shape)}", ""
        for _ in range(REPAIRS + 1):
            request = VisionRequest(images=images, question=question, shape=shape)
            text = self.studio.call(VISION, request, target=target, stage="review").result.text
            try:
                return schema.model_validate_json(json_in(text))
            except ValidationError as error:
                first = error.errors()[0]
                problem = f"{'.'.join(map(str, first['loc'])) or 'the answer'}: {first['msg']}"
            question = f"{prompt}\n\n{render('repair', problem=problem)}\n\n{render('shape', schema=shape)}"
        raise PlanError(f"{self.name}: after {REPAIRS} repairs still {problem}", "Try another model.")


def open_eyes(studio: Studio) -> Eyes | None:
    """The critic's model, else a local one that is set up; None where nobody here can see."""
    mind = studio.mind("critic")
    if mind is not None:
        return MindEyes(studio, mind.name)
    for tool in studio.door.registry.providers(VISION):
        try:
            tool.ready()
        except ToolMissing:
            continue
        return LocalEyes(studio, tool.name)
    return None


def frames_of_take(studio: Studio, brief: Brief, shot: Shot, take: Take) -> tuple[Asset, ...]:
    """Frames of a take as pictures. Raises ToolError where it cannot be read."""
    assert take.asset is not None
    handle = handle_of(brief)
    seconds = tuple(seconds_of(handle + round(part * (shot.frames - 1)), brief.rate) for part in PLACES)
    request = StillsRequest(film=take.asset, seconds=seconds, width=min(WIDTH, brief.size.width))
    return studio.call(STILLS, request, target=shot.id, stage="review").result.images
