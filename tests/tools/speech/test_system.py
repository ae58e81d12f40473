import shutil

import pytest

from reelwright.tools.base import Job
from reelwright.tools.errors import ToolMissing
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.espeak import EspeakNg
from reelwright.tools.speech.flite import Flite
from reelwright.tools.speech.sound import read_wav
from reelwright.tools.speech.system import SystemVoice

# flite and espeak-ng come from the system, not from the registry: a machine without them has nothing to test.
flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not on PATH")
espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not on PATH")


@pytest.mark.parametrize(
    ("voice", "language", "text"),
    [
        pytest.param(Flite(), "en", "Fresh nectar is 70% water; finished honey, $5 a jar.", marks=flite),
        pytest.param(EspeakNg(), "en-GB", "Fresh nectar is 70% water – not more.", marks=espeak),
        pytest.param(EspeakNg(), "de-DE", "Ein Glas Honig braucht zwei Millionen Blüten.", marks=espeak),
        pytest.param(EspeakNg(), "zh", "蜜蜂 采 蜜", marks=espeak),
    ],
)
def test_speaks_and_says_that_times_are_estimated(job: Job, voice: SystemVoice, language: str, text: str) -> None:
    speech = voice.run(SpeechRequest(text=text, language=language), job)
    assert not speech.exact
    assert [word.text for word in speech.words] == text.split()
    sound = read_wav(job.path(speech.audio.id))
    assert speech.audio.frames == len(sound.samples)
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= len(sound.samples)
    assert len(text.split()) * 0.15 < sound.seconds < len(text.split()) * 1.2


@flite
def test_flite_speaks_english_only(job: Job) -> None:
    with pytest.raises(ToolMissing):
        Flite().run(SpeechRequest(text="Honig", language="de"), job)


@espeak
def test_espeak_takes_the_nearest_voice() -> None:
    assert [EspeakNg().voice(tag) for tag in ("de-AT", "en", "pt-BR", "zh-Hans")] == ["de", "en-us", "pt-br", "cmn"]
    with pytest.raises(ToolMissing):
        EspeakNg().voice("tlh")


@espeak
@pytest.mark.parametrize("text", ["-w /tmp/x honey", "<speak>honey</speak>", "$(touch x) honey"])
def test_text_is_never_an_option(job: Job, text: str) -> None:
    assert EspeakNg().run(SpeechRequest(text=text, language="en"), job).words[0].text == text.split()[0]


def test_a_missing_program_names_its_package() -> None:
    class Nothing(Flite):
        program = "no-such-voice"

    with pytest.raises(ToolMissing, match="apt-get install no-such-voice"):
        Nothing().ready()
