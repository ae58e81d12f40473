"""The burned script: exact frames at any rate, and stretches that give the whole film's pixels."""

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble import Finish
from reelwright.tools.assemble.captions import Captions, captions
from reelwright.tools.assemble.picture import Burned
from reelwright.tools.assemble.sheet import families
from reelwright.tools.fonts import fonts_dir, named
from reelwright.tools.media import Size
from reelwright.tools.timeline import Cue, CueWord, Gap, Timeline, Track

SMALL = Size(width=180, height=320)
RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(60), Fraction(120)]


def film(rate: Fraction, text: str, start: int = 7, length: int = 8, tail: int = 20) -> Timeline:
    words = tuple(
        CueWord(text=word, start=start + n * length, end=start + (n + 1) * length)
        for n, word in enumerate(text.split())
    )
    cue = Cue(start=start, end=words[-1].end, text=text, words=words)
    video = Track(kind="video", items=(Gap(frames=cue.end + tail),))
    return Timeline(rate=rate, size=SMALL, tracks=(video,), cues=(cue,))


def hashes(folder: Path, line: Timeline, words: Captions, first: int, last: int) -> list[str]:
    """MD5 of every frame from `first` to `last`, burned as a stretch of its own."""
    part = words.sheet.stretch(first, last)
    script = folder / "part.ass"
    script.write_text(part.script, "utf-8")
    burned = Burned(script, fonts_dir(words.faces), part.lead).filters(line.rate) if part.script else "null"
    graph = f"color=gray:s={line.size}:r={line.rate},trim=end_frame={last - first},{burned}[v]"
    log = ffmpeg.measure([], graph, ["-map", "[v]", "-fps_mode", "passthrough", "-f", "framemd5", "-"]).log
    return re.findall(r"^0,.*, ([0-9a-f]{32})$", log, re.M)


@pytest.mark.parametrize("kind", ["karaoke", "pop", "box", "minimal"])
def test_stretches_burned_one_by_one_are_the_whole_film(tmp_path: Path, kind: str) -> None:
    line = film(Fraction(30000, 1001), "Archaeologists found pots of honey in the old tombs, still good to eat.")
    line = line.model_copy(update={"labels": (Cue(start=0, end=60, text="AI voice"),)})
    words = captions(line, Finish(captions=kind))
    whole = hashes(tmp_path, line, words, 0, line.frames)
    assert len(set(whole)) >= 5
    edges = [0, 3, 13, 14, 31, 40, 77, 90, line.frames]
    parts = [digest for first, last in pairwise(edges) for digest in hashes(tmp_path, line, words, first, last)]
    assert parts == whole


@pytest.mark.parametrize("rate", RATES)
def test_captions_come_and_change_on_their_frames_at_any_rate(tmp_path: Path, rate: Fraction) -> None:
    line = film(rate, "one two", start=7, length=9, tail=90)
    seen = hashes(tmp_path, line, captions(line, Finish(style="bold")), 0, line.frames)
    changes = [frame for frame in range(1, len(seen)) if seen[frame] != seen[frame - 1]]
    assert changes[:2] == [7, 16]
    assert len(changes) == 3


def test_a_stretch_says_the_same_wherever_it_lies() -> None:
    rate = Fraction(30000, 1001)
    early, late = (captions(film(rate, "Honey never spoils.", start), Finish()) for start in (9, 100_009))
    assert early.sheet.stretch(15, 40) == late.sheet.stretch(100_015, 100_040)
    assert early.sheet.stretch(15, 40).lead == 6
    assert early.sheet.stretch(0, 40).lead == 0


def test_a_stretch_knows_nothing_of_what_comes_after() -> None:
    rate = Fraction(30)
    one, other = (captions(film(rate, text), Finish()) for text in ("Honey spoils. Not yet.", "Honey spoils. But why?"))
    assert one.ass != other.ass
    assert one.sheet.stretch(0, 23) == other.sheet.stretch(0, 23)


def test_a_long_notice_lengthens_no_lead() -> None:
    line = film(Fraction(25), "one two").model_copy(update={"labels": (Cue(start=0, end=5000, text="AI voice"),)})
    part = captions(line, Finish(captions="none")).sheet.stretch(4000, 4050)
    assert part.lead == 0
    assert "0:00:00.00,0:00:02.00" in part.script


def test_nothing_shown_is_no_script() -> None:
    line = film(Fraction(25), "one two", tail=300)
    assert captions(line, Finish()).sheet.stretch(200, 300).script == ""


def test_the_fonts_of_a_script_are_found_by_their_names(tmp_path: Path) -> None:
    line = film(Fraction(25), "Honig 蜂蜜 {\\fnArial} عسل 🐝 done.")
    words = captions(line, Finish())
    assert {named(name) for name in families(words.sheet.stretch(0, line.frames).script)} == set(words.faces)
