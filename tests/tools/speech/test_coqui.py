"""Coqui's real loading and inference code on tiny random models: VITS speaks, XTTS clones, pickles are refused."""

import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools.base import Job
from reelwright.tools.conformance import faults
from reelwright.tools.errors import Declined, Refused, ToolFailed, ToolMissing
from reelwright.tools.registry import SPEECH
from reelwright.tools.speech import Pause, SpeechRequest
from reelwright.tools.speech.coqui import Coqui, worker_for
from reelwright.tools.speech.sound import Sound, read_wav, write_wav

installed = pytest.mark.skipif(find_spec("TTS") is None, reason="pip install -e '.[coqui]' first (docs/speaking.md)")
LINE = SpeechRequest(text="Honey never spoils in a jar.")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """torchaudio without its compiled parts, which want the torch they were built for; the voices need none of them."""
    folder = tmp_path_factory.mktemp("audio")
    found = find_spec("torchaudio")
    assert found is not None
    assert found.origin is not None
    compiled = shutil.ignore_patterns("*.so", "__pycache__")
    shutil.copytree(Path(found.origin).parent, folder / "torchaudio", ignore=compiled)
    return str(folder)


def tiny(kind: str, folder: Path, path: str) -> Path:
    script = Path(__file__).with_name("tiny_coqui.py")
    code = f"import sys, runpy; sys.path[:0] = [{path!r}]; sys.argv = {[str(script), kind, str(folder)]!r}; "
    code += "runpy.run_path(sys.argv[0], run_name='__main__')"
    subprocess.run([sys.executable, "-P", "-W", "ignore", "-c", code], check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def vits(tmp_path_factory: pytest.TempPathFactory, plain: str) -> Iterator[dict[str, str]]:
    options = {"model": str(tiny("vits", tmp_path_factory.mktemp("vits") / "tiny", plain)), "path": plain}
    yield options
    worker_for(sys.executable, plain, Path(options["model"]).resolve()).close()


@installed
@pytest.mark.slow
def test_a_vits_model_speaks_and_conforms(vits: dict[str, str], job: Job) -> None:
    tool = Coqui(vits)
    assert [(voice.name, voice.language, voice.local) for voice in tool.voices()] == [("vits", "en", True)]
    assert faults(tool, SPEECH, LINE, job) == []
    speech = tool.run(LINE.model_copy(update={"pauses": (Pause(before=2, seconds=0.6),), "pitch": 2.0}), job)
    assert [word.text for word in speech.words] == LINE.text.split()
    sound = read_wav(job.path(speech.audio.id))
    assert sound.rate == 22_050
    assert np.abs(sound.samples).max() > 0.01
    fast, slow = (tool.run(LINE.model_copy(update={"pace": pace}), job).audio.frames or 0 for pace in (1.8, 0.6))
    assert slow > fast


@installed
@pytest.mark.slow
def test_another_checkpoint_is_another_version(vits: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(vits["model"], copy)
    before = Coqui({"model": str(copy)}).version
    (copy / "model.pth").write_bytes(b"another")
    assert Coqui({"model": str(copy)}).version != before


@installed
@pytest.mark.slow
def test_a_checkpoint_that_is_more_than_weights_is_refused(vits: dict[str, str], tmp_path: Path, job: Job) -> None:
    copy, mark = tmp_path / "copy", tmp_path / "mark"
    shutil.copytree(vits["model"], copy)
    payload = b"cposix\nsystem\n(Vtouch " + str(mark).encode() + b"\ntR."
    (copy / "model.pth").write_bytes(payload)
    with pytest.raises(ToolFailed, match="refused"):
        Coqui({**vits, "model": str(copy)}).run(LINE, job)
    assert not mark.exists()
    pickle.loads(payload)  # the same file, loaded the way that is never done here
    assert mark.exists()


@installed
@pytest.mark.slow
def test_xtts_speaks_in_the_voice_of_a_sample(tmp_path: Path, plain: str, job: Job) -> None:
    options = {"model": str(tiny("xtts", tmp_path / "tiny", plain)), "path": plain}
    at = np.arange(24_000 * 4) / 24_000
    write_wav(Sound((0.3 * np.sin(at * 900 + np.sin(at * 9))).astype(np.float32), 24_000), tmp_path / "ann.wav")
    sample = job.save(
        tmp_path / "ann.wav", "audio", licence="own", origin="ann.wav", frames=96_000, rate=Fraction(24_000)
    )
    request = LINE.model_copy(update={"sample": sample})
    with pytest.raises(Refused, match="consent"):
        Coqui(options).run(request, job)
    try:
        speech = Coqui(options).run(request.model_copy(update={"consent": "I agree. Ann"}), job)
    finally:
        worker_for(sys.executable, plain, Path(options["model"]).resolve()).close()
    assert speech.audio.rate == 24_000
    assert "a cloned voice" in speech.audio.origin
    with pytest.raises(Declined, match="voice of a sample"):
        Coqui(options).run(LINE, job)


def test_without_a_model_it_says_what_to_set(job: Job, tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match=r"reelwright\.toml|reelwright\[coqui\]"):
        Coqui().ready()
    with pytest.raises(ToolMissing, match=r"config\.json"):
        Coqui({"model": str(tmp_path), "python": sys.executable}).ready()
    assert Coqui().voices() == ()
