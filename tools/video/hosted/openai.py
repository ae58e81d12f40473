"""The video protocol of OpenAI: /v1/videos, which other servers speak too.

Knows that protocol (openai 3.57.0's types, November 2026); OpenAI itself announced the end of its own for 2026-09-24.
"""

from collections.abc import Mapping

from ...errors import ToolMissing
from . import Lost, Order, Ready, State, Waiting
from .wire import File, Wire, unwelcome

URL = "https://api.openai.com/v1"
SETTING = '[tools."video.generate.openai"]'


class OpenAI:
    """A Service. Options: key, base_url (ends in /v1)."""

    name = "openai"
    pace = 3.0

    def __init__(self, options: Mapping[str, str]) -> None:
        self._key, self._own = options.get("key", ""), options.get("base_url", "")
        self.home = (self._own or URL).rstrip("/")
        self.title = "OpenAI" if not self._own else "The video server"
        self._headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        self._wire = Wire(self.title, self.home, self._headers, SETTING)

    def ready(self) -> None:
        """A key, or a server of one's own."""
        if not self._key and not self._own:
            raise ToolMissing("No key for OpenAI's videos is set.", f"Set key or base_url under {SETTING}.")

    def create(self, order: Order) -> str:
        """POST /videos, as a form."""
        form: dict[str, str | File] = {
            "model": order.offer.model,
            "prompt": order.prompt,
            "seconds": str(order.seconds),
            "size": order.shape.name,
        }
        if order.first:
            form["input_reference"] = File("first.jpg", "image/jpeg", order.first)
        found = self._wire.ask("POST", "/videos", form=form, costly=True)
        return self._wire.held(found, "id")

    def look(self, number: str) -> State:
        """GET /videos/ID."""
        found = self._wire.ask("GET", f"/videos/{number}")
        match found.get("status"):
            case "completed":
                return Ready(f"{self.home}/videos/{number}/content", self._headers)
            case "failed":
                error = found.get("error") or {}
                code, message = str(error.get("code", "")), str(error.get("message", ""))
                return Lost(message or code or "it does not say why.", refused=unwelcome(f"{code} {message}"))
            case "queued" | "in_progress":
                return Waiting(float(found.get("progress") or 0) / 100)
            case other:
                raise self._wire.strange(f"status {other!r}")

    def cancel(self, number: str) -> bool:
        """The protocol cannot: only what is finished can be deleted."""
        return False
