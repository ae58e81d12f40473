"""fal's queue: any of its models by id, among them Kling and Pika.

Knows the queue's protocol (fal-client 1.0.3, November 2026); what a model calls its fields stands in offers.toml.
"""

import base64
from collections.abc import Mapping
from typing import Any

from ...errors import Refused, ToolFailed, ToolMissing
from . import Lost, Order, Ready, State, Waiting
from .wire import Denied, Wire, unwelcome

URL = "https://queue.fal.run"
SETTING = '[tools."video.generate.fal"]'
_SPACES = {"workflows", "comfy"}
"""What may stand before the owner of a model."""


class Fal:
    """A Service. Options: key, base_url."""

    name = "fal"
    title = "fal"
    pace = 2.0

    def __init__(self, options: Mapping[str, str]) -> None:
        self._key = options.get("key", "")
        self.home = options.get("base_url", URL).rstrip("/")
        self._wire = Wire(self.title, self.home, {"Authorization": f"Key {self._key}"}, SETTING)

    def ready(self) -> None:
        """A key."""
        if not self._key:
            raise ToolMissing("No key for fal is set.", f"Set key under {SETTING}.")

    def create(self, order: Order) -> str:
        """POST /MODEL. The number holds the model too: the queue asks for both."""
        offer = order.offer
        model = offer.first_model if order.first and offer.first_model else offer.model
        found = self._wire.ask("POST", f"/{model}", named(order), costly=True)
        return f"{_application(model)}/requests/{self._wire.held(found, 'request_id')}"

    def look(self, number: str) -> State:
        """GET …/status, and the result once it is there."""
        found = self._wire.ask("GET", f"/{number}/status")
        match found.get("status"):
            case "COMPLETED":
                if found.get("error"):
                    told = f"{found.get('error_type') or ''} {found['error']}"
                    return Lost(str(found["error"]), refused=unwelcome(told))
                return self._result(number)
            case "IN_QUEUE":
                return Waiting(0.0)
            case "IN_PROGRESS":
                return Waiting()
            case other:
                raise self._wire.strange(f"status {other!r}")

    def _result(self, number: str) -> State:
        """What the model answered; a status of its own says that it failed."""
        try:
            found = self._wire.ask("GET", f"/{number}")
        except Refused as error:
            return Lost(error.message, refused=True)
        except Denied:
            raise
        except ToolFailed as error:
            return Lost(error.message)
        url = address(found)
        return Ready(url) if url else Lost("there is no clip in its answer.")

    def cancel(self, number: str) -> bool:
        """PUT …/cancel; what is being made already is made."""
        self._wire.ask("PUT", f"/{number}/cancel")
        return True


def named(order: Order) -> dict[str, Any]:
    """The order in the model's own names; what the row does not name is left out."""
    offer = order.offer
    duration: int | str = str(order.seconds) if offer.spelled else order.seconds
    values: dict[str, Any] = {
        "duration": duration, "aspect": order.shape.name, "negative": order.negative, "seed": order.seed % 2**31,
        "sound": order.sound, "width": order.shape.width, "height": order.shape.height,
        "frames": order.seconds * offer.rate + 1,
    }  # fmt: skip
    body = {"prompt": order.prompt}
    body |= {offer.fields[name]: value for name, value in values.items() if name in offer.fields and value != ""}
    if order.first and offer.first:
        body[offer.first] = f"data:image/jpeg;base64,{base64.b64encode(order.first).decode()}"
    return body | offer.extra


def address(found: Any) -> str:
    """The first URL in a model's answer, in the places where models put their clip.

    >>> address({"video": {"url": "https://a/b.mp4"}}), address({"videos": [{"url": "https://a/c.mp4"}]}), address({})
    ('https://a/b.mp4', 'https://a/c.mp4', '')
    """
    if isinstance(found, str):
        return found if found.startswith(("https://", "http://")) else ""
    if isinstance(found, list):
        return next(filter(None, map(address, found)), "")
    if isinstance(found, dict):
        return next(filter(None, (address(found.get(key)) for key in ("video", "videos", "url", "output"))), "")
    return ""


def _application(model: str) -> str:
    """The part of a model's id under which its requests are found: subpaths do not count.

    >>> _application("fal-ai/kling-video/v2.5-turbo/pro/text-to-video"), _application("workflows/me/mine/x")
    ('fal-ai/kling-video', 'workflows/me/mine')
    """
    parts = model.split("/")
    return "/".join(parts[: 3 if parts[0] in _SPACES else 2])
