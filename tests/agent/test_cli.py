"""The command line with clumsy and hostile hands: a clear error, exit code 2, and nothing lost."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright.agent.cli import main
from reelwright.agent.cli.intake import slug
from reelwright.tools import ffmpeg
from reelwright.tools.models import Models

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """Run a command line in this process; returns exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REELWRIGHT_CACHE", str(tmp_path / "cache"))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["reelwright", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        caught = capsys.readouterr()
        return int(exit_.value.code or 0), caught.out, caught.err

    return run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("",), "brief is empty"),
        (("   \n\t ",), "brief is empty"),
        (("…!?",), "brief is empty"),
        (("x" * 1_000_000,), "1,000,000 characters"),
        (("Tea", "--size", "0x0"), "0x0"),
        (("Tea", "--size", "10000x10000"), "10000x10000"),
        (("Tea", "--size", "wide"), "'wide' is not a size"),
        (("Tea", "--size", "641x361"), "even numbers"),
        (("Tea", "--seconds", "-5"), "-5 seconds"),
        (("Tea", "--seconds", "10000"), "10000 seconds"),
        (("Tea", "--seconds", "nan"), "nan seconds"),
        (("missing.md",), "no file missing.md"),
        (("Tea", "--from", "missing.pdf"), "no file missing.pdf"),
        (("Tea is hot. It is a leaf.", "--assets", "nowhere", "--out", "film"), "nowhere is not a folder"),
        (("Tea is hot. It is a leaf.", "--brand", "nowhere.toml"), "no file nowhere.toml"),
        (("Tea is hot. It is a leaf.", "--palette-from", "gone.jpg"), "no file gone.jpg"),
        (("Tea is hot. It is a leaf.", "--data", "gone.csv"), "no file gone.csv"),
        (("Tea", "--from", "file:///etc/passwd"), "file"),
        (("Tea", "--from", "http://127.0.0.1/x"), "127.0.0.1"),
    ],
)
def test_bad_input_is_told_and_ends_with_2(words: tuple[str, ...], says: str, cli: Cli) -> None:
    code, _, errors = cli("make", *words)
    assert code == 2
    assert says in errors
    assert "Traceback" not in errors


def test_an_unknown_option_ends_with_2(cli: Cli) -> None:
    assert cli("make", "Tea", "--fast")[0] == 2


def test_a_file_that_is_not_text_is_told(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "brief.md").write_bytes(b"\xff\xfe\x00\x01" * 50)
    code, _, errors = cli("make", "brief.md")
    assert code == 2
    assert "not text in UTF-8" in errors


def test_out_may_not_be_a_file_nor_somebody_elses_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "film").write_text("mine")
    code, _, errors = cli("make", "Tea is hot. It is a leaf.", "--out", "film")
    assert (code, (tmp_path / "film").read_text()) == (2, "mine")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("mine")
    code, _, errors = cli("make", "Tea is hot. It is a leaf.", "--out", "photos")
    assert code == 2
    assert "not a Reelwright project" in errors


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tea.mp4", b""),
        ("tea.mp4", b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"),
        ("tea.png", b"\x89PNG\r\n\x1a\n broken"),
        ("tea.mp4", b"\x00\x00\x00\x18ftypmp42 and then nothing"),
    ],
)
def test_a_hostile_or_broken_picture_is_named(name: str, content: bytes, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_bytes(content)
    code, _, errors = cli("make", "Tea is hot. It is a leaf.", "--assets", "mine", "--out", "film")
    assert code == 2
    assert name in errors


def test_errors_are_json_for_machines(cli: Cli) -> None:
    code, out, _ = cli("make", "", "--json")
    assert code == 2
    assert json.loads(out)["type"] == "failed"


@pytest.mark.parametrize("command", ["show", "resume"])
def test_a_folder_without_a_film_is_told(command: str, cli: Cli, tmp_path: Path) -> None:
    code, _, errors = cli(command, str(tmp_path / "nothing"))
    assert code == 2
    assert "make" in errors


def test_evaluate_ends_with_2_on_what_is_no_film(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("not a film")
    assert cli("evaluate", "film.mp4")[0] == 2
    assert cli("evaluate", "missing.mp4")[0] == 2


def test_evaluate_ends_with_1_when_a_check_fails(cli: Cli, tmp_path: Path) -> None:
    picture = "color=black:size=320x180:rate=30:duration=4,format=yuv420p[v]"
    ffmpeg.encode([], picture, tmp_path / "black.mp4", ["-map", "[v]", "-c:v", "libx264"])
    code, out, _ = cli("evaluate", "black.mp4", "--json")
    assert code == 1
    verdicts = {check["name"]: check["verdict"] for check in json.loads(out)["checks"]}
    assert verdicts["black"] == "fail"


def test_show_draws_the_plan(cli: Cli, out: Path) -> None:
    code, shown, _ = cli("show", str(out.parent))
    assert code == 0
    assert "How tea is made" in shown
    assert "video.motion" in shown


def test_tools_and_doctor_say_what_works_here(cli: Cli) -> None:
    code, listed, _ = cli("tools")
    assert code == 0
    assert "speech.piper" in listed
    code, found, _ = cli("doctor")
    assert "ffmpeg" in found
    assert code == 0


def test_brief_prints_a_prompt_about_the_topic(cli: Cli) -> None:
    code, prompt, _ = cli("brief", "How bees make honey")
    assert code == 0
    assert "How bees make honey" in prompt


def test_a_folder_is_named_after_the_film() -> None:
    assert slug("How bees make honey!") == "how-bees-make-honey"
    assert slug("../../etc") == "etc"
    assert slug("🐝") == "film"


@pytest.mark.media
def test_a_topic_alone_leaves_its_questions_beside_the_title_sequence(tmp_path: Path) -> None:
    script = [sys.executable, "-m", "reelwright", "make", "How tea is made", "--seconds", "4", "--size", "270x480"]
    run = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert run.returncode == 0, run.stderr
    folder = tmp_path / "films" / "how-tea-is-made"
    assert (folder / "out" / "film.mp4").is_file()
    assert "reelwright make" in run.stderr
    assert "?" in (folder / "brief.md").read_text()
    assert "video.motion" in run.stdout


def test_models_are_listed_located_and_verified(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli("models", "list")
    assert (code, "piper-joe" in out) == (0, True)
    code, out, _ = cli("models", "where", "piper-joe")
    assert "58afce0321b8d9c46d7cdf9c16500cc5" in out
    code, out, _ = cli("models", "verify", "piper-joe")
    assert (code, out[:4]) == (0, "ok  ")
    folder = tmp_path / "cache" / "models" / f"silero-vad-{Models.installed(None).digest('silero-vad')[:12]}"
    folder.mkdir(parents=True)
    (folder / "silero_vad.onnx").write_bytes(b"tampered")
    code, out, _ = cli("models", "verify", "silero-vad")
    assert out.startswith("ok ")  # what the package carries is right, so the wrong copy was dropped
    assert not (folder / "silero_vad.onnx").exists()
    code, _, errors = cli("models", "where", "nothing")
    assert (code, "not in the lock" in errors) == (1, True)


def test_voices_are_listed_and_sampled(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli("voices", "--language", "en")
    assert (code, "joe" in out, "af_heart" in out) == (0, True, True)
    code, out, _ = cli("voices", "--name", "joe", "--say", "Tea.", "--out", "samples")
    assert (code, (tmp_path / "samples" / "joe.wav").stat().st_size > 10_000) == (0, True)
    code, _, errors = cli("voices", "--name", "nobody")
    assert (code, "No voice is called 'nobody'" in errors) == (2, True)
    code, _, errors = cli("voices", "--language", "xx")
    assert (code, "No voice speaks 'xx'" in errors, "Spoken are" in errors) == (2, True, True)
    code, out, _ = cli("voices")
    for provider in ("speech.openai", "speech.elevenlabs", "speech.coqui"):
        assert f"{provider}: " in out, "what is missing, and the command"
