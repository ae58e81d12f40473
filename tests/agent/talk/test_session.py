"""A talk over sound, end to end, without a microphone: Piper is the person, faster-whisper hears our answers."""

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelwright.agent.talk.booth import Booth, save
from reelwright.agent.talk.ear import LONGEST
from reelwright.agent.talk.session import BYTES
from reelwright.agent.talk.streams import framed, from_file, run
from reelwright.agent.talk.studios import private
from reelwright.tools.listen.vad import RATE, Samples
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.media import Size
from reelwright.tools.registry import Registry

pytestmark = pytest.mark.media

Start = Callable[..., Any]
Say = Callable[[str], Samples]
BEES = "Bees drink the nectar of flowers and fan the water away."
KNOWN = {
    "topic": "Honey", "content": (BEES,), "seconds": 5.0, "size": Size(width=270, height=480), "audience": "children"
}  # fmt: skip


def samples(sound: bytes) -> Samples:
    return np.frombuffer(sound, "<i2").astype(np.float32) / np.float32(32768)


def heard(booth: Booth, sound: bytes) -> str:
    return booth.listen(samples(sound))[0]


def test_a_person_speaks_and_a_film_comes_out(line: Start, voice: Say, tmp_path: Path) -> None:
    talk = line(seconds=5.0, audience="children")
    talk.session.open()
    hello = talk.listen()
    talk.play(voice("Make a film about how bees make honey."))
    talk.quiet(1.0)
    asked = talk.listen()
    talk.play(voice(BEES))
    talk.quiet(0.1)  # with the silence round each sentence about half a second
    talk.play(voice("They seal the honey with wax."))
    talk.listen()
    talk.play(voice("Make it square."))
    talk.listen()
    talk.play(voice("Yes, please."))
    talk.listen()
    talk.play(voice("How far are you?"))
    for frame in talk.session.drain():
        talk.played += frame

    booth = Booth(talk.session.partner.studio())
    booth.ready()
    assert word_error_rate("Hello. What should the film be about?", heard(booth, hello)) <= 0.2
    assert "tell me a few sentences" in heard(booth, asked)
    said = [turn.text.lower() for turn in talk.heard]
    assert len(said) == 5
    assert word_error_rate(f"{BEES} They seal the honey with wax.", said[1]) <= 0.35
    assert any(part.count(" ") < said[1].count(" ") for part in talk.partials if part and part.lower() in said[1])
    assert any("Shall I make it?" in turn.text for turn in talk.told)
    assert any("Your film is ready" in turn.text for turn in talk.told)
    assert talk.told[-1].kind == "bye"
    assert (tmp_path / "film" / "out" / "film.mp4").is_file()
    recordings = sorted((tmp_path / "film" / "talk" / "recordings").iterdir())
    assert len(recordings) == 5
    with wave.open(str(recordings[0])) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)


def test_speech_stops_our_voice_within_200_ms(line: Start, voice: Say) -> None:
    talk = line(**KNOWN)
    talk.session.open()
    talk.quiet(1.5)
    assert talk.session.speaking
    person = voice("Make it square.")
    onset = int(np.flatnonzero(np.abs(person) > 0.02)[0]) / RATE
    out = samples(talk.play(person))
    stopped = int(np.flatnonzero(np.abs(out) > 0.001)[-1]) / RATE
    assert 0 < stopped - onset <= 0.2
    assert talk.session.interrupted == 1
    talk.listen()
    assert "square" in talk.heard[0].text.lower()
    assert any("It will be square." in turn.text for turn in talk.told)


def test_cross_talk_and_noise_do_not_stop_our_voice(line: Start, voice: Say) -> None:
    talk = line(**KNOWN)
    talk.session.open()
    talk.quiet(1.0)
    talk.play(voice("Make it square."))
    talk.quiet(2.0)
    assert talk.session.speaking
    before = talk.session.interrupted
    others = voice("Bees drink the nectar of flowers and fan the water away.") * np.float32(10 ** (-18 / 20))
    talk.play(others)
    talk.noise = 0.02
    talk.quiet(2.0)
    assert talk.session.interrupted == before
    assert len(talk.heard) == 1


def test_silence_is_no_turn(line: Start) -> None:
    talk = line(**KNOWN)
    talk.session.open()
    talk.listen()
    talk.noise = 0.05
    talk.quiet(20.0)
    assert not talk.heard


def test_mumbling_is_asked_again(line: Start, voice: Say) -> None:
    talk = line()
    talk.session.open()
    talk.listen()
    soft = np.ones(24, np.float32) / 24
    mumbled = np.convolve(np.convolve(voice("Make a film about how bees make honey."), soft, "same"), soft, "same")
    talk.noise = 0.01
    talk.play(mumbled.astype(np.float32))
    talk.listen()
    assert talk.told[-1].text.startswith("Sorry")
    assert talk.session.partner.open()[-1].text.endswith("about?")


def test_a_monologue_is_capped_and_answered(line: Start, voice: Say) -> None:
    talk = line()
    talk.session.open()
    talk.listen()
    # Ten minutes without a breath.
    spoken = np.concatenate([voice("Make a film about how bees make honey."), voice(BEES)])
    spoken = spoken[np.convolve(np.abs(spoken), np.ones(1600) / 1600, "same") > 0.004]
    loop = np.tile(spoken, 10 * 60 * RATE // len(spoken))
    most = 0
    for start in range(0, len(loop), 60 * RATE):
        talk.play(loop[start : start + 60 * RATE])
        most = max(most, sum(window.nbytes for window in (*talk.session.ear.whole, *talk.session.ear.held)))
    talk.listen()
    assert most <= 2 * (LONGEST + 1) * RATE * 4
    assert len(talk.heard) == 1
    assert talk.heard[0].cut
    assert "That was a lot." in talk.told[1].text


def test_only_those_may_hear_who_are_on_this_machine_or_were_chosen(line: Start) -> None:
    studio = line().session.partner.studio()
    names = {tool.name for tool in studio.door.registry.tools()}
    assert "speech.piper" in names
    assert "speech.openai" not in names
    chosen = studio.settings.model_copy(update={"order": {"speech": ("speech.openai",)}})
    everything = Registry.installed()
    assert "speech.openai" in {tool.name for tool in private(everything, chosen).tools()}
    assert "speech.openai" not in {tool.name for tool in private(everything, studio.settings).tools()}


def test_a_telephone_recording_is_heard_whatever_it_is_called(line: Start, voice: Say, tmp_path: Path) -> None:
    path = tmp_path / "call.mp3"
    person = voice("Make a film about how bees make honey.")
    save(np.concatenate([np.zeros(RATE // 2, np.float32), person, np.zeros(RATE, np.float32)]), path)
    frames = list(from_file(path))
    assert {len(frame) for frame in frames} == {BYTES}
    talk = line()
    run(talk.session, frames, talk.played.extend)
    assert "honey" in talk.heard[0].text
    assert talk.told[-1].kind == "bye"


def test_frames_come_out_of_chunks_of_any_size() -> None:
    chunks = [b"a" * 7, b"b" * 1500, b"c"]
    assert b"".join(framed(chunks)).rstrip(b"\0") == b"".join(chunks)
