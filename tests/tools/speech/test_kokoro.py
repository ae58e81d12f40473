"""Kokoro's voices. What needs its weights (113 MB) runs where `reelwright models pull kokoro kokoro-voices` was run."""

from pathlib import Path

import pytest

from reelwright.agent.settings import load_settings
from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import Declined, ToolMissing
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.models import Models
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.kokoro import Kokoro, _parts, signs_of, table
from reelwright.tools.speech.phonemes import phonemes

WEIGHTS = Models.installed(load_settings().cache)
pulled = all(path for name in Kokoro.models for _, path in WEIGHTS.held(name))
weights = pytest.mark.skipif(not pulled, reason="run `reelwright models pull kokoro kokoro-voices` first")


def test_phonemes_keep_their_punctuation() -> None:
    assert phonemes("Honey never  spoils, ever.", "en-us") == "hˈʌni nˈɛvɚ spˈɔɪlz, ˈɛvɚ."


def test_signs_are_the_models_own() -> None:
    known = {number: sign for sign, number in table().signs.items()}
    assert "".join(known[number] for number in signs_of("A jar of honey.", "a")) == "ə ʤˈɑɹ ʌv hˈʌni."


def test_long_texts_are_parted_where_a_voice_would_breathe() -> None:
    signs = signs_of("The bee flies over the field, and comes home again. " * 14, "a")
    parts = list(_parts(signs))
    assert [number for part in parts for number in part] == signs
    assert max(map(len, parts)) <= 480
    assert {part[-1] for part in parts[:-1]} <= {table().signs[mark] for mark in ".,"}


def test_the_language_chooses_a_voice_and_a_name_overrules_it(job: Job) -> None:
    voices = {voice.name: voice.language for voice in Kokoro().voices()}
    assert len([tag for tag in voices.values() if tag.startswith("en")]) == 28
    assert set(table().first.values()) <= set(voices)
    with pytest.raises(Declined, match="does not speak 'de'"):
        Kokoro().run(SpeechRequest(text="Honig", language="de"), job)
    with pytest.raises(Declined, match="no voice called 'nobody'"):
        Kokoro().run(SpeechRequest(text="Honey", voice="nobody"), job)
    with pytest.raises(ToolMissing):
        Kokoro().run(SpeechRequest(text="Honey"), job)


@weights
@pytest.mark.parametrize("voice", ["af_heart", "am_michael", "bf_emma"])
def test_every_word_is_understood(tmp_path: Path, voice: str) -> None:
    (tmp_path / "scratch").mkdir()
    job = Job(tmp_path / "scratch", AssetStore(tmp_path / "assets"), WEIGHTS)
    text = "Archaeologists found pots of honey in the tombs of Egypt, still good to eat."
    speech = Kokoro().run(SpeechRequest(text=text, voice=voice), job)
    assert [word.text for word in speech.words] == text.split()
    heard = FasterWhisper().run(ListenRequest(audio=speech.audio), job).text
    assert word_error_rate(text, heard) <= 0.08
