"""The one door to URLs: only public web addresses, resolved once, capped in bytes and time.

Knows nothing about what is fetched. A name that resolves to a private address is refused, and so is every redirect
to one; the connection goes to the address that was checked, so that a second look-up cannot change it.
"""

import fcntl
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from .errors import Refused, ToolBusy, ToolFailed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
REDIRECTS = 5
_TUNNELS = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 ranges that carry IPv4 addresses inside: Python calls some of them global, and they lead home."""
_AGENT = "reelwright (a person asked for this page)"


def public(address: Address) -> bool:
    """True for an address that belongs to the open internet and to nothing else."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return public(address.ipv4_mapped)
        if any(address in net for net in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True)
class Page:
    """What a URL answered with: where it was in the end, its type, its bytes."""

    url: str
    type: str
    body: bytes


class Web:
    """Fetches. `allow` decides about an address; the default is the open internet."""

    def __init__(self, allow: Callable[[Address], bool] = public, seconds: float = 30.0) -> None:
        self._allow = allow
        self._seconds = seconds

    def read(self, url: str, limit: int = 10_000_000, headers: Mapping[str, str] = MappingProxyType({})) -> Page:
        """The page at `url`, at most `limit` bytes. `headers`, which may hold a key, go to that host alone.

        Raises:
            Refused: the URL is not one for us, or it is larger than `limit`.
            ToolBusy: the other side is down, or slower than our patience.
            ToolFailed: it answers with an error.
        """
        with self._open(url, time.monotonic() + self._seconds, headers=headers) as (place, answer, end):
            body = b"".join(_chunks(answer, place, limit, end))
            return Page(place, answer.headers.get_content_type(), body)

    def save(
        self,
        url: str,
        target: Path,
        limit: int,
        seconds: float = 600.0,
        progress: Callable[[int], None] | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """Download into a file, which appears whole or not at all; the type it was sent as. Raises as `read` does.

        What came before the line broke off is kept beside it (.NAME.part), and the next attempt goes on from there.
        """
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("ab") as file:
                _alone(file, target)
                sent = self._fill(url, file, limit, time.monotonic() + seconds, progress, headers)
        except (Refused, ToolFailed):
            part.unlink()
            raise
        part.replace(target)
        return sent

    def _fill(
        self,
        url: str,
        file: BinaryIO,
        limit: int,
        end: float,
        progress: Callable[[int], None] | None,
        headers: Mapping[str, str],
    ) -> str:
        have = file.tell()
        with self._open(url, end, have, headers) as (place, answer, end):
            if answer.status != 206:  # it sends everything, so begin again
                file.truncate(0)
                have = 0
            for chunk in _chunks(answer, place, limit - have, end):
                have += file.write(chunk)
                if progress is not None:
                    progress(have)
            return answer.headers.get_content_type()

    @contextmanager
    def _open(
        self, url: str, end: float, start: int = 0, headers: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[tuple[str, http.client.HTTPResponse, float]]:
        first = check(url)
        for _ in range(REDIRECTS + 1):
            parts = check(url)
            own = headers if (parts.scheme, parts.netloc) == (first.scheme, first.netloc) else {}
            with closing(self._connect(parts, end)) as connection, _deadline(connection.sock, end):
                answer = _ask(connection, parts, start, own)
                if answer.status in {301, 302, 303, 307, 308} and answer.headers.get("Location"):
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status == 416 and start:  # nothing is left to send, or it is another file by now
                    start = 0
                    continue
                _judge(url, answer.status, patience(answer.headers.get("Retry-After", "")))
                yield url, answer, end
                return
        raise Refused(f"{url} redirects more than {REDIRECTS} times.", "Open it in a browser and save the page.")

    def _connect(self, parts: SplitResult, end: float) -> http.client.HTTPConnection:
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        addresses = resolve(host, port)
        for address in addresses:
            if not self._allow(address):
                raise Refused(f"{host} is the address {address}, which is not on the open internet.", "Save the page.")
        connection = http.client.HTTPConnection(host, parts.port or port)
        connection.default_port = 443 if parts.scheme == "https" else 80
        connection.sock = _reach(addresses, port, host, end)
        if parts.scheme == "https":
            connection.sock = _wrap(connection.sock, host)
        return connection


def _alone(file: BinaryIO, target: Path) -> None:
    """Two processes that wrote into one partial file would spoil it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ToolBusy(f"Another process is downloading {target.name}.", "Wait for it, then try again.") from error


def _reach(addresses: Sequence[Address], port: int, host: str, end: float) -> socket.socket:
    problem: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((str(address), port), _left(end, host))
        except OSError as error:
            problem = error
    raise ToolBusy(f"{host} cannot be reached: {problem}.", "Check the network, then try again.") from problem


def _wrap(stream: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(stream, server_hostname=host)
    except OSError as error:
        stream.close()
        raise ToolBusy(f"{host} cannot be trusted or reached: {error}.", "Check the address in a browser.") from error


@contextmanager
def _deadline(stream: socket.socket, end: float) -> Iterator[None]:
    """Cut the line when time is up: a server that sends a byte a second would outlast any timeout of one read."""

    def hang_up() -> None:
        with suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(end - time.monotonic(), 0), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def check(url: str) -> SplitResult:
    """The parts of a URL that we would open; says nothing about where its name leads.

    Raises:
        Refused: another scheme, a user name inside, no host, or characters that do not belong into one.
    """
    shown = repr(url[:100])
    if any(ord(mark) < 33 or ord(mark) == 127 for mark in url) or "\\" in url:
        raise Refused(f"The URL {shown} holds characters that URLs cannot have.", "Copy it again from the browser.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(f"The URL {shown} cannot be read: {error}.", "Copy it again from the browser.") from error
    if parts.scheme not in {"http", "https"}:
        raise Refused(f"The URL {shown} is not http or https.", "Only web pages are fetched; name a file by its path.")
    if "@" in parts.netloc:
        raise Refused(f"The URL {shown} carries a user name.", "Leave out what stands before the @.")
    if not parts.hostname or port == 0:
        raise Refused(f"The URL {shown} names no host.", "Write it with its host, such as https://example.org/page.")
    return parts


def resolve(host: str, port: int) -> list[Address]:
    """The addresses of a name; ToolBusy where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ToolBusy(
            f"The name {host} cannot be resolved: {error}.", "Check the spelling and the network."
        ) from error
    # A scope (fe80::1%eth0) marks a local address; the check decides on the address alone.
    return [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]


def _ask(
    connection: http.client.HTTPConnection, parts: SplitResult, start: int, own: Mapping[str, str]
) -> http.client.HTTPResponse:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    )
    headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    headers |= own
    headers |= {"Range": f"bytes={start}-"} if start else {}
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise ToolBusy(f"{parts.hostname} does not answer: {error}.", "Try again later.") from error


def patience(told: str) -> float | None:
    """Seconds of a Retry-After header, which holds a number or a date; None where it holds neither.

    >>> patience("7"), patience("soon"), patience("")
    (7.0, None, None)
    """
    with suppress(ValueError):
        return max(0.0, float(told))
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except ValueError:
        return None


def _judge(url: str, status: int, after: float | None) -> None:
    if status in {408, 425, 429, 500, 502, 503, 504}:
        raise ToolBusy(f"{url} answers with status {status}.", "Try again later.", after=after)
    if status not in {200, 206}:
        raise ToolFailed(f"{url} answers with status {status}.", "Check the address in a browser.")


def _chunks(answer: http.client.HTTPResponse, url: str, limit: int, end: float) -> Iterator[bytes]:
    got = 0
    if answer.length is not None and answer.length > limit:
        raise _too_large(url, limit)
    while True:
        _left(end, url)
        try:
            chunk = answer.read1(65536)
        except (OSError, http.client.HTTPException) as error:
            raise ToolBusy(f"{url} broke off: {error}.", "Try again later.") from error
        if not chunk:
            break
        got += len(chunk)
        if got > limit:
            raise _too_large(url, limit)
        yield chunk
    if answer.length:
        raise ToolBusy(f"{url} broke off {answer.length:,} bytes before its end.", "Try again later.")


def _too_large(url: str, limit: int) -> Refused:
    return Refused(f"{url} is larger than {limit:,} bytes.", "Save the part you need as a text file.")


def _left(end: float, what: str) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise ToolBusy(f"{what} takes too long.", "Try again later.")
    return left
