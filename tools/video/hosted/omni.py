"""Google's Gemini Omni by a Gemini key: interactions in the background, whose clips come with sound of their own.

Knows its protocol (google-genai 3.6.1's interactions, November 2026).
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from ...errors import ToolMissing
from . import Lost, Order, Ready, State, Waiting
from .wire import Wire, unwelcome

URL = "https://generativelanguage.googleapis.com"
SETTING = '[tools."video.generate.omni"]'
LARGEST = 400_000_000
"""Bytes of an answer that holds a clip."""
_WAITING = {"queued", "in_progress", "requires_continuation", "idle"}


class Omni:
    """A Service. Options: key, base_url."""

    name = "omni"
    title = "Gemini Omni"
    pace = 5.0

    def __init__(self, options: Mapping[str, str]) -> None:
        self._key = options.get("key", "")
        self.home = options.get("base_url", URL).rstrip("/")
        self._headers = {"x-goog-api-key": self._key}
        self._wire = Wire(self.title, self.home, self._headers, SETTING)

    def ready(self) -> None:
        """A key."""
        if not self._key:
            raise ToolMissing("No key for Gemini Omni is set.", f"Set key under {SETTING}.")

    def create(self, order: Order) -> str:
        """POST /v1beta/interactions, in the background."""
        words: list[dict[str, Any]] = [{"type": "text", "text": order.prompt}]
        if order.first:
            picture = base64.b64encode(order.first).decode()
            words.insert(0, {"type": "image", "data": picture, "mime_type": "image/jpeg"})
        body = {
            "model": order.offer.model,
            "input": words,
            "background": True,
            "store": True,
            "response_format": {
                "type": "video",
                "aspect_ratio": "9:16" if order.shape.height > order.shape.width else "16:9",
                "resolution": f"{min(order.shape.width, order.shape.height)}p",
                "duration": f"{order.seconds}s",
                "delivery": "uri",
            },
            "generation_config": {"video_config": {"task": "image_to_video" if order.first else "text_to_video"}},
        }
        found = self._wire.ask("POST", "/v1beta/interactions", body | order.offer.extra, costly=True, largest=LARGEST)
        return self._wire.held(found, "id")

    def look(self, number: str) -> State:
        """GET /v1beta/interactions/ID."""
        found = self._wire.ask("GET", f"/v1beta/interactions/{number}", largest=LARGEST)
        status = found.get("status")
        if status in _WAITING:
            return Waiting()
        clip = _clip(found)
        if status == "completed" and clip is not None:
            return self._ready(clip)
        if status not in {"completed", "failed", "cancelled", "incomplete", "budget_exceeded"}:
            raise self._wire.strange(f"status {status!r}")
        why = _why(found) or f"it ended as {status} without a clip."
        return Lost(why, refused=unwelcome(why))

    def cancel(self, number: str) -> bool:
        """POST /v1beta/interactions/ID/cancel."""
        self._wire.ask("POST", f"/v1beta/interactions/{number}/cancel")
        return True

    def _ready(self, clip: Mapping[str, Any]) -> Ready:
        if clip.get("uri"):
            return Ready(str(clip["uri"]), self._headers)
        try:
            return Ready(data=base64.b64decode(str(clip.get("data") or ""), validate=True))
        except binascii.Error as error:
            raise self._wire.strange("a clip that is no base64") from error


def _contents(found: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """What the model put out, of one kind."""
    steps = [step for step in found.get("steps") or [] if isinstance(step, dict) and step.get("type") == "model_output"]
    return [part for step in steps for part in step.get("content") or [] if part.get("type") == kind]


def _clip(found: Mapping[str, Any]) -> dict[str, Any] | None:
    videos = _contents(found, "video")
    return videos[-1] if videos else None


def _why(found: Mapping[str, Any]) -> str:
    """Its errors' words, else what the model said instead of a clip."""
    errors = [*(found.get("errors") or []), *(step.get("error") or {} for step in found.get("steps") or [])]
    told = [str(error["message"]) for error in errors if error.get("message")]
    told = told or [str(part.get("text") or "") for part in _contents(found, "text")]
    return " ".join(" ".join(told).split())[:300]
