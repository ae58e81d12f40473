"""What a pipeline is called with: a pass in our words becomes the arguments that the family's class has.

Knows the arguments of pipelines; loads and runs none.
"""

import inspect
from collections.abc import Mapping
from typing import Any

from ...media import Size
from .ask import Ask
from .canvas import Canvas, covered, spread
from .families import Family


def arguments(
    row: Family, pipeline: Any, ask: Ask, size: Size, canvas: Canvas | None, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """All that the pipeline's class takes of what is asked; `extra` are a person's own and win."""
    frames = row.length(ask.frames)
    given: dict[str, Any] = {
        "prompt": ask.prompt,
        "negative_prompt": ask.negative or None,
        "width": size.width,
        "height": size.height,
        "num_frames": frames,
        "frame_rate": row.rate,
        "num_inference_steps": ask.steps,
        "guidance_scale": ask.guidance,
    }
    given |= _shown(row, pipeline, ask, size, frames, canvas)
    if ask.reference is not None and row.refers:
        given["reference_images"] = [ask.reference]
    late = len(row.parts)
    given |= {
        name: max(0, min(ask.steps - late + at, round(part * ask.steps)))
        for at, (name, part) in enumerate(row.parts.items())
    }
    named = {row.names.get(name, name): value for name, value in given.items() if value is not None}
    taken = parameters(pipeline)
    return {name: value for name, value in ({**row.call, **named, **extra}).items() if name in taken}


def parameters(pipeline: Any) -> set[str]:
    """The names of what a pipeline is called with."""
    return set(inspect.signature(type(pipeline).__call__).parameters)


def _shown(row: Family, pipeline: Any, ask: Ask, size: Size, frames: int, canvas: Canvas | None) -> dict[str, Any]:
    """The pictures of a pass, in the way that the family takes them."""
    if canvas is not None:
        weight = ask.maps[0].weight if ask.maps else None
        if row.canvas:
            return {"video": canvas.pictures, "mask": canvas.mask, "weight": weight}
        control = canvas.pictures[0] if row.still else canvas.pictures
        return {row.names.get("control", "control_video"): control, "weight": weight}
    if ask.source is not None:
        return {"video": [covered(each, size) for each in ask.source], "strength": ask.strength}
    pictures = [covered(each, size) for each in (ask.first, ask.last) if each is not None]
    if row.condition is not None and ask.mode == "ends":
        return {"conditions": _conditions(row, pipeline, pictures, frames)}
    return dict(zip(("image", "last_image"), pictures, strict=False))


def _conditions(row: Family, pipeline: Any, pictures: list[Any], frames: int) -> list[Any]:
    assert row.condition is not None
    kind = getattr(inspect.getmodule(type(pipeline)), row.condition.kind)
    places = (0, (frames - 1) // row.condition.every)
    return [
        kind(**{row.condition.picture: picture, row.condition.at: at})
        for picture, at in zip(pictures, places, strict=True)
    ]


def drawn_on(row: Family, ask: Ask, size: Size) -> Canvas | None:
    """The canvas of a pass, where its family or its maps need one."""
    frames = row.length(ask.frames)
    if ask.mode == "control":
        canvas = spread(ask, size, frames)
        return canvas.begun(covered(ask.first, size)) if row.canvas and ask.first is not None else canvas
    if row.canvas and ask.first is not None:
        return Canvas.between(covered(ask.first, size), covered(ask.last, size) if ask.last else None, frames)
    return None
