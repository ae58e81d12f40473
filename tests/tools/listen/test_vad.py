"""When somebody speaks: in files of any kind, in streams, between silence and music."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolFailed
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.pieces import pieces
from reelwright.tools.listen.vad import RATE, WINDOW, Detector, Gate, Rules, Samples, Utterance, utterances, windows
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.media import Asset
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.piper import Piper
from reelwright.tools.speech.sound import Sound, write_wav

TEXT = "Bees pass the nectar from mouth to mouth."


@pytest.fixture(scope="module")
def voice(ears: Job) -> Sound:
    """Piper's sentence at 16 kHz."""
    path = ears.path(Piper().run(SpeechRequest(text=TEXT), ears).audio.id)
    return Sound(np.concatenate(list(windows(path))), RATE)


def keep(ears: Job, *parts: Samples, rate: int = RATE) -> Asset:
    path = ears.scratch / "sound.wav"
    write_wav(Sound(np.concatenate(parts).astype(np.float32), rate), path)
    return ears.save(path, "audio", licence="CC0-1.0", origin="test")


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def music(seconds: float) -> Samples:
    """Chords that change each half second."""
    time = np.arange(round(seconds * RATE)) / RATE
    roots = 220 * 2 ** (np.array([0, 5, 7, 3])[(time * 2).astype(int) % 4] / 12)
    waves = sum(np.sin(2 * np.pi * np.cumsum(roots * ratio) / RATE) for ratio in (1, 1.26, 1.5, 2))
    return np.asarray(0.1 * waves * (1 - time * 2 % 1 * 0.8), np.float32)


def test_speech_is_found_between_silences(ears: Job, voice: Sound) -> None:
    path = ears.path(keep(ears, quiet(1), voice.samples, quiet(1.5), voice.samples, quiet(1)).id)
    found = list(utterances(windows(path), ears.model("silero-vad")))
    assert len(found) == 2
    for one, begins in zip(found, (1.0, 2.5 + voice.seconds), strict=True):
        assert abs(one.start / RATE - begins) < 0.2
        assert abs(one.end / RATE - begins - voice.seconds) < 0.25


@pytest.mark.parametrize("sound", [quiet(4), music(6), np.random.default_rng(1).normal(0, 0.05, 4 * RATE)])
def test_silence_music_and_noise_have_no_words(ears: Job, sound: Samples) -> None:
    audio = keep(ears, sound)
    assert list(pieces(ears.path(audio.id), ears.model("silero-vad"))) == []
    heard = FasterWhisper().run(ListenRequest(audio=audio), ears)
    assert heard.words == ()
    assert heard.text == ""


def test_a_telephone_and_a_wrong_ending_are_understood(ears: Job, voice: Sound) -> None:
    wav = ears.path(keep(ears, voice.samples).id)
    for ending, options in (("wav", ["-ar", "8000", "-c:a", "pcm_mulaw"]), ("mp3", ["-ar", "8000", "-b:a", "24k"])):
        path = ears.scratch / f"phone.{ending}"
        ffmpeg.encode([ffmpeg.Input(wav)], "", path, ["-map", "0:a:0", *options])
        audio = ears.save(path.rename(path.with_suffix(".ogg")), "audio", licence="CC0-1.0", origin="test")
        heard = FasterWhisper().run(ListenRequest(audio=audio), ears)
        assert word_error_rate(TEXT, heard.text) <= 0.15


def test_what_is_no_sound_is_refused(ears: Job) -> None:
    path = ears.scratch / "text.wav"
    path.write_text("This is no sound.")
    audio = ears.save(path, "audio", licence="CC0-1.0", origin="test")
    with pytest.raises((Refused, ToolFailed)):
        FasterWhisper().run(ListenRequest(audio=audio), ears)


def test_a_long_recording_comes_in_pieces_with_its_own_times(ears: Job, voice: Sound) -> None:
    path = ears.path(keep(ears, *([voice.samples, quiet(1)] * 3), quiet(20), voice.samples).id)
    found = list(pieces(path, ears.model("silero-vad"), longest=voice.seconds + 0.7))
    assert len(found) == 4
    assert all(len(piece.samples) <= 1.3 * (voice.seconds + 0.7) * RATE for piece in found)
    assert sum(len(piece.speech) for piece in found) == 4
    begins = [(piece.start + piece.speech[0].start) / RATE for piece in found]
    assert begins[-1] == pytest.approx(3 * (voice.seconds + 1) + 20, abs=0.2)


def test_words_after_minutes_of_silence_have_their_times(ears: Job, voice: Sound) -> None:
    audio = keep(ears, quiet(70), voice.samples)
    heard = FasterWhisper().run(ListenRequest(audio=audio), ears)
    assert word_error_rate(TEXT, heard.text) <= 0.15
    assert heard.words[0].start / RATE == pytest.approx(70, abs=0.4)


def test_a_stream_is_judged_as_it_comes(ears: Job, voice: Sound) -> None:
    detector, gate = Detector(ears.model("silero-vad")), Gate()
    sound = np.concatenate([quiet(0.5), voice.samples])
    spoke = 0
    for place in range(0, len(sound) - WINDOW, WINDOW):
        gate.step(detector.chance(sound[place : place + WINDOW]))
        spoke = spoke or (place if gate.speaking else 0)
    assert 0.5 <= spoke / RATE < 0.8


RULES = Rules()
CHANCES = st.lists(st.floats(0, 1), max_size=200)


def opened(chances: list[float], rules: Rules = RULES) -> list[Utterance]:
    gate = Gate(rules)
    found = [part for chance in chances if (part := gate.step(chance))]
    return found + [part for part in (gate.close(),) if part]


@given(CHANCES)
@settings(deadline=None)
def test_utterances_stand_apart_and_inside_the_sound(chances: list[float]) -> None:
    found = opened(chances)
    edges = [edge for part in found for edge in (part.start, part.end)]
    assert edges == sorted(edges)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(chances) * WINDOW)
    assert bool(found) <= any(chance >= Rules().on for chance in chances)


@given(CHANCES)
@settings(deadline=None)
def test_every_loud_window_of_a_long_stretch_is_inside_one(chances: list[float]) -> None:
    found = opened(chances, Rules(shortest=0))
    for place, chance in enumerate(chances):
        if chance >= Rules().on:
            assert any(part.start <= place * WINDOW and (place + 1) * WINDOW <= part.end for part in found)


def test_a_wavering_chance_does_not_chop_a_word() -> None:
    assert len(opened([0.6, 0.4, 0.6, 0.4, 0.6, 0.3, 0.6] * 3)) == 1
    assert opened([0.6, 0.0, 0.0]) == []


def test_a_long_recording_takes_no_more_memory_than_a_piece(tmp_path: Path, ears: Job) -> None:
    path = tmp_path / "long.flac"
    ffmpeg.encode([], "anoisesrc=amplitude=0.01:duration=600:sample_rate=16000[a]", path, ["-map", "[a]"])
    tracemalloc.start()
    try:
        assert list(pieces(path, ears.model("silero-vad"), longest=30)) == []
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 12e6  # all its samples are 38 MB, a piece is 2, and what the decoder hands over at once is 1
