"""Manner: what rules of the grammar ask of the whole film's voice, music, look, captions, size and language.

Knows the parts of a matched rule and the film; knows nothing about single shots.
"""

import re
from typing import cast

from ...tools.assemble import CaptionStyle
from ...tools.media import SHAPES, Size
from ...tools.video.motion.styles import sheet, sheets
from ..errors import BriefError
from .asked import Asked, Parts
from .edits import FILM, Captions, Edit, Music, Sizes, Style, Voice
from .lexicon import lexicon
from .targets import Unfound


def voice(parts: Parts, asked: Asked) -> list[Edit]:
    """Another voice for the film, a scene or a speaker."""
    name = re.sub(r"^(?:the|a) ", "", asked.targets.said(parts["name"]))
    if re.fullmatch(r"(?:an?other|different|new)(?: (?:one|voice))?|something else", name, re.I):
        raise Unfound("Which voice? `reelwright voices` lists them: say “change the voice to NAME”.")
    at = parts.get("at") or parts.get("at2")
    if "speaker" in parts:
        return [Voice(name=name, speaker=parts["speaker"])]
    if at is None:
        return [Voice(name=name)]
    places = asked.targets.places(at)
    if places == (FILM,):
        return [Voice(name=name)]
    if any(place.of != "scene" for place in places):
        raise Unfound("A voice reads a scene or the film: name one of them.")
    return [Voice(name=name, scene=place.id) for place in places]


def music(parts: Parts, asked: Asked) -> list[Edit]:
    """Music of another mood."""
    return [Music(mood=lexicon().moods[parts["mood"].lower()])]


def style(parts: Parts, asked: Asked) -> list[Edit]:
    """Another sheet or palette."""
    if "palette" in parts:
        name = parts["palette"].lower()
        names = {palette.name for each in sheets() for palette in sheet(each).palettes}
        if name not in names:
            raise Unfound(f"There is no palette “{name}”: {', '.join(sorted(names))}.")
        return [Style(palette=name)]
    name = parts.get("style", parts.get("look", "")).lower()
    if name not in sheets():
        raise Unfound(f"There is no style “{name}”: {', '.join(sheets())}." if "style" in parts else "")
    return [Style(sheet=name)]


def captions(parts: Parts, asked: Asked) -> list[Edit]:
    """How captions look, or that there are none."""
    if "none" in parts:
        return [Captions(style="none")]
    if "some" in parts:
        return [Captions(style="karaoke" if asked.brief.size.vertical else "subtitle")]
    return [Captions(style=cast(CaptionStyle, lexicon().captions[parts["style"].lower()]))]


def size(parts: Parts, asked: Asked) -> list[Edit]:
    """Another shape, or a further one."""
    shape = parts["shape"].lower()
    shape = lexicon().shapes.get(shape, shape)
    if "x" in shape:
        width, height = map(int, shape.split("x"))
        if width % 2 or height % 2 or not (min(width, height) >= 256 and max(width, height) <= 3840):
            raise Unfound(f"A film of {shape} cannot be made: use even numbers from 256 to 3840.")
    else:
        width, height = _scaled(SHAPES[shape], asked.brief.size)
    size = Size(width=width, height=height)
    if {"also", "too", "aswell"} & {*parts}:
        return [Sizes(sizes=(asked.brief.size, *asked.brief.deliver.sizes, size))]
    return [Sizes(sizes=(size,))]


def _scaled(shape: tuple[int, int], now: Size) -> tuple[int, int]:
    """The shape at the film's own resolution: its short side stays as it is."""
    short = min(now.width, now.height)
    least = min(shape)
    width, height = (round(side * short / least / 2) * 2 for side in shape)
    return width, height


def language(parts: Parts, asked: Asked) -> list[Edit]:
    """Another language, which needs a model that translates."""
    code = lexicon().languages[parts["language"].lower()]
    if asked.targets.plan.script.language.startswith(code):
        raise Unfound(f"The film is in {parts['language']} already.")
    raise BriefError(
        f"Nobody here translates into {parts['language']}: that needs a language model.",
        "Name one with --model, or write the brief in that language.",
    )
