import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools import ffmpeg, fonts, typeset
from reelwright.tools.errors import ToolMissing

HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: 1200
PlayResY: 120
WrapStyle: 2
Kerning: yes
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, Encoding
Style: T,{family},{size:.2f},&H00FFFFFF,0,1,0,0,7,0,-1

[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.00,0:00:09.00,T,{{\\pos(20,10)}}{text}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


def drawn(text: str, face: fonts.Face, em: float, tmp_path: Path) -> NDArray[np.uint8]:
    body = HEAD.format(family=face.family, size=face.ass_size(em), text=text)
    (tmp_path / "t.ass").write_text(body, "utf-8")
    used = [chosen for _, chosen in fonts.runs(text, face)] or [face]
    place = fonts.fonts_dir([face, *used])
    command = [ffmpeg.binary(), "-v", "error", "-f", "lavfi", "-i", "color=black:s=1200x120:d=0.04"]
    command += ["-vf", f"ass=t.ass:fontsdir={place}", "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    return np.frombuffer(done.stdout, np.uint8).reshape(120, 1200)


def ink(picture: NDArray[np.uint8]) -> tuple[int, int]:
    columns = np.where(picture.max(0) > 60)[0]
    return int(columns[0]) - 20, int(columns[-1]) - 19


@pytest.mark.parametrize(
    "text",
    ["AVATAR Honey Tofu", "two million, “WAVE” 1,111", "honey 🐝 hive", "שלום עולם 123", "العسل من النحل", "ผึ้ง"],
)
def test_measures_what_libass_draws(text: str, folder: Path, tmp_path: Path) -> None:
    face = fonts.family("Inter", 800, folder=folder)
    left, right = ink(drawn(fonts.ass_runs(text, face, 50), face, 50, tmp_path))
    assert left >= -2
    assert right == pytest.approx(face.measure(text, 50), rel=0.02, abs=4)


@pytest.mark.parametrize("text", [r"{\pos(900,1)}x", r"C:\Nile\h \n", r"\{a\}", "':textfile=x;[v]", r"a\\N"])
def test_user_text_is_literal(text: str, folder: Path, tmp_path: Path) -> None:
    face = fonts.family("Inter", 800, folder=folder)
    left, right = ink(drawn(fonts.ass_escape(text), face, 50, tmp_path))
    assert left >= -2
    assert right == pytest.approx(face.measure(text, 50), rel=0.02, abs=4)


def test_line_breaks_and_bidi_overrides_do_not_survive_escaping() -> None:
    assert fonts.ass_escape("a\nb\u202ec\x00") == "a bc"


def test_counting_digits_have_one_width(folder: Path) -> None:
    face = fonts.family("Inter", 800, tabular=True, folder=folder)
    assert len({round(face.measure(digit, 100), 3) for digit in "0123456789"}) == 1
    plain = fonts.family("Inter", 800, folder=folder)
    assert plain.measure("1", 100) < plain.measure("0", 100)


def test_weights_differ(folder: Path) -> None:
    thin, black = (fonts.family("Inter", weight, folder=folder) for weight in (300, 900))
    assert thin.measure("honey", 100) < black.measure("honey", 100)


def test_runs_find_a_face_for_every_script(folder: Path) -> None:
    face = fonts.family("Inter", 600, folder=folder)
    found = {part.strip(): chosen.family for part, chosen in fonts.runs("ok 🐝 שלום", face) if part.strip()}
    assert found == {
        "ok": "Reelwright Inter 600",
        "🐝": "Reelwright Noto Emoji 600",
        "שלום": "Reelwright Noto SansHebrew 600",
    }


def test_an_unknown_family_names_the_extra(folder: Path) -> None:
    with pytest.raises(ToolMissing, match="film"):
        fonts.family("No Such Face", folder=folder)


def _cut(folder: Path) -> str:
    face = fonts.family("Inter", 550, folder=folder)
    return str(fonts.fonts_dir([face]))


def test_processes_may_cut_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        places = set(pool.map(_cut, [tmp_path] * 8))
    assert len(places) == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_wrap_is_balanced_and_within_width(folder: Path) -> None:
    face = fonts.family("Inter", 800, folder=folder)
    text = "A single jar of honey starts with about two million flowers."
    lines = typeset.wrap(text, face, 80, 700)
    assert lines == ("A single jar", "of honey starts", "with about two", "million flowers.")
    assert typeset.wrap(text, face, 80, 700, max_lines=3) is None


def test_cjk_breaks_between_letters_but_not_before_a_full_stop(folder: Path) -> None:
    face = fonts.family("Inter", 700, folder=folder)
    lines = typeset.wrap("蜂蜜はどうやって作られるのか。", face, 100, 520)
    assert lines is not None
    assert all(face.measure(line, 100) <= 520 for line in lines)
    assert not any(line.startswith("。") for line in lines)


@pytest.mark.parametrize("text", ["x" * 300, "word " * 200, "蜂" * 300, "", "Donaudampfschifffahrtsgesellschaft"])
def test_fit_never_overflows(text: str, folder: Path) -> None:
    face = fonts.family("Inter", 700, folder=folder)
    setting = typeset.fit(text, face, 300, 200, [80, 60, 40])
    assert all(face.measure(line, setting.em) <= 300 for line in setting.lines)
    assert setting.height <= 200
