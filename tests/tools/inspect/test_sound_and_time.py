"""What needs stems, words or a test signal: music over the voice, captions out of time, sound late by its beeps."""

from pathlib import Path
from typing import Any

import pytest

from reelwright.tools.ffmpeg import Input, encode
from reelwright.tools.inspect import Span, SpokenWord
from reelwright.tools.inspect.cues import read_cues
from reelwright.tools.inspect.timing import cuts_check, timing_check
from reelwright.tools.profiles import profiles

PROFILE = profiles()["shorts"]
SPEECH = (Span(start=0.5, end=2.5), Span(start=4.0, end=6.0))
LINES = ("A bee visits a hundred flowers.", "There nectar becomes honey.", "Nothing is ever lost here.")
STARTS = (0.5, 2.4, 4.4)
ASS = """[Script Info]
PlayResX: 1080
PlayResY: 1920

[V4+ Styles]
Format: Name, Fontname, Fontsize, Alignment, MarginL, MarginR, MarginV
Style: page,Inter,96,2,60,170,600

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def words() -> tuple[SpokenWord, ...]:
    """The lines, five words in a second and a half each."""
    return tuple(
        SpokenWord(text=word, start=start + 0.3 * place, end=start + 0.3 * place + 0.25)
        for line, start in zip(LINES, STARTS, strict=True)
        for place, word in enumerate(line.split())
    )


def subtitles(path: Path, late: float = 0.0, linger: float = 0.3) -> Path:
    rows = [
        f"00:00:0{start + late:.3f} --> 00:00:0{start + 0.3 * len(line.split()) + late + linger - 0.05:.3f}\n{line}\n"
        for line, start in zip(LINES, STARTS, strict=True)
    ]
    path.write_text("\n".join(rows).replace(".", ",").replace(",\n", ".\n"))
    return path


@pytest.fixture(scope="module")
def stems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A voice in two stretches, and beds at three levels."""
    folder = tmp_path_factory.mktemp("stems")
    speaking = "+".join(f"between(t,{span.start},{span.end})" for span in SPEECH)
    graphs = {"voice": f"sine=f=300:r=48000:d=6.8,tremolo=f=5:d=0.8,volume='if({speaking},1,0)':eval=frame[a]"}
    graphs |= {f"{level}": f"sine=f=440:r=48000:d=6.8,volume={level}dB[a]" for level in (-2, -20, -32)}
    for name, graph in graphs.items():
        encode([], graph, folder / f"{name}.wav", ["-map", "[a]"])
    return {name: folder / f"{name}.wav" for name in graphs}


@pytest.mark.parametrize(("music", "verdict"), [("-2", "fail"), ("-20", "pass"), ("-32", "warn")])
def test_music_lies_under_the_voice(bench: Any, clean: Path, stems: dict[str, Path], music: str, verdict: str) -> None:
    checks = bench.check(clean, voice=stems["voice"], music=stems[music], speech=SPEECH)
    assert checks["voice_over_music"].verdict == verdict, checks["voice_over_music"]


def test_stems_without_speech_are_not_judged(bench: Any, clean: Path, stems: dict[str, Path]) -> None:
    checks = bench.check(clean, voice=stems["voice"], music=stems["-20"])
    assert checks["voice_over_music"].verdict == "skip"


@pytest.mark.parametrize(
    ("late", "verdict"), [(0.0, "pass"), (0.1, "pass"), (0.2, "warn"), (0.5, "fail"), (-0.4, "fail")]
)
def test_cues_come_with_their_words(tmp_path: Path, late: float, verdict: str) -> None:
    cues = read_cues(subtitles(tmp_path / "film.srt", late))
    check = timing_check(cues, words(), PROFILE, 1 / 30)
    assert check.verdict == verdict, check


@pytest.mark.parametrize(("late", "verdict"), [(0.15, "pass"), (0.3, "warn"), (0.5, "fail")])
def test_rough_times_judge_all_cues_together(tmp_path: Path, late: float, verdict: str) -> None:
    cues = read_cues(subtitles(tmp_path / "film.srt", late))
    check = timing_check(cues, words(), PROFILE, 1 / 30, rough=True)
    assert check.verdict == verdict, check


def test_captions_of_another_film_are_not_judged(tmp_path: Path) -> None:
    cues = read_cues(subtitles(tmp_path / "film.srt"))
    other = tuple(word.model_copy(update={"text": f"x{n}"}) for n, word in enumerate(words()))
    assert timing_check(cues, other, PROFILE, 1 / 30).verdict == "skip"
    assert timing_check(cues, (), PROFILE, 1 / 30).verdict == "skip"


def test_a_cue_that_goes_before_its_last_word_is_told(tmp_path: Path) -> None:
    cues = read_cues(subtitles(tmp_path / "film.srt", linger=-0.25))
    check = timing_check(cues, words(), PROFILE, 1 / 30)
    assert (check.verdict, "end before their last word" in check.value) == ("warn", True)


@pytest.mark.parametrize("late", [0.0, 0.2])
@pytest.mark.parametrize("tags", ["k", "t"])
def test_karaoke_words_light_up_as_they_are_said(tmp_path: Path, late: float, tags: str) -> None:
    path, rows = tmp_path / "film.ass", list[str]()
    first = [word for word in words() if word.start < 2][:3]
    span = "0:00:00.50,0:00:01.40,page,,0,0,0,,"
    if tags == "k":
        sung = "".join(f"{{\\k30}}{word.text} " for word in first)
        rows.append(f"Dialogue: 0,{span}{{\\k{round(late * 100)}}}{sung}")
    else:
        for place, word in enumerate(first):
            on = round((0.3 * place + late) * 1000)
            light = f"\\t({on},{on},\\1c&HFF&)" if on else "\\1c&HFF&"
            rows.append(f"Dialogue: 0,{span}{{\\an5\\pos({200 + 300 * place},900){light}}}{word.text}")
    path.write_text(ASS + "\n".join(rows) + "\n")
    check = timing_check(read_cues(path), words(), PROFILE, 1 / 30)
    assert check.verdict == ("fail" if late else "pass"), check
    assert f"words at most {late * 1000:+.0f} ms" in check.value


def test_cue_ends_near_a_cut_stand_on_it(tmp_path: Path) -> None:
    cues = read_cues(subtitles(tmp_path / "film.srt"))
    ends = [cue.end for cue in cues]
    assert cuts_check(cues, ends, PROFILE, 1 / 30).verdict == "pass"
    assert cuts_check(cues, [end + 0.2 for end in ends], PROFILE, 1 / 30).verdict == "warn"
    assert cuts_check(cues, [end + 0.8 for end in ends], PROFILE, 1 / 30).verdict == "skip"


def test_captions_off_by_half_a_second_are_found_in_a_film(bench: Any, clean: Path, tmp_path: Path) -> None:
    good, late = subtitles(tmp_path / "good.srt"), subtitles(tmp_path / "late.srt", 0.5)
    verdicts = {
        path.stem: bench.check(clean, captions=path, words=words())["caption_timing"].verdict for path in (good, late)
    }
    assert verdicts == {"good": "pass", "late": "fail"}


def slate(folder: Path, late: float) -> Path:
    """A white frame and a beep every second and a half, the beep late; both streams begin together."""
    path = folder / f"slate{late}.mp4"
    picture = "color=c=0x303030:s=160x90:r=30:d=6,drawbox=enable='lt(mod(n+15\\,45)\\,2)':color=white:t=fill[v]"
    sound = f"sine=f=1000:r=48000:d=6,volume='if(between(mod(t+0.5-{late}\\,1.5)\\,0\\,0.06),0.8,0.0005)':eval=frame"
    options = ["-map", "[v]", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-map", "[a]", "-c:a", "aac", "-b:a", "192k"]
    encode([], f"{picture};{sound},asetnsamples=48[a0];[a0]asetnsamples=1024[a]", path, options)
    return path


@pytest.mark.parametrize(("late", "verdict"), [(0.0, "pass"), (0.08, "fail"), (-0.08, "fail")])
def test_beeps_come_with_their_flashes(bench: Any, tmp_path: Path, late: float, verdict: str) -> None:
    check = bench.check(slate(tmp_path, late), seconds=6)["sync"]
    assert check.verdict == verdict, check
    assert "beeps" in check.value


def test_a_film_without_beeps_says_nothing_of_them(bench: Any, clean: Path) -> None:
    assert bench.check(clean)["sync"].value == "together"


def test_likeness_to_a_reference(bench: Any, clean: Path, tmp_path: Path) -> None:
    poor = tmp_path / "poor.mp4"
    encode([Input(clean)], "[0:v]gblur=6[v]", poor, ["-map", "[v]", "-map", "0:a", "-c:v", "libx264", "-crf", "40"])
    assert bench.check(bench.film("fine", options=("-crf", "8")), reference=clean)["reference"].verdict == "pass"
    assert bench.check(poor, reference=clean)["reference"].verdict == "fail"
    assert bench.check(clean)["reference"].verdict == "skip"
