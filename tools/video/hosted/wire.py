"""JSON over HTTP to one service: keys stay with its host, and every answer says who can act.

Knows statuses and words of refusal that services share; knows no service's protocol.
"""

import http.client
import ipaddress
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ...errors import ReelwrightError, Refused, ToolBusy, ToolFailed
from ...web import check, patience

PATIENCE = 60.0
"""Seconds until a service must answer."""
LARGEST = 20_000_000
"""Bytes of an answer."""
_BUSY = {425, 429, 500, 502, 503}
_UNSURE = {408, 504}
"""Statuses after which nobody knows whether the request was taken."""
_SPENT = (
    "insufficient_quota",
    "billing_hard_limit",
    "exhausted balance",
    "insufficient credit",
    "not have enough credit",
)
_UNWELCOME = (
    "content_policy", "moderation", "content policy", "safety", "nsfw", "flagged", "sensitive", "usage guidelines",
    "responsible ai", "prohibited",
)  # fmt: skip
_SAID = 300
_SHORT = 6
"""Letters of a value that is no secret, and may stand in other words."""


class Gone(ToolFailed):
    """The service does not know, or no longer knows, what it was asked about."""


class Denied(ToolFailed):
    """The service does not accept the key."""


@dataclass(frozen=True)
class File:
    """A file of a form."""

    name: str
    type: str
    body: bytes


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a key must not travel to where a redirect points."""

    def redirect_request(self, *args: Any, **words: Any) -> None:
        return None


@dataclass(frozen=True)
class Wire:
    """One service's address, its headers (which hold the key), and the name of its table in the settings."""

    title: str
    base: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    setting: str = ""

    def ask(
        self,
        verb: str,
        path: str,
        body: object = None,
        *,
        form: Mapping[str, str | File] | None = None,
        costly: bool = False,
        largest: int = LARGEST,
    ) -> dict[str, Any]:
        """The answer as an object; empty where there is none.

        Args:
            costly: asking twice may cost twice: where it is not known whether it was heard, it fails for good.

        Raises:
            Refused: the service's moderation would not have it.
            ToolBusy: it may be asked again.
            Gone: there is no such thing.
            ToolFailed: it will not work; the hint says why where we know.
        """
        raw = self._sent(self._request(verb, path, body, form), costly, largest)
        if not raw.strip():
            return {}
        try:
            found = json.loads(raw)
        except ValueError as error:
            raise self.strange(f"no JSON but {raw[:60]!r}") from error
        if not isinstance(found, dict):
            raise self.strange(f"a {type(found).__name__} where an object was awaited")
        return found

    def held(self, answer: Mapping[str, Any], name: str) -> str:
        """What an answer must hold under a name; ToolFailed where it does not."""
        if not answer.get(name):
            raise self.strange(f"no {name}")
        return str(answer[name])

    def strange(self, why: str) -> ToolFailed:
        """An answer that is not what the service documents."""
        return ToolFailed(f"{self.title} answers in a form we do not know: {why}.", f"Check {self.setting}.")

    def _request(
        self, verb: str, path: str, body: object, form: Mapping[str, str | File] | None
    ) -> urllib.request.Request:
        url = self.base + path
        parts = check(url)
        if parts.scheme == "http" and self.headers and not near(parts.hostname or ""):
            raise Refused(f"The key of {self.title} would travel in the open to {parts.hostname}.", "Use https.")
        data, kind = (None, "") if body is None else (json.dumps(body).encode(), "application/json")
        if form is not None:
            data, kind = _form(form)
        headers = {"Accept": "application/json", **self.headers} | ({"Content-Type": kind} if kind else {})
        return urllib.request.Request(url, data, headers, method=verb)

    def _sent(self, request: urllib.request.Request, costly: bool, largest: int) -> bytes:
        # Nothing of the environment is read: no proxy, as at the door to URLs, through which the clip will come.
        opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                body: bytes = answer.read(largest + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise self._judged(
                    error.code, error.headers.get("Retry-After", ""), error.read(20_000), costly
                ) from error
        except urllib.error.URLError as error:  # it never arrived
            raise _free(ToolBusy(f"{self.title} cannot be reached: {error.reason}.", "Try again later.")) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unheard(str(error) or type(error).__name__, costly) from error
        if len(body) > largest:
            raise self.strange(f"more than {largest:,} bytes")
        return body

    def _judged(self, status: int, wait: str, raw: bytes, costly: bool) -> ReelwrightError:
        words, whole = self._masked(said(raw)), raw.decode("utf-8", "replace").casefold()
        if status in _UNSURE:
            return self._unheard(f"status {status}", costly)
        if status == 402 or any(mark in whole for mark in _SPENT):
            return _free(
                ToolFailed(f"{self.title} says that the account is empty: {words}", "Fill it, or use another.")
            )
        if status in _BUSY:
            busy = f"{self.title} is busy (status {status}): {words}"
            return _free(ToolBusy(busy, "Try again later.", after=patience(wait)))
        if status in {401, 403}:
            hint = f"Set key under {self.setting} in reelwright.toml to one that it knows."
            return _free(Denied(f"{self.title} does not accept the key (status {status}): {words}", hint))
        if status in {404, 410}:
            return _free(
                Gone(f"{self.title} does not know that (status {status}): {words}", "Check model and base_url.")
            )
        if unwelcome(whole):
            return _free(Refused(f"{self.title} will not make this: {words}", "Word the shot otherwise."))
        return _free(ToolFailed(f"{self.title} says no (status {status}): {words}", f"Check {self.setting}."))

    def _masked(self, words: str) -> str:
        """Words without the key, which some services quote: they end up in the film's own records."""
        for secret in (value.split()[-1] for value in self.headers.values() if value.split()):
            words = words.replace(secret, "…") if len(secret) > _SHORT else words
        return words

    def _unheard(self, why: str, costly: bool) -> ToolBusy | ToolFailed:
        if not costly:
            return ToolBusy(f"{self.title} does not answer: {why}.", "Try again later.")
        hint = "It is not ordered twice: look at your account there before you make the film again."
        return ToolFailed(f"{self.title} took the order and did not answer ({why}): it may have been charged.", hint)


def near(host: str) -> bool:
    """True for this machine and its own network."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def said(raw: bytes) -> str:
    """What an answer says went wrong, in its own words.

    >>> said(b'{"error": {"message": "No such model."}}'), said(b'{"detail": [{"msg": "too long"}]}')
    ('No such model.', 'too long')
    """
    try:
        found: Any = json.loads(raw)
    except ValueError:
        return " ".join(raw.decode("utf-8", "replace").split())[:_SAID]
    for _ in range(4):
        if isinstance(found, list) and found:
            found = found[0]
        if not isinstance(found, dict):
            break
        found = next(
            (found[key] for key in ("message", "msg", "error", "detail", "failure") if found.get(key)), str(found)
        )
    return " ".join(str(found).split())[:_SAID]


def unwelcome(text: str) -> bool:
    """True where words speak of moderation rather than of a mistake."""
    return any(mark in text.casefold() for mark in _UNWELCOME)


def _free(error: ReelwrightError) -> ReelwrightError:
    """Nothing was made, so nothing was charged."""
    error.money = 0.0
    return error


def _form(fields: Mapping[str, str | File]) -> tuple[bytes, str]:
    """A multipart body and its type."""
    border = uuid.uuid4().hex
    parts: list[bytes] = []
    for name, value in fields.items():
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, File):
            head += f'; filename="{value.name}"\r\nContent-Type: {value.type}'
        body = value.body if isinstance(value, File) else value.encode()
        parts += [f"{head}\r\n\r\n".encode(), body, b"\r\n"]
    return b"".join([*parts, f"--{border}--\r\n".encode()]), f"multipart/form-data; boundary={border}"
