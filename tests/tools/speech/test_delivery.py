"""Pauses, stress, pitch and pace are honoured whoever speaks; joins do not click, and word times stay right."""

import shutil
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools.align import AlignRequest
from reelwright.tools.align.forced import PocketSphinx
from reelwright.tools.base import Job
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.speech import Pause, Speech, SpeechRequest
from reelwright.tools.speech.delivery import SENTENCE_REST, parts
from reelwright.tools.speech.espeak import EspeakNg
from reelwright.tools.speech.flite import Flite
from reelwright.tools.speech.piper import Piper
from reelwright.tools.speech.sound import Sound, levels, read_wav
from reelwright.tools.speech.spoken import spoken
from reelwright.tools.speech.stretch import resample, warp

LINE = "Honey never spoils in a closed jar."
needs = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not on PATH")
    for name in ("flite", "espeak-ng")
}
VOICES = [
    pytest.param(Piper, id="piper"),
    pytest.param(Flite, id="flite", marks=needs["flite"]),
    pytest.param(EspeakNg, id="espeak-ng", marks=needs["espeak-ng"]),
]
Voice = Callable[[], Any]


def say(voice: Voice, job: Job, text: str = LINE, **more: object) -> tuple[Speech, Sound]:
    speech: Speech = voice().run(SpeechRequest.model_validate({"text": text, **more}), job)
    return speech, read_wav(job.path(speech.audio.id))


def tone(hertz: float, seconds: float = 1.0, rate: int = 16_000) -> Sound:
    at = np.arange(round(seconds * rate)) / rate
    return Sound((0.3 * np.sin(2 * np.pi * hertz * at)).astype(np.float32), rate)


def pitch_of(sound: Sound) -> float:
    """Hertz of the loudest half second, by autocorrelation."""
    size = sound.rate // 2
    at = int(np.argmax(np.convolve(sound.samples**2, np.ones(size, np.float32), "valid")))
    part = sound.samples[at : at + size].astype(np.float64)
    likeness = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * size)) ** 2)[:size]
    first, last = sound.rate // 350, sound.rate // 60
    return sound.rate / (first + int(np.argmax(likeness[first:last])))


@pytest.mark.parametrize("voice", VOICES)
def test_a_planned_pause_is_silence_of_that_length_and_nothing_clicks(voiced: Job, voice: Voice) -> None:
    plain, _ = say(voice, voiced)
    speech, sound = say(voice, voiced, pauses=(Pause(before=3, seconds=0.9),))
    assert [word.text for word in speech.words] == LINE.split()
    gap = (speech.words[3].start - speech.words[2].end) / sound.rate
    assert gap == pytest.approx(0.9, abs=0.12)
    inside = sound.samples[speech.words[2].end : speech.words[3].start]
    quiet = levels(Sound(inside, sound.rate)) < -50
    assert quiet.sum() * 0.01 > 0.7
    assert np.abs(np.diff(inside)).max() < 0.1
    assert speech.audio.frames is not None
    assert plain.audio.frames is not None
    assert speech.audio.frames > plain.audio.frames + 0.4 * sound.rate


@pytest.mark.parametrize("voice", VOICES)
def test_a_stressed_word_lasts_longer_and_is_louder(voiced: Job, voice: Voice) -> None:
    plain, quiet = say(voice, voiced)
    speech, sound = say(voice, voiced, emphasis=(1,))
    before, after = plain.words[1], speech.words[1]
    assert (after.end - after.start) / (before.end - before.start) == pytest.approx(1.14, abs=0.03)

    def share(sound: Sound, one: Any, other: Any) -> float:
        loud = [np.sqrt(np.mean(sound.samples[word.start : word.end] ** 2)) for word in (one, other)]
        return float(20 * np.log10(loud[0] / loud[1]))

    gained = share(sound, speech.words[1], speech.words[5]) - share(quiet, plain.words[1], plain.words[5])
    assert gained == pytest.approx(2, abs=1)
    assert [word.text for word in speech.words] == LINE.split()


@pytest.mark.parametrize("voice", VOICES)
def test_a_higher_pitch_takes_no_less_time(voiced: Job, voice: Voice) -> None:
    _, low = say(voice, voiced, pitch=-3)
    _, high = say(voice, voiced, pitch=3)
    assert pitch_of(high) / pitch_of(low) == pytest.approx(2 ** (6 / 12), rel=0.2)
    assert high.seconds == pytest.approx(low.seconds, rel=0.15)


@pytest.mark.parametrize("voice", VOICES)
def test_a_quick_pace_is_quicker(voiced: Job, voice: Voice) -> None:
    slow, fast = (say(voice, voiced, pace=pace)[1].seconds for pace in (0.8, 1.3))
    assert slow > 1.3 * fast


def test_what_was_shaped_is_still_understood(voiced: Job) -> None:
    text = "Archaeologists found pots of honey in the tombs of Egypt, still good to eat."
    speech, _ = say(Piper, voiced, text, pitch=2.5, emphasis=(4,), pauses=(Pause(before=6, seconds=0.6),), pace=1.1)
    heard = FasterWhisper().run(ListenRequest(audio=speech.audio), voiced)
    assert word_error_rate(text, heard.text) <= 0.08
    measured = PocketSphinx().run(AlignRequest(audio=speech.audio, text=text), voiced)
    assert speech.audio.rate is not None
    for word, found in zip(speech.words, measured.words, strict=True):
        assert word.start / speech.audio.rate == pytest.approx(found.start / measured.rate, abs=0.1)


def test_piper_tells_its_phones(voiced: Job) -> None:
    speech, _ = say(Piper, voiced, "Honey never spoils.")
    assert "".join(phone.sign for phone in speech.phones).startswith("hʌni")
    edges = [edge for phone in speech.phones for edge in (phone.start, phone.end)]
    assert edges == sorted(edges)
    assert speech.phones[0].start == pytest.approx(speech.words[0].start, abs=0.05 * 22050)


def test_a_long_text_is_parted_at_its_sentences() -> None:
    tokens = spoken("The bee flies out. She comes home, heavy and slow. " * 8)
    found = parts(tokens, SpeechRequest(text="-"), 120)
    assert [token for part in found for token in part.tokens] == list(tokens)
    assert all(len(part.said) <= 121 for part in found)
    assert all(part.said.endswith(".") for part in found)
    assert [part.rest for part in found] == [0.0] + [SENTENCE_REST] * (len(found) - 1)


@given(
    st.lists(st.sampled_from(["honey", "never", "spoils.", "—", "😀", "in,", "jar"]), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 14), st.floats(0.1, 5)), max_size=4),
    st.integers(8, 40),
)
def test_parts_lose_no_word(words: list[str], pauses: list[tuple[int, float]], longest: int) -> None:
    tokens = spoken(" ".join(words))
    request = SpeechRequest(text="-", pauses=tuple(Pause(before=before, seconds=seconds) for before, seconds in pauses))
    found = parts(tokens, request, longest)
    kept = [token.text for part in found for token in part.tokens]
    assert kept == [token.text for token in tokens] or not any(token.said for token in tokens)
    assert all(part.said for part in found)


@settings(deadline=None, max_examples=20)
@given(st.floats(0.6, 1.7), st.sampled_from([110.0, 180.0, 240.0]))
def test_a_warp_keeps_the_pitch(factor: float, hertz: float) -> None:
    sound = tone(hertz)
    bent = warp(sound, ((0.0, 0.0), (16_000.0, 16_000 * factor)))
    assert len(bent.samples) == round(16_000 * factor)
    assert pitch_of(bent) == pytest.approx(hertz, rel=0.03)
    assert np.abs(np.diff(bent.samples)).max() < 0.08


def test_where_a_warp_keeps_the_time_it_keeps_the_samples() -> None:
    sound = tone(130)
    same = warp(sound, ((0.0, 0.0), (16_000.0, 16_000.0)))
    assert np.abs(same.samples - sound.samples)[400:-400].max() < 1e-3


def test_resampled_sound_is_higher_and_shorter() -> None:
    high = resample(tone(150), 1.25)
    assert high.seconds == pytest.approx(0.8, abs=0.001)
    assert pitch_of(high) == pytest.approx(187.5, rel=0.02)
