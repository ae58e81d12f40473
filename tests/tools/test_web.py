import http.server
import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright.tools.errors import Refused, ToolBusy, ToolFailed
from reelwright.tools.web import Address, Web, check, public

REPLIES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>honey</p>"),
    "/moved": (302, {"Location": "/page"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/home": (302, {"Location": "http://127.0.0.2:9/"}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/metadata": (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""),
    "/large": (200, {}, b"x" * 50_000),
    "/liar": (200, {"Content-Length": "10000000000"}, b"x"),
    "/gone": (404, {}, b""),
    "/down": (503, {}, b""),
}


class Replies(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/slow":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n")
            for _ in range(200):
                time.sleep(0.05)
                try:
                    self.wfile.write(b"X-Wait: 1\r\n")
                except OSError:
                    return
            return
        if self.path in {"/ranged", "/broken"}:
            self._ranged()
            return
        status, headers, body = REPLIES[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body + self.headers["Host"].encode() if self.path == "/page" else body)

    def _ranged(self) -> None:
        """Bytes 0 to 49,999; /broken hangs up after the first 20,000 of a whole answer."""
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        if start >= 50_000:
            self.send_response(416)
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(50_000 - start))
        self.end_headers()
        body = bytes(at % 251 for at in range(start, 50_000))
        self.wfile.write(body[:20_000] if self.path == "/broken" and not start else body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Replies)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def only(address: str) -> Callable[[Address], bool]:
    return lambda found: found == ipaddress.ip_address(address)


@pytest.fixture
def web() -> Web:
    return Web(allow=only("127.0.0.1"))


def test_reads_a_page_and_keeps_the_host(site: str, web: Web) -> None:
    page = web.read(f"{site}/moved")
    assert (page.url, page.type) == (f"{site}/page", "text/html")
    assert page.body == b"<p>honey</p>" + site.removeprefix("http://").encode()


def test_saves_whole_or_not_at_all(site: str, web: Web, tmp_path: Path) -> None:
    assert web.save(f"{site}/page", tmp_path / "page", 50_000) == "text/html"
    (tmp_path / "page").unlink()
    web.save(f"{site}/large", tmp_path / "large", 50_000)
    assert (tmp_path / "large").stat().st_size == 50_000
    with pytest.raises(Refused, match="larger than"):
        web.save(f"{site}/large", tmp_path / "other", 49_999)
    assert [path.name for path in tmp_path.iterdir()] == ["large"]


def test_a_download_that_broke_off_goes_on_where_it_stopped(site: str, web: Web, tmp_path: Path) -> None:
    with pytest.raises(ToolBusy, match="30,000 bytes before its end"):
        web.save(f"{site}/broken", tmp_path / "model", 50_000)
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir()] == [(".model.part", 20_000)]
    told: list[int] = []
    web.save(f"{site}/broken", tmp_path / "model", 50_000, progress=told.append)
    assert (tmp_path / "model").read_bytes() == bytes(at % 251 for at in range(50_000))
    assert (told[0] > 20_000, told[-1]) == (True, 50_000)


def test_a_partial_file_that_is_already_whole_is_fetched_anew(site: str, web: Web, tmp_path: Path) -> None:
    (tmp_path / ".model.part").write_bytes(b"y" * 50_000)
    web.save(f"{site}/ranged", tmp_path / "model", 50_000)
    assert (tmp_path / "model").read_bytes()[:3] == b"\x00\x01\x02"


@pytest.mark.parametrize("path", ["/loop", "/home", "/file", "/metadata", "/liar"])
def test_refuses_what_a_server_sends_us_to(site: str, web: Web, path: str) -> None:
    with pytest.raises(Refused):
        web.read(f"{site}{path}")


def test_errors_say_who_can_act(site: str, web: Web) -> None:
    with pytest.raises(ToolFailed, match="404"):
        web.read(f"{site}/gone")
    with pytest.raises(ToolBusy, match="503"):
        web.read(f"{site}/down")
    with pytest.raises(ToolBusy, match="cannot be reached"):
        web.read("http://127.0.0.1:9/")


def test_a_server_that_trickles_is_cut_off(site: str) -> None:
    with pytest.raises(ToolBusy):
        Web(allow=only("127.0.0.1"), seconds=0.3).read(f"{site}/slow")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0.0.0.0/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[fe80::1%25lo]/",
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://user@example.org/",
        "http://example.org@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://example.org/\r\nX: y",
        "http://exa mple.org/",
        "http:///etc/passwd",
        "http://example.org:99999/",
        "https://example.org:0/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "data:text/html,hi",
        "javascript:alert(1)",
        "//example.org/",
        "",
    ],
)
def test_refuses_hostile_urls(url: str) -> None:
    with pytest.raises((Refused, ToolBusy)) as caught:
        Web(seconds=2).read(url)
    assert isinstance(caught.value, Refused) or "resolve" in str(caught.value)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_not_made_public_by_wrapping_it(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    nat = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    relay = ipaddress.IPv6Address((0x2002 << 112) + (int(address) << 80))
    assert public(mapped) == public(address)
    assert not public(nat)
    assert not public(relay)


@given(st.text(max_size=40))
def test_any_text_is_a_web_address_or_refused(text: str) -> None:
    try:
        parts = check(text)
    except Refused:
        return
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert "@" not in parts.netloc


def test_public_addresses_are_public() -> None:
    assert public(ipaddress.ip_address("93.184.216.34"))
    assert public(ipaddress.ip_address("2606:4700::1111"))
