from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolFailed, ToolMissing
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.media import Asset
from reelwright.tools.models import Models
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.piper import Piper
from reelwright.tools.speech.sound import Sound, read_wav, write_wav

# The sentences of examples/briefs/honey.md.
HONEY = (
    "A single jar of honey starts with about two million flowers.",
    "Worker bees fly out at dawn and sip nectar through a long, straw-like tongue.",
    "Each bee carries it home in a second stomach made just for honey.",
    "Inside the hive, the work becomes a relay:",
    "Bees pass the nectar from mouth to mouth.",
    "Enzymes turn it into simple sugars.",
    "Wings fan the water away.",
    "Wax seals every cell.",
    "Fresh nectar is 70 percent water.",
    "Finished honey is only 18 percent.",
    "One bee makes a twelfth of a teaspoon in her whole life.",
    "So the next time you taste honey, thank a flower, and the bee that found it.",
)


@pytest.fixture
def ears(tmp_path: Path, shelf: AssetStore) -> Job:
    scratch = tmp_path / "ears"
    scratch.mkdir()
    return Job(scratch, shelf, Models.installed(tmp_path / "cache"))


def save(job: Job, samples: np.ndarray[tuple[int], np.dtype[np.float32]], rate: int) -> Asset:
    path = job.scratch / "sound.wav"
    write_wav(Sound(samples, rate), path)
    return job.save(path, "audio", licence="CC0-1.0", origin="test", frames=len(samples), rate=Fraction(rate))


def test_the_voice_is_understood_and_its_times_are_where_it_speaks(ears: Job) -> None:
    parts: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    spoken: list[float] = []
    at = 0
    for line in HONEY:
        speech = Piper().run(SpeechRequest(text=line), ears)
        sound = read_wav(ears.path(speech.audio.id))
        spoken += [(at + word.start) / sound.rate for word in speech.words]
        parts += [sound.samples, np.zeros(int(0.35 * sound.rate), np.float32)]
        at += len(parts[-2]) + len(parts[-1])
    heard = FasterWhisper().run(ListenRequest(audio=save(ears, np.concatenate(parts), sound.rate)), ears)
    assert word_error_rate(" ".join(HONEY), heard.text) <= 0.05
    starts = [word.start / 16000 for word in heard.words]
    assert median(min(abs(start - other) for other in starts) for start in spoken) < 0.1
    edges = [edge for word in heard.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)


def test_silence_is_heard_as_silence(ears: Job) -> None:
    heard = FasterWhisper().run(ListenRequest(audio=save(ears, np.zeros(32000, np.float32), 16000)), ears)
    assert len(heard.words) <= 1


def test_another_language_is_missing(ears: Job) -> None:
    audio = save(ears, np.zeros(1600, np.float32), 16000)
    with pytest.raises(ToolMissing, match="whisper-base"):
        FasterWhisper().run(ListenRequest(audio=audio, language="de"), ears)


def test_what_is_no_sound_is_refused(ears: Job) -> None:
    path = ears.scratch / "no.wav"
    path.write_bytes(b"not a sound")
    audio = ears.save(path, "audio", licence="unknown", origin="test")
    with pytest.raises((Refused, ToolFailed)):
        FasterWhisper().run(ListenRequest(audio=audio), ears)


def test_the_option_names_the_model() -> None:
    assert FasterWhisper({"model": "whisper-base"}).models == ("whisper-base", "silero-vad")
