"""Remote libraries, each against a server here that speaks its documented protocol."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

from reelwright.agent.remotes import REMOTES, fetch, remote
from reelwright.memory.library import Library
from reelwright.tools.errors import ToolBusy, ToolFailed, ToolMissing
from reelwright.tools.stock.remotes import Pace, Remote
from reelwright.tools.stock.remotes.s3 import S3
from reelwright.tools.web import Web


def photo() -> bytes:
    grid = np.random.default_rng(1).integers(0, 255, (4, 6, 3), np.uint8)
    file = BytesIO()
    Image.fromarray(grid).resize((320, 180)).save(file, "JPEG")
    return file.getvalue()


def pexels(query: dict[str, str], path: str, base: str) -> object:
    if "videos" in path:
        files = [
            {"link": f"{base}/clip-{width}.mp4", "width": width, "height": width // 2} for width in (640, 1920, 3840)
        ]
        row = {"id": 7, "url": f"{base}/video/waves-at-dusk-7/", "duration": 9, "width": 3840, "height": 1920}
        return {"videos": [{**row, "user": {"name": "Ada"}, "video_files": files}]}
    row = {
        "id": 5,
        "url": f"{base}/photo/5",
        "alt": "Waves on rocks",
        "photographer": "Ada",
        "width": 320,
        "height": 180,
    }
    return {"photos": [{**row, "src": {"original": f"{base}/files/5.jpg"}}]}


def pixabay(query: dict[str, str], path: str, base: str) -> object:
    assert 3 <= int(query["per_page"]) <= 200
    if "videos" in path:
        sizes = {
            "large": {"url": "", "width": 0, "height": 0},
            "medium": {"url": f"{base}/m.mp4", "width": 1280, "height": 720},
        }
        return {
            "hits": [
                {"id": 2, "pageURL": f"{base}/v2", "tags": "sea, wave", "duration": 12, "videos": sizes, "user": "Ben"}
            ]
        }
    row = {
        "id": 1,
        "pageURL": f"{base}/p1",
        "tags": "sea, rocks",
        "largeImageURL": f"{base}/files/1.jpg",
        "user": "Ben",
    }
    return {"hits": [{**row, "imageWidth": 320, "imageHeight": 180}]}


def openverse(query: dict[str, str], path: str, base: str) -> object:
    row = {
        "id": "ab",
        "title": "Waves",
        "url": f"{base}/files/o.jpg",
        "creator": "Cleo",
        "foreign_landing_url": f"{base}/o",
    }
    facts = {"license": "by-sa", "license_version": "4.0", "width": 320, "height": 180, "tags": [{"name": "sea"}]}
    return {"results": [{**row, **facts}, {**row, "id": "cd", "license": "cc0", "license_version": "1.0"}]}


def commons(query: dict[str, str], path: str, base: str) -> object:
    assert query["gsrsearch"].startswith("filetype:")
    told = {
        "LicenseShortName": {"value": "CC BY 3.0"},
        "Artist": {"value": '<a href="//x">Dora &amp; Co</a>'},
        "ImageDescription": {"value": "Waves <b>break</b>"},
    }
    info = {
        "url": f"{base}/files/big.jpg",
        "thumburl": f"{base}/files/c.jpg",
        "thumbwidth": 2560,
        "width": 6000,
        "height": 4000,
    }
    page = {"pageid": 9, "index": 1, "title": "File:Waves.jpg"}
    return {"query": {"pages": [{**page, "imageinfo": [{**info, "descriptionurl": f"{base}/w", "extmetadata": told}]}]}}


def archive(query: dict[str, str], path: str, base: str) -> object:
    if "metadata" in path:
        about = {
            "title": "Waves",
            "creator": ["Eve"],
            "licenseurl": "https://creativecommons.org/publicdomain/zero/1.0/",
        }
        files = [
            {"name": "small.jpg", "size": "100", "height": "90"},
            {"name": "w v.jpg", "size": "900", "height": "180"},
        ]
        return {"metadata": about, "files": [*files, {"name": "x_meta.xml", "size": "5"}]}
    assert "mediatype:image" in query["q"]
    return {"response": {"docs": [{"identifier": "waves-1"}]}}


def s3(query: dict[str, str], path: str, base: str) -> object:
    if query.get("continuation-token"):
        return b"<ListBucketResult><Contents><Key>sea/waves on rocks.jpg</Key></Contents></ListBucketResult>"
    return (
        b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Contents><Key>sea/boat.jpg</Key></Contents>'
        b"<NextContinuationToken>t/1=</NextContinuationToken></ListBucketResult>"
    )


ANSWERS: dict[str, Callable[[dict[str, str], str, str], object]] = {
    "pexels": pexels,
    "pixabay": pixabay,
    "openverse": openverse,
    "commons": commons,
    "archive": archive,
    "s3": s3,
}


class Server(ThreadingHTTPServer):
    """Answers for one library; remembers what it was asked."""

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.asked, self.fault = ANSWERS[name], list[tuple[str, dict[str, str]]](), 0
        self.base = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: rows[-1] for name, rows in parse_qs(parts.query).items()}
        self.server.asked.append((self.path, dict(self.headers)))
        if parts.path.endswith((".jpg", ".jpeg")):
            body = photo()
        else:
            answer = self.server.answer(query, parts.path, self.server.base)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(self.server.fault or 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(params=ANSWERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(request.param) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def web() -> Web:
    return Web(allow=lambda address: address.is_loopback)


def of(server: Server, web: Web, cache: Path | None = None) -> Remote:
    name = next(name for name, answer in ANSWERS.items() if answer is server.answer)
    options = {"key": "k", "url": server.base} if name in {"pexels", "pixabay"} else {"url": server.base}
    return remote(name, {f"stock.{name}": options}, cache, web)


WANTED = {
    "pexels": ("Waves on rocks", "Ada", "Pexels"),
    "pixabay": ("sea, rocks", "Ben", "Pixabay"),
    "openverse": ("Waves. sea", "Cleo", "CC-BY-SA-4.0"),
    "commons": ("Waves. Waves break", "Dora & Co", "CC-BY-3.0"),
    "archive": ("Waves", "Eve", "CC0-1.0"),
    "s3": ("waves on rocks", "", "unknown"),
}


def test_what_is_found_has_its_licence_author_and_page(server: Server, web: Web) -> None:
    library = of(server, web)
    (item, *_) = library.search("waves on rocks?", "image", 2)
    assert (item.title, item.author, item.licence) == WANTED[library.name]
    assert item.page.startswith(server.base)
    assert item.url.startswith(server.base)
    if library.name == "commons":
        assert item.url.endswith("c.jpg")


def test_the_same_question_is_asked_once_a_day(server: Server, web: Web, tmp_path: Path) -> None:
    library = of(server, web, tmp_path)
    first = library.search("waves", "image", 1)
    asked = len(server.asked)
    assert library.search("waves", "image", 1) == first
    assert len(server.asked) == asked


def test_limits_and_strange_answers_are_said(server: Server, web: Web) -> None:
    server.fault = 429
    with pytest.raises(ToolBusy, match=r"429"):
        of(server, web).search("waves", "image", 1)
    server.fault, server.answer = 0, lambda *_: b"<html>sign in"
    with pytest.raises(ToolFailed, match="something else"):
        REMOTES[next(name for name in ANSWERS if name != "s3")]({"key": "k", "url": server.base}, web).search(
            "w", "image", 1
        )


def test_it_comes_into_the_library_with_all_that_is_known(server: Server, web: Web, tmp_path: Path) -> None:
    said: list[str] = []
    name = of(server, web).name
    with Library.open(tmp_path / "library", []) as library:
        report = fetch(library, [of(server, web)], "waves", ["image"], 1, web=web, warn=said.append)
        assert (report.added, said) == (1, [])
        (hit,) = library.search("waves") or library.search("sea")
        assert (hit.segment.author, hit.segment.licence) == WANTED[name][1:]
        assert hit.segment.url.startswith(server.base)
        assert Path(hit.segment.place).is_relative_to(library.folder)
        fetched = [path for path, _ in server.asked if path.split("?")[0].endswith(".jpg")]
        assert fetch(library, [of(server, web)], "waves", ["image"], 1, web=web).kept == 1
        assert [path for path, _ in server.asked if path.split("?")[0].endswith(".jpg")] == fetched


def test_the_key_goes_to_its_own_host_alone(web: Web) -> None:
    with Server("pexels") as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        of(server, web).search("waves", "image", 1)
        web.read(f"{server.base}/files/5.jpg")
        server.shutdown()
        thread.join()
        assert [headers.get("Authorization") for _, headers in server.asked] == ["k", None]


def test_clips_are_taken_at_a_size_that_films_need(web: Web) -> None:
    with Server("pexels") as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        (clip,) = of(server, web).search("waves", "video", 1)
        server.shutdown()
        thread.join()
        assert (clip.url, clip.title) == (f"{server.base}/clip-1920.mp4", "waves at dusk")


def test_without_a_key_it_says_where_to_put_one() -> None:
    with pytest.raises(ToolMissing, match=r"reelwright\.toml"):
        remote("pexels", {}).search("waves", "image", 1)
    assert remote("openverse", {}).search("waves", "vector", 1) == []


def test_a_pace_is_kept() -> None:
    now = [0.0]
    pace = Pace(2, 60, lambda: now[0])
    pace.take("It")
    pace.take("It")
    with pytest.raises(ToolBusy, match="Try again in 60 s"):
        pace.take("It")
    now[0] = 61
    pace.take("It")


def test_the_signature_is_the_one_that_amazon_publishes() -> None:
    """The example of "Authenticating Requests: Using Query Parameters" in the S3 reference."""
    keys = {"key": "AKIAIOSFODNN7EXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
    bucket = S3({"url": "https://examplebucket.s3.amazonaws.com", **keys})
    signed = bucket.signed("/test.txt", {}, datetime(2013, 5, 24, tzinfo=UTC), 86400)
    assert signed.endswith("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
