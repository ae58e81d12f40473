"""Replicate's predictions: any of its video models by owner and name, or by version.

Knows its protocol (replicate 1.0.7, November 2026); what a model calls its fields stands in offers.toml.
"""

from collections.abc import Mapping

from ...errors import ToolMissing
from . import Lost, Order, Ready, State, Waiting
from .fal import address, named
from .wire import Wire, unwelcome

URL = "https://api.replicate.com"
SETTING = '[tools."video.generate.replicate"]'


class Replicate:
    """A Service. Options: key, base_url."""

    name = "replicate"
    title = "Replicate"
    pace = 2.0

    def __init__(self, options: Mapping[str, str]) -> None:
        self._key = options.get("key", "")
        self.home = options.get("base_url", URL).rstrip("/")
        self._headers = {"Authorization": f"Bearer {self._key}"}
        self._wire = Wire(self.title, self.home, self._headers, SETTING)

    def ready(self) -> None:
        """A token."""
        if not self._key:
            raise ToolMissing("No key for Replicate is set.", f"Set key under {SETTING}.")

    def create(self, order: Order) -> str:
        """POST /v1/models/OWNER/NAME/predictions, or /v1/predictions with the version of a community's model."""
        model, _, version = order.offer.model.partition(":")
        body = {"input": named(order)} | ({"version": version} if version else {})
        way = "/v1/predictions" if version else f"/v1/models/{model}/predictions"
        found = self._wire.ask("POST", way, body, costly=True)
        return self._wire.held(found, "id")

    def look(self, number: str) -> State:
        """GET /v1/predictions/ID."""
        found = self._wire.ask("GET", f"/v1/predictions/{number}")
        match found.get("status"):
            case "succeeded":
                url = address(found.get("output"))
                # Some files lie behind the API itself, which wants its key again.
                return Ready(url, self._headers) if url else Lost("there is no clip in its answer.")
            case "failed":
                why = str(found.get("error") or "it does not say why.")
                return Lost(why, refused=unwelcome(why))
            case "canceled" | "aborted":
                return Lost("the prediction was cancelled there.")
            case "starting":
                return Waiting(0.0)
            case "processing":
                return Waiting()
            case other:
                raise self._wire.strange(f"status {other!r}")

    def cancel(self, number: str) -> bool:
        """POST /v1/predictions/ID/cancel."""
        self._wire.ask("POST", f"/v1/predictions/{number}/cancel")
        return True
