"""The examples run as they are printed, and stay short enough to read."""

import subprocess
import sys
from pathlib import Path

import pytest

import reelwright

EXAMPLES = sorted((Path(reelwright.__file__).parent / "examples").glob("*.py"))
SAYS = {
    "01_make.py": '"type":"finished"',
    "02_embed.py": "done: deliver",
    "03_own_tool.py": "music.hum",
    "04_resume.py": "results were there already",
    "05_approve.py": "finished",
    "06_moviepy_in.py": "drawn from mp4 and mkv",
    "07_moviepy_out.py": "(360, 640) at 30.0 frames a second",
    "08_talk.py": "Your film is ready.",
}


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES} == set(SAYS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_under_forty_lines(path: Path) -> None:
    assert path.read_text("utf-8").count("\n") < 40


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs(path: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(path), str(tmp_path / "film")], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr
    assert SAYS[path.name] in run.stdout
