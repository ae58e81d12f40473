"""Films whose footage comes from remote libraries: servers here speak Pexels's and Openverse's protocols."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

from reelwright import Brief, Settings, Studio
from reelwright.agent.errors import BriefError
from reelwright.agent.furnish import furnished
from reelwright.agent.model import Line, Scene, Script, Shot
from reelwright.agent.record import load_record
from reelwright.tools import ffmpeg
from reelwright.tools.web import Web

Tea = Callable[..., Brief]
TEXT = "# Harbour\n\nOld boats rest on the shore. A lighthouse stands on the rocks. Tax law has many exceptions."


class Libraries(ThreadingHTTPServer):
    """api.pexels.com/v1, api.openverse.org/v1 and their files, all on one port."""

    daemon_threads = True

    def __init__(self, files: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.files, self.asked, self.status = files, list[tuple[str, str, str]](), 200
        self.url = f"http://127.0.0.1:{self.server_port}"

    def pexels(self, query: str) -> dict[str, Any]:
        if "boats" not in query:
            return {"videos": []}
        rows = [
            (7, "old-wooden-boats-rest-on-the-shore", "Ada Brook", "boats.mp4"),
            (8, "people-dancing-in-a-club", "Ben", "decoy.mp4"),
        ]
        return {
            "videos": [
                {
                    "id": number,
                    "url": f"{self.url}/video/{title}-{number}/",
                    "duration": 5,
                    "width": 640,
                    "height": 360,
                    "user": {"name": author},
                    "video_files": [{"link": f"{self.url}/files/{file}", "width": 640, "height": 360}],
                }
                for number, title, author, file in rows
            ]
        }

    def openverse(self, query: str) -> dict[str, Any]:
        row = {"title": "Lighthouse on the rocks", "tags": [{"name": "lighthouse"}], "width": 640, "height": 360}
        offers = [("a", "by-nc", "4.0", "forbidden.jpg"), ("b", "by-sa", "4.0", "tower.jpg")]
        return {
            "results": [
                {
                    **row,
                    "id": name,
                    "license": licence,
                    "license_version": version,
                    "creator": "Cleo",
                    "url": f"{self.url}/files/{file}",
                    "foreign_landing_url": f"{self.url}/photos/{name}",
                }
                for name, licence, version, file in offers
                if "lighthouse" in query
            ]
        }


class Answering(BaseHTTPRequestHandler):
    server: Libraries

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: rows[-1].lower() for name, rows in parse_qs(parts.query).items()}
        self.server.asked.append(
            (parts.path, query.get("query", query.get("q", "")), self.headers["Authorization"] or "")
        )
        if parts.path.startswith("/files/"):
            self._send(200, (self.server.files / parts.path.rsplit("/", 1)[1]).read_bytes())
        elif parts.path == "/v1/videos/search":
            self._send(self.server.status, json.dumps(self.server.pexels(query["query"])).encode())
        elif parts.path == "/v1/search":
            self._send(self.server.status, b'{"photos": []}')
        else:
            self._send(self.server.status, json.dumps(self.server.openverse(query["q"])).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("remote")
    clip = "gradients=s=640x360:r=15:d=5:speed=0.02:c0=#205080:c1=#e0c080[v]"
    options = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    ffmpeg.encode([], clip, folder / "boats.mp4", options)
    ffmpeg.encode([], clip.replace("d=5", "d=2").replace("205080", "802050"), folder / "decoy.mp4", options)
    grid = np.random.default_rng(1).integers(30, 220, (4, 6, 3), np.uint8)
    Image.fromarray(grid).resize((640, 360), Image.Resampling.BICUBIC).save(folder / "tower.jpg")
    return folder


@pytest.fixture
def libraries(files: Path) -> Iterator[Libraries]:
    with Libraries(files) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def opened(libraries: Libraries, settings: Settings, tmp_path: Path) -> Callable[..., Studio]:
    def make(name: str, **changes: Any) -> Studio:
        tools = {"stock.pexels": {"key": "k3y", "url": libraries.url}, "stock.openverse": {"url": libraries.url}}
        given = {"remotes": ("pexels", "openverse"), "tools": tools, "cache": tmp_path / "cache", **changes}
        studio = Studio.open(tmp_path / name, settings.model_copy(update=given))
        studio.web = Web(allow=lambda address: address.is_loopback)
        return studio

    return make


def made(studio: Studio, brief: Brief) -> dict[str, Shot]:
    """Shots by what is said."""
    events = list(studio.make(brief))
    assert events[-1].type == "finished"
    plan = load_record(studio.folder).plan
    assert plan is not None
    said = {line.id: line.text for line in plan.script.lines}
    return {" ".join(said[line] for line in shot.lines): shot for shot in plan.shots if shot.lines}


def planned(text: str) -> tuple[Script, tuple[Shot, ...]]:
    """A shot for each sentence."""
    lines = tuple(Line(id=f"l{at}", text=said) for at, said in enumerate(text.split("\n\n")[1].split(". ")))
    script = Script(title="Harbour", scenes=(Scene(id="s", heading="", lines=lines),))
    return script, tuple(Shot(id=f"shot{at}", scene="s", lines=(line.id,), frames=60) for at, line in enumerate(lines))


def of(shots: dict[str, Shot], word: str) -> Shot:
    return next(shot for text, shot in shots.items() if word in text)


def test_remote_libraries_show_what_is_said_with_licence_author_and_page(
    libraries: Libraries, opened: Callable[..., Studio], tea: Tea
) -> None:
    brief = tea(text=TEXT, seconds=13).model_copy(update={"licences": ("Pexels", "CC-BY-SA-*")})
    studio = opened("film")
    shots = made(studio, brief)
    boats, tower = of(shots, "boats"), of(shots, "lighthouse")
    assert (boats.source, tower.source, of(shots, "Tax").source) == ("stock", "stock", "motion")
    best = boats.candidates[0].segment
    assert (best.kind, best.author, best.licence) == ("video", "Ada Brook", "Pexels")
    assert tower.candidates[0].segment.licence == "CC-BY-SA-4.0"
    credits = (studio.folder / "out" / "credits.md").read_text("utf-8")
    assert f"by Ada Brook ({libraries.url}/video/old-wooden-boats-rest-on-the-shore-7/) | Pexels" in credits
    assert f"by Cleo ({libraries.url}/photos/b) | CC-BY-SA-4.0" in credits
    asked = [path for path, _, _ in libraries.asked]
    assert "/files/forbidden.jpg" not in asked, "what the Brief forbids is not even fetched"
    assert "/files/decoy.mp4" not in asked, "nor what a title says is something else"
    assert {key for path, _, key in libraries.asked if path.startswith("/files/")} == {""}
    # Planned again elsewhere: answers and files are known by now, and the choice is the same.
    again = opened("again")
    assert studio.record is not None
    plan = studio.record.plan
    assert plan is not None
    bare = [shot.model_copy(update={"candidates": (), "chosen": "", "source": "motion"}) for shot in plan.shots]
    assert [shot.chosen for shot in furnished(again, brief, plan.script, tuple(bare))[0]] == [
        shot.chosen for shot in plan.shots
    ]
    assert [path for path, _, _ in libraries.asked] == asked


def test_a_library_that_fails_leaves_drawn_shots_and_a_note(
    libraries: Libraries, opened: Callable[..., Studio], tea: Tea
) -> None:
    libraries.status = 429
    tools = {"stock.openverse": {"url": libraries.url}}
    studio = opened("film", tools=tools, source="stock")
    script, shots = planned(TEXT)
    assert {shot.source for shot in furnished(studio, tea(text=TEXT), script, shots)[0]} == {"motion"}
    warnings = [warning.message for warning in studio.log.warnings]
    assert any("Pexels needs a key" in message and "reelwright.toml" in message for message in warnings)
    assert any("openverse gives nothing" in message and "429" in message for message in warnings)
    assert sum("gives nothing" in message for message in warnings) == 2, "each is asked once, and given up"
    assert any("Pexels needs a key" in reason for reason in studio.degradations())
    assert len(libraries.asked) == 1


def test_a_name_that_is_no_library_is_said(opened: Callable[..., Studio], tea: Tea) -> None:
    with pytest.raises(BriefError, match=r"'shutters' is no remote library. Use pexels"):
        furnished(opened("film", remotes=("shutters",)), tea(), *planned(TEXT))
