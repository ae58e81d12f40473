"""ElevenLabs over real HTTP: a local server speaks its documented protocol to our client."""

import base64
import json
import threading
from collections.abc import Iterator
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelwright.tools.base import Job
from reelwright.tools.conformance import faults
from reelwright.tools.errors import Declined, Refused, ToolBusy, ToolError, ToolFailed, ToolMissing
from reelwright.tools.registry import SPEECH
from reelwright.tools.speech import Pause, SpeechRequest
from reelwright.tools.speech.eleven import RATE, Eleven
from reelwright.tools.speech.sound import Sound, write_wav

LINE = SpeechRequest(text="Honey never spoils.", voice="rachel")
LETTER = 0.08


class Server(ThreadingHTTPServer):
    """Says each letter in 80 ms, after 200 ms of silence; keeps what it was asked."""

    status = 200
    asked: list[tuple[str, Any]]
    shelf: list[dict[str, str]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, None))
        self._answer({"voices": self.server.shelf})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["xi-api-key"] == "k"
        if self.path == "/v1/voices/add":
            self.server.asked.append((self.path, body))
            name = body.split(b'name="name"\r\n\r\n')[1].split(b"\r\n")[0].decode()
            self.server.shelf.append({"voice_id": "v123", "name": name})
            self._answer({"voice_id": "v123", "requires_verification": False})
            return
        asked = json.loads(body)
        self.server.asked.append((self.path, asked))
        self._answer(said(asked["text"]) if self.server.status == 200 else {"detail": {"message": "no"}})

    def _answer(self, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


def said(text: str) -> dict[str, Any]:
    starts = [0.2 + LETTER * at for at in range(len(text))]
    at = np.arange(round((0.4 + LETTER * len(text)) * RATE)) / RATE
    spoken = np.repeat([letter.isalnum() for letter in text], round(LETTER * RATE))
    envelope = np.pad(spoken, (round(0.2 * RATE), len(at)))[: len(at)]
    wave = (0.3 * np.sin(2 * np.pi * 180 * at) * envelope * 32767).astype("<i2")
    times = {
        "characters": list(text),
        "character_start_times_seconds": starts,
        "character_end_times_seconds": [start + LETTER for start in starts],
    }
    return {"audio_base64": base64.b64encode(wave.tobytes()).decode(), "alignment": times}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.asked, server.shelf = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def voice(server: Server, **options: str) -> Eleven:
    return Eleven({"base_url": f"http://127.0.0.1:{server.server_port}", "key": "k", **options})


def test_times_of_letters_become_times_of_words(server: Server, job: Job) -> None:
    speech = voice(server).run(LINE, job)
    path, asked = server.asked[0]
    assert path == "/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/with-timestamps?output_format=pcm_24000"
    assert asked == {
        "text": LINE.text,
        "model_id": "eleven_multilingual_v2",
        "voice_settings": {"speed": 1.0},
    }
    assert speech.exact
    spans = [(word.text, word.start / RATE, word.end / RATE) for word in speech.words]
    wanted = [("Honey", 0, 5), ("never", 6, 11), ("spoils.", 12, 18)]
    for (text, start, end), (name, first, last) in zip(spans, wanted, strict=True):
        assert text == name
        assert start == pytest.approx(0.08 + first * LETTER, abs=0.02)
        assert end == pytest.approx(0.08 + last * LETTER, abs=0.02)


def test_pauses_pitch_and_a_pace_beyond_its_own_are_done_here(server: Server, job: Job) -> None:
    request = LINE.model_copy(update={"pauses": (Pause(before=1, seconds=1.0),), "pace": 1.6})
    speech = voice(server).run(request, job)
    assert [asked["text"] for _, asked in server.asked] == ["Honey", "never spoils."]
    assert server.asked[0][1]["voice_settings"] == {"speed": 1.2}
    assert (speech.words[1].start - speech.words[0].end) / RATE == pytest.approx(1.0, abs=0.1)
    assert (speech.words[0].end - speech.words[0].start) / RATE == pytest.approx(5 * LETTER / (1.6 / 1.2), abs=0.05)


def test_the_lexicon_is_what_is_sent_and_the_script_is_what_is_told(server: Server, job: Job) -> None:
    request = LINE.model_copy(update={"text": "Ask Nguyen, please.", "lexicon": (("nguyen", "win"),)})
    speech = voice(server).run(request, job)
    assert server.asked[0][1]["text"] == "Ask win please."
    assert [word.text for word in speech.words] == ["Ask", "Nguyen,", "please."]


def test_a_voice_is_cloned_once_and_only_with_consent(server: Server, job: Job, tmp_path: Path) -> None:
    path = tmp_path / "ann.wav"
    write_wav(Sound(np.zeros(RATE, np.float32), RATE), path)
    sample = job.save(path, "audio", licence="own", origin="ann.wav", frames=RATE, rate=Fraction(RATE))
    request = SpeechRequest(text="Honey.", sample=sample)
    with pytest.raises(Refused, match="consent"):
        voice(server).run(request, job)
    assert not server.asked
    agreed = request.model_copy(update={"consent": "I agree. Ann"})
    for tool in (voice(server), voice(server)):  # another run finds it on the account
        assert "a cloned voice" in tool.run(agreed, job).audio.origin
    added = [body for where, body in server.asked if where == "/v1/voices/add"]
    assert len(added) == 1
    assert job.path(sample.id).read_bytes() in added[0]
    assert b"I agree. Ann" in added[0]
    assert [where for where, _ in server.asked].count(
        "/v1/text-to-speech/v123/with-timestamps?output_format=pcm_24000"
    ) == 2


@pytest.mark.parametrize(("status", "error"), [(429, ToolBusy), (503, ToolBusy), (401, ToolFailed), (422, ToolFailed)])
def test_errors_say_who_can_act(server: Server, job: Job, status: int, error: type[ToolError]) -> None:
    server.status = status
    with pytest.raises(error):
        voice(server).run(LINE, job)
    assert len(server.asked) == 1


def test_a_server_that_is_down_is_busy(job: Job) -> None:
    with pytest.raises(ToolBusy):
        Eleven({"base_url": "http://127.0.0.1:9", "key": "k"}).run(LINE, job)


def test_nothing_leaves_the_machine_unasked(server: Server, job: Job) -> None:
    with pytest.raises(Declined):
        voice(server).run(SpeechRequest(text="Honey"), job)
    with pytest.raises(ToolMissing, match=r"reelwright\.toml"):
        Eleven().ready()
    assert not any(each.local for each in Eleven().voices())
    assert "ann" in {each.name for each in voice(server, voices="ann = v9").voices()}
    assert voice(server, price="100").quote(LINE).money == pytest.approx(19 * 100 / 1e6)
    assert not server.asked


def test_it_conforms(server: Server, job: Job) -> None:
    assert faults(voice(server), SPEECH, LINE, job) == []
