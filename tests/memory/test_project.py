"""The record is whole or absent, old schemas migrate, and one process holds a project."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from reelwright.memory.project import DamagedRecord, InUse, RecordFile, locked


class Notes(BaseModel):
    title: str
    pages: int = 0


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    records = RecordFile(tmp_path / "project.json", Notes, 1)
    assert records.load() is None
    records.save(Notes(title="Honey", pages=2))
    assert records.load() == Notes(title="Honey", pages=2)


def test_an_old_schema_is_migrated(tmp_path: Path) -> None:
    (tmp_path / "project.json").write_text('{"schema": 1, "name": "Honey"}')
    migrations = {1: lambda old: {"title": old["name"]}, 2: lambda old: {**old, "pages": 7}}
    assert RecordFile(tmp_path / "project.json", Notes, 3, migrations).load() == Notes(title="Honey", pages=7)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not readable JSON"),
        ('{"schema": 1, "ti', "not readable JSON"),
        ("[]", "no schema number"),
        ('{"schema": 9, "title": "x"}', "knows up to 1"),
        ('{"schema": 1, "pages": "many"}', "does not fit"),
    ],
)
def test_damage_is_named(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "project.json").write_text(text)
    with pytest.raises(DamagedRecord, match=reason):
        RecordFile(tmp_path / "project.json", Notes, 1).load()


def test_a_second_process_is_told(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from reelwright.memory.project import locked; "
        "locked(Path(sys.argv[1])).__enter__()"
    )
    with locked(tmp_path):
        command = [sys.executable, "-c", script, str(tmp_path)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "in use by another process" in second.stderr


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(InUse), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_the_file_carries_its_schema(tmp_path: Path) -> None:
    RecordFile(tmp_path / "project.json", Notes, 4).save(Notes(title="x"))
    assert json.loads((tmp_path / "project.json").read_text())["schema"] == 4
