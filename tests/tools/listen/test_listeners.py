"""Other ears: an endpoint over real HTTP, and openai-whisper's own loading and decoding on a tiny random network."""

import hashlib
import io
import json
import pickle
import re
import threading
import wave
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools.base import Job
from reelwright.tools.errors import Declined, Refused, ToolBusy, ToolError, ToolFailed, ToolMissing
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.endpoint import Endpoint
from reelwright.tools.listen.openai_whisper import OpenAIWhisper, load
from reelwright.tools.lock import FileRow, ModelRow, read_lock
from reelwright.tools.media import Asset
from reelwright.tools.models import Models
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.piper import Piper


@pytest.fixture(scope="module")
def voice(ears: Job) -> Asset:
    return Piper().run(SpeechRequest(text="Honey never spoils."), ears).audio


class Server(ThreadingHTTPServer):
    """Answers with `status`, and keeps what it was asked."""

    status = 200
    answer: dict[str, object]
    asked: list[dict[str, str]]
    sounds: list[bytes]


class Handler(BaseHTTPRequestHandler):
    """POST /v1/audio/transcriptions, a form with a file."""

    server: Server

    def do_POST(self) -> None:
        assert self.path == "/v1/audio/transcriptions"
        boundary = self.headers["Content-Type"].partition("boundary=")[2].encode()
        fields: dict[str, str] = {}
        for part in self.rfile.read(int(self.headers["Content-Length"])).split(b"--" + boundary)[1:-1]:
            head, _, body = part.partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]*)"', head)
            assert name
            if b"filename=" in head:
                self.server.sounds.append(body[:-2])
            else:
                fields[name[1].decode()] = body[:-2].decode()
        self.server.asked.append(fields)
        answer = self.server.answer if self.server.status == 200 else {"error": {"message": "no"}}
        content = json.dumps(answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None: ...


WORDS = [{"word": "Honey", "start": 0.1, "end": 0.4}, {"word": "never", "start": 0.4, "end": 0.7}]
HEARD: dict[str, object] = {"text": "Honey never", "language": "english", "duration": 1.0, "words": WORDS}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.answer, server.asked, server.sounds = HEARD, [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def tool(server: Server) -> Endpoint:
    return Endpoint({"base_url": f"http://127.0.0.1:{server.server_port}/v1", "key": "k"})


def test_an_endpoint_hears_words_with_times(server: Server, ears: Job, voice: Asset) -> None:
    heard = tool(server).run(ListenRequest(audio=voice), ears)
    assert [word.text for word in heard.words] == ["Honey", "never"]
    assert [word.start for word in heard.words] == [1600, 6400]
    assert heard.language == "en"
    asked = server.asked[0]
    assert (asked["model"], asked["language"], asked["response_format"]) == ("whisper-1", "en", "verbose_json")
    assert asked["timestamp_granularities[]"] == "word"
    with wave.open(io.BytesIO(server.sounds[0])) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (16000, 1)


def test_a_language_that_nobody_named_is_the_endpoints(server: Server, ears: Job, voice: Asset) -> None:
    server.answer = HEARD | {"language": "spanish"}
    assert tool(server).run(ListenRequest(audio=voice, language=""), ears).language == "es"
    assert "language" not in server.asked[0]


def test_silence_is_not_sent(server: Server, ears: Job) -> None:
    from reelwright.tools.speech.sound import Sound, write_wav

    path = ears.scratch / "silence.wav"
    write_wav(Sound(np.zeros(48000, np.float32), 16000), path)
    silence = ears.save(path, "audio", licence="CC0-1.0", origin="test")
    assert tool(server).run(ListenRequest(audio=silence), ears).words == ()
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "error"), [(429, ToolBusy), (500, ToolBusy), (401, ToolFailed), (400, Refused), (404, ToolFailed)]
)
def test_what_the_endpoint_answers_is_told_apart(
    server: Server, ears: Job, voice: Asset, status: int, error: type[ToolError]
) -> None:
    server.status = status
    with pytest.raises(error):
        tool(server).run(ListenRequest(audio=voice), ears)


def test_an_endpoint_without_word_times_is_told(server: Server, ears: Job, voice: Asset) -> None:
    server.answer = {"text": "Honey never", "language": "english", "duration": 1.0}
    with pytest.raises(ToolFailed, match="no word times"):
        tool(server).run(ListenRequest(audio=voice), ears)


def test_nothing_is_sent_unless_an_endpoint_was_set(voice: Asset) -> None:
    with pytest.raises(ToolMissing, match=r"listen\.openai"):
        Endpoint().ready()
    assert Endpoint({"key": "k"}).quote(ListenRequest(audio=voice)).money > 0


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Whisper of one layer, saved as OpenAI saves its own."""
    import numba
    import torch

    vars(numba.config)["DISABLE_JIT"] = (
        True  # the sound is short: compiling its aligner would take longer than all else
    )
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(1)
    torch.set_num_threads(1)
    size = {"n_audio_ctx": 1500, "n_audio_state": 16, "n_audio_head": 2, "n_audio_layer": 1}
    words = {"n_vocab": 51865, "n_text_ctx": 32, "n_text_state": 16, "n_text_head": 2, "n_text_layer": 1}
    dims = ModelDimensions(n_mels=80, **size, **words)
    path = tmp_path_factory.mktemp("tiny") / "tiny.pt"
    torch.save({"dims": dims.__dict__, "model_state_dict": Whisper(dims).state_dict()}, path)
    return path


def holding(path: Path, ears: Job) -> Job:
    """A job whose lock has the tiny network too."""
    content = path.read_bytes()
    row = FileRow(file=path.name, size=len(content), sha256=hashlib.sha256(content).hexdigest(), pickled=True)
    model = ModelRow(name="tiny", revision="1", licence="MIT", files=(row,))
    return Job(ears.scratch, ears._shelf, Models([*read_lock(), model], None, [path.parent]))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # whisper leaves its vocabulary open
def test_openai_whisper_loads_its_weights_and_writes_down_what_it_hears(tiny: Path, ears: Job, voice: Asset) -> None:
    job, tool = holding(tiny, ears), OpenAIWhisper({"model": "tiny"})
    first, second = (tool.run(ListenRequest(audio=voice, language=tag), job) for tag in ("en", ""))
    edges = [edge for word in first.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert first.language == "en"
    assert len(second.language) in {2, 3}


def test_a_checkpoint_that_would_run_code_is_never_loaded(tmp_path: Path, ears: Job, voice: Asset) -> None:
    path = tmp_path / "bomb.pt"
    path.write_bytes(pickle.dumps({"dims": {}, "model_state_dict": Path("x")}, 2))
    with pytest.raises(Refused, match="weights only"):
        load(path)
    with pytest.raises(Refused, match="weights only"):
        OpenAIWhisper({"model": "tiny"}).run(ListenRequest(audio=voice), holding(path, ears))


def test_an_english_model_declines_other_languages(ears: Job, voice: Asset) -> None:
    with pytest.raises(Declined, match="models pull"):
        OpenAIWhisper({"model": "openai-whisper-tiny-en"}).run(ListenRequest(audio=voice, language="de"), ears)
    with pytest.raises(ToolMissing, match="models pull openai-whisper-base"):
        OpenAIWhisper().run(ListenRequest(audio=voice), ears)
