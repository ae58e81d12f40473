import os
import signal
import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import psutil
import pytest

from reelwright.tools.base import Job
from reelwright.tools.errors import ToolMissing
from reelwright.tools.models import Models
from reelwright.tools.speech import Speech, SpeechRequest
from reelwright.tools.speech.piper import Piper
from reelwright.tools.speech.server import PiperServer, server_for
from reelwright.tools.speech.sound import PEAK, read_wav

MODEL = "en_US-joe-medium.onnx"


def speak(job: Job, text: str, **more: object) -> Speech:
    return Piper().run(SpeechRequest.model_validate({"text": text, **more}), job)


HARD = (
    'Fresh nectar is 70 percent water, "one-twelfth" of 3.5 two-million jars – at $5 million (50%), e.g. Dr. Bee\'s.',
    "In the hive it is 1/12 of what it was… 😀 then, at 10:30, 1,234 bees!",
)


@pytest.mark.parametrize("text", HARD)
def test_every_written_word_has_its_time(voiced: Job, text: str) -> None:
    speech = speak(voiced, text)
    assert speech.exact
    assert [word.text for word in speech.words] == text.split()
    assert speech.audio.frames is not None
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= speech.audio.frames
    said = [word for word in speech.words if any(mark.isalnum() for mark in word.text)]
    assert all(word.end - word.start > 0.03 * 22050 for word in said)


def test_sound_is_clean_and_level(voiced: Job) -> None:
    speech = speak(voiced, "A single jar of honey starts with about two million flowers.")
    sound = read_wav(voiced.path(speech.audio.id))
    assert (speech.audio.frames, speech.audio.rate) == (len(sound.samples), Fraction(22050))
    assert speech.audio.kind == "audio"
    assert np.abs(sound.samples).max() <= 10 ** (PEAK / 20) + 1e-3
    assert abs(sound.samples[0]) < 1e-3
    assert abs(sound.samples[-1]) < 1e-3
    assert np.abs(sound.samples[: int(0.07 * 22050)]).max() < 0.02
    assert 0.06 < speech.words[0].start / 22050 < 0.2


def test_the_same_line_is_the_same_sound(voiced: Job, weights: Models) -> None:
    first = speak(voiced, "Wax seals every cell.")
    server_for(weights.path("piper-joe") / MODEL).close()
    assert speak(voiced, "Wax seals every cell.") == first


def test_pace(voiced: Job) -> None:
    slow, fast = (speak(voiced, "Wings fan the water away.", pace=pace) for pace in (0.8, 1.4))
    assert slow.audio.frames is not None
    assert fast.audio.frames is not None
    assert slow.audio.frames > 1.3 * fast.audio.frames


@pytest.mark.parametrize(("text", "language"), [("Ein Glas Honig", "de"), ("蜂蜜", "en"), ("—", "en")])
def test_never_english_phonemes_for_another_language(voiced: Job, text: str, language: str) -> None:
    with pytest.raises(ToolMissing):
        speak(voiced, text, language=language)


def test_markup_of_the_voice_is_spoken_literally(voiced: Job) -> None:
    assert speak(voiced, "Honey [[hack]] ends.").words[1].text == "[[hack]]"


def test_without_the_model_it_is_missing(job: Job) -> None:
    with pytest.raises(ToolMissing):
        speak(job, "Honey.")


def test_a_killed_server_is_replaced(weights: Models) -> None:
    server = PiperServer(weights.path("piper-joe") / MODEL)
    try:
        server.speak("Honey.", 1.0)
        assert server.pid is not None
        keeper = psutil.Process(server.pid)
        for process in [*keeper.children(), keeper]:
            process.kill()
        keeper.wait(5)
        assert server.speak("Honey.", 1.0)[1]
    finally:
        server.close()


def test_the_server_ends_when_we_are_killed(weights: Models) -> None:
    code = (
        "import sys; from pathlib import Path; from reelwright.tools.speech.server import PiperServer;"
        f"s = PiperServer(Path({str(weights.path('piper-joe') / MODEL)!r})); s.speak('Honey.', 1.0);"
        "print(s.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ours:
        assert ours.stdout is not None
        keeper = psutil.Process(int(ours.stdout.readline()))
        family = [keeper, *keeper.children()]
        assert len(family) == 2
        os.kill(ours.pid, signal.SIGKILL)
        _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive


def test_an_idle_server_gives_its_memory_back(weights: Models) -> None:
    server = PiperServer(weights.path("piper-joe") / MODEL, idle=0.1)
    server.speak("Honey.", 1.0)
    end = time.monotonic() + 20
    while server.pid is not None and time.monotonic() < end:
        time.sleep(0.05)
    assert server.pid is None
