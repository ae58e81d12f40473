"""One suite that every provider is run through, ours or a stranger's.

    from reelwright.tools.conformance import faults
    assert not faults(MyTool(), SPEECH, request, job)

Knows the protocol; knows nothing about what a good result looks or sounds like.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel

from .base import Cost, Job, Tool
from .errors import ToolMissing
from .media import Asset
from .registry import Capability

Req = TypeVar("Req", bound=BaseModel)
Res = TypeVar("Res", bound=BaseModel)


def faults(tool: Tool[Req, Res], capability: Capability[Req, Res], request: Req, job: Job) -> list[str]:
    """What the provider does that the door cannot live with; empty where it conforms.

    A tool that is not ready here must say so by ToolMissing with a hint, and is not run.
    """
    found = list(_form(tool, capability))
    try:
        tool.ready()
    except ToolMissing as error:
        return found if error.hint else [*found, "ToolMissing carries no hint"]
    quote = tool.quote(request)
    if not isinstance(quote, Cost):
        found.append("quote is not a Cost")
    try:
        first, second = tool.run(request, job), tool.run(request, job)
    except ToolMissing as error:  # its weights are not here
        return found if error.hint else [*found, "ToolMissing carries no hint"]
    found += _result(first, capability, job)
    if first != second:
        found.append("the same request gives another result: seed it, or add the seed to the request")
    again = capability.result.model_validate_json(first.model_dump_json())
    if again != first:
        found.append("the result does not survive JSON, so it cannot be cached")
    return found


def _form(tool: Tool[Any, Any], capability: Capability[Any, Any]) -> Iterator[str]:
    if not re.fullmatch(r"[a-z]+(\.[a-z0-9-]+)+", tool.name):
        yield f"the name {tool.name!r} is not capability.provider"
    if tool.name != capability.name and not tool.name.startswith(capability.name + "."):
        yield f"the name {tool.name!r} does not begin with {capability.name}"
    if not tool.version:
        yield "the version is empty"
    if tool.device not in {"cpu", "gpu", "net"}:
        yield f"the device {tool.device!r} has no limiter"
    if not isinstance(tool.models, tuple):
        yield "models is not a tuple"
    if tool.result is not capability.result:
        yield f"result is not {capability.result.__name__}"


def _result(result: BaseModel, capability: Capability[Any, Any], job: Job) -> Iterator[str]:
    if not isinstance(result, capability.result):
        yield f"run returned {type(result).__name__}, not {capability.result.__name__}"
    for name in type(result).model_fields:
        value = getattr(result, name)
        for asset in value if isinstance(value, tuple) else (value,):
            if isinstance(asset, Asset):
                yield from _asset(asset, name, job)


def _asset(asset: Asset, name: str, job: Job) -> Iterator[str]:
    if not job.path(asset.id).is_file():
        yield f"{name} is not on the shelf: save it with job.save"
    if not asset.licence or not asset.origin:
        yield f"{name} has no licence or origin, so the ledger cannot name it"
    if asset.kind == "video" and not (asset.frames and asset.rate and asset.size):
        yield f"{name} does not say its frames, rate and size"
    if asset.kind == "audio" and not (asset.frames and asset.rate):
        yield f"{name} does not say its samples and rate"
