"""Aligned on a real voice: the times are the voice's own, the words the script's, and a wrong text is noticed."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.align import Alignment, AlignRequest
from reelwright.tools.align.forced import PocketSphinx
from reelwright.tools.align.heard import Heard, match
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed, ToolMissing
from reelwright.tools.media import Asset
from reelwright.tools.models import Models
from reelwright.tools.speech import Word
from reelwright.tools.speech.matching import PAUSES
from reelwright.tools.speech.matching import match as places
from reelwright.tools.speech.piper import LENGTH
from reelwright.tools.speech.server import server_for
from reelwright.tools.speech.sound import Sound, read_wav, write_wav
from reelwright.tools.speech.spoken import spoken

LINES = (
    "Worker bees fly out at dawn and sip nectar through a long, straw-like tongue.",
    "So the next time you taste honey, thank a flower, and the bee that found it.",
    "One bee makes a twelfth of a teaspoon in her whole life.",
    "Fresh nectar is 70% water, $5 a jar — at 10:30 in 1995.",
)
INVENTED = "Zorblax the honeyverse bee met Xylocopa."


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("align")
    (folder / "scratch").mkdir()
    return Job(folder / "scratch", AssetStore(folder / "assets"), Models.installed(folder / "cache"))


def say(bench: Job, text: str) -> tuple[Asset, list[float]]:
    """A line of Piper's, and the second at which each written word begins.

    A word begins where the one before it ends, but after a pause: Piper counts its first sounds to the space.
    """
    tokens = [token.said for token in spoken(text)]
    server = server_for(bench.model("piper-joe") / "en_US-joe-medium.onnx")
    wav, phonemes = server.speak(" ".join(phrase for phrase in tokens if phrase), LENGTH)
    edges = np.concatenate([[0.0], np.cumsum([phoneme.seconds for phoneme in phonemes])])
    starts = []
    for place in places(tokens, [phoneme.phoneme for phoneme in phonemes]):
        first = place[0] if place else len(phonemes)
        if first > 1 and phonemes[first - 1].phoneme == " " and phonemes[first - 2].phoneme not in PAUSES:
            first -= 1
        starts.append(float(edges[first]))
    return keep(bench, read_wav(wav)), starts


def keep(bench: Job, sound: Sound) -> Asset:
    path: Path = bench.scratch / "line.wav"
    write_wav(sound, path)
    return bench.save(
        path, "audio", licence="CC0-1.0", origin="test", frames=len(sound.samples), rate=Fraction(sound.rate)
    )


def errors(made: Sequence[Alignment], truth: Sequence[Sequence[float]]) -> np.ndarray:
    """Seconds by which the starts of words that are said differ."""
    return np.abs(
        [
            word.start / float(one.rate) - start
            for one, starts in zip(made, truth, strict=True)
            for word, start in zip(one.words, starts, strict=True)
            if any(letter.isalnum() for letter in word.text)
        ]
    )


@pytest.fixture(scope="module")
def lines(bench: Job) -> list[tuple[Asset, list[float]]]:
    return [say(bench, text) for text in LINES]


def test_forced_times_are_the_voices_own(bench: Job, lines: list[tuple[Asset, list[float]]]) -> None:
    made = [
        PocketSphinx().run(AlignRequest(audio=audio, text=text), bench)
        for (audio, _), text in zip(lines, LINES, strict=True)
    ]
    off = errors(made, [starts for _, starts in lines])
    assert np.median(off) <= 0.03
    assert np.percentile(off, 95) <= 0.08
    for one, text in zip(made, LINES, strict=True):
        assert [word.text for word in one.words] == text.split()
        assert one.how == "forced"
        assert one.confidence > 0.9
        edges = [edge for word in one.words for edge in (word.start, word.end)]
        assert edges == sorted(edges)


def test_words_that_no_dictionary_has_are_aligned(bench: Job) -> None:
    audio, starts = say(bench, INVENTED)
    made = PocketSphinx().run(AlignRequest(audio=audio, text=INVENTED), bench)
    assert errors([made], [starts]).max() < 0.2
    assert made.confidence > 0.5


def test_a_short_last_word_is_not_taken_for_silence(bench: Job) -> None:
    text = "The whole road had a hole in it."
    audio, starts = say(bench, text)
    made = PocketSphinx().run(AlignRequest(audio=audio, text=text), bench)
    assert errors([made], [starts]).max() < 0.15


def test_a_text_that_is_not_said_is_noticed(bench: Job, lines: list[tuple[Asset, list[float]]]) -> None:
    for wrong in ("Wings fan the water away.", "Inside the hive, the work becomes a relay:"):
        try:
            made = PocketSphinx().run(AlignRequest(audio=lines[0][0], text=wrong), bench)
        except ToolFailed:
            continue
        assert made.confidence < 0.3


def test_there_must_be_words_and_sound(bench: Job) -> None:
    silence = keep(bench, Sound(np.zeros(8000, np.float32), 16000))
    with pytest.raises(ToolFailed):
        PocketSphinx().run(AlignRequest(audio=silence, text="— 🐝"), bench)
    with pytest.raises(ToolMissing, match="de"):
        PocketSphinx().run(AlignRequest(audio=silence, text="Guten Tag", language="de"), bench)


def test_what_is_heard_is_matched_to_the_script(bench: Job, lines: list[tuple[Asset, list[float]]]) -> None:
    made = Heard().run(AlignRequest(audio=lines[2][0], text=LINES[2]), bench)
    assert [word.text for word in made.words] == LINES[2].split()
    assert made.how == "heard"
    assert made.confidence > 0.8
    assert np.median(errors([made], [lines[2][1]])) < 0.2
    with pytest.raises(ToolFailed, match="not the text"):
        Heard().run(AlignRequest(audio=lines[2][0], text="Wax seals qqq zzz www."), bench)


def heard(*words: tuple[str, int, int]) -> list[Word]:
    return [Word(text=text, start=start, end=end) for text, start, end in words]


def test_words_heard_apart_or_wrong_lie_where_their_letters_lie() -> None:
    spans, confidence = match(
        ["honeybee", "", "seventy percent"], heard(("honey", 0, 50), ("be", 50, 70), ("70%", 80, 100))
    )
    assert spans[0] == (0, 70)
    assert spans[1] is None
    assert spans[2] == (80, 100)
    assert confidence > 0.9
    spans, _ = match(
        ["see", "Xylocopa", "fly"], heard(("see", 0, 10), ("I'll", 10, 20), ("copy", 20, 40), ("fly", 50, 60))
    )
    assert spans[1] is not None
    assert 10 <= spans[1][0] < spans[1][1] <= 50
    assert spans[2] == (50, 60)


def test_nothing_heard_is_no_confidence() -> None:
    assert match(["a"], []) == ([None], 0.0)
    assert match([], heard(("a", 0, 1))) == ([], 0.0)
