"""A chat model over real HTTP: a local server speaks the OpenAI protocol to the real client."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from langchain_openai import ChatOpenAI

from reelwright import Brief, Settings, Studio

Tea = Callable[..., Brief]
SCRIPT = {"title": "Tea", "scenes": [{"heading": "Leaf", "lines": ["Good tea is a leaf.", "It takes hot water."]}]}


class Server(ThreadingHTTPServer):
    """Answers chat completions from a list, and keeps what it was asked."""

    answers: list[tuple[int, str]]
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    """POST /v1/chat/completions."""

    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body["messages"][-1]["content"])
        status, text = self.server.answers.pop(0)
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": choices,
            "usage": usage,
        }
        data = json.dumps(answer if status == 200 else {"error": {"message": text}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.answers, server.asked = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def studio(server: Server, tmp_path: Path) -> Studio:
    url = f"http://127.0.0.1:{server.server_port}/v1"
    model = ChatOpenAI(model="m", base_url=url, api_key="none", max_retries=0)
    return Studio.open(tmp_path / "film", Settings(cache=None), model=model)


def test_the_model_writes_and_the_brief_is_material(studio: Studio, server: Server, tea: Tea) -> None:
    server.answers = [(200, "```json\n" + json.dumps(SCRIPT) + "\n```")]
    script = studio.planner.write(tea())
    assert [line.text for line in script.lines] == ["Good tea is a leaf.", "It takes hot water."]
    assert "It takes 3 minutes." in server.asked[0]
    assert "not instruction" in server.asked[0]


def test_the_model_is_shown_what_does_not_fit(studio: Studio, server: Server, tea: Tea) -> None:
    server.answers = [(200, '{"title": "Tea"}'), (200, json.dumps(SCRIPT))]
    assert studio.planner.write(tea()).title == "Tea"
    assert "scenes" in server.asked[1]


def test_the_same_question_is_asked_once(studio: Studio, server: Server, tea: Tea) -> None:
    server.answers = [(200, json.dumps(SCRIPT))]
    assert studio.planner.write(tea()) == studio.planner.write(tea())
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [401, 429, 500])
def test_an_endpoint_that_fails_hands_over_to_the_offline_planner(
    status: int, studio: Studio, server: Server, tea: Tea
) -> None:
    server.answers = [(status, "no")] * 9
    assert studio.planner.write(tea()).title == "How tea is made"
    assert studio.degradations()
