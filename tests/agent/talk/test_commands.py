"""`reelwright chat`, `talk` and `forget` as people and scripts run them."""

import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from reelwright.agent.cli import app
from reelwright.agent.errors import BriefError, Refused, ToolMissing
from reelwright.agent.talk.booth import packed
from reelwright.agent.talk.streams import Microphone, WavOut, from_file
from reelwright.agent.talk.transcript import Transcript
from reelwright.tools.listen.vad import RATE, Samples

pytestmark = pytest.mark.media

SMALL = ["--size", "270x480"]


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., "subprocess.Popen[bytes]"]:
    """Start reelwright in a folder of its own."""

    def start(*words: str) -> "subprocess.Popen[bytes]":
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environment = {**os.environ, "REELWRIGHT_CACHE": str(tmp_path / "cache"), "OMP_NUM_THREADS": "1"}
        return subprocess.Popen([sys.executable, "-m", "reelwright", *words], cwd=tmp_path, env=environment, **pipes)  # type: ignore[call-overload,no-any-return]

    return start


Command = Callable[..., "subprocess.Popen[bytes]"]


def test_a_pipe_of_lines_makes_a_film_and_forget_deletes_what_was_said(command: Command, tmp_path: Path) -> None:
    run = command("chat", "--out", "tea", *SMALL)
    out, errors = run.communicate(b"a film about tea\n5 seconds\nyes\n", timeout=240)
    lines = out.decode().splitlines()
    assert run.returncode == 0, errors.decode()
    assert "about?" in lines[0]
    assert lines[2].endswith("Shall I make it?")
    assert "Your film is ready" in lines[-2]
    assert lines[-1].startswith("Goodbye.")
    assert (tmp_path / "tea" / "out" / "film.mp4").is_file()
    assert {row.who for row in Transcript(tmp_path / "tea").read()} == {"person", "reelwright"}

    asked = CliRunner().invoke(app, ["forget", str(tmp_path / "tea")], input="n\n")
    assert asked.exit_code == 1
    assert "transcript.jsonl" in asked.output
    deleted = CliRunner().invoke(app, ["forget", str(tmp_path / "tea"), "--yes"])
    assert deleted.exit_code == 0
    assert f"deleted {tmp_path / 'tea' / 'transcript.jsonl'}" in deleted.output
    assert not (tmp_path / "tea" / "transcript.jsonl").exists()
    assert (tmp_path / "tea" / "out" / "film.mp4").is_file()


def test_an_end_of_input_before_the_yes_makes_nothing_and_says_so(command: Command, tmp_path: Path) -> None:
    run = command("chat", "--out", "tea", *SMALL)
    out, _ = run.communicate(b"a film about tea\n5 seconds\n", timeout=240)
    assert run.returncode == 1
    assert b"I made nothing" in out
    again = command("chat", "--out", "tea", *SMALL)
    out, _ = again.communicate(b"what will it cost?\nbye\n", timeout=240)
    assert again.returncode == 0
    assert b"Shall I make it?" in out


def test_a_folder_with_other_things_is_left_alone(command: Command, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("Dear")
    run = command("chat", "--out", "letters")
    _, errors = run.communicate(b"", timeout=240)
    assert run.returncode == 2
    assert b"is not a Reelwright project" in errors
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["dear.txt"]


def test_ctrl_c_saves_and_a_new_chat_goes_on(command: Command, tmp_path: Path) -> None:
    run = command("chat", "--out", "tea", *SMALL)
    assert run.stdin is not None
    assert run.stdout is not None
    run.stdin.write(b"a film about tea\n10 seconds\nyes\n")
    run.stdin.flush()
    while b"making it" not in (line := run.stdout.readline()):
        assert line
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    out, _ = run.communicate(timeout=240)
    assert run.returncode == 130
    assert b"go on" in out
    again = command("chat", "--out", "tea", *SMALL)
    out, _ = again.communicate(b"bye\n", timeout=240)
    assert b"not finished yet" in out


def test_raw_sound_in_a_pipe_is_answered_with_raw_sound(command: Command, voice: Callable[[str], Samples]) -> None:
    silence = np.zeros(RATE, np.float32)
    sound = np.concatenate([silence, voice("What will it cost?"), silence, voice("Thank you, that's all."), silence])
    run = command("talk", "tea", "--in", "-", "--out", "-")
    out, words = run.communicate(packed(sound), timeout=240)
    assert run.returncode == 0, words.decode()
    assert "It costs nothing." in words.decode()
    assert len(out) >= len(packed(sound))
    assert np.abs(np.frombuffer(out, "<i2")).max() > 1000


def test_a_growing_recording_is_whole_when_it_is_closed(tmp_path: Path) -> None:
    sink = WavOut(tmp_path / "new" / "answer.wav")
    sink(b"\1\0" * 320)
    sink.close()
    with wave.open(str(tmp_path / "new" / "answer.wav")) as answer:
        assert (answer.getframerate(), answer.getnchannels(), answer.getnframes()) == (RATE, 1, 320)


def test_a_recording_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_bytes(b"this is no sound")
    with pytest.raises(BriefError, match="There is no file"):
        from_file(tmp_path / "none.wav")
    with pytest.raises(Refused, match=r"text\.wav"):
        list(from_file(tmp_path / "text.wav"))
    with pytest.raises(BriefError, match="cannot be written"):
        WavOut(tmp_path / "text.wav" / "answer.wav")


def test_without_a_microphone_the_other_ways_are_named() -> None:
    with pytest.raises((BriefError, ToolMissing)) as error:
        Microphone()
    assert "PortAudio" in str(error.value) or "--in FILE.wav" in str(error.value)
