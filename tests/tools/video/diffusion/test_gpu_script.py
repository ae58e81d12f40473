"""The script for graphics cards, run on a processor with a tiny model: its table has a row for each preset."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from runpy import run_path

import pytest

RUN = Path(__file__).parents[3] / "gpu" / "run.py"
SMALL = ("--device", "cpu", "--seconds", "0.2", "--size", "32x32", "--option", "steps=3", "--option", "guidance=1.0")


def test_the_script_prints_what_each_preset_took(
    model: Callable[[str], Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wan").symlink_to(model("wan"))  # alone: other tests put theirs beside it
    call = ("--option", 'call={"max_sequence_length": 16}')
    code = run_path(str(RUN))["main"]([str(tmp_path), *SMALL, *call])  # here, where torch is loaded already
    told = capfd.readouterr().out
    assert code == 0, told
    rows = [line for line in told.splitlines() if line.startswith("| wan |")]
    assert [row.split(" | ")[1] for row in rows] == ["roomy", "tiled", "smallest"]
    assert all(row.endswith("| none | 3 |") for row in rows)


def test_a_folder_that_is_not_there_is_named() -> None:
    run = subprocess.run([sys.executable, str(RUN), "nowhere"], capture_output=True, text=True, timeout=100)
    assert run.returncode == 2
    assert "There is no folder nowhere" in run.stderr
