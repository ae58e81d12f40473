"""`reelwright evaluate` on films, on what is none, and on what is nearly one."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright.agent.cli import main
from reelwright.tools import ffmpeg

Cli = Callable[..., tuple[int, str, str]]
PICTURE = "testsrc2=s={size}:r=30:d=2,format={pixels}[v]"


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """Run a command line in this process; returns exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["reelwright", "evaluate", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        caught = capsys.readouterr()
        return int(exit_.value.code or 0), caught.out, caught.err

    return run


def film(path: Path, size: str = "320x180", pixels: str = "yuv420p", more: tuple[str, ...] = ()) -> Path:
    graph = PICTURE.format(size=size, pixels=pixels)
    ffmpeg.encode([], graph, path, ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", *more])
    return path


@pytest.fixture
def damaged(tmp_path: Path) -> dict[str, Path]:
    """Files that are no film."""
    whole = film(tmp_path / "whole.mp4", more=("-movflags", "+faststart")).read_bytes()
    contents = {
        "text.mp4": b"Dear editor, here is the film.\n",
        "empty.mp4": b"",
        "playlist.mp4": b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
        "head.mp4": whole[:600],
        "noise.mp4": bytes(range(256)) * 20,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    film(tmp_path / "frameless.mp4", more=("-t", "0"))
    return {name: tmp_path / name for name in (*contents, "frameless.mp4")}


@pytest.mark.parametrize("name", ["text.mp4", "empty.mp4", "playlist.mp4", "head.mp4", "noise.mp4", "frameless.mp4"])
def test_what_is_no_film_is_refused_in_plain_words(cli: Cli, damaged: dict[str, Path], name: str) -> None:
    code, out, errors = cli(str(damaged[name]))
    assert (code, out) == (2, "")
    assert errors.startswith(f"Error: {name} ")
    assert "[in#0" not in errors
    assert len(errors.splitlines()) == 2


@pytest.mark.parametrize(
    ("size", "pixels", "more"),
    [
        ("320x180", "yuv420p", ("-frames:v", "1")),
        ("271x181", "yuv444p", ()),
        ("64x1280", "yuv420p", ()),
    ],
)
def test_odd_films_are_measured(cli: Cli, tmp_path: Path, size: str, pixels: str, more: tuple[str, ...]) -> None:
    code, out, _ = cli(str(film(tmp_path / "odd.mp4", size, pixels, more)), "--json")
    told = json.loads(out)
    assert (code, told["verdict"], told["film"]) == (1, "fail", "odd.mp4")
    assert {check["verdict"] for check in told["checks"] if check["name"] in {"flash", "black", "warping"}} <= {
        "pass",
        "skip",
    }


def test_json_holds_checks_and_curves(cli: Cli, tmp_path: Path) -> None:
    _, out, _ = cli(str(film(tmp_path / "film.mp4")), "--json", "--seconds", "2")
    told = json.loads(out)
    assert set(told) == {"film", "verdict", "checks", "curves"}
    assert len(told["curves"]["luminance"]) == 60
    assert next(check for check in told["checks"] if check["name"] == "duration")["verdict"] == "pass"


def test_a_table_for_people_tells_what_was_not_judged(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli(str(film(tmp_path / "film.mp4")))
    assert code == 1
    assert "colour" in out
    assert "Not judged:" in out


def test_the_report_is_written(cli: Cli, tmp_path: Path) -> None:
    cli(str(film(tmp_path / "film.mp4")), "--html", "out/report.html", "--profile", "youtube")
    assert "<html" in (tmp_path / "out" / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--profile", "vimeo"), "There is no profile 'vimeo'"),
        (("--script", "nowhere.txt"), "There is no file nowhere.txt"),
        (("--script", "film.mp4"), "not text in UTF-8"),
        (("--captions", "film.mp4"), "not text in UTF-8"),
        (("--reference", "nowhere.mp4"), "There is no file nowhere.mp4"),
        (("--html", "."), "is a folder"),
    ],
)
def test_options_that_do_not_fit(cli: Cli, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    film(tmp_path / "film.mp4")
    code, _, errors = cli("film.mp4", *words)
    assert (code, says in errors) == (2, True), errors


def test_a_film_is_like_itself(cli: Cli, tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4")
    _, out, _ = cli(str(path), "--reference", str(path), "--json")
    check = next(check for check in json.loads(out)["checks"] if check["name"] == "reference")
    assert check["verdict"] == "pass"
