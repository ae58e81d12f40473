"""Google's Veo: long-running predictions of Google Cloud, whose clips come with sound of their own.

Knows its protocol (google-genai 3.6.1's Agent Platform, November 2026). Gemini keys no longer open Veo: it wants a
project, and an access token or a service account.
"""

import base64
import binascii
import threading
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from ...errors import ToolBusy, ToolFailed, ToolMissing
from . import Lost, Order, Ready, State, Waiting
from .wire import Wire, unwelcome

SETTING = '[tools."video.generate.veo"]'
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
STORAGE = "https://storage.googleapis.com"
LARGEST = 400_000_000
"""Bytes of an answer that holds a clip."""
_REFUSED = 3
"""Google's code for an argument that it will not take; its words tell whether moderation did it."""


class Veo:
    """A Service.

    Options: project, location, key (an access token) or credentials (a service account's file), base_url.
    """

    name = "veo"
    title = "Veo"
    pace = 5.0

    def __init__(self, options: Mapping[str, str]) -> None:
        self._project, self._location = options.get("project", ""), options.get("location", "us-central1")
        self._token, self._file = options.get("key", ""), options.get("credentials", "")
        self.home = options.get("base_url", f"https://{self._location}-aiplatform.googleapis.com").rstrip("/")
        self._account: Any = None
        self._lock = threading.Lock()

    def ready(self) -> None:
        """A project, and something to prove who asks."""
        if not self._project or not (self._token or self._file):
            hint = f"Set project, and key (an access token) or credentials (a service account's file), under {SETTING}."
            raise ToolMissing("No Google Cloud project or no access to it is set for Veo.", hint)
        if self._file:
            _accounts()
            if not Path(self._file).is_file():
                raise ToolMissing(f"There is no file {self._file}.", f"Correct credentials under {SETTING}.")

    def create(self, order: Order) -> str:
        """POST …:predictLongRunning."""
        instance: dict[str, Any] = {"prompt": order.prompt}
        if order.first:
            picture = base64.b64encode(order.first).decode()
            instance["image"] = {"bytesBase64Encoded": picture, "mimeType": "image/jpeg"}
        short = min(order.shape.width, order.shape.height)
        parameters: dict[str, Any] = {
            "aspectRatio": "9:16" if order.shape.height > order.shape.width else "16:9",
            "resolution": f"{short}p",
            "durationSeconds": order.seconds,
            "sampleCount": 1,
            "seed": order.seed % 2**32,
            "generateAudio": order.sound,
        }
        parameters |= {"negativePrompt": order.negative} if order.negative else {}
        body = {"instances": [instance], "parameters": parameters | order.offer.extra}
        wire = self._wire()
        found = wire.ask("POST", f"{self._model(order.offer.model)}:predictLongRunning", body, costly=True)
        return wire.held(found, "name")

    def look(self, number: str) -> State:
        """POST …:fetchPredictOperation; the clip comes along in the answer, or lies in a bucket."""
        wire, model = self._wire(), number.split("/models/")[-1].split("/operations/")[0]
        way = f"{self._model(model)}:fetchPredictOperation"
        found = wire.ask("POST", way, {"operationName": number}, largest=LARGEST)
        if not found.get("done"):
            return Waiting()
        if found.get("error"):
            why = str(found["error"].get("message") or found["error"])
            return Lost(why, refused=found["error"].get("code") == _REFUSED and unwelcome(why))
        answer = found.get("response") or {}
        videos = answer.get("videos") or []
        if not videos:
            reasons = answer.get("raiMediaFilteredReasons") or []
            why = " ".join(map(str, reasons)) or "there is no clip in its answer."
            return Lost(why, refused=bool(reasons or answer.get("raiMediaFilteredCount")))
        return self._found(videos[0])

    def cancel(self, number: str) -> bool:
        """Its operations cannot be called off."""
        return False

    def _found(self, video: Mapping[str, Any]) -> Ready:
        if video.get("bytesBase64Encoded"):
            try:
                return Ready(data=base64.b64decode(video["bytesBase64Encoded"], validate=True))
            except binascii.Error as error:
                raise self._wire().strange("a clip that is no base64") from error
        place = str(video.get("gcsUri") or "")
        if not place.startswith("gs://"):
            raise self._wire().strange("a clip without bytes or place")
        return Ready(f"{STORAGE}/{quote(place.removeprefix('gs://'))}", self._headers(), home=STORAGE)

    def _model(self, model: str) -> str:
        place = f"/v1/projects/{quote(self._project, safe='')}/locations/{quote(self._location, safe='')}"
        return f"{place}/publishers/google/models/{quote(model, safe='')}"

    def _wire(self) -> Wire:
        return Wire(self.title, self.home, self._headers(), SETTING)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._bearer()}"}

    def _bearer(self) -> str:
        """The token that was given, or a fresh one of the service account: they last an hour."""
        if not self._file:
            return self._token
        google = _accounts()
        with self._lock:
            try:
                if self._account is None:
                    opened = google.service_account.Credentials.from_service_account_file
                    self._account = opened(self._file, scopes=[SCOPE])
                if not self._account.valid:
                    self._account.refresh(google.requests.Request())
            except google.exceptions.TransportError as error:
                raise ToolBusy(f"Google's sign-in does not answer: {error}.", "Try again later.") from error
            except (OSError, ValueError, google.exceptions.GoogleAuthError) as error:
                hint = f"Correct credentials under {SETTING}."
                raise ToolFailed(f"Google does not accept {self._file}: {error}.", hint) from error
            return str(self._account.token)


class _Google(NamedTuple):
    """google-auth's modules."""

    service_account: Any
    requests: Any
    exceptions: Any


def _accounts() -> _Google:
    """google-auth, or ToolMissing."""
    names = ("google.oauth2.service_account", "google.auth.transport.requests", "google.auth.exceptions")
    try:
        return _Google(*map(import_module, names))
    except ImportError as error:
        raise ToolMissing("google-auth is not installed.", "pip install 'reelwright[hosted]'") from error
