"""A person's own voice-over: it is heard, becomes the script or is found in it, is cut by line, and drives the cut."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.cli.casting import LONGEST_RECORDING, with_voices
from reelwright.agent.errors import BriefError, Refused
from reelwright.agent.model import Plan
from reelwright.agent.own import bring_sound
from reelwright.agent.record import load_record
from reelwright.agent.voiceover import recorded, script_of
from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.align.placing import place
from reelwright.tools.base import Job
from reelwright.tools.listen import ListenRequest
from reelwright.tools.listen.wer import word_error_rate
from reelwright.tools.listen.whisper import FasterWhisper
from reelwright.tools.media import Size
from reelwright.tools.models import Models
from reelwright.tools.speech import SpeechRequest, Word
from reelwright.tools.speech.piper import Piper
from reelwright.tools.speech.sound import Sound, read_wav, write_wav

pytestmark = pytest.mark.media
SAID = ("Honey never spoils in a closed jar.", "She carries the nectar home to the hive in the evening.")
RATE = 22_050
SETTINGS = Settings(cache=None, jobs=2)


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray[Any, Any]:
    """Two sentences with four seconds of room noise between them, and one second round them."""
    folder = tmp_path_factory.mktemp("voice")
    (folder / "scratch").mkdir()
    job = Job(folder / "scratch", AssetStore(folder / "assets"), Models.installed(folder / "cache"))
    lines = [read_wav(job.path(Piper().run(SpeechRequest(text=text), job).audio.id)).samples for text in SAID]
    rest = np.zeros(RATE, np.float32)
    whole = np.concatenate([rest, lines[0], rest, rest, rest, rest, lines[1], rest])
    return whole + np.random.default_rng(1).normal(0, 0.001, len(whole)).astype(np.float32)


@pytest.fixture(scope="module")
def wav(voice: np.ndarray[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recording") / "me.wav"
    write_wav(Sound(voice, RATE), path)
    return path


def brief_of(studio: Studio, path: Path, text: str = "How bees make honey") -> Brief:
    brief = Brief(text=text, size=Size(width=270, height=480), seconds=30)
    return with_voices(brief, studio.folder, SETTINGS, "", None, "", path)


def test_what_is_said_is_the_script_of_a_brief_that_is_only_a_topic(tmp_path: Path, wav: Path) -> None:
    studio = Studio.open(tmp_path / "film", SETTINGS)
    script, brief = script_of(studio, brief_of(studio, wav))
    assert script.title == "How bees make honey"
    assert word_error_rate(" ".join(SAID), " ".join(line.text for line in script.lines)) <= 0.1
    assert len(script.lines) == 2
    assert 6 < brief.seconds < 12  # the recording lasts longer, but its silences are gone


def test_a_brief_that_was_read_out_keeps_its_own_words(tmp_path: Path, wav: Path) -> None:
    text = f"# Honey\n\n{SAID[0]}\n\nNobody recorded this sentence about the queen.\n\n## The hive\n\n{SAID[1]}"
    studio = Studio.open(tmp_path / "film", SETTINGS)
    script, brief = script_of(studio, brief_of(studio, wav, text))
    assert [line.text for line in script.lines] == list(SAID)
    assert [scene.heading for scene in script.scenes] == ["", "The hive"]
    assert any("not in the recording" in warning.message for warning in studio.log.warnings)
    speeches = [recorded(studio, script, brief, line) for line in script.lines]
    assert all(found and found[1] == "voiceover.cutter" for found in speeches)
    for line, found in zip(script.lines, speeches, strict=True):
        assert found is not None
        assert [word.text for word in found[0].words] == line.text.split()
        job = Job(tmp_path, studio.door.assets, studio.door.weights)
        heard = FasterWhisper().run(ListenRequest(audio=found[0].audio), job).text
        assert word_error_rate(line.text, heard) <= 0.15
        sound = read_wav(studio.door.assets.path(found[0].audio.id))
        assert sound.seconds < 4.5


def test_a_recording_that_says_something_else_is_the_script(tmp_path: Path, wav: Path) -> None:
    text = "# Tea\n\nTea is a leaf and hot water, left alone for three minutes. Milk comes later."
    studio = Studio.open(tmp_path / "film", SETTINGS)
    script, _ = script_of(studio, brief_of(studio, wav, text))
    assert word_error_rate(" ".join(SAID), " ".join(line.text for line in script.lines)) <= 0.1
    assert any("does not follow the brief" in warning.message for warning in studio.log.warnings)


def test_a_telephone_recording_with_a_wrong_ending_is_understood(tmp_path: Path, wav: Path) -> None:
    mp3 = tmp_path / "call.mp3"
    ffmpeg.encode([ffmpeg.Input(wav)], "", mp3, ["-ac", "1", "-ar", "8000", "-c:a", "libmp3lame", "-b:a", "32k"])
    wrong = mp3.rename(tmp_path / "call.wav")
    studio = Studio.open(tmp_path / "film", SETTINGS)
    script, _ = script_of(studio, brief_of(studio, wrong))
    assert word_error_rate(" ".join(SAID), " ".join(line.text for line in script.lines)) <= 0.2


@pytest.mark.parametrize("graph", ["anullsrc=r=16000:cl=mono", "sine=330:r=16000,tremolo=f=4"])
def test_silence_and_music_are_told_apart_from_speech(tmp_path: Path, graph: str) -> None:
    path = tmp_path / "song.wav"
    ffmpeg.encode([], f"{graph},atrim=duration=5[a]", path, ["-map", "[a]"])
    studio = Studio.open(tmp_path / "film", SETTINGS)
    with pytest.raises(BriefError, match=r"No speech was found in song\.wav.*reelwright voices"):
        script_of(studio, brief_of(studio, path))


def test_three_hours_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "night.flac"
    options = ["-map", "[a]", "-c:a", "flac", "-compression_level", "0"]
    ffmpeg.encode([], "anullsrc=r=8000:cl=mono,atrim=duration=10800[a]", path, options)
    with pytest.raises(BriefError, match=r"night\.flac is 3 h 0 min long.*30 min"):
        bring_sound(path, AssetStore(tmp_path / "assets"), LONGEST_RECORDING)
    assert not [file for file in (tmp_path / "assets").rglob("*") if file.is_file()]


def test_a_text_is_no_recording_and_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("hello")
    shelf = AssetStore(tmp_path / "assets")
    with pytest.raises(Refused, match=r"notes\.wav cannot be used"):
        bring_sound(path, shelf, 60)
    with pytest.raises(BriefError, match=r"There is no file .*gone\.wav"):
        bring_sound(tmp_path / "gone.wav", shelf, 60)


def test_a_clone_asks_for_consent_and_for_enough_of_the_voice(tmp_path: Path, wav: Path) -> None:
    brief = Brief(text="# Honey\n\nHoney never spoils.")
    with pytest.raises(BriefError, match="--consent"):
        with_voices(brief, tmp_path / "film", SETTINGS, "", wav, "", None)
    short = tmp_path / "short.wav"
    write_wav(read_wav(wav).__class__(read_wav(wav).samples[:RATE], RATE), short)
    with pytest.raises(BriefError, match="too short"):
        with_voices(brief, tmp_path / "film", SETTINGS, "", short, "I agree.", None)
    given = with_voices(brief, tmp_path / "film", SETTINGS, "", wav, "I agree.", None)
    assert given.clone is not None
    assert given.clone.consent == "I agree."


def test_a_film_is_cut_on_the_recorded_words(tmp_path: Path, wav: Path) -> None:
    studio = Studio.open(tmp_path / "film", SETTINGS)
    brief = brief_of(studio, wav).model_copy(update={"rate": Fraction(10)})
    events = list(studio.make(brief))
    assert events[-1].type == "finished"
    record = load_record(studio.folder)
    assert {sound.tool for sound in record.sound.values()} == {"voiceover.cutter"}
    assert all(sound.speech and sound.speech.exact for sound in record.sound.values())
    assert isinstance(record.plan, Plan)
    assert record.brief.seconds == pytest.approx(record.film.timeline.frames / 10 if record.film else 0, rel=0.2)
    assert "a person's own recording" in (studio.folder / "out" / "credits.md").read_text()


def heard_of(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text=text, start=100 * at, end=100 * at + 80) for at, text in enumerate(texts))


@pytest.mark.parametrize(
    ("heard", "spans"),
    [
        ("honey never spoils bees fan water", [(0, 280), (300, 580)]),
        ("well honey never spoils okay bees fan water bye", [(100, 380), (500, 780)]),
        ("honey clever spoils bees fan water", [(0, 280), (300, 580)]),
        ("bees fan water", [None, (0, 280)]),
    ],
)
def test_texts_are_found_in_what_was_heard(heard: str, spans: list[tuple[int, int] | None]) -> None:
    found = place(["Honey never spoils.", "Bees fan water."], heard_of(*heard.split()), 2000).places
    assert [at and (at.words[0].start, at.words[-1].end) for at in found] == spans
    for text, at in zip(["Honey never spoils.", "Bees fan water."], found, strict=True):
        assert at is None or [word.text for word in at.words] == text.split()
