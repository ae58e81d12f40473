"""What is built is what works: the package list, the data files, and a film made from the wheel alone."""

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import reelwright

ROOT = Path(reelwright.__file__).parent
DATA = {".toml", ".md", ".lock", ".html", ".ass", ".json"}


@pytest.fixture(scope="session")
def project() -> dict[str, dict[str, dict[str, object]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def folders() -> list[str]:
    found = [
        path.parent for floor in ("agent", "tools", "prompts", "memory") for path in (ROOT / floor).rglob("__init__.py")
    ]
    return sorted(".".join(("reelwright", *path.relative_to(ROOT).parts)) for path in [ROOT, *found])


def test_every_folder_is_listed(project: dict[str, dict[str, dict[str, list[str]]]]) -> None:
    assert sorted(project["tool"]["setuptools"]["packages"]) == folders()


def test_what_setup_pins_lies_in_every_range_of_the_project(project: dict[str, dict[str, Any]]) -> None:
    pins = [Requirement(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    assert "-c constraints.txt" in (ROOT / "Makefile").read_text("utf-8")
    asked = [Requirement(row) for rows in project["project"]["optional-dependencies"].values() for row in rows]
    for pin in pins:
        (version,) = [clause.version for clause in pin.specifier]
        ranges = [each.specifier for each in asked if each.name == pin.name]
        assert ranges
        assert all(version in each for each in ranges)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    return next(out.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert all(name.startswith(("reelwright/", "reelwright-")) for name in names)
    assert not any(part in name for name in names for part in ("tests/", "examples/", "README", ".venv"))
    missing = [
        str(path.relative_to(ROOT))
        for floor in ("agent", "tools", "prompts", "memory")
        for path in (ROOT / floor).rglob("*")
        if path.suffix in DATA | {".py"} and f"reelwright/{path.relative_to(ROOT)}" not in names
    ]
    assert not missing


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_wheel_alone_makes_a_film(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv")
    python = str(tmp_path / "venv" / "bin" / "python")
    # Our pip, for theirs takes longer to unpack; and most of what it would compile is never imported.
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-compile"]
    subprocess.run([*pip, "-q", "--disable-pip-version-check", f"{wheel}[film]"], check=True, timeout=600)
    brief, out = "# Tea\n\nTea is a leaf and hot water.", str(tmp_path / "tea")
    command = [python, "-m", "reelwright", "make", brief, "--seconds", "5", "--size", "360x640", "--out", out]
    clean = {"PATH": os.defpath, "HOME": str(tmp_path), "REELWRIGHT_CACHE": ""}
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=clean, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "tea" / "out" / "film.mp4").stat().st_size > 10_000
