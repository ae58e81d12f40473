"""One local server that speaks the documented protocols of six services, with a real clip to hand out."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.video.hosted import provider
from reelwright.tools.video.hosted.provider import Hosted


class Reply(NamedTuple):
    """One answer as it is."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = MappingProxyType({})
    length: int | None = None
    """What Content-Length says, where it lies."""


class Ask(NamedTuple):
    verb: str
    path: str
    key: str
    body: Any


class Hub(ThreadingHTTPServer):
    """Every service at one address. `ends` is how orders end; what stands in `instead` answers a step, once each."""

    daemon_threads = True

    def __init__(self, clip: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Wire)
        self.clip = clip
        self.asked: list[Ask] = []
        self.ends = "done"
        self.looks = 1
        """Looks until an order ends."""
        self.instead: dict[str, list[Reply]] = {"create": [], "look": [], "file": []}
        self.orders: dict[str, int] = {}
        self.called_off: list[str] = []
        self.silent = False
        """Takes an order and hangs up."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def file(self) -> str:
        return f"{self.url}/files/clip.mp4"

    def create(self) -> str:
        number = f"job{len(self.orders) + 1}"
        self.orders[number] = 0
        return number

    def done(self, number: str) -> bool:
        """One look more."""
        self.orders[number] += 1
        return self.ends != "never" and self.orders[number] > self.looks


class Wire(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self._answer(None)

    def do_DELETE(self) -> None:
        self._answer(None)

    def do_PUT(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/"):
            parts = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + raw, policy=policy.HTTP).iter_parts()
            self._answer({part.get_param("name", header="content-disposition"): part.get_content() for part in parts})
            return
        self._answer(json.loads(raw) if kind == "application/json" else raw.decode())

    def _answer(self, body: Any) -> None:
        hub = self.server
        key = self.headers.get("Authorization", "") or self.headers.get("x-goog-api-key", "")
        hub.asked.append(Ask(self.command, self.path, key, body))
        step, speak = next(
            (step, speak) for verb, part, step, speak in ROUTES if verb == self.command and part in self.path
        )
        if step and hub.instead[step]:
            self._send(hub.instead[step].pop(0))
            return
        if hub.silent and step == "create":
            speak(hub, self, body)
            self.close_connection = True
            return
        self._send(speak(hub, self, body))

    def _send(self, reply: Reply) -> None:
        data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) if reply.length is None else reply.length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


def openai_create(hub: Hub, wire: Wire, body: Any) -> Reply:
    if body["seconds"] not in {"4", "8", "12"} or body["size"] not in {"720x1280", "1280x720"}:
        return Reply(400, {"error": {"message": "Invalid size or seconds.", "code": "invalid_value"}})
    return Reply(
        200, {"id": hub.create(), "object": "video", "status": "queued", "progress": 0, "model": body["model"]}
    )


def openai_look(hub: Hub, wire: Wire, body: Any) -> Reply:
    number = wire.path.split("/")[-1]
    if number not in hub.orders:
        return Reply(404, {"error": {"message": f"Video with id '{number}' not found."}})
    found: dict[str, Any] = {"id": number, "object": "video", "status": "in_progress", "progress": 40}
    if hub.done(number):
        errors = {
            "refused": {"code": "moderation_blocked", "message": "Your request was blocked by our moderation system."},
            "failed": {"code": "video_generation_failed", "message": "Something broke."},
        }
        ended = hub.ends == "done"
        found |= {"status": "completed", "progress": 100} if ended else {"status": "failed", "error": errors[hub.ends]}
    return Reply(200, found)


def runway_create(hub: Hub, wire: Wire, body: Any) -> Reply:
    if wire.headers["X-Runway-Version"] != "2024-11-06" or body["ratio"] not in {"1280:720", "720:1280"}:
        return Reply(400, {"error": "Validation of body failed"})
    if ("promptImage" in body) != wire.path.endswith("image_to_video"):
        return Reply(400, {"error": "promptImage"})
    return Reply(200, {"id": hub.create()})


def runway_look(hub: Hub, wire: Wire, body: Any) -> Reply:
    number = wire.path.split("/")[-1]
    if number not in hub.orders:
        return Reply(404, {"error": "An error occurred."})
    found: dict[str, Any] = {"id": number, "createdAt": "2026-11-27T16:00:00Z", "status": "RUNNING", "progress": 0.4}
    if hub.done(number):
        found |= {
            "done": {"status": "SUCCEEDED", "output": [hub.file], "cost": {"credits": 40}},
            "refused": {
                "status": "FAILED",
                "failure": "Your input was rejected.",
                "failureCode": "SAFETY.INPUT.TEXT",
                "cost": {"credits": 20},
            },
            "failed": {
                "status": "FAILED",
                "failure": "An unexpected error occurred.",
                "failureCode": "INTERNAL.BAD_OUTPUT.CODE01",
                "cost": {"credits": 0},
            },
        }[hub.ends]
    return Reply(200, found)


def runway_delete(hub: Hub, wire: Wire, body: Any) -> Reply:
    hub.called_off.append(wire.path.split("/")[-1])
    return Reply(204, b"")


def fal_create(hub: Hub, wire: Wire, body: Any) -> Reply:
    if body["duration"] not in {"5", "10"} or "prompt" not in body:
        return Reply(422, {"detail": [{"loc": ["body", "duration"], "msg": "unexpected value", "type": "enum"}]})
    number = hub.create()
    place = f"{hub.url}/fal-ai/kling-video/requests/{number}"
    return Reply(200, {"request_id": number, "response_url": place, "status_url": f"{place}/status"})


def fal_look(hub: Hub, wire: Wire, body: Any) -> Reply:
    number = wire.path.split("/")[-2]
    if number not in hub.orders:
        return Reply(404, {"detail": "Request not found"})
    if not hub.done(number):
        return Reply(200, {"status": "IN_QUEUE", "queue_position": 2, "response_url": "", "logs": None})
    return Reply(200, {"status": "COMPLETED", "logs": None, "metrics": {"inference_time": 3.7}})


def fal_result(hub: Hub, wire: Wire, body: Any) -> Reply:
    if hub.ends == "refused":
        fault = {"loc": ["body", "prompt"], "msg": "The content was flagged.", "type": "content_policy_violation"}
        return Reply(422, {"detail": [fault]})
    if hub.ends == "failed":
        return Reply(500 if hub.instead["look"] else 422, {"detail": "Could not generate."})
    return Reply(200, {"video": {"url": hub.file, "content_type": "video/mp4", "file_name": "output.mp4"}})


def fal_cancel(hub: Hub, wire: Wire, body: Any) -> Reply:
    hub.called_off.append(wire.path.split("/")[-2])
    return Reply(202, {"status": "CANCELLATION_REQUESTED"})


def replicate_create(hub: Hub, wire: Wire, body: Any) -> Reply:
    if "prompt" not in body["input"]:
        return Reply(422, {"title": "Input validation failed", "detail": "- input: prompt is required", "status": 422})
    number = hub.create()
    urls = {"get": f"{hub.url}/v1/predictions/{number}", "cancel": f"{hub.url}/v1/predictions/{number}/cancel"}
    return Reply(201, {"id": number, "status": "starting", "input": body["input"], "output": None, "urls": urls})


def replicate_look(hub: Hub, wire: Wire, body: Any) -> Reply:
    number = wire.path.split("/")[-1]
    if number not in hub.orders:
        return Reply(404, {"detail": "The requested resource could not be found.", "status": 404})
    found: dict[str, Any] = {"id": number, "status": "processing", "output": None, "error": None}
    if hub.done(number):
        found |= {
            "done": {"status": "succeeded", "output": hub.file},
            "refused": {"status": "failed", "error": "The input or output was flagged as sensitive. (E005)"},
            "failed": {"status": "failed", "error": "CUDA out of memory"},
        }[hub.ends]
    return Reply(200, found)


def replicate_cancel(hub: Hub, wire: Wire, body: Any) -> Reply:
    hub.called_off.append(wire.path.split("/")[-2])
    return Reply(200, {"id": hub.called_off[-1], "status": "canceled"})


def veo_create(hub: Hub, wire: Wire, body: Any) -> Reply:
    wanted = body["parameters"]
    if wanted["durationSeconds"] not in {4, 6, 8} or wanted["aspectRatio"] not in {"16:9", "9:16"}:
        return Reply(400, {"error": {"code": 400, "message": "Unsupported.", "status": "INVALID_ARGUMENT"}})
    return Reply(200, {"name": f"{wire.path.split(':')[0].removeprefix('/v1/')}/operations/{hub.create()}"})


def veo_look(hub: Hub, wire: Wire, body: Any) -> Reply:
    number = body["operationName"].split("/")[-1]
    if number not in hub.orders:
        return Reply(404, {"error": {"code": 404, "message": "Operation not found.", "status": "NOT_FOUND"}})
    found: dict[str, Any] = {"name": body["operationName"]}
    if hub.done(number):
        kind = {"@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse"}
        clip = {"bytesBase64Encoded": base64.b64encode(hub.clip).decode(), "mimeType": "video/mp4"}
        reasons = ["Veo could not generate videos because the input violates the usage guidelines. Support codes: 1"]
        found |= {
            "done": {"done": True, "response": kind | {"raiMediaFilteredCount": 0, "videos": [clip]}},
            "refused": {
                "done": True,
                "response": kind | {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": reasons},
            },
            "failed": {"done": True, "error": {"code": 13, "message": "Internal error."}},
        }[hub.ends]
    return Reply(200, found)


def omni_create(hub: Hub, wire: Wire, body: Any) -> Reply:
    wanted = body["response_format"]
    if wanted["type"] != "video" or wanted["aspect_ratio"] not in {"16:9", "9:16"} or not body["background"]:
        return Reply(400, {"error": {"code": 400, "message": "Bad format.", "status": "INVALID_ARGUMENT"}})
    return Reply(200, {"id": hub.create(), "status": "queued", "model": body["model"]})


def omni_look(hub: Hub, wire: Wire, body: Any) -> Reply:
    number = wire.path.split("/")[-1]
    if number not in hub.orders:
        return Reply(404, {"error": {"code": 404, "message": "Not found.", "status": "NOT_FOUND"}})
    found: dict[str, Any] = {"id": number, "status": "in_progress", "steps": []}
    if hub.done(number):
        clip = {"type": "video", "uri": f"{hub.file}?alt=media", "mime_type": "video/mp4"}
        blocked = {"code": "blocked", "message": "The prompt was blocked by safety filters."}
        found |= {
            "done": {"status": "completed", "steps": [{"type": "model_output", "content": [clip]}]},
            "refused": {"status": "failed", "errors": [blocked]},
            "failed": {"status": "failed", "errors": [{"code": "internal", "message": "Internal error."}]},
        }[hub.ends]
    return Reply(200, found)


def omni_cancel(hub: Hub, wire: Wire, body: Any) -> Reply:
    hub.called_off.append(wire.path.split("/")[-2])
    return Reply(200, {"id": hub.called_off[-1], "status": "cancelled"})


def google_token(hub: Hub, wire: Wire, body: Any) -> Reply:
    return Reply(200, {"access_token": "minted", "expires_in": 3600, "token_type": "Bearer"})


def comfy_create(hub: Hub, wire: Wire, body: Any) -> Reply:
    if not all("class_type" in node for node in body["prompt"].values()):
        error = {"type": "missing_node_type", "message": "Node is missing", "details": "", "extra_info": {}}
        return Reply(400, {"error": error, "node_errors": {}})
    return Reply(200, {"prompt_id": hub.create(), "number": len(hub.orders), "node_errors": {}})


def comfy_history(hub: Hub, wire: Wire, body: Any) -> Reply:
    number = wire.path.split("/")[-1]
    if number not in hub.orders or not hub.done(number):
        return Reply(200, {})
    clip = {"filename": "film_00001.mp4", "subfolder": "reel", "type": "output"}
    told = {"exception_message": "out of memory", "node_type": "KSampler"}
    found: dict[str, Any] = {
        "outputs": {"9": {"images": [clip], "animated": [True]}},
        "status": {"status_str": "success", "completed": True, "messages": []},
    }
    if hub.ends != "done":
        found = {"outputs": {}, "status": {"status_str": "error", "messages": [["execution_error", told]]}}
    return Reply(200, {number: found})


def comfy_queue(hub: Hub, wire: Wire, body: Any) -> Reply:
    running = [
        [0, number, {}, {}, []] for number, looks in hub.orders.items() if hub.ends == "never" or looks <= hub.looks
    ]
    return Reply(200, {"queue_running": [], "queue_pending": running})


def comfy_upload(hub: Hub, wire: Wire, body: Any) -> Reply:
    return Reply(200, {"name": "first.jpg", "subfolder": "", "type": "input"})


def comfy_delete(hub: Hub, wire: Wire, body: Any) -> Reply:
    hub.called_off += body["delete"]
    return Reply(200, b"")


def nothing(hub: Hub, wire: Wire, body: Any) -> Reply:
    return Reply(200, b"")


def file(hub: Hub, wire: Wire, body: Any) -> Reply:
    return Reply(200, hub.clip, {"Content-Type": "video/mp4"})


Speak = Callable[[Hub, Wire, Any], Reply]
ROUTES: list[tuple[str, str, str, Speak]] = [
    ("GET", "/files/", "file", file),
    ("GET", "/content", "file", file),
    ("GET", "/view", "file", file),
    ("POST", "/v1/videos", "create", openai_create),
    ("GET", "/v1/videos/", "look", openai_look),
    ("POST", "_to_video", "create", runway_create),
    ("GET", "/v1/tasks/", "look", runway_look),
    ("DELETE", "/v1/tasks/", "", runway_delete),
    ("GET", "/interactions/", "look", omni_look),
    ("POST", "/interactions/job1/cancel", "", omni_cancel),
    ("POST", "/interactions", "create", omni_create),
    ("POST", "/cancel", "", replicate_cancel),
    ("POST", "/predictions", "create", replicate_create),
    ("GET", "/v1/predictions/", "look", replicate_look),
    ("POST", ":predictLongRunning", "create", veo_create),
    ("POST", ":fetchPredictOperation", "look", veo_look),
    ("POST", "/token", "", google_token),
    ("POST", "/prompt", "create", comfy_create),
    ("GET", "/history/", "look", comfy_history),
    ("GET", "/queue", "", comfy_queue),
    ("POST", "/queue", "", comfy_delete),
    ("POST", "/interrupt", "", nothing),
    ("POST", "/upload/image", "", comfy_upload),
    ("PUT", "/cancel", "", fal_cancel),
    ("GET", "/status", "look", fal_look),
    ("GET", "/requests/", "", fal_result),
    ("POST", "/", "create", fal_create),
]
WORKFLOW = {
    "3": {"class_type": "KSampler", "inputs": {"seed": "{{seed}}", "steps": 20}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "{{prompt}}"}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "{{negative}}, blurry"}},
    "8": {"class_type": "EmptyVideo", "inputs": {"width": "{{width}}", "height": "{{height}}", "length": "{{frames}}"}},
    "9": {"class_type": "SaveVideo", "inputs": {"fps": "{{rate}}"}},
}


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds of a test picture with a tone, upright, as a service would send them."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    graph = "testsrc2=size=90x160:rate=24:duration=4,format=yuv420p[v];sine=440:duration=4:sample_rate=48000[a]"
    sound = ["-c:a", "aac", "-b:a", "64k"]
    ffmpeg.encode([], graph, path, ["-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast", *sound])
    return path.read_bytes()


@pytest.fixture
def hub(clip: bytes) -> Iterator[Hub]:
    server = Hub(clip)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


Open = Callable[..., Hosted]


@pytest.fixture
def open_hosted(hub: Hub, tmp_path: Path) -> Open:
    """A provider by the service's name, at the hub, looking often; further words are its options."""

    def build(name: str, **options: str) -> Hosted:
        (tmp_path / "words.json").write_text(json.dumps(WORKFLOW))
        first = {**WORKFLOW, "2": {"class_type": "LoadImage", "inputs": {"image": "{{first}}"}}}
        (tmp_path / "first.json").write_text(json.dumps(first))
        base = f"{hub.url}/v1" if name == "openai" else hub.url
        given = {"key": "k", "base_url": base, "price": "0.10", "poll": "0.02", "deadline": "5"}
        given |= {
            "veo": {"project": "p"},
            "comfyui": {
                "workflow": str(tmp_path / "words.json"),
                "workflow_first": str(tmp_path / "first.json"),
            },
        }.get(name, {})
        build = getattr(provider, name)
        opened: Hosted = build({**given, **options})
        return opened

    return build


@pytest.fixture
def slip(job: Job) -> dict[str, str]:
    """What the job noted, under "text"."""
    kept = {"text": ""}
    job.noted = lambda: kept["text"]
    job.note = lambda text: kept.update(text=text)
    return kept


@pytest.fixture
def wait_for() -> Callable[..., None]:
    """Wait until something is true."""

    def wait(true: Callable[[], bool], seconds: float = 60.0) -> None:
        until = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < until, "it never came"
            time.sleep(0.02)

    return wait


@pytest.fixture
def reply() -> type[Reply]:
    return Reply
