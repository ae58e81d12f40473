"""Caption files: cues and pages read, and each rule of the criteria found out."""

from pathlib import Path
from typing import Any

import pytest

from reelwright.tools.errors import Refused
from reelwright.tools.inspect import Check
from reelwright.tools.inspect.captions import captions_check
from reelwright.tools.inspect.cues import read_cues
from reelwright.tools.inspect.facts import Facts
from reelwright.tools.inspect.film import inspect
from reelwright.tools.profiles import profiles

SRT = """1
00:00:00,500 --> 00:00:03,900
A bee visits a hundred flowers
before she flies home.

2
00:00:04,000 --> 00:00:06,500
There <i>nectar</i> becomes honey.
"""
HEAD = """[Script Info]
PlayResX: 1080
PlayResY: 1920

[V4+ Styles]
Format: Name, Fontname, Fontsize, Alignment, MarginL, MarginR, MarginV
Style: page,Inter,96,2,60,170,{margin}
Style: label,Inter,30,7,60,60,60

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def judge(path: Path, text: str, language: str = "en") -> Check:
    path.write_text(text, "utf-8")
    return captions_check(read_cues(path), profiles()["wide"], 1 / 30, language)


def pages(*rows: tuple[str, str, str], margin: int = 600) -> str:
    lines = [f"Dialogue: 0,0:00:{start},0:00:{end},page,,0,0,0,,{text}" for start, end, text in rows]
    return HEAD.format(margin=margin) + "\n".join(lines) + "\n"


def test_good_cues_pass(tmp_path: Path) -> None:
    assert judge(tmp_path / "film.srt", SRT).verdict == "pass"
    assert [cue.lines for cue in read_cues(tmp_path / "film.srt")][1] == ("There nectar becomes honey.",)


def test_webvtt_with_settings_is_read(tmp_path: Path) -> None:
    text = "WEBVTT\n\nNOTE made by hand\n\nintro\n00:00.500 --> 00:02.800 align:center line:80%\nA bee\n\n"
    (tmp_path / "film.vtt").write_text(text)
    (cue,) = read_cues(tmp_path / "film.vtt")
    assert (cue.start, cue.end, cue.lines) == (0.5, 2.8, ("A bee",))


@pytest.mark.parametrize(
    ("cue", "verdict", "words"),
    [
        ("00:00:00,500 --> 00:00:01,500\nA bee visits a hundred flowers.", "fail", "31.0 characters/s"),
        ("00:00:00,500 --> 00:00:02,200\nA bee visits a hundred flowers.", "warn", "18.2 characters/s"),
        ("00:00:00,500 --> 00:00:00,800\nBees", "fail", "a cue of 0.30 s"),
        ("00:00:00,500 --> 00:00:09,000\nBees", "warn", "a cue of 8.50 s"),
        ("00:00:00,500 --> 00:00:05,000\nOne\nand two\nand three", "fail", "3 lines"),
        ("00:00:00,500 --> 00:00:05,000\n" + "bees " * 9, "fail", "a line of 44 characters"),
        ("00:00:00,500 --> 00:00:03,000\nA bee lives in the\nhive.", "warn", "ends on “the”"),
        (
            "00:00:00,500 --> 00:00:02,000\nA bee\n\n2\n00:00:02,010 --> 00:00:04,000\nflies.",
            "warn",
            "a gap under two frames",
        ),
        ("00:00:00,500 --> 00:00:02,000\nA bee\n\n2\n00:00:01,500 --> 00:00:04,000\nflies.", "fail", "overlap"),
    ],
)
def test_each_rule_of_cues(tmp_path: Path, cue: str, verdict: str, words: str) -> None:
    check = judge(tmp_path / "film.srt", f"1\n{cue}\n")
    assert (check.verdict, check.spans[0].start < 3) == (verdict, True)
    assert words in check.value


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("She has been\nseen there.", "ends on “been”"),
        ("They named it after Marie\nCurie in Paris.", "“Marie Curie” parted"),
        ("It was discovered in\nthe garden.", "ends on “in”"),
        ("A jar holds 500\ngrams of honey.", "ends on “500”"),
        ("Honey never spoils,\nbut bees do.", ""),
        ("Honey never spoils.\nThe bees do.", ""),
        ("HONEY NEVER\nSPOILS AT ALL.", ""),
    ],
)
def test_lines_part_where_sense_parts(tmp_path: Path, lines: str, words: str) -> None:
    check = judge(tmp_path / "film.srt", f"1\n00:00:00,500 --> 00:00:04,000\n{lines}\n")
    assert check.verdict == ("warn" if words else "pass"), check
    assert words in check.value


def test_children_read_more_slowly(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text("1\n00:00:00,500 --> 00:00:02,500\nA bee visits many flowers now.\n")
    cues = read_cues(tmp_path / "film.srt")
    verdicts = {name: captions_check(cues, profiles()[name], 1 / 30).verdict for name in ("youtube", "children")}
    assert verdicts == {"youtube": "pass", "children": "warn"}


def test_a_page_never_crosses_a_sentence(tmp_path: Path) -> None:
    crossing = pages(("00.50", "01.20", "lost. The"), ("01.20", "01.90", "bees"))
    check = judge(tmp_path / "film.ass", crossing)
    assert (check.verdict, "crosses a sentence" in check.value) == ("fail", True)
    assert judge(tmp_path / "film.ass", pages(("00.50", "01.20", "Dr. Bee"))).verdict == "pass"


def test_dense_scripts_have_their_own_speed(tmp_path: Path) -> None:
    cue = "1\n00:00:00,500 --> 00:00:02,500\nミツバチは花を訪れます。\n"
    assert judge(tmp_path / "film.srt", cue, "ja").verdict == "fail"
    assert judge(tmp_path / "film.srt", cue, "en").verdict == "pass"


def test_pages_are_judged_as_pages(tmp_path: Path) -> None:
    good = pages(("00.50", "01.20", "{\\k20}A {\\k30}bee visits"), ("01.20", "01.90", "flowers"))
    check = judge(tmp_path / "film.ass", good)
    assert (check.verdict, check.value) == ("pass", "2 pages")
    assert judge(tmp_path / "film.ass", pages(("00.50", "02.00", "A bee visits many flowers"))).verdict == "fail"
    assert judge(tmp_path / "film.ass", pages(("00.50", "00.60", "A bee"))).verdict == "fail"


def test_words_placed_one_by_one_are_one_page(tmp_path: Path) -> None:
    words = [
        ("00.50", "01.50", f"{{\\an5\\pos({x},{y})}}{word}")
        for x, y, word in ((300, 900, "A"), (500, 904, "bee"), (400, 1010, "visits"), (700, 1008, "us"))
    ]
    path = tmp_path / "film.ass"
    path.write_text(pages(*words))
    (page,) = read_cues(path)
    assert (page.kind, page.lines) == ("page", ("A bee", "visits us"))


def test_words_lit_one_by_one_are_one_page(tmp_path: Path) -> None:
    lit = pages(("00.50", "00.60", "{\\c&HFF&}A{\\r} bee"), ("00.60", "01.20", "A {\\c&HFF&}bee{\\r}"))
    assert judge(tmp_path / "film.ass", lit).value == "1 pages"


def test_pages_under_the_interface(clean: Path, tmp_path: Path) -> None:
    verdicts = {}
    for margin in (600, 200):
        path = tmp_path / f"{margin}.ass"
        path.write_text(pages(("00.50", "01.20", "A bee"), margin=margin))
        verdicts[margin] = next(
            each.verdict for each in inspect(clean, Facts(captions=path)).checks if each.name == "safe_area"
        )
    assert verdicts == {600: "pass", 200: "fail"}


def test_captions_beside_the_film_are_found(clean: Path, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(clean.read_bytes())
    (tmp_path / "film.srt").write_text(SRT)
    found: dict[str, Any] = {check.name: check for check in inspect(film).checks}
    assert found["captions"].verdict == "pass"
    assert found["pace"].value.endswith("by the captions")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00binary\x00", b"no captions here"])
def test_what_is_no_caption_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "film.srt").write_bytes(content)
    with pytest.raises(Refused):
        read_cues(tmp_path / "film.srt")


def test_narrow_words_near_the_margin_are_inside(clean: Path, tmp_path: Path) -> None:
    path = tmp_path / "film.ass"
    path.write_text(pages(("00.50", "01.20", "{\\an5\\pos(771.5,1408.7)\\fs123}relay.")))
    assert (
        next(each.verdict for each in inspect(clean, Facts(captions=path)).checks if each.name == "safe_area") == "pass"
    )
