"""Fixtures that several floors share: a job with a real shelf, the model lock, and a chat model that is scripted."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolMissing

MEDIA = frozenset(
    (
        "assemble",
        "inspect",
        "listen",
        "music",
        "speech",
        "video",
        "test_conformance",
        "test_ffmpeg",
        "test_fonts",
        "test_resume",
    )
)
"""Folders and files whose tests encode, speak, draw or listen; `make check` leaves them to `make test`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = {*item.path.with_suffix("").parts[-3:]}
        films = {"studio", "events", "out", "settings"} & {*getattr(item, "fixturenames", ())}
        if names & MEDIA or films:
            item.add_marker("media")


class NoWeights:
    """A machine without models."""

    def path(self, name: str) -> Path:
        raise ToolMissing(f"no source has {name}")

    def digest(self, name: str) -> str:
        return "0" * 64


@pytest.fixture
def shelf(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets")


@pytest.fixture
def job(tmp_path: Path, shelf: AssetStore) -> Job:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Job(scratch, shelf, NoWeights())


@dataclass(frozen=True)
class Say:
    """One answer of the scripted endpoint."""

    text: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    finish: str = "stop"
    refusal: str = ""
    wait: float = 0.0
    """Seconds of silence before it."""
    raw: bytes | None = None
    """The body as it is, whatever protocol is spoken."""


class Endpoint(ThreadingHTTPServer):
    """A chat model on 127.0.0.1 that answers from a script, in the protocol it is spoken to.

    It speaks OpenAI's chat completions (plain, JSON schema, tools, streamed), Anthropic's messages and Ollama's chat.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Wire)
        self.script: list[Any] = []
        """What it answers, the last for ever: text, a value, (text, how) as Say has it, or a function of the body."""
        self.asked: list[dict[str, Any]] = []
        """The bodies of all requests."""
        self.when: list[float] = []
        self.knows = {"schema", "tools"}
        """Ways of structured answers that it offers; others are answered with 400."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def prompts(self) -> list[str]:
        """The last turn of every request, as text."""
        return [_words(body["messages"][-1]["content"]) for body in self.asked]

    def next(self, body: dict[str, Any]) -> Say:
        step: Any = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        step = step(body) if callable(step) else step
        text, how = step if isinstance(step, tuple) else (step, {})
        return Say(text if isinstance(text, str) else json.dumps(text), **how)


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(block.get("text", "")) for block in content if block.get("type") == "text")


class Wire(BaseHTTPRequestHandler):
    """The three protocols."""

    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body | {"path": self.path, "key": self.headers.get("Authorization", "")})
        self.server.when.append(time.monotonic())
        way = "schema" if "response_format" in body else "tools" if body.get("tools") else ""
        if self.path.endswith("/chat/completions") and way and way not in self.server.knows:
            self._send(400, {"error": {"message": f"{way} is not supported here", "type": "invalid_request_error"}})
            return
        say = self.server.next(body)
        time.sleep(say.wait)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client may have gone
            if say.raw is not None:
                self._send(say.status, say.raw, dict(say.headers))
            elif say.status != 200:
                self._send(say.status, {"error": {"message": say.text or "no", "type": "e"}}, dict(say.headers))
            elif self.path.endswith("/chat/completions"):
                self._openai(body, say, tool=way == "tools")
            elif self.path.endswith("/messages"):
                self._anthropic(body, say)
            else:
                self._ollama(say)

    def _openai(self, body: dict[str, Any], say: Say, tool: bool) -> None:
        message: dict[str, Any] = {"role": "assistant", "content": say.text, "refusal": say.refusal or None}
        if tool:
            call = {"name": body["tools"][0]["function"]["name"], "arguments": say.text}
            message |= {"content": None, "tool_calls": [{"index": 0, "id": "1", "type": "function", "function": call}]}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        head = {"id": "1", "created": 1, "model": "m"}
        if not body.get("stream"):
            choice = {"index": 0, "message": message, "finish_reason": say.finish}
            self._send(200, head | {"object": "chat.completion", "choices": [choice], "usage": usage})
            return
        head["object"] = "chat.completion.chunk"
        deltas = [message] if tool else [{"role": "assistant", "content": part} for part in _parts(say.text)]
        chunks: list[dict[str, Any]] = [
            head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
        ]
        chunks.append(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": say.finish}]})
        chunks.append(head | {"choices": [], "usage": usage})
        events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        self._send(200, "".join([*events, "data: [DONE]\n\n"]).encode(), {"Content-Type": "text/event-stream"})

    def _anthropic(self, body: dict[str, Any], say: Say) -> None:
        block: dict[str, Any] = {"type": "text", "text": say.text}
        if body.get("tools"):
            block = {"type": "tool_use", "id": "1", "name": body["tools"][0]["name"], "input": json.loads(say.text)}
        reason = {"stop": "end_turn", "length": "max_tokens"}.get(say.finish, say.finish)
        usage = {"input_tokens": 10, "output_tokens": 5}
        answer = {"id": "1", "type": "message", "role": "assistant", "model": "m", "stop_sequence": None}
        self._send(200, answer | {"content": [block], "stop_reason": reason, "usage": usage})

    def _ollama(self, say: Say) -> None:
        parts = [{"message": {"role": "assistant", "content": part}, "done": False} for part in _parts(say.text)]
        end = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": say.finish}
        lines = [*parts, end | {"prompt_eval_count": 10, "eval_count": 5}]
        head = {"model": "m", "created_at": "2026-01-01T00:00:00Z"}
        self._send(200, "".join(json.dumps(head | line) + "\n" for line in lines).encode())

    def _send(self, status: int, body: dict[str, Any] | bytes, headers: dict[str, str] | None = None) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


def _parts(text: str) -> list[str]:
    return [text[at : at + 40] for at in range(0, len(text), 40)]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A scripted chat model: set its `script`, read what it was `asked`."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def forking() -> Callable[..., "subprocess.Popen[str]"]:
    """Starts a program that forks a child for every line that it is told.

    It has no threads of numpy's: a child would wait for them for ever.
    """

    def start(program: str, *words: str) -> "subprocess.Popen[str]":
        alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-c", program, *words]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=alone)

    return start
