"""Edge's voices: a local websocket server speaks its protocol to the real edge-tts, which runs as a process."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.server import Server, ServerConnection, serve

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import Declined, ToolBusy, ToolFailed
from reelwright.tools.speech import Pause, SpeechRequest
from reelwright.tools.speech.edge import Edge

LINE = SpeechRequest(text="Honey never spoils.", voice="en-US-AriaNeural")
WORD = 0.5


class Room:
    """What the server was asked, and how it behaves."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.mute = False
        self.server: Server
        mp3 = folder / "hum.mp3"
        graph = "sine=frequency=180:sample_rate=24000:duration=2,adelay=100,volume=0.5[a]"
        ffmpeg.encode([], graph, mp3, ["-map", "[a]", "-c:a", "libmp3lame", "-b:a", "48k", "-ac", "1"])
        self.sound = mp3.read_bytes()

    def speak(self, connection: ServerConnection) -> None:
        for message in connection:
            if "Path:speech.config" in message:
                assert '"wordBoundaryEnabled":"true"' in message
                continue
            text = re.search(r"<prosody[^>]*>(.*)</prosody>", str(message))
            assert text
            self.asked.append(str(message))
            connection.send('X-RequestId:1\r\nPath:turn.start\r\n\r\n{"context":{}}')
            if not self.mute:
                self._answer(connection, text[1].split())
            connection.send("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")

    def _answer(self, connection: ServerConnection, words: list[str]) -> None:
        head = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
        connection.send(len(head).to_bytes(2, "big") + head + self.sound)
        for at, word in enumerate(words):
            data = {
                "Offset": round((0.1 + at * WORD) * 1e7),
                "Duration": round((WORD - 0.1) * 1e7),
                "text": {"Text": word.strip(".,"), "Length": len(word), "BoundaryType": "WordBoundary"},
            }
            told = json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
            connection.send(f"X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{told}")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("edge"))
    with serve(room.speak, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        room.server = server
        yield room
        server.shutdown()
        thread.join()


@pytest.fixture
def room(hall: Room) -> Room:
    hall.asked.clear()
    hall.mute = False
    return hall


def voice(room: Room) -> Edge:
    host, port = room.server.socket.getsockname()[:2]
    return Edge({"url": f"ws://{host}:{port}/edge/v1?TrustedClientToken=t"})


def test_a_line_comes_with_its_word_times(room: Room, job: Job) -> None:
    speech = voice(room).run(LINE.model_copy(update={"pace": 1.2}), job)
    assert "name='en-US-AriaNeural'" in room.asked[0].replace('"', "'") or "AriaNeural" in room.asked[0]
    assert "rate='+20%'" in room.asked[0].replace('"', "'")
    assert speech.exact
    assert speech.audio.rate == 24_000
    starts = [word.start / 24_000 for word in speech.words]
    assert [word.text for word in speech.words] == LINE.text.split()
    assert [later - starts[0] for later in starts] == pytest.approx([0, WORD, 2 * WORD], abs=0.03)


def test_a_pause_makes_two_requests(room: Room, job: Job) -> None:
    speech = voice(room).run(LINE.model_copy(update={"pauses": (Pause(before=1, seconds=0.8),)}), job)
    assert len(room.asked) == 2
    assert speech.words[1].start - speech.words[0].end > 0.5 * 24_000


def test_a_server_that_says_nothing_fails_and_one_that_is_gone_is_busy(room: Room, job: Job) -> None:
    room.mute = True
    with pytest.raises(ToolFailed, match="NoAudioReceived"):
        voice(room).run(LINE, job)
    with pytest.raises(ToolBusy):
        Edge({"url": "ws://127.0.0.1:9/"}).run(LINE, job)


def test_nothing_leaves_the_machine_unasked(job: Job) -> None:
    with pytest.raises(Declined):
        Edge().run(SpeechRequest(text="Honey"), job)
    with pytest.raises(Declined):
        Edge().run(SpeechRequest(text="Honey", voice="nova"), job)
    voices = {each.name: each for each in Edge({"voices": "cy-GB-AledNeural"}).voices()}
    assert voices["cy-GB-AledNeural"].language == "cy-gb"
    assert not any(each.local for each in voices.values())
