"""A speech endpoint over real HTTP: a local server speaks OpenAI's protocol to the real client."""

import io
import json
import threading
import wave
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from reelwright.tools.base import Job
from reelwright.tools.errors import Declined, Refused, ToolBusy, ToolError, ToolFailed, ToolMissing
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.endpoint import Endpoint

LINE = SpeechRequest(text="Honey never spoils.", voice="nova")


class Server(ThreadingHTTPServer):
    """Answers with `status`, and keeps what it was asked."""

    status = 200
    asked: list[dict[str, object]]


class Handler(BaseHTTPRequestHandler):
    """POST /v1/audio/speech."""

    server: Server

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        body = spoken() if self.server.status == 200 else json.dumps({"error": {"message": "no"}}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "audio/wav" if self.server.status == 200 else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


def spoken() -> bytes:
    """A second and a half that swells three times, as words do, between two silences."""
    at = np.arange(36_000) / 24_000
    tone = np.sin(2 * np.pi * 180 * at) * np.abs(np.sin(2 * np.pi * at)) * 0.3
    samples = np.concatenate([np.zeros(6000), tone, np.zeros(6000)])
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(24_000)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def endpoint(server: Server, **options: str) -> Endpoint:
    return Endpoint({"base_url": f"http://127.0.0.1:{server.server_port}/v1", **options})


def test_a_line_is_asked_for_and_kept(server: Server, job: Job) -> None:
    speech = endpoint(server, model="my-tts").run(LINE, job)
    wanted = {"input": "Honey never spoils.", "voice": "nova", "model": "my-tts", "response_format": "wav"}
    assert wanted.items() <= server.asked[0].items()
    assert [word.text for word in speech.words] == ["Honey", "never", "spoils."]
    assert (speech.exact, speech.natural) == (False, True)
    assert speech.audio.frames is not None
    assert 1.4 < speech.audio.frames / 24_000 < 1.8
    assert "my-tts with the nova voice" in speech.audio.origin


@pytest.mark.parametrize(
    ("status", "error"), [(429, ToolBusy), (500, ToolBusy), (401, ToolFailed), (404, ToolFailed), (400, Refused)]
)
def test_errors_say_who_can_act(server: Server, job: Job, status: int, error: type[ToolError | Refused]) -> None:
    server.status = status
    with pytest.raises(error):
        endpoint(server).run(LINE, job)
    assert len(server.asked) == 1


def test_a_server_that_is_down_is_busy(job: Job) -> None:
    with pytest.raises(ToolBusy):
        Endpoint({"base_url": "http://127.0.0.1:9/v1"}).run(LINE, job)


def test_nothing_leaves_the_machine_unasked(server: Server, job: Job) -> None:
    with pytest.raises(Declined):
        endpoint(server).run(LINE.model_copy(update={"voice": ""}), job)
    with pytest.raises(ToolMissing, match=r"reelwright\.toml"):
        Endpoint().ready()
    assert server.asked == []


def test_the_price_is_known_before_the_call_and_voices_by_name(server: Server) -> None:
    assert endpoint(server, price="30").quote(LINE).money == pytest.approx(19 * 30 / 1e6)
    assert [voice.name for voice in endpoint(server, voices="ann, bob").voices()] == ["ann", "bob"]
    assert all(voice.local for voice in endpoint(server).voices())
    assert not any(voice.local for voice in Endpoint({"key": "k"}).voices())
