"""Runway: tasks that are created, looked at and deleted, and told in credits.

Knows its protocol (runwayml 5.24.0, version 2024-11-06, November 2026).
"""

import base64
from collections.abc import Mapping
from typing import Any

from ...errors import ToolMissing
from . import Lost, Order, Ready, State, Waiting
from .wire import Wire

URL = "https://api.dev.runwayml.com"
SETTING = '[tools."video.generate.runway"]'
VERSION = "2024-11-06"
A_CREDIT = 0.01
"""US dollars."""


class Runway:
    """A Service. Options: key, base_url."""

    name = "runway"
    title = "Runway"
    pace = 5.0

    def __init__(self, options: Mapping[str, str]) -> None:
        self._key = options.get("key", "")
        self.home = options.get("base_url", URL).rstrip("/")
        headers = {"Authorization": f"Bearer {self._key}", "X-Runway-Version": VERSION}
        self._wire = Wire(self.title, self.home, headers, SETTING)

    def ready(self) -> None:
        """A key."""
        if not self._key:
            raise ToolMissing("No key for Runway is set.", f"Set key under {SETTING}.")

    def create(self, order: Order) -> str:
        """POST /v1/text_to_video, or /v1/image_to_video from a picture."""
        offer = order.offer
        body: dict[str, Any] = {
            "model": offer.model,
            "promptText": order.prompt,
            "ratio": order.shape.name.replace("x", ":"),
            "duration": order.seconds,
        }
        values = {"seed": order.seed % 2**32, "negative": order.negative, "sound": order.sound}
        body |= {offer.fields[name]: value for name, value in values.items() if name in offer.fields and value != ""}
        way = "/v1/text_to_video"
        if order.first:
            way, picture = "/v1/image_to_video", base64.b64encode(order.first).decode()
            body[offer.first or "promptImage"] = f"data:image/jpeg;base64,{picture}"
        found = self._wire.ask("POST", way, body | offer.extra, costly=True)
        return self._wire.held(found, "id")

    def look(self, number: str) -> State:
        """GET /v1/tasks/ID."""
        found = self._wire.ask("GET", f"/v1/tasks/{number}")
        credits = (found.get("cost") or {}).get("credits")
        money = None if credits is None else float(credits) * A_CREDIT
        match found.get("status"):
            case "SUCCEEDED":
                output = found.get("output") or [""]
                if not output[0]:
                    raise self._wire.strange("no output")
                return Ready(str(output[0]), money=money)
            case "FAILED":
                code = str(found.get("failureCode") or "")
                return Lost(str(found.get("failure") or code), refused=code.startswith("SAFETY"), money=money)
            case "CANCELLED":
                return Lost("the task was cancelled there.", money=money)
            case "PENDING" | "THROTTLED":
                return Waiting(0.0)
            case "RUNNING":
                return Waiting(float(found.get("progress") or 0))
            case other:
                raise self._wire.strange(f"status {other!r}")

    def cancel(self, number: str) -> bool:
        """DELETE /v1/tasks/ID."""
        self._wire.ask("DELETE", f"/v1/tasks/{number}")
        return True
